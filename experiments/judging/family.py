"""From outcomes at points to a verdict on a domain.

A claim is *met* at a point where all criteria of its rule are, and *fails* there where one does. Then, over the points of a run:

- it *holds* where it is met at every decided point and at most one point in eight is undecided;
- it is *refuted* where it fails at every decided point but at most one in eight (and no boundary tells these rightly), or, for
  a claim that says "always" and has no boundary, where a stored counterexample inside the domain fails again at the level 0.0001;
- it is *qualified*, true in a region, where a boundary that was frozen before tells the points apart: at most one decided point
  in eight is told wrong, and fewer than by guessing the commoner outcome everywhere; near it points may be undecided;
- everything else is *inconclusive*, and so is a claim that holds by a rule which a rival theory passes at every point too.

The points are independent draws, so what they say of the whole domain is a binomial share, printed with its exact 95 % bounds.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import pandas as pd
import scipy

from experiments.judging.boundary import Boundary
from experiments.judging.criterion import Rule, Word
from experiments.judging.domain import Domain
from experiments.judging.shown_judgement import points_frame, tally
from experiments.judging.verdict import LEVEL, Finding, Judgement, judge

Reach = Literal["always", "typically"]
MOST_ASTRAY = (
    1 / 8
)  # of the points: undecided ones of a claim that holds, met ones of a refuted one, wrong ones of a boundary
COUNTEREXAMPLE_LEVEL = 1e-4

Estimates = Callable[[pd.DataFrame], pd.DataFrame]


@dataclass(frozen=True)
class Rival:
    """A wrong theory that the rule must refuse at one point at least.

    `rows(rows)` returns the claim's rows as they would be if the rival were the theory, such as with another column as the
    prediction; they go through the same estimates and the same rule. `words` is a noun phrase.
    """

    words: str
    rows: Callable[[pd.DataFrame], pd.DataFrame]

    def __post_init__(self) -> None:
        if not callable(self.rows):
            raise TypeError(f"rows of the rival {self.words!r} must be a function; got {self.rows!r}")


@dataclass(frozen=True)
class JudgedPoint:
    """A point of the domain with the judgement there; `met` is None where it is undecided."""

    point: Mapping[str, Any]
    judgement: Judgement

    @property
    def met(self) -> bool | None:
        """Whether all criteria are met (True) or one fails (False)."""
        return {"holds": True, "inconclusive": None}.get(self.judgement.verdict, False)


@dataclass(frozen=True)
class RivalOutcome:
    """At how many points a rival fails."""

    words: str
    failed: int


@dataclass(frozen=True)
class Family:
    """The points behind a verdict on a domain, what they say of the share of it, and how rivals and boundary did.

    `right` is the number of decided points that the boundary tells rightly, None without a boundary. `refuting` is the
    judgement of the stored counterexample, None where there is none.
    """

    domain: Domain
    points: tuple[JudgedPoint, ...]
    rivals: tuple[RivalOutcome, ...] = ()
    boundary: Boundary | None = None
    right: int | None = None
    counterexample: JudgedPoint | None = None

    @property
    def met(self) -> int:
        """The number of points at which the claim is met."""
        return sum(point.met is True for point in self.points)

    @property
    def failed(self) -> int:
        """The number of points at which it fails."""
        return sum(point.met is False for point in self.points)

    @property
    def undecided(self) -> int:
        """The number of points at which it is neither."""
        return len(self.points) - self.met - self.failed

    @property
    def decided(self) -> int:
        """The number of points at which it is met or fails."""
        return self.met + self.failed

    def share_met(self) -> tuple[float, float, float]:
        """Return the share of decided points at which the claim is met, and the exact 95 % interval of its share of the domain.

        One-sided where all points agree: of 16 that are met, the upper bound on the share that fails is 17 %.
        """
        if not self.decided:
            return math.nan, 0.0, 1.0
        agree = self.met in (0, self.decided)
        interval = scipy.stats.binomtest(self.met, self.decided).proportion_ci(
            0.90 if agree else 0.95, method="exact"
        )
        return self.met / self.decided, float(interval.low), float(interval.high)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per point: its parameters and derived quantities, `outcome`, and the estimate of each criterion."""
        return points_frame(self.domain, self.points)

    def __repr__(self) -> str:
        return f"Family({len(self.points)} points: {tally([point.met for point in self.points])})"

    @property
    def nearest_rival(self) -> RivalOutcome | None:
        """The rival that fails at the fewest points."""
        return min(self.rivals, key=lambda rival: rival.failed, default=None)


