"""A claim: a statement, the arms that try it, the rule that judges it, and its control.

An arm is a set of cells with a trial. Rows of arms that vote "claim" are judged; rows of "control" go through the same
estimates and the same rule and must come out as the rule says, or the claim is broken; rows of "evidence" (real matrices, other
scalings) are shown beside the verdict and have no vote.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeVar, get_args

import pandas as pd

from experiments.judging.boundary import Boundary
from experiments.judging.claim_ids import require_id
from experiments.judging.criterion import Rule, Word
from experiments.judging.domain import Domain
from experiments.judging.family import (
    COUNTEREXAMPLE_LEVEL,
    JudgedPoint,
    Reach,
    Rival,
    RivalOutcome,
    judge_family,
    judge_points,
)
from experiments.judging.figure import Figure
from experiments.judging.intervals import Measurement, measure_all
from experiments.judging.shown_claim import claim_card, claim_frame, claim_line, plot_claim
from experiments.judging.verdict import LEVEL, Judgement, judge
from experiments.running.seeds import digest
from experiments.running.study import Cell, Study, Trial
from simulate.optional import EXTRAS
from simulate.validation import require_choice, require_instance, require_items

Size = Literal["quick", "default", "thorough"]
SIZES: tuple[Size, ...] = ("quick", "default", "thorough")
POINTS: Mapping[Size, int] = {"quick": 8, "default": 16, "thorough": 64}  # drawn from a claim's domain
REPLICATES = 10  # at a point: the least with which values that do not vary are decided
Vote = Literal["claim", "control", "evidence", "counterexample"]

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

    def __post_init__(self) -> None:
        require_choice(self.vote, "the vote of an arm", get_args(Vote))

    @property
    def called(self) -> str:
        """The name of the arm in the store."""
        return self.name or self.vote

    def study(self, before: str, *, replicates: int, version: int, draws: str) -> Study:
        """Return the study of this arm, named `before` and the arm's own name, which meets the draws of that name."""
        return Study(
            f"{before}-{self.called}",
            self.cells,
            self.trial,
            replicates=replicates,
            version=version,
            roles=self.roles,
            fixed=self.fixed,
            draws=draws,
        )


