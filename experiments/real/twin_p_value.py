"""Does a block model explain a statistic of a matrix? The p-value of how far the matrix lies from its twins.

A twin is drawn from a model that was fitted to the matrix, so it differs from the matrix in two ways even where the model is
true. It is drawn anew; and the fit takes chance for truth: degrees vary more in a twin than in the matrix, and a row that is
empty by chance is empty in every twin. So the statistics of twins lie to one side of that of the matrix, and whoever counts how
many twins lie above it rejects a true model far too often (`predictive_p_value`, which is for draws that nothing was fitted to).

The twins themselves tell how far. Each is a matrix whose model is known, so let it have one twin of its own, of a model fitted
to it in the same way. Let T(X) be the statistic of the matrix, T(X_j) those of its R twins, T(X_jj) those of the twins'
twins. Where the model is true and the fit is near it, the pairs (X, X_j) and (X_j, X_jj) follow nearly one law (the parametric
bootstrap), and so do T(X) - T(X_j) and d_j = T(X_j) - T(X_jj). Let D be the median of T(X) - T(X_j) over the twins. It has the
centre of that law and less spread, since the chance of the single twins is gone. Then

    p = min(1, 2 (1 + m) / (R + 1)),    m the smaller of the numbers of d_j <= D and of d_j >= D,

is at most a in at most a share a of the cases. The least p that R pairs can show is 2 / (R + 1). The price is power: d_j varies
with two matrices and D nearly with one, so that a statistic must lie about four standard deviations of the twins away before
most cases show p = .05, where three would do for an exact p-value.

Measured on 361 matrices drawn from fitted models of four families (graphs, weighted graphs, logs, a log of 18 items; 76 to 107 of
each), with 40 twins each and the rank given: p <= .05, .1, .2 in at most .034, .067 and .122 of the matrices of a family, for
every statistic of the page. By counting twins it was .78, .90 and .99 for the empty rows of weighted graphs, and up to .10,
.22 and .36 for the spread of norms.

The median, and not the mean, since of a statistic of few values the mean lies between them: if nearly all twins have the 3
peaks of the matrix, D must be 0 and not -.1. Equal values count on both sides. With half of them on each side (mid-p) a
statistic of few values would be rejected too often: if d is -1 or 1 with a chance of .06 each and else 0, mid-p is .06 in .12
of the cases. Rows without a direction in either matrix of a pair are left out (`statistics.side_by_side`), so that no statistic
differs by the rows it is counted on.

Sources: Bayarri and Berger 2000 (why the posterior predictive p-value of Gelman, Meng and Stern 1996 is not calibrated);
Davidson and MacKinnon 2007 (one draw of a second level for each draw of the first is enough).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Pair = Sequence[float | None]


def twin_p_value(beside_matrix: Sequence[Pair], beside_own_twin: Sequence[Pair]) -> float | None:
    """Return the two-sided p-value of a statistic of a matrix, in (0, 1].

    Parameters
    ----------
    beside_matrix
        (R, 2) the statistic of the matrix and that of each twin, a pair for each twin.
    beside_own_twin
        (R, 2) that of each twin and of its own twin. In both, pairs with a None are left out.

    Returns
    -------
    float or None
        None where no pair is left in either.

    Examples
    --------
    The matrix has 9 peaks and its twins have 7 or 8, which is what twins differ from twins of their own by:

    >>> twin_p_value([(9, 8), (9, 7), (9, 8)], [(8, 6), (7, 6), (8, 7)])
    1.0
    >>> twin_p_value([(9, 8), (9, 7), (9, 8)], [(8, 8), (7, 8), (8, 7.5)])
    0.5
    """
    apart, own = _differences(beside_matrix), _differences(beside_own_twin)
    if not len(apart) or not len(own):
        return None
    middle = float(np.median(apart))
    rarer = min(int((own <= middle).sum()), int((own >= middle).sum()))
    return min(1.0, 2 * (1 + rarer) / (len(own) + 1))


def least_p_value(pairs: int) -> float:
    """Return the least p-value that so many pairs can show.

    >>> round(least_p_value(40), 3)
    0.049
    """
    return min(1.0, 2 / (pairs + 1))


def _differences(pairs: Sequence[Pair]) -> NDArray[np.float64]:
    return np.array([a - b for a, b in pairs if a is not None and b is not None], dtype=np.float64)
