"""From the estimates of a study to a verdict, by a rule that was stated before the study ran.

A rule is data: criteria, each an inequality between an estimand and a threshold, and the verdicts that its control
may return. An estimand is estimated once a replicate. Its mean over R replicates has standard error s; the criterion
is met or failed when the mean lies more than 4 s on either side of the threshold, and undecided in between. A statement
about each of many cells is met when all of their means meet it, and fails when one fails. Outcomes that are yes or no have
shares instead, decided by the exact binomial test at the same level: ten hits out of ten vary by nothing, and are still ten.
Exact statements use the largest (or smallest) value over all replicates, which no interval blurs. The hash of a rule is
printed with its verdict, so that a rule changed after the fact shows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd
from scipy import stats

from experiments.judging.criterion import Criterion, Rule, Word
from experiments.judging.intervals import LEVEL, STANDARD_ERRORS, Mean, mean_of, share_of


@dataclass(frozen=True)
class Finding:
    """What a study says about one criterion: the estimate, its simultaneous 95 % interval, and the outcome.

    `met` is None while the estimate is within 4 standard errors of the threshold. Where `cells` means were asked, the
    estimate is that of the `cell` which decides: the one that fails by the most, or else the one that is met by the least.
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
        """Four standard errors: the smallest effect that the criterion can detect; 0 for exact statistics."""
        return STANDARD_ERRORS * self.standard_error

    def mistake_bound(self) -> float:
        """Return the chance that sampling alone puts an estimate this far beyond the truth, over all cells.

        That is 4 standard errors of a mean (one-sided t), or the level of the exact test of a share; 0 for exact statistics and
        for means that do not vary at all.
        """
        if self.criterion.statistic == "share":
            return self.cells * LEVEL
        if self.standard_error == 0.0 or self.replicates < 2:
            return 0.0
        return self.cells * float(stats.t.sf(STANDARD_ERRORS, self.replicates - 1))

    def p_value(self) -> float:
        """Return the chance of an estimate this far beyond the threshold if the truth were on its other side.

        By the one-sided t test of a mean or the exact binomial test of a share; 0 for exact statistics, 1 while undecided. One
        failing cell out of many is corrected for their number.
        """
        if self.met is None:
            return 1.0
        looked_at = 1 if self.met else self.cells
        if self.criterion.statistic == "share":
            return min(
                1.0, looked_at * _binomial_tail(self.estimate, self.replicates, self.criterion.threshold)
            )
        if self.standard_error == 0.0 or self.replicates < 2:
            return 0.0
        away = abs(self.estimate - self.criterion.threshold) / self.standard_error
        return min(1.0, looked_at * float(stats.t.sf(away, self.replicates - 1)))


@dataclass(frozen=True)
class Judgement:
    """The verdict on one set of estimates: the word, the conditions if qualified, and the findings behind it."""

    verdict: Word
    conditions: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def mistake_bound(self) -> float:
        """Union bound over the findings on the chance of a wrong outcome by sampling alone."""
        return min(1.0, sum(finding.mistake_bound() for finding in self.findings))

    @property
    def weakest(self) -> float:
        """The p-value of the least certain decision: the level at which all of them stand (intersection-union)."""
        return max((finding.p_value() for finding in self.findings if finding.met is not None), default=0.0)


def judge(rule: Rule, estimates: pd.DataFrame) -> Judgement:
    """Return the verdict of `rule` on `estimates`: one row per replicate, one column per estimand.

    A failed criterion that refutes outweighs an undecided one; an undecided one outweighs a failed one that
    qualifies. Intervals are simultaneous (Bonferroni) over the criteria on means.

    Raises
    ------
    ValueError
        if an estimand of the rule has no column, no replicate or a value that is not finite.

    Examples
    --------
    >>> from experiments.judging.estimand import Estimand
    >>> slope = Estimand("slope", "slope of the log error")
    >>> steep = Criterion(slope, ">=", 0.4, "the slope is at least {threshold}", "the prediction is 1/2", "it is flat")
    >>> rule = Rule((steep,))
    >>> judge(rule, pd.DataFrame({"slope": [0.49, 0.5, 0.51]})).verdict
    'holds'
    >>> judge(rule, pd.DataFrame({"slope": [0.3, 0.5, 0.6]})).verdict
    'inconclusive'
    """
    means = {criterion: _means(criterion, estimates) for criterion in rule.criteria}
    compared = sum(
        len(cells) for criterion, cells in means.items() if criterion.statistic not in ("max", "min")
    )
    findings = tuple(_find(criterion, means[criterion], max(compared, 1)) for criterion in rule.criteria)
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


def _find(criterion: Criterion, cells: dict[str, pd.Series], compared: int) -> Finding:
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
    return Finding(
        criterion,
        mean.value,
        mean.low,
        mean.high,
        mean.error,
        mean.replicates,
        _outcome(mean, criterion),
        len(means),
        cell,
    )


def _outcome(mean: Mean, criterion: Criterion) -> bool | None:
    if criterion.statistic == "share":
        decided = _binomial_tail(mean.value, mean.replicates, criterion.threshold) <= LEVEL
    else:
        decided = mean.error == 0.0 or abs(mean.value - criterion.threshold) > STANDARD_ERRORS * mean.error
    return _compare(mean.value, criterion) if decided else None


def _binomial_tail(share: float, n: int, truth: float) -> float:
    """The chance of a share of n outcomes at least as far from `truth`, on the same side."""
    ones = round(share * n)
    return float(stats.binom.sf(ones - 1, n, truth) if share > truth else stats.binom.cdf(ones, n, truth))


def _compare(value: float, criterion: Criterion) -> bool:
    return value <= criterion.threshold if criterion.relation == "<=" else value >= criterion.threshold
