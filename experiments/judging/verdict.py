"""What do the estimates at one point say? A judgement, by a rule that was stated before the study ran.

A rule is data: criteria, each an inequality between an estimand and a threshold, and the verdicts that its control may return. An
estimand is estimated once a replicate, and each criterion is decided at the level 0.001 by what the data are:

- a mean by Student's t test with its degrees of freedom; where the values do not vary at all, as counts often do not, by the sign
  test, so that at least ten replicates must agree: a spread of zero is no certainty;
- a share, of outcomes that are yes or no, by the exact binomial test;
- a statement about each of many cells by all of their means: it is met when each is, and fails when one does, corrected for their
  number;
- the largest or smallest value, of statements without exception, by itself.

What is not decided is undecided. The hash of a rule is printed with its verdict, so that a rule changed after the fact shows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
import scipy

from experiments.judging.criterion import Criterion, Rule, Word
from experiments.judging.intervals import Mean, mean_of, share_of
from experiments.judging.shown_judgement import (
    judgement_card,
    judgement_frame,
    judgement_line,
    plot_judgement,
)
from simulate.validation import require_instance

if TYPE_CHECKING:
    from experiments.judging.family import Family

LEVEL = 1e-3  # of each criterion at each point


@dataclass(frozen=True)
class Finding:
    """What a study says about one criterion: the estimate, its simultaneous 95 % interval, and the outcome.

    `met` is None where the level is not reached. Where `cells` means were asked, or points judged, the estimate is that of the
    `cell` which decides: the one that fails by the most, or else the one that is met by the least.
    """

    criterion: Criterion
    estimate: float
    low: float
    high: float
    standard_error: float
    replicates: int
    met: bool | None
    cells: int = 1
    cell: str = ""

    @property
    def detectable(self) -> float:
        """The smallest distance from a threshold at which these replicates decide; nan for shares and exact statistics."""
        if self.criterion.statistic not in ("mean", "each") or self.replicates < 2:
            return math.nan
        return float(scipy.stats.t.isf(LEVEL, self.replicates - 1)) * self.standard_error


@dataclass(frozen=True)
class Judgement:
    """The verdict on one set of estimates: the word, the conditions if qualified, and the findings behind it.

    `family` holds the points behind a verdict on a domain; it is None for a judgement at one point.
    """

    verdict: Word
    conditions: tuple[str, ...]
    findings: tuple[Finding, ...]
    family: Family | None = None

    def to_frame(self) -> pd.DataFrame:
        """Return one row per criterion: `criterion` in words, `outcome`, `found`, `needs`, and the numbers of its `Finding`."""
        return judgement_frame(self)

    def plot(self, axis: Any = None) -> Any:
        """Draw the estimates of the criterion that decides beside its threshold, one per point, with their intervals.

        They are drawn on a matplotlib axis, pyplot's current one for None, which is returned. The criterion that decides is the
        first that failed, else the first that is undecided, else the first.
        """
        return plot_judgement(self, axis)

    def _repr_html_(self) -> str:
        return judgement_card(self)

    def __repr__(self) -> str:
        return judgement_line(self)


def judge(rule: Rule, estimates: pd.DataFrame, level: float = LEVEL) -> Judgement:
    """Return the verdict of `rule` on `estimates`: one row per replicate, one column per estimand.

    A failed criterion that refutes outweighs an undecided one; an undecided one outweighs a failed one that
    qualifies. Intervals are simultaneous (Bonferroni) over the criteria on means.

    Raises
    ------
    ValueError
        if an estimand of the rule has no column, no replicate or a value that is not finite.
    TypeError
        if `estimates` is no table.

    Examples
    --------
    >>> from experiments.judging.estimand import Estimand
    >>> slope = Estimand("slope", "slope of the log error")
    >>> steep = Criterion(slope, ">=", 0.4, "the slope is at least {threshold}", "the prediction is 1/2", "it is flat")
    >>> rule = Rule((steep,))
    >>> judge(rule, pd.DataFrame({"slope": [0.49, 0.5, 0.5, 0.51]})).verdict
    'holds'
    >>> judge(rule, pd.DataFrame({"slope": [0.3, 0.5, 0.6]})).verdict
    'inconclusive'
    >>> judge(rule, pd.DataFrame({"slope": [0.5] * 9})).verdict, judge(rule, pd.DataFrame({"slope": [0.5] * 10})).verdict
    ('inconclusive', 'holds')
    """
    require_instance(estimates, "what estimates returns", pd.DataFrame)
    means = {criterion: _means(criterion, estimates) for criterion in rule.criteria}
    compared = sum(
        len(cells) for criterion, cells in means.items() if criterion.statistic not in ("max", "min")
    )
    findings = tuple(
        _find(criterion, means[criterion], max(compared, 1), level) for criterion in rule.criteria
    )
    failed = [finding.criterion for finding in findings if finding.met is False]
    if any(criterion.otherwise == "refuted" for criterion in failed):
        return Judgement("refuted", (), findings)
    if any(finding.met is None for finding in findings):
        return Judgement("inconclusive", (), findings)
    if failed:
        return Judgement("qualified", tuple(criterion.condition for criterion in failed), findings)
    return Judgement("holds", (), findings)


def _means(criterion: Criterion, estimates: pd.DataFrame) -> dict[str, pd.Series]:
    """The values of a criterion, one a replicate, by cell; a criterion that asks for no cells has one, named ""."""
    name = criterion.estimand.name
    columns = {"": name}
    if criterion.statistic == "each" or (criterion.statistic == "share" and name not in estimates):
        columns = {str(c).removeprefix(f"{name}: "): c for c in estimates if str(c).startswith(f"{name}: ")}
    if not columns or not set(columns.values()) <= set(estimates.columns) or estimates.empty:
        raise ValueError(f"no estimate of {name!r}; there are {sorted(estimates.columns)}")
    cells = {cell: estimates[column].astype(float) for cell, column in columns.items()}
    for values in cells.values():
        if not values.map(math.isfinite).all():
            raise ValueError(f"the estimates of {name!r} must be finite; got {values.tolist()}")
    return cells


def _find(criterion: Criterion, cells: dict[str, pd.Series], compared: int, level: float) -> Finding:
    if criterion.statistic in ("max", "min"):
        (values,) = cells.values()
        value = float(getattr(values, criterion.statistic)())
        return Finding(criterion, value, value, value, 0.0, len(values), _compare(value, criterion))
    estimator = share_of if criterion.statistic == "share" else mean_of
    means = {cell: estimator(values, compared) for cell, values in cells.items()}
    # the cell that decides is the one farthest on the wrong side of the threshold: in standard errors, or by its share
    sign = 1.0 if criterion.relation == "<=" else -1.0

    def wrong(cell: str) -> tuple[float, float]:
        beyond = sign * (means[cell].value - criterion.threshold)
        if criterion.statistic == "share":
            return beyond, beyond
        certain = math.inf if beyond > 0 else -math.inf
        return (beyond / means[cell].error if means[cell].error > 0 else certain, beyond)

    cell = max(means, key=wrong)
    mean = means[cell]
    met = _outcome(mean, criterion, level)
    if met is False and len(means) > 1:
        met = _outcome(mean, criterion, level / len(means))
    return Finding(
        criterion,
        mean.value,
        mean.low,
        mean.high,
        mean.error,
        mean.replicates,
        met,
        len(means),
        cell,
    )


def _outcome(mean: Mean, criterion: Criterion, level: float) -> bool | None:
    if criterion.statistic == "share":
        decided = _binomial_tail(mean.value, mean.replicates, criterion.threshold) <= level
    elif mean.error == 0.0:
        decided = 0.5**mean.replicates <= level
    elif math.isinf(mean.error):
        decided = False
    else:
        away = abs(mean.value - criterion.threshold) / mean.error
        decided = scipy.stats.t.sf(away, mean.replicates - 1) <= level
    return _compare(mean.value, criterion) if decided else None


def _binomial_tail(share: float, n: int, truth: float) -> float:
    """The chance of a share of n outcomes at least as far from `truth`, on the same side."""
    ones = round(share * n)
    return float(
        scipy.stats.binom.sf(ones - 1, n, truth) if share > truth else scipy.stats.binom.cdf(ones, n, truth)
    )


def _compare(value: float, criterion: Criterion) -> bool:
    # a plain bool, also beside a threshold of NumPy's: outcomes are told by `is False`
    return bool(value <= criterion.threshold if criterion.relation == "<=" else value >= criterion.threshold)
