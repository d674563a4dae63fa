"""How unequal are given propensities? Their coefficient of variation, Gini coefficient and R, all from sample moments.

With m_k the mean of theta^k: CV = sqrt(m_2 / m_1^2 - 1) and R = m_1 m_3 / m_2^2, which is at least 1. R of a law with a tail
index of 3 or less is infinite, R of a sample never is; so the sample's is what predictions use.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Realised(NamedTuple):
    """Sample moments of propensities: coefficient of variation, Gini coefficient, and R = m1 m3 / m2^2 >= 1."""

    cv: float
    gini: float
    ratio: float


def realised(theta: NDArray[np.float64]) -> Realised:
    """Return how unequal these propensities (n,) are; sample moments, since R of a heavy tail is infinite.

    >>> realised(np.array([1.0, 1.0, 1.0]))
    Realised(cv=0.0, gini=0.0, ratio=1.0)
    """
    mean = float(theta.mean())
    if not mean > 0:
        raise ValueError("propensities must not all be 0 to have a heterogeneity")
    order = np.sort(theta)
    ranks = 2 * np.arange(1, theta.size + 1) - theta.size - 1
    moments = [float((theta**power).mean()) for power in (1, 2, 3)]
    return Realised(
        float(theta.std()) / mean,
        float((ranks * order).sum()) / (theta.size**2 * mean),
        moments[0] * moments[2] / moments[1] ** 2,
    )
