"""A claim to start from: a file with a small claim that runs and holds as it stands, and its test."""

from __future__ import annotations

import os
import re
from importlib import resources
from pathlib import Path

from experiments.claims import our_ids
from experiments.judging.claim_ids import require_id
from experiments.running.files import write_new


def new_claim(name: str, folder: str | os.PathLike[str] = ".", *, overwrite: bool = False) -> list[Path]:
    """Write `claim_NAME.py` and `test_claim_NAME.py` into `folder`, with a claim whose id is `name`; return their paths.

    In the names of the files, signs that no module's name has become `_`.

    Raises
    ------
    ValueError
        for a name that no claim may have or that has a sign other than ASCII letters, digits, `-` and `_`, for the id of a claim
        of the suite, or where one of the files exists with other content, unless `overwrite` is given.
    OSError
        if a file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [path.name for path in new_claim("spectral-gap", folder)]
    ['claim_spectral_gap.py', 'test_claim_spectral_gap.py']
    """
    require_id(name)
    if not re.fullmatch("[A-Za-z0-9_-]+", name):
        raise ValueError(f"the name of a new claim must be of ASCII letters, digits, - and _; got {name!r}")
    if name.upper() in our_ids():
        raise ValueError(f"the name of a new claim must be none of spikeproof's own; got {name!r}")
    file = f"claim_{name.replace('-', '_').lower()}"
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    files = {f"{file}.py": "claim.py.txt", f"test_{file}.py": "test_claim.py.txt"}
    return write_new(
        {place / path: _filled(template, name, file) for path, template in files.items()}, overwrite=overwrite
    )


def _filled(template: str, name: str, file: str) -> str:
    text = resources.files("experiments").joinpath("templates", template).read_text("utf-8")
    return text.replace("@ID@", name).replace("@FILE@", file)
