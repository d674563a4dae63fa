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

from experiments.judging.claim import SIZES, Claim
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
                f"claim must be an id or a section letter, one of {', '.join(known)}; "
                f"got {word!r}{did_you_mean(name, list(known))}"
            )
        chosen |= matching
    return [claim for key, claim in known.items() if not words or key in chosen]


def study_named(name: str) -> Study | None:
    """Return the study of that name, an arm of a claim at a size, perhaps on other matrices than its own; None for another name.

    >>> found = study_named("B3-quick-control")
    >>> found.name, found.draws
    ('B3-quick-control', 'B3-quick')
    """
    claim = registry().get(name.split("-")[0])
    found = [
        study
        for size in SIZES
        for study in (claim.studies_at(size) if claim else ())
        if name.startswith(f"{name.split('-')[0]}-{size}-") and name.endswith(_arm(study))
    ]
    if not found:
        return None
    study = max(found, key=lambda study: len(_arm(study)))  # "-control-hard" ends in "-hard" too
    return replace(study, name=name, draws=name.removesuffix(_arm(study)))


def _arm(study: Study) -> str:
    return study.name.removeprefix(study.draws)
