"""Which of several rankings finds most, and how much does each other one lose beside it? All are asked the same queries.

Each query has an outcome in [0, 1] for every ranking, so rankings are compared by the differences d of the outcomes of a query
(paired). The mean of d over n queries has the interval

    sum d / (n + 2)  +-  q s / (n + 2)^(1/2),    s^2 = (sum d^2 + 1) / (n + 2) - (sum d / (n + 2))^2,

which is the interval of Agresti and Min for d in {-1, 0, 1}: two queries are added, of which one differs, half to each side.
So an interval has a width where two rankings agree in all queries or nearly all. The factor q is the 95 % quantile of the largest
|t| over **all pairs** of rankings, drawn from the multivariate t law with the correlations of the differences. All pairs and
not only those with the best: the best is chosen from the same outcomes, and intervals that hold for every pair at once
hold for the pairs of whichever ranking came out first. A share by itself has the score interval of Wilson, which for outcomes
between 0 and 1 is wider than it need be.

What varies is the sample of queries; the vectors are taken as they are.

Sources: Agresti and Min 2005, Statistics in Medicine 24; Hothorn, Bretz and Westfall 2008, Biometrical Journal 50; Wilson 1927.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

CONFIDENCE = 0.95
DRAWS = 4000  # of the multivariate t law: the quantile is known to about 1 %
AT_ONCE = 2**22  # differences held at once


@dataclass(frozen=True, eq=False)
class BesideBest:
    """Of m rankings: `mean` (m,) with its interval `low`, `high`; `best`, the number of the contender of largest mean.

    `loss` (m,) is mean[best] - mean with its simultaneous interval `loss_low`, `loss_high`, all 0 for the best itself;
    `error` (m,) the standard error of the loss.
    """

    best: int
    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    loss: NDArray[np.float64]
    loss_low: NDArray[np.float64]
    loss_high: NDArray[np.float64]
    error: NDArray[np.float64]

    @property
    def decided(self) -> bool:
        """Whether every other ranking loses for sure; False of one ranking alone."""
        others = np.delete(self.loss_low, self.best)
        return bool(others.size and others.min() > 0)


def beside_best(
    outcomes: NDArray[np.float64], rng: np.random.Generator, *, contenders: int | None = None
) -> BesideBest:
    """Return the means of the rankings and their losses beside the best.

    Parameters
    ----------
    outcomes
        (n, m) in [0, 1], of n independent queries and m rankings. Of equal means the first is the best.
    contenders
        how many of the rankings, the first ones, can be the best; all without. Others may lose less than nothing beside it.

    Examples
    --------
    >>> answers = np.repeat([[1.0, 0.0], [1.0, 1.0], [0.0, 0.0]], 30, axis=0)
    >>> found = beside_best(answers, np.random.default_rng(0))
    >>> found.best, found.loss.round(2).tolist(), found.decided
    (0, [0.0, 0.33], True)
    """
    n, m = outcomes.shape
    mean = outcomes.mean(axis=0)
    best = int(np.argmax(mean[:contenders]))
    low, high = wilson(mean, n)
    differences = outcomes[:, [best]] - outcomes
    centre = differences.sum(axis=0) / (n + 2)
    error = np.sqrt(((np.square(differences).sum(axis=0) + 1) / (n + 2) - centre**2) / (n + 2))
    error[best] = 0.0
    half = _factor(outcomes, rng) * error if m > 1 else error
    loss = mean[best] - mean
    return BesideBest(
        best,
        mean,
        low,
        high,
        loss,
        np.clip(np.minimum(centre - half, loss), -1, 1),
        np.clip(np.maximum(centre + half, loss), -1, 1),
        error,
    )


def wilson(share: NDArray[np.float64], n: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the ends of the 95 % interval of shares of n outcomes.

    >>> [round(float(end), 3) for end in wilson(np.array(0.5), 2401)]
    [0.48, 0.52]
    """
    z = float(scipy.stats.norm.isf((1 - CONFIDENCE) / 2))
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + (z / (2 * n)) ** 2)
    return np.clip(centre - half, 0, 1), np.clip(centre + half, 0, 1)


def _factor(outcomes: NDArray[np.float64], rng: np.random.Generator) -> float:
    """The 95 % quantile of the largest |t| over all pairs of the m rankings."""
    n, m = outcomes.shape
    one, other = np.triu_indices(m, 1)
    covariance = np.cov(outcomes, rowvar=False)
    variance = np.diag(covariance)
    spread = np.sqrt(np.maximum(variance[one] + variance[other] - 2 * covariance[one, other], 0))
    vary = spread > 1e-9
    one, other, spread = one[vary], other[vary], spread[vary]
    if not one.size:
        return float(scipy.stats.t.isf((1 - CONFIDENCE) / 2, n - 1))
    values, basis = np.linalg.eigh(covariance)
    root = basis * np.sqrt(np.maximum(values, 0))
    largest = []
    step = max(1, AT_ONCE // one.size)
    for first in range(0, DRAWS, step):
        drawn = rng.standard_normal((min(step, DRAWS - first), m)) @ root.T
        largest.append((np.abs(drawn[:, one] - drawn[:, other]) / spread).max(axis=1))
    scale = np.sqrt((n - 1) / rng.chisquare(n - 1, DRAWS))
    return float(np.quantile(np.concatenate(largest) * scale, CONFIDENCE))
