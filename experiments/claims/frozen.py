"""Which rules were frozen before the seed that confirms them was run, and is a claim still judged by such a rule?

Rules, domains, boundaries and the recipe of the points were worked out on seeds 0 to 99. Then the hash of each claim
(`Claim.digest`) was written down here, and the ledger was run once on a seed that nobody had used before. Claims of a later
section have their own. A claim that changes later has another hash: it is no longer confirmed until it has been frozen and
run on a fresh seed of its own.
"""

from __future__ import annotations

from collections.abc import Mapping

from experiments.judging.claim import Claim

SEEDS: Mapping[str, int] = {"D8": 631, "F1": 633, "F": 632, "": 629}  # by the beginning of an id
FROZEN: Mapping[str, str] = {
    "A1": "fd8b443c3ed8",
    "A2": "b0f1568074e0",
    "A3": "234bb1fb5ce0",
    "A4": "d83e4cdd544b",
    "A5": "73689209321a",
    "A6": "914825c770ff",
    "A7": "23d85c83003d",
    "B1": "bf7d364ebc74",
    "B2": "1a0d89648c6c",
    "B3": "c666ebf281df",
    "B4": "b3fa4c8f7f78",
    "B5": "5de797c2971c",
    "B6": "6f375d27ea8a",
    "B7": "0fe6b3ec23b4",
    "C1": "c51983a4b7fe",
    "C2": "9995bb635078",
    "C3": "cd1cb83b467d",
    "C4": "e3a163017d70",
    "C5": "6a1f8683330f",
    "C6": "900fdca4904f",
    "C7": "e907987b8f8f",
    "C8": "34b90693b01e",
    "C9": "a243a39ac281",
    "D1": "df2cc3a080f2",
    "D2": "152f41825686",
    "D3": "10376fa8c480",
    "D4": "6b1632a33508",
    "D5": "38ca028e9624",
    "D6": "47a30531f9fa",
    "D7": "b6093ea31b12",
    "D8": "47f14ee71b3b",
    "E1": "d7796cc7351d",
    "E2": "bfca87a53055",
    "E3": "4f0613df80b8",
    "E4": "1415a93a4d00",
    "E5": "a890db5b9f14",
    "E6": "142f770ba620",
    "E7": "52c202a2db00",
    "F1": "7a28e3dbdbcf",
    "F2": "3c6359a5bdcb",
    "F3": "97108365361f",
}


def confirming_seed(claim: str) -> int:
    """Return the seed that was kept to confirm a claim of ours.

    >>> confirming_seed("A1"), confirming_seed("F2")
    (629, 632)
    """
    return next(seed for start, seed in SEEDS.items() if claim.startswith(start))


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
