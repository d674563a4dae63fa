"""Is this a ledger that `verify` would have written, and which command judges a claim as it was judged there?

A ledger may come from anybody. A page and `spikeproof explain` show what it holds, and people copy the command, so every
entry must be of the kind that this project writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from experiments.judging.claim import Size
from experiments.judging.claim_ids import is_id
from experiments.running.json_files import misfit, short
from experiments.running.seeds import MOST_SEED
from simulate.plain_text import command

NUMBER = (int, float)
MAYBE_TEXT = (str, type(None))
MAYBE_NUMBER = (int, float, type(None))
CRITERION = {
    **dict.fromkeys(("asks", "outcome", "found", "origin", "failure", "condition", "estimand"), str),
    **dict.fromkeys(("estimate", "detectable"), MAYBE_NUMBER),
}
MEASUREMENT = {"name": str, "found": str, "replicates": int}
CONTROL = {"description": str, "allowed": [str], "verdict": MAYBE_TEXT}
CLAIM = {
    **dict.fromkeys(("id", "title", "statement", "source", "verdict", "status", "sentence"), str),
    **dict.fromkeys(("expected", "true_only_if", "finding", "rule", "rule_hash"), str),
    **{"headline": bool, "version": int, "replicates": int, "conditions": [str], "failures": [str]},
    **{"criteria": [CRITERION], "measurements": [MEASUREMENT], "control": CONTROL},
    "arms": [{"study": str, "vote": str, "arm": str}],
}
SHAPE = {
    **{"spikeproof": str, "seed": int, "size": str, "matrices": [str]},
    **{"level": NUMBER, "claims": [CLAIM]},
}
POINT = {"words": str, "outcome": str, "parameters": dict, "criteria": [{"outcome": str, "found": str}]}
FAMILY = {
    **dict.fromkeys(("reach", "domain", "told"), str),
    **dict.fromkeys(("met", "failed", "undecided"), int),
    **{"points": [POINT], "rivals": [{"words": str, "failed": int}]},
}
OUTCOMES = ("met", "failed", "undecided")


def require_written_by_us(ledger: Mapping[str, Any], path: object) -> None:
    """Raise `ValueError` unless every entry of `ledger`, read from `path`, is of the kind that `verify` writes.

    >>> require_written_by_us({"spikeproof": "0.2.0"}, "ledger.json")
    Traceback (most recent call last):
    ...
    ValueError: ledger.json must be as `spikeproof verify` writes it; its 'seed' is missing
    """
    wrong = misfit(ledger, SHAPE, "") or _wrong_words(ledger)
    if wrong:
        raise ValueError(f"{path} must be as `spikeproof verify` writes it; its {wrong}")


def _wrong_words(ledger: Mapping[str, Any]) -> str:
    """Return which text or number is none that we would write."""
    if not 0 <= ledger["seed"] <= MOST_SEED:
        return f"'seed' is {ledger['seed']}"
    known = [("size", ledger["size"], get_args(Size))]
    for entry in ledger["claims"]:
        if not is_id(entry["id"]):
            return f"'id' is {short(entry['id'])}"
        if wrong := misfit(
            entry.get("given_as", ""), str, "given_as"
        ):  # earlier versions had claims of the suite only
            return wrong
        known += [("outcome", criterion["outcome"], OUTCOMES) for criterion in entry["criteria"]]
        for family in (entry.get("family"), entry["control"].get("family")):
            if family is not None:
                if wrong := misfit(family, FAMILY, "family"):
                    return wrong
                known += [("outcome", point["outcome"], OUTCOMES) for point in family["points"]]
    return next((f"{name!r} is {short(value)}" for name, value, words in known if value not in words), "")


def judging_command(claim: str, ledger: Mapping[str, Any]) -> str:
    """Return the command that judges `claim`, the word for it, as it was judged in `ledger`, or by default, quoted for the shell.

    >>> judging_command("B3", {"seed": 1, "size": "quick", "matrices": ["my log.csv"]})
    "spikeproof verify B3 --seed 1 --quick --matrix 'my log.csv'"
    """
    size = ledger.get("size", "default")
    flags = [] if size == "default" else [f"--{size}"]
    for name in ledger.get("matrices", ()):
        flags += ["--matrix", name]
    return command("spikeproof", "verify", claim, "--seed", ledger.get("seed", 0), *flags)
