"""A claim: a statement, the arms that try it, the rule that judges it, and its control.

An arm is a set of cells with a trial. Rows of arms that vote "claim" are judged; rows of "control" go through the same
estimates and the same rule and must come out as the rule says, or the claim is broken; rows of "evidence" (real matrices, other
scalings) are shown beside the verdict and have no vote.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeVar

import pandas as pd

from experiments.judging.criterion import Rule, Word
from experiments.judging.figure import Figure
from experiments.judging.intervals import Measurement, measure_all
from experiments.judging.verdict import Judgement, judge
from experiments.running.study import Cell, Study, Trial

Size = Literal["quick", "default", "thorough"]
SIZES: tuple[Size, ...] = ("quick", "default", "thorough")
Vote = Literal["claim", "control", "evidence"]

T = TypeVar("T")


def at(size: Size, *, quick: T, default: T, thorough: T) -> T:
    """Return the value that belongs to `size`.

    >>> at("quick", quick=4, default=12, thorough=40)
    4
    """
    return {"quick": quick, "default": default, "thorough": thorough}[size]


def named(claim: str, size: Size, matrices: tuple[str, ...], usual: tuple[str, ...]) -> str:
    """Return the name of the draws of a claim at a size; other real matrices than the usual ones give another name.

    >>> named("C1", "quick", ("davis",), ("films-actors",))
    'C1-quick-davis'
    """
    return f"{claim}-{size}" if matrices == usual else f"{claim}-{size}-{'+'.join(matrices)}"


@dataclass(frozen=True)
class Arm:
    """Cells with one trial, and how their rows count: for the claim, as its control, or as evidence without a vote.

    `roles` and `fixed` are those of a `Study`. Two arms that declare the same role with the same parameters meet the same draws.
    `name` tells apart arms of one vote; it is the vote where that is enough.
    """

    vote: Vote
    cells: Sequence[Cell]
    trial: Trial
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    name: str = ""
    fixed: Callable[[Cell], bool] | None = None

    @property
    def called(self) -> str:
        """The name of the arm in the store."""
        return self.name or self.vote


@dataclass(frozen=True)
class Claim:
    """One line of the ledger.

    `arms(size)` gives the arms for "quick", "default" or "thorough"; `replicates` how often each cell is run at that size.
    `estimates(rows)` turns the rows of the arms of one vote into one row per replicate with a column for each estimand of the
    rule. `expected` is the forecast, written down beforehand. `finding` says, where the verdict is not the forecast or needs more
    words, what was found out about it. `control` says what the control is and why it must come out the other way.
    `matrices` says that the arms take names of real matrices, `arms(size, names)`, and `dated` that these need dates.
    `measurements(rows)` turns the rows of all arms into numbers shown beside the verdict, without a vote: one row per replicate,
    one column each (an `Estimand`, or words), differences taken within a replicate. `headline` marks the claims that a
    summary names first. `extra` names the extra of the installation whose packages its trials need.
    """

    id: str
    title: str
    statement: str
    source: str
    expected: Word
    arms: Callable[..., tuple[Arm, ...]]
    replicates: Mapping[Size, int]
    estimates: Callable[[pd.DataFrame], pd.DataFrame]
    rule: Rule
    control: str
    version: int = 1
    figures: tuple[Figure, ...] = ()
    finding: str = ""
    matrices: tuple[str, ...] = ()
    dated: bool = False
    measurements: Callable[[pd.DataFrame], pd.DataFrame] | None = None
    headline: bool = False
    extra: str = ""

    def arms_at(self, size: Size, matrices: tuple[str, ...] | None = None) -> tuple[Arm, ...]:
        """Return the arms at that size; `matrices` replaces the real matrices of a claim that speaks of them."""
        return self.arms(size, matrices or self.matrices) if self.matrices else self.arms(size)

    def studies_at(self, size: Size, matrices: tuple[str, ...] | None = None) -> tuple[Study, ...]:
        """Return a study for each arm at that size; `matrices` replaces the real matrices of a claim that speaks of them.

        Raises
        ------
        ValueError
            for two arms of one name.
        """
        used = matrices or self.matrices
        arms = self.arms_at(size, matrices)
        names = [arm.called for arm in arms]
        if len(set(names)) < len(names):
            raise ValueError(f"the arms of claim {self.id} must have different names; got {names}")
        draws = named(self.id, size, used, self.matrices)
        return tuple(
            Study(
                f"{draws}-{arm.called}",
                arm.cells,
                arm.trial,
                replicates=self.replicates[size],
                version=self.version,
                roles=arm.roles,
                fixed=arm.fixed,
                draws=draws,
            )
            for arm in arms
        )

    def rows(
        self, tables: Mapping[str, pd.DataFrame], size: Size, matrices: tuple[str, ...] | None = None
    ) -> pd.DataFrame:
        """Return the rows of all arms as one table, from the tables of their studies by name.

        Columns `study`, `vote` and `arm` say where a row comes from. Parameters that an arm lacks are missing in its rows.
        """
        return pd.concat(
            [
                tables[study.name].assign(study=study.name, vote=arm.vote, arm=arm.called)
                for study, arm in zip(self.studies_at(size, matrices), self.arms_at(size, matrices))
            ],
            ignore_index=True,
        )

    def judge(self, rows: pd.DataFrame) -> tuple[Judgement, Judgement]:
        """Return the judgement of the claim and that of its control, by the same rule.

        An undecided control leaves the claim undecided too: a rule that cannot see the opposite proves nothing.
        """
        judged = judge(self.rule, self.estimates(rows[rows["vote"] == "claim"]))
        control = judge(self.rule, self.estimates(rows[rows["vote"] == "control"]))
        if control.verdict == "inconclusive" and judged.verdict != "inconclusive":
            judged = Judgement("inconclusive", ("the control is undecided",), judged.findings)
        return judged, control

    def measure(self, rows: pd.DataFrame) -> tuple[Measurement, ...]:
        """Return what the claim shows beside its verdict, with intervals that are simultaneous over all of it."""
        return measure_all(self.measurements(rows)) if self.measurements else ()
