"""Can a worker process find this trial? It must be a function, or an object, that a module holds under a name."""

from __future__ import annotations

from multiprocessing.reduction import ForkingPickler
from typing import Any

from experiments.running.code_identity import function_of, given_with
from experiments.running.given_modules import given, line_of
from experiments.running.study import Study


def require_sendable(study: Study, *, by_value: bool = False) -> None:
    """Raise `ValueError` if worker processes cannot find the trial of `study`.

    `by_value` says that functions without a name can be sent themselves, as Dask does with those of a script or a notebook. A
    function of a module that the caller named is never sent so: what it calls would be missed.

    >>> require_sendable(Study("demo", [{"n": 1}], lambda cell, rngs: {}))
    Traceback (most recent call last):
    ...
    ValueError: ..., line 1: the trial of demo is a lambda, which worker processes cannot find by its name; ...
    """
    function = function_of(study.trial)
    module = given(getattr(function, "__module__", None) or "")
    if by_value and (module is None or given_with(study.trial)):
        return
    try:
        ForkingPickler.dumps(study.trial)
    except Exception as error:
        why = " ".join(str(error).split())
    else:
        return
    raise ValueError(
        f"{_place(function)}the trial of {study.name} is {_kind(function, why)}, which worker processes cannot find by its name; "
        "define it with `def` at the left margin of its file, or run in one process (--workers 1)"
    )


def _kind(function: Any, why: str) -> str:
    name = getattr(function, "__qualname__", "")
    if name.endswith("<lambda>"):
        return "a lambda"
    return f"{name}, a function inside a function" if "<locals>" in name else f"{name} ({why})"


def _place(function: Any) -> str:
    code = getattr(function, "__code__", None)
    return f"{line_of(code.co_filename, code.co_firstlineno)}: " if code else ""
