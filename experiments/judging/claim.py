"""A claim: a statement of the paper, the study that tries it, the rule that judges it, and its control.

The study's cells carry the parameter `arm`: rows of the arm "claim" are judged; rows of "control" are put through the
same estimates and the same rule, and must return a verdict that the rule allows its control, or the claim is broken;
rows of "evidence" (real matrices, other scalings) are shown beside the verdict and have no vote.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

import pandas as pd

from experiments.judging.intervals import Measurement, measure_all
from experiments.judging.verdict import Judgement, Rule, Word, judge
from experiments.running.study import Study

Size = Literal["quick", "default", "thorough"]
SIZES: tuple[Size, ...] = ("quick", "default", "thorough")

T = TypeVar("T")


def at(size: Size, *, quick: T, default: T, thorough: T) -> T:
    """Return the value that belongs to `size`.

    >>> at("quick", quick=4, default=12, thorough=40)
    4
    """
    return {"quick": quick, "default": default, "thorough": thorough}[size]


def named(claim: str, size: Size, matrices: tuple[str, ...], usual: tuple[str, ...]) -> str:
    """Return the name of a study of real matrices: other matrices than the usual ones make it another study.

    >>> named("C1", "quick", ("davis",), ("films-actors",))
    'C1-quick-davis'
    """
    return f"{claim}-{size}" if matrices == usual else f"{claim}-{size}-{'+'.join(matrices)}"


@dataclass(frozen=True)
class Figure:
    """What to draw of a claim's rows: `reports` draws it, this only says what.

    `finding` completes the title "A1 holds: ..." and may name estimands in braces. `points` turns the rows of the
    study (all arms) into the points drawn; without it the rows themselves are. `lines` and `verticals` are labelled
    reference values on the y and on the x axis (the latter in the first facet); `identity` draws y = x; `predicted`
    names a column drawn as a dashed line beside `y`, `band` two columns between which the means are shaded.
    """

    kind: Literal["line", "scatter", "strip", "heatmap", "bar"]
    x: str
    y: str
    xlabel: str
    ylabel: str
    finding: str
    hue: str | None = None
    column: str | None = None
    log: Literal["", "x", "y", "xy"] = ""
    predicted: str | None = None
    band: tuple[str, str] | None = None
    identity: bool = False
    lines: tuple[tuple[str, float], ...] = ()
    verticals: tuple[tuple[str, float], ...] = ()
    points: Callable[[pd.DataFrame], pd.DataFrame] | None = None


@dataclass(frozen=True)
class Claim:
    """One line of the ledger.

    `study(size)` gives the study for "quick", "default" or "thorough"; `estimates(rows)` turns the rows of one arm into
    one row a replicate with a column for each estimand of the rule. `expected` is the forecast, set down beforehand.
    `finding` says, where the verdict is not the forecast or needs more words, what was found out about it.
    `matrices` says that the study takes names of real matrices, `study(size, names)`, and `dated` that they need dates.
    `measurements(rows)` turns the rows of all arms into numbers shown beside the verdict, without a vote: one row a
    replicate, one column each, differences taken within a replicate.
    """

    id: str
    title: str
    statement: str
    source: str
    expected: Word
    study: Callable[..., Study]
    estimates: Callable[[pd.DataFrame], pd.DataFrame]
    rule: Rule
    control: str
    figures: tuple[Figure, ...] = ()
    finding: str = ""
    matrices: tuple[str, ...] = ()
    dated: bool = False
    measurements: Callable[[pd.DataFrame], pd.DataFrame] | None = None

    def study_at(self, size: Size, matrices: tuple[str, ...] | None = None) -> Study:
        """Return the study of that size; `matrices` replaces the real matrices of a claim that speaks of them."""
        if not self.matrices:
            return self.study(size)
        return self.study(size, matrices or self.matrices)

    def judge(self, rows: pd.DataFrame) -> tuple[Judgement, Judgement]:
        """Return the judgement of the claim and that of its control, by the same rule.

        An undecided control leaves the claim undecided too: a rule that cannot see the opposite proves nothing.
        """
        judged = judge(self.rule, self.estimates(rows[rows["arm"] == "claim"]))
        control = judge(self.rule, self.estimates(rows[rows["arm"] == "control"]))
        if control.verdict == "inconclusive" and judged.verdict != "inconclusive":
            judged = Judgement("inconclusive", ("the control is undecided",), judged.findings)
        return judged, control

    def measure(self, rows: pd.DataFrame) -> tuple[Measurement, ...]:
        """Return what the claim shows beside its verdict, with intervals that are simultaneous over all of it."""
        return measure_all(self.measurements(rows)) if self.measurements else ()
