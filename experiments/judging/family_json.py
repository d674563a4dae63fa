"""A verdict's family as it stands in `ledger.json`: the domain in words, each point with its outcome, rivals and boundary."""

from __future__ import annotations

import math
from typing import Any

from experiments.judging.family import Family, JudgedPoint, Reach
from experiments.judging.sentences import OUTCOMES, family_told, found, outcome


def family_as_json(family: Family, reach: Reach) -> dict[str, Any]:
    """Return a family as JSON types."""
    share, low, high = family.share_met()
    boundary = family.boundary
    record: dict[str, Any] = {
        "reach": reach,
        "domain": str(family.domain),
        "origins": {parameter.words: parameter.origin for parameter in family.domain.parameters},
        "told": family_told(family),
        "met": family.met,
        "failed": family.failed,
        "undecided": family.undecided,
        **finite({"share": share, "low": low, "high": high}),
        "points": [_point(point, family) for point in family.points],
        "rivals": [{"words": rival.words, "failed": rival.failed} for rival in family.rivals],
        "boundary": None,
        "counterexample": _point(family.counterexample, family) if family.counterexample else None,
    }
    if boundary:
        record["boundary"] = {
            "words": boundary.words,
            "formula": boundary.formula(family.domain),
            "fitted_to": boundary.points,
            "error": boundary.error,
            "right": family.right,
            "commoner": max(family.met, family.failed),
        }
    return record


def finite(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record with None for numbers that JSON does not have, such as the ends of the interval of a single replicate.

    >>> finite({"low": -math.inf, "replicates": 1})
    {'low': None, 'replicates': 1}
    """
    return {
        key: (None if isinstance(value, float) and not math.isfinite(value) else value)
        for key, value in record.items()
    }


def _point(judged: JudgedPoint, family: Family) -> dict[str, Any]:
    inside = family.boundary.inside(family.domain, judged.point) if family.boundary else None
    return {
        "words": family.domain.words_of(judged.point),
        "parameters": dict(judged.point),
        "outcome": OUTCOMES[judged.met],
        "inside": inside,
        "criteria": [
            {"outcome": outcome(finding), "found": found(finding)} for finding in judged.judgement.findings
        ],
    }
