"""Which parameter gives a law of propensities the coefficient of variation that is wanted?

The coefficient of variation of a law follows from three of its moments; the parameter is found where it crosses the wanted
value, on a grid first and then by Brent's method.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from scipy import optimize


def matched_parameter(
    cv: float, own: Callable[[float], float], low: float, high: float, maximum: float | None
) -> float:
    """Return the parameter between low and high at which the law's coefficient of variation is `cv`."""
    grid = np.geomspace(low, high, 400)
    values = np.array([own(float(x)) for x in grid])
    known = np.flatnonzero(np.isfinite(values))
    above = values[known] >= cv
    crossing = np.flatnonzero(above[1:] != above[:-1])
    if not known.size:
        raise ValueError(f"maximum must leave the law a spread; with theta at most {maximum:g} it has none")
    if not crossing.size:
        within = "" if maximum is None else f" when theta is at most {maximum:g}"
        raise ValueError(
            f"cv must lie between {values[known].min():.4g} and {values[known].max():.4g}{within}; got {cv:g}"
        )
    at = known[crossing[0]]
    return float(optimize.brentq(lambda x: own(x) - cv, grid[at], grid[at + 1], xtol=1e-14, rtol=1e-13))


def variation(m0: float, m1: float, m2: float) -> float:
    """The coefficient of variation from unnormalised moments; NaN where they under- or overflow."""
    # below 1e-290 moments have lost digits, or their product has
    return math.sqrt(max(m2 / m1 * (m0 / m1) - 1, 0.0)) if m1 > 1e-290 and math.isfinite(m2) else math.nan