def points_in(rows: pd.DataFrame, domain: Domain) -> list[dict[str, Any]]:
    """Return the points that rows were run at, in the order of the rows."""
    found = rows[list(domain.names)].drop_duplicates()
    return [dict(zip(domain.names, map(_plain, values))) for values in found.itertuples(index=False)]


def _plain(value: Any) -> Any:
    plain = value.item() if hasattr(value, "item") else value
    return int(plain) if isinstance(plain, float) and plain.is_integer() and abs(plain) >= 1 else plain


def judge_points(
    rule: Rule, estimates: Estimates, rows: pd.DataFrame, domain: Domain, level: float = LEVEL
) -> tuple[JudgedPoint, ...]:
    """Return the judgement at each point of `rows`, the rows of the arms of one vote.

    Raises
    ------
    ValueError
        from the judgement at a point, which is named.
    """
    judged = []
    for _, part in rows.groupby(list(domain.names), sort=False, dropna=False):
        (point,) = points_in(part, domain)
        try:
            found = judge(rule, estimates(part), level)
        except ValueError as error:
            raise ValueError(f"at {domain.words_of(point)}: {error}") from error
        judged.append(JudgedPoint(point, found))
    return tuple(judged)


def judge_family(
    rule: Rule,
    points: Sequence[JudgedPoint],
    domain: Domain,
    *,
    reach: Reach = "typically",
    rivals: Sequence[RivalOutcome] = (),
    boundary: Boundary | None = None,
    counterexample: JudgedPoint | None = None,
) -> Judgement:
    """Return the verdict on a domain from the judgements at its points."""
    right = None
    if boundary:
        right = sum(
            boundary.inside(domain, point.point) == point.met for point in points if point.met is not None
        )
    family = Family(domain, tuple(points), tuple(rivals), boundary, right, counterexample)
    verdict = _verdict(family, reach)
    conditions = (boundary.words,) if verdict == "qualified" and boundary else ()
    return Judgement(verdict, conditions, _least_favourable(rule, family), family)


def _verdict(family: Family, reach: Reach) -> Word:
    clear = family.decided > 0 and family.undecided <= math.floor(MOST_ASTRAY * len(family.points))
    astray = math.floor(MOST_ASTRAY * family.decided)
    if clear and not family.failed:
        passed_by_rival = any(rival.failed == 0 for rival in family.rivals)
        return "inconclusive" if passed_by_rival else "holds"
    # near the boundary of a region points are undecided by nature
    if family.right is not None and family.decided > family.undecided:
        wrong = family.decided - family.right
        if wrong <= astray and wrong < min(family.met, family.failed):
            return "qualified"
    if clear and family.met <= astray:
        return "refuted"
    return _by_counterexample(family, reach)


def _by_counterexample(family: Family, reach: Reach) -> Word:
    found = family.counterexample
    return "refuted" if reach == "always" and found and found.met is False else "inconclusive"


def _least_favourable(rule: Rule, family: Family) -> tuple[Finding, ...]:
    """Return for each criterion its finding at the point that is least favourable, told as one of all points."""
    order = {False: 0, None: 1, True: 2}
    findings = []
    for k, criterion in enumerate(rule.criteria):
        sign = 1.0 if criterion.relation == ">=" else -1.0
        at_points = [(point, point.judgement.findings[k]) for point in family.points]
        worst, finding = min(at_points, key=lambda found: (order[found[1].met], sign * found[1].estimate))
        within = f"{finding.cell}, " if finding.cell else ""
        place = within + family.domain.words_of(worst.point)
        findings.append(replace(finding, cells=len(at_points), cell=place))
    return tuple(findings)
