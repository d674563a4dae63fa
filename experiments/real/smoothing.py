"""What is expected of an item that was measured a few times only? Its own mean, drawn towards what is seen of items like it.

The mean m_i over the draws is fitted by g_i, a linear function of what is known of the item and a difference of its group. An
overlap of k neighbours varies between draws as c g (1 - g), and items of equal g differ among themselves as t g (1 - g); both
numbers are estimated from the data. The estimate is g_i + w (m_i - g_i), w = t / (t + c / draws): empirical Bayes for a mean of
normal observations (Efron and Morris 1973, J. Amer. Statist. Assoc. 68:117). An interval is that of one more observation: each
draw is held against the estimate from the others, and the quantiles of the differences are taken among estimates of similar size.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = 10  # of estimates, for the quantiles of the differences
FEWEST = 20  # estimates in a bin
PRIOR = 5  # items like all others that a group counts besides its own


@dataclass(frozen=True, eq=False)
class Smoothed:
    """`value`, `low` and `high` (n,), from 0 to 1, and the `weight` of an item's own mean."""

    value: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    weight: float


def smoothed(
    features: NDArray[np.float64],
    known: NDArray[np.int64],
    seen: NDArray[np.float64],
    group: NDArray[np.int64],
    level: float,
) -> Smoothed:
    """Return the estimate of each item, and the interval of one more observation of it.

    Parameters
    ----------
    features : (n, p) numbers known of each item.
    known : (m,) the items that were measured.
    seen : (draws, m) shares from 0 to 1, at least two draws.
    group : (n,) of each item, from 0 on.
    level : of the interval, in (0, 1).

    Examples
    --------
    >>> x = np.linspace(0, 1, 50)[:, None]
    >>> fit = smoothed(x, np.arange(50), np.vstack([x.T, x.T]), np.zeros(50, dtype=int), 0.9)
    >>> bool(np.allclose(fit.value, x[:, 0])), bool((fit.low <= fit.value).all())
    (True, True)
    """
    draws, mean = len(seen), seen.mean(axis=0)
    line = _line(features, known, mean, group)
    spread = np.maximum(line * (1 - line), 1e-3)
    within = float(((seen - mean) ** 2).sum() / (draws - 1) / spread[known].sum())
    beyond = float(((mean - line[known]) ** 2).sum() / spread[known].sum())
    between = max(0.0, beyond - within / draws)
    weight = _weight(between, within / draws)
    value = line.copy()
    value[known] += weight * (mean - line[known])
    lesser = _weight(between, within / (draws - 1))
    others = (seen.sum(axis=0) - seen) / (draws - 1)
    held = line[known] + lesser * (others - line[known])
    low, high = interval_of_one_more(value[known], seen - held, value, level)
    unknown = np.ones(len(value), dtype=bool)
    unknown[known] = False
    if unknown.any():
        low[unknown], high[unknown] = interval_of_one_more(
            line[known], seen - line[known], value[unknown], level
        )
    return Smoothed(value, low, high, weight)


def _weight(between: float, error: float) -> float:
    return between / (between + error) if between > 0 else 0.0 if error > 0 else 1.0


def _line(
    features: NDArray[np.float64],
    known: NDArray[np.int64],
    mean: NDArray[np.float64],
    group: NDArray[np.int64],
) -> NDArray[np.float64]:
    """The least-squares fit (n,) of the means in the features, and what a group's items have more than it, on average.

    A group counts `PRIOR` items without a difference besides its own, so that one of a few items says little.
    """
    design = np.column_stack([np.ones(len(group)), features])
    line = design @ np.linalg.lstsq(design[known], mean, rcond=None)[0]
    groups = int(group.max(initial=0)) + 1
    more = np.bincount(group[known], mean - line[known], groups) / (
        np.bincount(group[known], minlength=groups) + PRIOR
    )
    return np.asarray(np.clip(line + more[group], 0, 1))


def interval_of_one_more(
    of: NDArray[np.float64], differences: NDArray[np.float64], at: NDArray[np.float64], level: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the interval (a,) of one more observation around each estimate `at`, within 0 and 1.

    `differences` (draws, m) are those of observations from the estimates `of` (m,); their quantiles are taken among estimates of
    similar size.

    >>> around = np.array([[-0.1, 0.1] * 50])
    >>> low, high = interval_of_one_more(np.full(100, 0.5), around, np.array([0.5, 0.95]), 0.9)
    >>> low.round(2).tolist(), high.round(2).tolist()
    ([0.4, 0.85], [0.6, 1.0])
    """
    order = np.argsort(of, kind="stable")
    parts = np.array_split(order, max(1, min(BINS, order.size // FEWEST)))
    centres = np.array([of[part].mean() for part in parts])
    tails = ((1 - level) / 2, (1 + level) / 2)
    bounds = np.array([np.quantile(differences[:, part], tails) for part in parts])
    low, high = (np.interp(at, centres, bounds[:, side]) for side in (0, 1))
    return np.clip(at + np.minimum(low, 0), 0, 1), np.clip(at + np.maximum(high, 0), 0, 1)
