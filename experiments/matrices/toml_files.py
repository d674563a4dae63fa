"""TOML files of models and studies, read within bounds: a regular file, of a few megabytes, without keys of a thousand parts.

Python's parser takes time and memory that grow with the square of the parts of a dotted key (200 kB took a minute and 5 GB), so
such keys are looked for before it sees the text.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from experiments.matrices.limits import DEEPEST_KEY, LONGEST_TOML, require_regular
from experiments.matrices.reading import BadInput, shown

PART = r"""(?:[A-Za-z0-9_-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')"""
DEEP = re.compile(rf"(?<![A-Za-z0-9_.-]){PART}(?:[ \t]*+\.[ \t]*+{PART}){{{DEEPEST_KEY},}}")


def toml_text(path: Path) -> str:
    """Return the text of a TOML file.

    Raises
    ------
    BadInput
        for what is no regular file, is too long, or is not UTF-8.
    OSError
        if it cannot be read.
    """
    require_regular(path)
    if (size := path.stat().st_size) > LONGEST_TOML:
        raise BadInput(path, f"a TOML file of at most {LONGEST_TOML:,} bytes", f"{size:,}")
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BadInput(path, "a TOML file in UTF-8", shown(str(error))) from None


def toml_tables(text: str, where: Path | str) -> dict[str, Any]:
    """Return the tables of a TOML text; `where` is named in errors.

    Raises
    ------
    BadInput
        for text that is no TOML, is nested too deeply, or has a key of more than 32 parts.

    Examples
    --------
    >>> toml_tables("a = 1", "x.toml")
    {'a': 1}
    >>> toml_tables("a" + ".b" * 40 + " = 1", "x.toml")
    Traceback (most recent call last):
    ...
    experiments.matrices.bad_input.BadInput: x.toml, line 1: expected keys of at most 32 parts; found 'a.b.b.b.b.b.b.b.b.b.'... \
(81 characters)
    """
    if deep := DEEP.search(text):
        line = text.count("\n", 0, deep.start()) + 1
        raise BadInput(where, f"keys of at most {DEEPEST_KEY} parts", shown(deep.group()), line=line)
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise BadInput(where, "a TOML file", "one nested too deeply") from None
    except ValueError as error:  # tomllib's own, and that of a number with too many digits
        raise BadInput(where, "a TOML file", shown(str(error), 200)) from None
