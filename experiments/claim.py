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

from experiments.study import Study
from experiments.verdict import Judgement, Rule, Word, judge

Size = Literal["quick", "default", "thorough"]
SIZES: tuple[Size, ...] = ("quick", "default", "thorough")

T = TypeVar("T")


def at(size: Size, *, quick: T, default: T, thorough: T) -> T:
    """Return the value that belongs to `size`.

    >>> at("quick", quick=4, default=12, thorough=40)
    4
    """
    return {"quick": quick, "default": default, "thorough": thorough}[size]


@dataclass(frozen=True)
class Figure:
    """What to draw of a claim's rows: `reports` draws it, this only says what.

    `finding` completes the title "A1 holds: ..." and may name estimands in braces. `points` turns the rows of the
    study (all arms) into the points drawn; without it the rows themselves are. `lines` are labelled reference values
    on the y axis; `identity` draws y = x; `predicted` names a column drawn as a dashed line beside `y`.
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
    identity: bool = False
    lines: tuple[tuple[str, float], ...] = ()
    points: Callable[[pd.DataFrame], pd.DataFrame] | None = None


@dataclass(frozen=True)
class Claim:
    """One line of the ledger.

    `study(size)` gives the study for "quick", "default" or "thorough"; `estimates(rows)` turns the rows of one arm into
    one row a replicate with a column for each estimand of the rule. `expected` is the forecast, set down beforehand.
    `finding` says, where the verdict is not the forecast or needs more words, what was found out about it.
    `matrices` says that the study takes names of real matrices: `study(size, names)`.
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
