"""Which claims are there? One file per claim holds its statement, arms, rule and control; the registry finds the files.

A file reads like a paragraph of a paper: the statement and its source, the study, the estimates, the rule with where
its thresholds come from, the control, the figure. Adding a claim is adding a file.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from experiments.judging.claim import SIZES, Claim, Size
from experiments.judging.claim_map import SEARCHES
from experiments.running.study import Study
from simulate.validation import did_you_mean


@cache
def registry() -> dict[str, Claim]:
    """Return every claim by its id, in the order of the ledger (A1, A2, ..., E7).

    Raises
    ------
    ValueError
        for an id that is no capital letter and number, or that two files give.
    """
    modules = (
        importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)
    )
    return in_order([module.claim for module in modules if hasattr(module, "claim")])


@cache
def our_ids() -> frozenset[str]:
    """Return the ids of all claims here, told by the names of their files: nothing is imported.

    >>> "B3" in our_ids() and our_ids() == frozenset(registry())
    True
    """
    named = (re.match("([a-z][1-9][0-9]*)_", found.name) for found in pkgutil.iter_modules(__path__))
    return frozenset(name[1].upper() for name in named if name)


def in_order(claims: Sequence[Claim]) -> dict[str, Claim]:
    """Return claims by their ids, in the order of sections and numbers; `registry` says what is refused."""
    known: dict[str, Claim] = {}
    for claim in claims:
        if not re.fullmatch("[A-Z][1-9][0-9]*", claim.id):
            raise ValueError(
                f"a claim's id must be a section's letter and a number, such as B3; got {claim.id!r}"
            )
        if claim.id in known:
            raise ValueError(
                f"a claim's id must be its own; {claim.id} is {known[claim.id].title!r} and {claim.title!r}"
            )
        known[claim.id] = claim
    return dict(sorted(known.items(), key=lambda found: (found[0][0], int(found[0][1:]))))


def select(words: Sequence[str] = ()) -> list[Claim]:
    """Return the claims that `words` name: ids ("A1") or sections ("B"); all of them when there are none.

    Raises
    ------
    ValueError
        if a word names neither; the nearest known id is named.

    Examples
    --------
    >>> [claim.id for claim in select(["a1"])]
    ['A1']
    """
    known = registry()
    chosen: set[str] = set()
    for word in words:
        name = word.upper()
        matching = {key for key in known if key == name or (re.fullmatch("[A-Z]", name) and key[0] == name)}
        if not matching:
            raise ValueError(
                f"claim must be an id or a section letter, one of {', '.join(known)}, or a Python file or module with "
                f"claims of your own; got {word!r}{did_you_mean(name, list(known))}"
            )
        chosen |= matching
    return [claim for key, claim in known.items() if not words or key in chosen]


def study_named(name: str, others: Sequence[Claim] = ()) -> Study | None:
    """Return the study of that name, an arm of a claim at a size, perhaps on other matrices than its own; None for another name.

    `others` are claims of the caller's, which are known beside ours.

    >>> found = study_named("B3-quick-control")
    >>> found.name, found.draws
    ('B3-quick-control', 'B3')
    """
    ours = registry().get(name.partition("-")[0])
    named = [claim for claim in ([ours] if ours else []) + list(others) if name.startswith(f"{claim.id}-")]
    for claim in sorted(named, key=lambda claim: -len(claim.id)):  # "gap-1" before "gap"
        if study := _arm_named(name, claim):
            return study
    return None


def _arm_named(name: str, claim: Claim) -> Study | None:
    searches = SEARCHES if claim.domain else ()
    words: tuple[Any, ...] = (*SIZES, *searches)
    word = next((w for w in words if name.startswith(f"{claim.id}-{w}-")), None)
    if word is None:
        return None
    size: Size = word if word in SIZES else "quick"
    arms = {arm.called: study for arm, study in claim.arms_with_studies(size)}
    called = max((arm for arm in arms if name.endswith(f"-{arm}")), key=len, default=None)
    if called is None:
        return None  # "-control-hard" ends in "-hard" too, so the longest name is the arm's
    before = name.removesuffix(f"-{called}")
    draws = before if claim.domain is None or word in searches else arms[called].draws
    return replace(arms[called], name=name, draws=draws)
