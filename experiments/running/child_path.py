"""Where does a worker process look for modules? Where the process that started it looks, and never first in the working folder.

`multiprocessing` starts a worker as `python -c ...`, for which Python puts the working folder first on `sys.path` until the
worker has been told the path of its parent: a `multiprocessing.py` that lies there would run. The environment variable
PYTHONSAFEPATH (Python 3.11) leaves that folder out.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

SAFE_PATH = "PYTHONSAFEPATH"


@contextmanager
def without_working_folder() -> Iterator[None]:
    """Let processes that are started inside this block not look for modules in the working folder.

    >>> with without_working_folder():
    ...     os.environ[SAFE_PATH]
    '1'
    """
    before = os.environ.get(SAFE_PATH)
    os.environ[SAFE_PATH] = before or "1"  # an empty value means no
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(SAFE_PATH, None)
        else:
            os.environ[SAFE_PATH] = before
