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
.22 and .36 for the spread of norms. (The twins of these graphs had the degrees as observed; `block_fit.fit_graph_less_noise`
takes some of the chance out of them since.)

The median, and not the mean, since of a statistic of few values the mean lies between them: if nearly all twins have the 3
peaks of the matrix, D must be 0 and not -.1. Equal values count on both sides. With half of them on each side (mid-p) a
statistic of few values would be rejected too often: if d is -1 or 1 with a chance of .06 each and else 0, mid-p is .06 in .12
of the cases. Rows without a direction in either matrix of a pair are left out (`statistics.side_by_side`), so that no statistic
differs by the rows it is counted on.

**Several statistics at once.** Of seven statistics of a true model, one has p <= .05 in more than one matrix of twenty. So
before it is said that a block model does not explain a matrix, p is adjusted for how many statistics were looked at
(`adjusted_p_values`), by the step-down maxT procedure of Westfall and Young. A vector d_j holds the differences of all
statistics between twin j and its own twin, and D those between the matrix and its twins. Under the model D and d_1, ..., d_R
follow nearly one law, however the statistics depend on each other. Let m_s and v_s be the mean and the standard deviation of
statistic s over these R + 1 vectors, D among them, and

    z_js = |d_js - m_s| / v_s,    z_s = |D_s - m_s| / v_s.

Every vector is treated alike, so max_s z_s is the largest of the R + 1 maxima with a chance of at most 1 / (R + 1). The
statistic of largest z_s has p = (1 + m) / (R + 1), m the number of j with max_s' z_js' >= z_s. The next one has the same
with the maximum over the statistics that are left, and no p is below the one before it. R pairs can show 1 / (R + 1) at
least, which is .024 for 40, since one tail holds both sides. The chance that any statistic of a true model has an adjusted
p <= a is at most a. Where some statistics depart from the model, that is the chance for the others. With p-values in place
of z (minP) 40 pairs could show nothing: of seven statistics with two sides each, one vector of three holds an extreme.

Tried on 100 matrices of each of five models of three communities, with 19 twins each (graphs of 90 nodes and mean degree 14, logs
of 300 contexts and 75 items, f = 3); the share with any p at most .05, .1 and .2, and in brackets with any p of `twin_p_value` at
most .1, which is not adjusted:

| drawn from | .05 | .1 | .2 | (.1) |
|---|---|---|---|---|
| block model of a log | .00 | .02 | .02 | (.07) |
| topics of a log | .01 | .01 | .04 | (.11) |
| block model of a graph, Poisson | .08 | .11 | .15 | (.24) |
| the same, Bernoulli | .06 | .15 | .39 | (.57) |
| the same, Poisson with weights that vary | .28 | .35 | .44 | (.51) |

The level holds where the fit is near the truth. It is not near where spikes do not find the blocks, as in the last row: at a mean
degree of 24 and weights that vary half as much, .10 of 40 are rejected at .05. Twins of graphs are Poisson, and the graphs of the
fourth row, with a seventh of all pairs joined, are not. So a departure says that this model, with these blocks, does not
explain the matrix, and not that no block model does.

A statistic that is the same in all vectors has z = 0 and p = 1. One that varies in D alone has the largest z that there is,
R^(1/2). If a statistic is None in some vectors, m and v are those of the others, and the maximum of a vector is over what
it has; and p is at least 1 / (k + 1) for a statistic that k pairs have.

Sources: Westfall and Young 1993, Resampling-based multiple testing, algorithm 4.1; Bayarri and Berger 2000 (why the
posterior predictive p-value of Gelman, Meng and Stern 1996 is not calibrated); Davidson and MacKinnon 2007 (one draw of a
second level for each draw of the first is enough).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from experiments.real.statistics import COMPARED

Pair = Sequence[float | None]
LEVEL = (
    0.05  # of adjusted p-values: a departure at it or below says that the model does not explain the matrix
)
ROUNDING = 1e-6  # a spread that eigenpairs of a relative residual of 1e-8 can show where nothing varies


