"""The registry of claims: one file a claim, each with its `claim`.

A file reads like a paragraph of a paper: the statement and its source, the study, the estimates, the rule with where
its thresholds come from, the control, the figure. Adding a claim is adding a file.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Sequence
from functools import cache

from experiments.claim import Claim
from simulate.validation import did_you_mean


@cache
def registry() -> dict[str, Claim]:
    """Return every claim by its id, in the order of the ledger (A1, A2, ..., E7)."""
    modules = (
        importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)
    )
    claims = [module.claim for module in modules if hasattr(module, "claim")]
    return {claim.id: claim for claim in sorted(claims, key=lambda claim: (claim.id[0], int(claim.id[1:])))}


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
