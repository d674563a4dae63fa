"""From the estimates of a study to a verdict, by a rule that was stated before the study ran.

A rule is data: criteria, each an inequality between an estimand and a threshold, and the verdicts that its control
may return. An estimand is estimated once a replicate. Its mean over R replicates has standard error s; the criterion
is met or failed when the mean lies more than 4 s on either side of the threshold, and undecided in between. Exact
statements use the largest (or smallest) value over all replicates, which no interval blurs. The hash of a rule is
printed with its verdict, so that a rule changed after the fact shows.
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import asdict, dataclass
from typing import Literal

import pandas as pd
from scipy import stats

Word = Literal["holds", "qualified", "refuted", "inconclusive"]

STANDARD_ERRORS = 4.0  # an estimate this near to a threshold decides nothing
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Criterion:
    """One inequality of a rule, `estimand relation threshold`, and what its failure means.

    `statistic` is "mean" over replicates, or "max" or "min" for statements without an exception. A failed criterion
    with `otherwise="qualified"` restricts the claim to `condition`; with "refuted" it ends it. `origin` says where
    the threshold comes from.
    """

    estimand: str
    relation: Literal["<=", ">="]
    threshold: float
    origin: str
    otherwise: Literal["refuted", "qualified"] = "refuted"
    condition: str = ""
    statistic: Literal["mean", "max", "min"] = "mean"

    def __str__(self) -> str:
        of = "" if self.statistic == "mean" else f"{self.statistic} "
        return f"{of}{self.estimand} {self.relation} {self.threshold:g}"


@dataclass(frozen=True)
class Rule:
    """Criteria, and the verdicts that the control may return: those that contradict the expected one.

    >>> rule = Rule((Criterion("error", "<=", 1e-10, "rounding", statistic="max"),), control=("refuted",))
    >>> str(rule), len(rule.digest())
    ('max error <= 1e-10', 12)
    """

    criteria: tuple[Criterion, ...]
    control: tuple[Word, ...] = ("refuted",)

    def digest(self) -> str:
        """Return the first twelve hexadecimal digits of the SHA-256 of the rule's canonical JSON."""
        text = json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def __str__(self) -> str:
        return "; ".join(map(str, self.criteria))


@dataclass(frozen=True)
class Finding:
    """What a study says about one criterion: the estimate, its simultaneous 95 % interval, and the outcome.

    `met` is None while the estimate is within 4 standard errors of the threshold; `detectable` is the smallest
    distance from the threshold that this study could have decided.
    """

    criterion: Criterion
    estimate: float
    low: float
    high: float
    standard_error: float
    replicates: int
    met: bool | None

    @property
    def detectable(self) -> float:
        """Four standard errors: the smallest effect that the criterion can detect; 0 for exact statistics."""
        return STANDARD_ERRORS * self.standard_error

    def mistake_bound(self) -> float:
        """Return the chance that sampling alone puts a mean 4 standard errors beyond the truth (one-sided t).

        0 for exact statistics and for estimates that do not vary.
        """
        if self.standard_error == 0.0 or self.replicates < 2:
            return 0.0
        return float(stats.t.sf(STANDARD_ERRORS, self.replicates - 1))


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


def judge(rule: Rule, estimates: pd.DataFrame) -> Judgement:
    """Return the verdict of `rule` on `estimates`, one row a replicate and one column an estimand.

    A failed criterion that refutes outweighs an undecided one; an undecided one outweighs a failed one that
    qualifies. Intervals are simultaneous (Bonferroni) over the criteria on means.

    Raises
    ------
    ValueError
        if an estimand of the rule has no column, no replicate or a value that is not finite.

    Examples
    --------
    >>> rule = Rule((Criterion("slope", ">=", 0.4, "the prediction is 1/2"),))
    >>> judge(rule, pd.DataFrame({"slope": [0.49, 0.5, 0.51]})).verdict
    'holds'
    >>> judge(rule, pd.DataFrame({"slope": [0.3, 0.5, 0.6]})).verdict
    'inconclusive'
    """
    compared = sum(criterion.statistic == "mean" for criterion in rule.criteria)
    findings = tuple(_find(criterion, estimates, max(compared, 1)) for criterion in rule.criteria)
    failed = [finding.criterion for finding in findings if finding.met is False]
    if any(criterion.otherwise == "refuted" for criterion in failed):
        return Judgement("refuted", (), findings)
    if any(finding.met is None for finding in findings):
        return Judgement("inconclusive", (), findings)
    if failed:
        return Judgement("qualified", tuple(criterion.condition for criterion in failed), findings)
    return Judgement("holds", (), findings)


def _find(criterion: Criterion, estimates: pd.DataFrame, compared: int) -> Finding:
    if criterion.estimand not in estimates or estimates.empty:
        raise ValueError(f"no estimate of {criterion.estimand!r}; there are {sorted(estimates.columns)}")
    values = estimates[criterion.estimand].astype(float)
    if not values.map(math.isfinite).all():
        raise ValueError(f"the estimates of {criterion.estimand!r} must be finite; got {values.tolist()}")
    replicates = len(values)
    if criterion.statistic != "mean":
        value = float(getattr(values, criterion.statistic)())
        return Finding(criterion, value, value, value, 0.0, replicates, _compare(value, criterion))
    mean = float(values.mean())
    error = float(values.std(ddof=1)) / math.sqrt(replicates) if replicates > 1 else math.inf
    # a spread at the level of rounding is no sampling error
    if error <= 1e-12 * max(abs(mean), 1.0):
        error = 0.0
    half = 0.0
    if error > 0:
        half = error * float(stats.t.isf((1 - CONFIDENCE) / (2 * compared), max(replicates - 1, 1)))
    decided = abs(mean - criterion.threshold) > STANDARD_ERRORS * error or error == 0.0
    return Finding(
        criterion,
        mean,
        mean - half,
        mean + half,
        error,
        replicates,
        _compare(mean, criterion) if decided else None,
    )


def _compare(value: float, criterion: Criterion) -> bool:
    return value <= criterion.threshold if criterion.relation == "<=" else value >= criterion.threshold
