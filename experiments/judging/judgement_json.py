"""A judgement as it stands in `ledger.json`: what was found of each criterion, and the family of points behind the verdict."""

from __future__ import annotations

from typing import Any

from experiments.judging.estimand import told_interval
from experiments.judging.family import Reach
from experiments.judging.family_json import family_as_json, finite
from experiments.judging.intervals import Measurement
from experiments.judging.sentences import found, outcome
from experiments.judging.verdict import Finding, Judgement


def criteria_as_json(judgement: Judgement | None) -> list[dict[str, Any]]:
    """Return the criteria of a judgement; none where there is none."""
    return [criterion_as_json(finding) for finding in judgement.findings] if judgement else []


def family_of_judgement(judgement: Judgement | None, reach: Reach) -> dict[str, Any] | None:
    """Return the family of a judgement, None for a claim that is decided at one configuration."""
    return family_as_json(judgement.family, reach) if judgement and judgement.family else None


def criterion_as_json(finding: Finding) -> dict[str, Any]:
    """Return what was found of a criterion: in words, and its numbers."""
    criterion, estimand = finding.criterion, finding.criterion.estimand
    return finite(
        {
            "asks": criterion.asked,
            "outcome": outcome(finding),
            "found": found(finding),
            "needs": criterion.needs,
            "origin": criterion.origin,
            "failure": criterion.failure,
            "condition": criterion.condition,
            "estimand": estimand.name,
            "words": estimand.words,
            "unit": estimand.unit,
            "statistic": criterion.statistic,
            "relation": criterion.relation,
            "threshold": criterion.threshold,
            "estimate": finding.estimate,
            "low": finding.low,
            "high": finding.high,
            "standard_error": finding.standard_error,
            "detectable": finding.detectable,
            "replicates": finding.replicates,
            "cell": finding.cell,
            "cells": finding.cells,
        }
    )


def measurement_as_json(measurement: Measurement) -> dict[str, Any]:
    """Return a number that no criterion judges, with its interval."""
    mean = measurement.mean
    told = told_interval(mean.value, mean.low, mean.high, measurement.unit)
    record = {"name": measurement.name, "found": told, "unit": measurement.unit, "estimate": mean.value}
    return finite({**record, "low": mean.low, "high": mean.high, "replicates": mean.replicates})