@dataclass(frozen=True)
class Departure:
    """How far a statistic lies from where the model would put it: its adjusted p-value, and on which side it lies.

    `direction` is "more" where the matrix has more of it than a sample of the fitted model would have, else "less".
    """

    p: float
    direction: Literal["more", "less"]


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


def adjusted_p_values(
    twins: Sequence[Mapping[str, Any]], statistics: Sequence[str] = COMPARED
) -> dict[str, Departure | None]:
    """Return for each statistic its p-value among twins, adjusted for the number of statistics, and the side it lies on.

    Parameters
    ----------
    twins
        (R,) rows, one for each twin. Each holds `beside_matrix`, for each statistic the pair of numbers of the matrix and the
        twin, and `beside_own_twin`, those of the twin and its own twin, or None where the latter could not be analysed.
    statistics
        those looked at. None of them may be left out because it shows nothing.

    Returns
    -------
    dict
        None for a statistic that the matrix or every twin's twin lacks. The model does not explain the matrix if any p is at most
        `LEVEL`. If `least_adjusted_p_value(R)` is above `LEVEL`, the twins are too few to say.

    Examples
    --------
    Twins have a peak more or less than twins of their own, and the matrix has five more than its twins:

    >>> own = [{"peaks": (9, 9 + k % 3 - 1), "rows": (4, 4)} for k in range(40)]
    >>> twins = [{"beside_matrix": {"peaks": (14, 9), "rows": (4, 4)}, "beside_own_twin": one} for one in own]
    >>> found = adjusted_p_values(twins, ["peaks", "rows"])
    >>> round(found["peaks"].p, 3), found["peaks"].direction, found["rows"].p
    (0.024, 'more', 1.0)
    """
    apart = [_differences([one["beside_matrix"][s] for one in twins]) for s in statistics]
    matrix = np.array([np.median(part) if part.size else np.nan for part in apart])
    pairs = [one["beside_own_twin"] for one in twins if one["beside_own_twin"] is not None]
    own = np.array([[_difference(pair[s]) for s in statistics] for pair in pairs]).reshape(
        -1, len(statistics)
    )
    own = own[~np.isnan(own).all(axis=1)]
    known = np.flatnonzero(~np.isnan(matrix) & ~np.isnan(own).all(axis=0))
    every = np.vstack([matrix, own])[:, known]
    found: dict[str, Departure | None] = dict.fromkeys(statistics)
    for column, p, more in zip(known, _step_down(every), every[0] >= np.nanmean(every, axis=0), strict=True):
        found[statistics[column]] = Departure(float(p), "more" if more else "less")
    return found


def _step_down(every: NDArray[np.float64]) -> NDArray[np.float64]:
    """The adjusted p-values (k,) of the first of some vectors (R + 1, k), NaN where a vector lacks a statistic."""
    spread = np.nanstd(every, axis=0)
    apart = np.abs(every - np.nanmean(every, axis=0))
    z = np.divide(apart, spread, out=np.zeros_like(every), where=spread > ROUNDING)
    z[np.isnan(every)] = -np.inf
    order = np.argsort(-z[0], kind="stable")
    p = np.empty(len(order))
    for k, column in enumerate(order):
        largest = z[1:, order[k:]].max(axis=1)
        as_far = (largest >= z[0, column] * (1 - 1e-9)).sum()  # equal ones, to rounding, count
        has = (z[1:, column] >= 0).sum()
        p[column] = max((1 + as_far) / len(z), 1 / (1 + has))
    p[order] = np.maximum.accumulate(p[order])
    return p


def least_adjusted_p_value(pairs: int) -> float:
    """Return the least adjusted p-value that so many pairs can show.

    >>> round(least_adjusted_p_value(40), 3)
    0.024
    """
    return 1 / (pairs + 1)


def _difference(pair: Pair) -> float:
    first, second = pair
    return np.nan if first is None or second is None else first - second


def _differences(pairs: Sequence[Pair]) -> NDArray[np.float64]:
    return np.array([a - b for a, b in pairs if a is not None and b is not None], dtype=np.float64)