@dataclass(frozen=True)
class Claim:
    """One line of the ledger.

    A claim about a family of models or matrices has a `domain`, and `arms(points)` gives the arms for points drawn from it: each
    of their cells holds the parameters of its point. A claim that is decided at one configuration has none, and
    `arms(size)` gives the arms for "quick", "default" or "thorough". `replicates` says how often each cell is run at each size.
    `estimates(rows)` turns the rows of the arms of one vote, at one point, into one row per replicate with a column for each
    estimand of the rule. `expected` is the forecast, written down beforehand. `finding` says, where the verdict is not the
    forecast or needs more words, what was found out about it. `control` says what the control is and why it must come out the
    other way. `reach` says whether the claim is meant without exception ("always") or for most ("typically"); `rivals` are
    wrong theories that its rule must refuse, `boundary` the region where it is true, `counterexample` a point where it fails:
    `experiments.judging.family` says what they decide. `matrices` says that the arms take names of real matrices, as `arms(...,
    names)`, or, where the domain has a choice named "matrix", as its values; `dated` that these need dates.
    `measurements(rows)` turns the rows of all arms into numbers shown beside the verdict, without a vote: one row per
    replicate, one column each (an `Estimand`, or words), differences taken within a replicate. `headline` marks the claims that
    a summary names first. `extra` names the extra of the installation whose packages its trials need.

    Raises
    ------
    ValueError
        for an id that no claim may have (`claim_ids`), a word that is none of those above, a rule without criteria, rivals, a
        boundary or a counterexample without a domain, or a criterion with a condition beside a domain, whose condition is the
        boundary.
    TypeError
        for a rule, a domain, a boundary, a rival or a figure that is an object of another kind.
    """

    id: str
    title: str
    statement: str
    source: str
    expected: Word
    arms: Callable[..., tuple[Arm, ...]]
    estimates: Callable[[pd.DataFrame], pd.DataFrame]
    rule: Rule
    control: str
    replicates: Mapping[Size, int] = field(default_factory=lambda: dict.fromkeys(SIZES, REPLICATES))
    version: int = 1
    domain: Domain | None = None
    reach: Reach = "typically"
    rivals: tuple[Rival, ...] = ()
    boundary: Boundary | None = None
    counterexample: Cell | None = None
    figures: tuple[Figure, ...] = ()
    finding: str = ""
    matrices: tuple[str, ...] = ()
    dated: bool = False
    measurements: Callable[[pd.DataFrame], pd.DataFrame] | None = None
    headline: bool = False
    extra: str = ""

    def __post_init__(self) -> None:
        require_id(self.id)
        require_choice(self.expected, f"what claim {self.id} is expected to be", get_args(Word))
        require_choice(self.reach, f"the reach of claim {self.id}", get_args(Reach))
        require_choice(self.extra, f"the extra of claim {self.id}", ("", *EXTRAS))
        self._require_kinds()
        if not self.rule.criteria:
            raise ValueError(f"the rule of claim {self.id} must have at least one criterion; it has none")
        if set(self.replicates) != set(SIZES):
            raise ValueError(
                f"the replicates of claim {self.id} must be given for {', '.join(SIZES)}; got {dict(self.replicates)}"
            )
        if self.domain is None and (self.rivals or self.boundary or self.counterexample):
            raise ValueError(
                f"claim {self.id} must have a domain to have rivals, a boundary or a counterexample"
            )
        if self.domain is not None and any(criterion.condition for criterion in self.rule.criteria):
            raise ValueError(
                f"claim {self.id} has a domain, so the condition under which it is true is its boundary; a criterion has one too"
            )

    def _require_kinds(self) -> None:
        """Refuse a part that is no object of its kind, while the line at which the claim is written is known."""
        require_instance(self.rule, f"the rule of claim {self.id}", Rule)
        for part, name, kind in ((self.domain, "domain", Domain), (self.boundary, "boundary", Boundary)):
            if part is not None:
                require_instance(part, f"the {name} of claim {self.id}", kind)
        require_items(self.rivals, f"the rivals of claim {self.id}", Rival)
        require_items(self.figures, f"the figures of claim {self.id}", Figure)
        for function, name in ((self.arms, "arms"), (self.estimates, "estimates")):
            if not callable(function):
                raise TypeError(f"{name} of claim {self.id} must be a function; got {function!r}")

    def digest(self) -> str:
        """Return the first twelve digits of the SHA-256 of all that decides: rule, domain and the recipe of its points."""
        if self.domain is None:
            return self.rule.digest()
        boundary = self.boundary.recipe() if self.boundary else None
        rivals = [rival.words for rival in self.rivals]
        recipe = [self.domain.recipe(), self.reach, rivals, boundary, self.counterexample, dict(POINTS)]
        return digest(self.rule.digest(), recipe, dict(self.replicates), self.id, self.version)[:12]

    def points_at(
        self, size: Size, matrices: tuple[str, ...] | None = None, seed: int = 0
    ) -> list[dict[str, Any]]:
        """Return the points that a run of this size and seed draws from the domain; none without a domain."""
        domain = self.domain_with(matrices)
        if domain is None:
            return []
        return domain.points(self.id, self.version, seed=seed, count=POINTS[size], dear=size == "thorough")

    def domain_with(self, matrices: tuple[str, ...] | None = None) -> Domain | None:
        """Return the domain, with the given matrices in place of its own."""
        if self.domain is None or not matrices:
            return self.domain
        return self.domain.with_values("matrix", tuple(matrices))

    def arms_at(self, size: Size, matrices: tuple[str, ...] | None = None, seed: int = 0) -> tuple[Arm, ...]:
        """Return the arms at that size; `matrices` replaces the real matrices of a claim that speaks of them."""
        if self.domain is None:
            return self._arms(size, matrices)
        arms = self._arms(self.points_at(size, matrices, seed), matrices)
        if self.counterexample is None:
            return arms
        again = [arm for arm in self._arms([self.counterexample], matrices) if arm.vote == "claim"]
        return (
            *arms,
            *(replace(a, vote="counterexample", name=f"counterexample-{a.called}") for a in again),
        )

    def arms_on(self, points: Sequence[Cell]) -> tuple[Arm, ...]:
        """Return the arms that vote for the claim, at any points of its domain."""
        return tuple(arm for arm in self._arms(points, None) if arm.vote == "claim")

    def _arms(self, points: Any, matrices: tuple[str, ...] | None) -> tuple[Arm, ...]:
        in_domain = self.domain is not None and "matrix" in self.domain.names
        arms = (
            self.arms(points, matrices or self.matrices)
            if self.matrices and not in_domain
            else self.arms(points)
        )
        return tuple(require_items(arms, f"what arms of claim {self.id} returns", Arm))

    def studies_at(
        self, size: Size, matrices: tuple[str, ...] | None = None, seed: int = 0
    ) -> tuple[Study, ...]:
        """Return a study for each arm at that size; `matrices` replaces the real matrices of a claim that speaks of them.

        The draws of a claim with a domain do not depend on the size, so that the points of a small size are those of a large one.

        Raises
        ------
        ValueError
            for two arms of one name, or no arm that votes for the claim or as its control.
        """
        return tuple(study for _, study in self.arms_with_studies(size, matrices, seed))

    def arms_with_studies(
        self, size: Size, matrices: tuple[str, ...] | None = None, seed: int = 0
    ) -> tuple[tuple[Arm, Study], ...]:
        """Return each arm at that size with its study, as `arms_at` and `studies_at` give them; points are drawn once."""
        arms = self.arms_at(size, matrices, seed)
        names = [arm.called for arm in arms]
        if len(set(names)) < len(names):
            raise ValueError(f"the arms of claim {self.id} must have different names; got {names}")
        if missing := {"claim", "control"} - {arm.vote for arm in arms}:
            raise ValueError(
                f"claim {self.id} must have an arm that votes {' and one that votes '.join(sorted(missing))}; it has {names}. A "
                "control is the claim's opposite, which the same rule must refuse"
            )
        name = named(self.id, size, matrices or self.matrices, self.matrices)
        draws = name if self.domain is None else self.id
        replicates = self.replicates[size]
        return tuple(
            (arm, arm.study(name, replicates=replicates, version=self.version, draws=draws)) for arm in arms
        )

    def rows(
        self,
        tables: Mapping[str, pd.DataFrame],
        size: Size,
        matrices: tuple[str, ...] | None = None,
        seed: int = 0,
    ) -> pd.DataFrame:
        """Return the rows of all arms as one table, from the tables of their studies by name.

        Columns `study`, `vote` and `arm` say where a row comes from. Parameters that an arm lacks are missing in its rows.
        """
        return pd.concat(
            [
                tables[study.name].assign(study=study.name, vote=arm.vote, arm=arm.called)
                for arm, study in self.arms_with_studies(size, matrices, seed)
            ],
            ignore_index=True,
        )

    def judge(self, rows: pd.DataFrame) -> tuple[Judgement, Judgement]:
        """Return the judgement of the claim and that of its control, by the same rule.

        An undecided control leaves the claim undecided too: a rule that cannot see the opposite proves nothing.
        """
        if self.domain is None:
            judged = judge(self.rule, self.estimates(rows[rows["vote"] == "claim"]))
            control = judge(self.rule, self.estimates(rows[rows["vote"] == "control"]))
        else:
            control = judge_family(self.rule, self.judged_points(rows, "control"), self.domain)
            judged = judge_family(
                self.rule,
                self.judged_points(rows),
                self.domain,
                reach=self.reach,
                rivals=self._rivals(rows),
                boundary=self.boundary,
                counterexample=next(
                    iter(self.judged_points(rows, "counterexample", COUNTEREXAMPLE_LEVEL)), None
                ),
            )
        if control.verdict == "inconclusive" and judged.verdict != "inconclusive":
            judged = Judgement("inconclusive", ("the control is undecided",), judged.findings, judged.family)
        return judged, control

    def judged_points(
        self, rows: pd.DataFrame, vote: Vote = "claim", level: float = LEVEL
    ) -> tuple[JudgedPoint, ...]:
        """Return the judgement at each point of the domain at which arms of that vote were run; none without a domain."""
        if self.domain is None:
            return ()
        return judge_points(self.rule, self.estimates, rows[rows["vote"] == vote], self.domain, level)

    def _rivals(self, rows: pd.DataFrame) -> tuple[RivalOutcome, ...]:
        claimed = rows[rows["vote"] == "claim"]
        return tuple(
            RivalOutcome(
                rival.words,
                sum(point.met is False for point in self.judged_points(rival.rows(claimed.copy()))),
            )
            for rival in self.rivals
        )

    def measure(self, rows: pd.DataFrame) -> tuple[Measurement, ...]:
        """Return what the claim shows beside its verdict, with intervals that are simultaneous over all of it."""
        return measure_all(self.measurements(rows)) if self.measurements else ()

    def to_frame(self) -> pd.DataFrame:
        """Return one row per parameter of the domain, per criterion of the rule and per rival.

        `part` says which of the three it is; `words` is what it is about, `asked` the range, the threshold or what must happen,
        `origin` where these numbers come from.
        """
        return claim_frame(self)

    def plot(self, axis: Any = None) -> Any:
        """Draw the points at which a run of the size "default" and seed 0 tries the claim, and the boundary if it has one.

        They are drawn on a matplotlib axis, pyplot's current one for None, which is returned.

        Raises
        ------
        ValueError
            for a claim whose domain has fewer than two quantities that are numbers.
        """
        return plot_claim(self, axis)

    def _repr_html_(self) -> str:
        return claim_card(self)

    def __repr__(self) -> str:
        return claim_line(self)
