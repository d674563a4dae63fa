"""Which code made a row? A hash of the sources that a trial can run: those of the suite, and of the module of the trial itself.

Two clones of different days have the same version number and other sources. Each worker says the hash of what it imports before
it gets a task, and the store keeps the hash of each row.
"""

from __future__ import annotations

import functools
import hashlib
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from experiments.running.given_modules import GivenModule, digest_of, given

ROOMS = ("experiments", "simulate", "theory")  # nothing of the other rooms enters a row
DIGITS = 12


class OtherCode(ValueError):
    """A worker imports other sources than the process that sends it tasks."""


@cache
def suite_code() -> str:
    """Return the hash of the suite's sources as they were when it was first asked for.

    >>> len(suite_code())
    12
    """
    home = Path(__file__).resolve().parents[2]
    total = hashlib.sha256()
    for room in ROOMS:
        for path in sorted((home / room).rglob("*.py")):
            total.update(f"{path.relative_to(home).as_posix()}\0{_file_hash(path)}\n".encode())
    return total.hexdigest()[:DIGITS]


def code_of(trial: Any) -> str:
    """Return the hash of the suite, and with a `+` that of the trial's module where that is not the suite's.

    A module counts with what it imports from its own folder or package (`own_imports`), a script by itself. A trial that came
    from no file, as in a notebook, is known by its compiled code.

    >>> from experiments.studies.trials import TRIALS
    >>> code_of(TRIALS["spikes_of_a_block_model"].trial) == suite_code()
    True
    """
    function = function_of(trial)
    name = getattr(function, "__module__", None) or "__main__"
    if name.removeprefix("spikeproof.").partition(".")[0] in ROOMS:
        return suite_code()
    module = given(name)
    own = module.digest if module else _module_hash(name) or _compiled_hash(function)
    return f"{suite_code()}+{own[:DIGITS]}"


def given_with(trial: Any) -> GivenModule | None:
    """Return the module that the caller named and that holds the trial under its name; None for any other trial."""
    module = given(getattr(function_of(trial), "__module__", None) or "__main__")
    return module if module and is_named(trial) else None


def require_code(trial: Any, expected: str) -> None:
    """Raise `OtherCode` if this process would run the trial with other sources than `expected` says.

    A function that was sent itself, and not by its name, brings its code with it.
    """
    if expected.partition("+")[0] != suite_code() or (is_named(trial) and code_of(trial) != expected):
        found = code_of(trial)
        raise OtherCode(f"its sources have the hash {found}, those of this command {expected}")


def function_of(trial: Any) -> Any:
    """Return the function, or the class, that the code of a trial stands in."""
    while isinstance(trial, functools.partial):
        trial = trial.func
    return trial if hasattr(trial, "__qualname__") else type(trial)


def is_named(trial: Any) -> bool:
    """Tell whether the trial is what a module of this process holds under its name, so that a worker finds it there."""
    function = function_of(trial)
    module = sys.modules.get(function.__module__)
    return getattr(module, function.__qualname__, None) is function


@cache
def _module_hash(name: str) -> str | None:
    module: ModuleType | None = sys.modules.get(name)
    if module is not None and (found := digest_of(module)):
        return found
    file = getattr(module, "__file__", None)
    return _file_hash(Path(file)) if file and Path(file).is_file() else None


def _file_hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def _compiled_hash(function: Any) -> str:
    code = getattr(function, "__code__", None) or getattr(function.__call__, "__code__", None)
    return hashlib.sha256("\n".join(_words(code)).encode()).hexdigest() if code else "unknown"


def _words(code: CodeType) -> Iterator[str]:
    yield code.co_code.hex()
    yield repr(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _words(constant)
        else:
            yield repr(sorted(map(repr, constant)) if isinstance(constant, frozenset) else constant)
