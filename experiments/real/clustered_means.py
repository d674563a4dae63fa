"""What is the mean of shares over groups of items, and how sure is it where items of one spike change together?

The error of a mean is computed from the sums of the differences in each cluster, so that a cluster counts as one observation
(Liang and Zeger 1986, Biometrika 73:13); the interval is Student's for as many observations as there are clusters.
"""

from __future__ import annotations

import numpy as np
import scipy
from numpy.typing import NDArray

FIFTHS = 5


def fifths_of(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the fifth (n,) of each value, from 0 (smallest) to 4; equal values lie in the same one.

    >>> fifths_of(np.array([1.0, 2.0, 3.0, 4.0, 9.0])).tolist(), fifths_of(np.ones(3)).tolist()
    ([0, 1, 2, 3, 4], [2, 2, 2])
    """
    places = (scipy.stats.rankdata(values) - 0.5) / len(values)
    return np.asarray(np.minimum((places * FIFTHS).astype(np.int64), FIFTHS - 1))


def mean_of_clusters(
    values: NDArray[np.float64], clusters: NDArray[np.int64], level: float = 0.95
) -> tuple[float, float, float]:
    """Return the mean of shares and its interval, where values of one cluster change together; within 0 and 1.

    `clusters` (n,) are numbers; each value of cluster -1, and of one that is the only one, counts by itself.

    >>> mean, low, high = mean_of_clusters(np.array([0.2, 0.2, 0.8, 0.8]), np.array([0, 0, 1, 1]))
    >>> mean, low, high
    (0.5, 0.0, 1.0)
    """
    mean = float(values.mean())
    alone = clusters < 0
    if alone.all() or np.unique(clusters).size == 1:
        sums = values - mean
    else:
        sums = np.concatenate(
            [np.bincount(clusters[~alone], (values - mean)[~alone]), (values - mean)[alone]]
        )
        sums = sums[np.concatenate([np.bincount(clusters[~alone]) > 0, np.ones(alone.sum(), dtype=bool)])]
    count = sums.size
    if count < 2:
        return mean, 0.0, 1.0
    error = float(np.sqrt(count / (count - 1) * (sums**2).sum())) / len(values)
    half = float(scipy.stats.t.ppf((1 + level) / 2, count - 1)) * error
    return mean, max(0.0, mean - half), min(1.0, mean + half)
