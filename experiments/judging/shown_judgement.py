"""How does a judgement look in a notebook? Each criterion with its outcome, what was found, and what it needs."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from experiments.judging.drawn_points import MARKERS
from experiments.judging.estimand import SHARE
from experiments.judging.sentences import MARKS, OUTCOMES, family_told, found, joined, outcome
from simulate.notebook_tables import html_card
from simulate.plot_axes import axis_to_draw_on, label_axis, plain_ticks, whole_ticks

if TYPE_CHECKING:
    import pandas as pd

    from experiments.judging.criterion import Criterion
    from experiments.judging.domain import Domain
    from experiments.judging.family import JudgedPoint
    from experiments.judging.verdict import Finding, Judgement

DECADES = 1e3  # between estimates and threshold, from which the scale is logarithmic


def tally(met: Sequence[bool | None]) -> str:
    """Return how many outcomes there are of each kind.

    >>> tally([True, True, None])
    '2 met, 1 undecided'
    """
    counted = Counter(OUTCOMES[one] for one in met)
    return ", ".join(f"{counted[word]} {word}" for word in MARKERS if counted[word]) or "none"


def judgement_line(judgement: Judgement) -> str:
    """Return a judgement in one line."""
    parts = [judgement.verdict, f"criteria: {tally([finding.met for finding in judgement.findings])}"]
    if judgement.family:
        parts.append(f"points: {tally([point.met for point in judgement.family.points])}")
    return f"Judgement({'; '.join(parts)})"


def criteria_rows(judgement: Judgement | None) -> list[tuple[object, ...]]:
    """Return for each criterion its outcome, what it asks, what was found and what it needs."""
    return [
        (f"{MARKS[outcome(f)]} {outcome(f)}", f.criterion.asked, found(f), f.criterion.needs)
        for f in (judgement.findings if judgement else ())
    ]


CRITERIA = ("outcome", "criterion", "found", "needs")


def judgement_card(judgement: Judgement) -> str:
    """Return a judgement as HTML for a notebook."""
    family = judgement.family
    facts = {
        "true only if": joined(judgement.conditions) if judgement.verdict == "qualified" else None,
        "points": family_told(family) if family else None,
        "rivals": "; ".join(f"{one.words}: fails at {one.failed} points" for one in family.rivals) or None
        if family
        else None,
    }
    return html_card(judgement.verdict.capitalize(), facts, CRITERIA, criteria_rows(judgement))


def judgement_frame(judgement: Judgement) -> pd.DataFrame:
    """Return one row per criterion."""
    import pandas as pd

    columns = {
        "criterion": [f.criterion.asked for f in judgement.findings],
        "outcome": [outcome(f) for f in judgement.findings],
        "found": [found(f) for f in judgement.findings],
        "needs": [f.criterion.needs for f in judgement.findings],
        "estimand": [f.criterion.estimand.name for f in judgement.findings],
        "unit": [f.criterion.estimand.unit for f in judgement.findings],
        "estimate": [f.estimate for f in judgement.findings],
        "low": [f.low for f in judgement.findings],
        "high": [f.high for f in judgement.findings],
        "relation": [f.criterion.relation for f in judgement.findings],
        "threshold": [f.criterion.threshold for f in judgement.findings],
        "replicates": [f.replicates for f in judgement.findings],
        "cell": [f.cell for f in judgement.findings],
        "cells": [f.cells for f in judgement.findings],
        "origin": [f.criterion.origin for f in judgement.findings],
    }
    return pd.DataFrame(columns)


def points_frame(domain: Domain, points: Sequence[JudgedPoint]) -> pd.DataFrame:
    """Return one row per point: parameters and derived quantities by name, `outcome`, and each criterion's estimate."""
    import pandas as pd

    rows = []
    for judged in points:
        row: dict[str, Any] = dict(judged.point)
        row |= {quantity.name: float(quantity.function(judged.point)) for quantity in domain.derived}
        row["outcome"] = OUTCOMES[judged.met]
        rows.append(row | {str(f.criterion): f.estimate for f in judged.judgement.findings})
    return pd.DataFrame(rows)


def plot_judgement(judgement: Judgement, axis: Any) -> Any:
    """Draw the estimates of the criterion that decides, one per point, beside its threshold; return the axis."""
    if not judgement.findings:
        raise ValueError(
            f"a judgement needs a criterion to be drawn; this one ({judgement.verdict}) has none"
        )
    axis = axis_to_draw_on(axis)
    order = {False: 0, None: 1, True: 2}
    k = min(range(len(judgement.findings)), key=lambda number: order[judgement.findings[number].met])
    criterion = judgement.findings[k].criterion
    findings = [judgement.findings[k]]
    if judgement.family:
        findings = [point.judgement.findings[k] for point in judgement.family.points]
        sign = 1.0 if criterion.relation == ">=" else -1.0
        findings = sorted(findings, key=lambda finding: sign * finding.estimate)
    for word, (marker, colour) in MARKERS.items():
        chosen = [(x + 1, finding) for x, finding in enumerate(findings) if outcome(finding) == word]
        if chosen:
            _draw_findings(axis, chosen, criterion, marker=marker, color=colour, label=word)
    scale = _scale(criterion)
    axis.axhline(scale * criterion.threshold, color="0.3", linestyle="--", label=f"needs {criterion.needs}")
    seen = [abs(scale * value) for value in (criterion.threshold, *(f.estimate for f in findings))]
    if all(f.low > 0 for f in findings) and min(seen) > 0 and max(seen) / min(seen) >= DECADES:
        axis.set_yscale("log")
        plain_ticks(axis.yaxis, *axis.get_ylim())
    for text in axis.legend(fontsize="small").get_texts():
        text.set_parse_math(False)
    if len(findings) == 1:
        axis.set_xticks([])
    else:
        whole_ticks(axis.xaxis)
    x = "points of the domain, the least favourable first" if len(findings) > 1 else "one configuration"
    words, unit = criterion.estimand.words, criterion.estimand.unit
    return label_axis(
        axis,
        f"{judgement.verdict.capitalize()}: {criterion.asked}",
        x,
        f"{words} ({unit})" if unit else words,
    )


def _draw_findings(
    axis: Any, chosen: Sequence[tuple[int, Finding]], criterion: Criterion, **look: Any
) -> None:
    scale = _scale(criterion)
    below, above = (
        [scale * abs(end - f.estimate) if math.isfinite(end) else 0.0 for end, f in ends]
        for ends in ([(f.low, f) for _, f in chosen], [(f.high, f) for _, f in chosen])
    )
    places, values = [x for x, _ in chosen], [scale * f.estimate for _, f in chosen]
    axis.errorbar(places, values, yerr=[below, above], linestyle="none", capsize=2, **look)


def _scale(criterion: Criterion) -> float:
    return 100.0 if criterion.estimand.unit == SHARE else 1.0
