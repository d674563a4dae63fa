"""Which file does a claim come from, and which line of it is at fault? Claims of the suite have no origin.

The functions of a claim (arms, estimates, rivals, figures) are its author's code. What goes wrong in them is told as one
sentence with the file and the line.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from experiments.judging.claim import Claim
from experiments.running.given_modules import GivenModule, give, given, line_of, told

_FOUND: dict[
    int, tuple[Claim, str]
] = {}  # by identity: a claim that was found in a module, and the module's name


def module_of(claim: Claim) -> GivenModule | None:
    """Return the module of the caller's that holds a claim; None for one of the suite, of a notebook or of a running script."""
    name = _module_of(claim)
    if name.removeprefix("spikeproof.").partition(".")[0] == "experiments":
        return None
    module = sys.modules.get(name)
    return given(name) or (give(module) if module else None)


def origin_of(claim: Claim) -> str:
    """Return the name of the file or module that a claim comes from, for a reader; empty where there is none."""
    module = module_of(claim)
    return module.called if module else ""


def named_again(claim: Claim) -> str:
    """Return the word by which a command finds this claim again: its id, or its file or module with the id.

    >>> from experiments.claims import registry
    >>> named_again(registry()["B3"])
    'B3'
    """
    module = module_of(claim)
    if module is not None:
        return f"{module.word}::{claim.id}"
    return claim.id if _is_of_suite(claim) else f"FILE::{claim.id}"


def claims_in(module: ModuleType) -> dict[str, Claim]:
    """Return the claims that a module holds under public names, also in lists, tuples and dicts, by the names they stand under.

    A claim of the suite that the module imports is none of its own.
    """
    found: dict[str, Claim] = {}
    for name, value in vars(module).items():
        if name.startswith("_"):
            continue
        held = (
            value.values()
            if isinstance(value, dict)
            else value
            if isinstance(value, list | tuple)
            else [value]
        )
        for number, one in enumerate(held):
            known = any(one is other for other in found.values())
            if isinstance(one, Claim) and not known and not _is_of_suite(one):
                found[name if one is value else f"{name}[{number}]"] = one
                _FOUND[id(one)] = (one, module.__name__)
    return found


def place_of(claim: Claim) -> str:
    """Return "FILE, line N" where a claim is written down, or as much of it as is known; empty for one of the suite."""
    module = module_of(claim)
    if module is None:
        return ""
    line = line_number(claim)
    return (
        line_of(module.sources[0].path, line)
        if line
        else line_of_function(claim.arms) or module.sources[0].path
    )


def line_number(claim: Claim) -> int:
    """Return the line of the caller's module at which a claim is written down; 0 where that is not known."""
    module = module_of(claim)
    loaded = sys.modules.get(module.name) if module else None
    if module is None or loaded is None:
        return 0
    names = [name.partition("[")[0] for name, one in claims_in(loaded).items() if one is claim]
    for statement in ast.parse(module.sources[0].text).body:
        targets = getattr(statement, "targets", None) or [getattr(statement, "target", None)]
        if any(isinstance(target, ast.Name) and target.id in names for target in targets):
            return statement.lineno
    return 0


def line_of_function(function: Any) -> str:
    """Return "FILE, line N" where a function is defined; empty where that is not known."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    return line_of(code.co_filename, code.co_firstlineno) if code else ""


@contextmanager
def blaming(claim: Claim) -> Iterator[None]:
    """Turn whatever the functions of a caller's claim raise in this block into a `ValueError` of one sentence, with the line.

    Errors of the suite about such a claim get the place where it is written down. Those of the suite's own claims pass.
    """
    try:
        yield
    except Exception as error:
        module = module_of(claim)
        if module is None:
            raise
        line = module.place(error)
        if not line and isinstance(error, ImportError | OSError | MemoryError):
            raise  # what is missing, or the machine's
        what = str(error) if not line and isinstance(error, ValueError) else told(error)
        what = what.removeprefix(f"claim {claim.id} ")  # said once
        raise ValueError(f"{line or place_of(claim)}: claim {claim.id}: {what}") from error


def _is_of_suite(claim: Claim) -> bool:
    """Tell whether a claim is the one that a file of `experiments.claims` holds."""
    module = sys.modules.get(_module_of(claim).removeprefix("spikeproof."))
    return module is not None and module.__name__.startswith("experiments.claims.") and module.claim is claim


def _module_of(claim: Claim) -> str:
    found, name = _FOUND.get(id(claim), (None, ""))
    return (
        name
        if found is claim
        else str(getattr(claim.arms, "__module__", None) or type(claim.arms).__module__)
    )
