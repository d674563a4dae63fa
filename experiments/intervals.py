"""Means over replicates with Student's 95 % interval, simultaneous over all that are compared (Bonferroni).

A criterion of a rule has such an interval beside its threshold; a measurement has it alone: a number that a claim shows
beside its verdict, without a vote. Differences are taken within a replicate before they come here, so that they are paired.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd
from scipy import stats

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Mean:
    """A mean over `replicates`, its `error` (infinite for one replicate, 0 where only rounding varies) and its interval."""

    value: float
    error: float
    low: float
    high: float
    replicates: int


@dataclass(frozen=True)
class Measurement:
    """What was measured, in words, and its mean."""

    name: str
    mean: Mean


def mean_of(values: pd.Series, compared: int = 1) -> Mean:
    """Return the mean of one value a replicate, with an interval that holds for `compared` means at once.

    >>> mean_of(pd.Series([1.0, 2.0, 3.0])).high.__round__(3)
    4.484
    """
    replicates = len(values)
    mean = float(values.mean())
    error = float(values.std(ddof=1)) / math.sqrt(replicates) if replicates > 1 else math.inf
    if error <= 1e-12 * max(abs(mean), 1.0):  # a spread at the level of rounding is no sampling error
        error = 0.0
    half = 0.0
    if error > 0:
        half = error * float(stats.t.isf((1 - CONFIDENCE) / (2 * compared), max(replicates - 1, 1)))
    return Mean(mean, error, mean - half, mean + half, replicates)


def measure_all(table: pd.DataFrame) -> tuple[Measurement, ...]:
    """Return a measurement for each column of `table` (one row a replicate), intervals simultaneous over the columns.

    Values that a replicate does not have (nan) are left out; a column without any is no measurement.

    >>> [m.name for m in measure_all(pd.DataFrame({"a": [1.0, 2.0], "b": [None, None]}))]
    ['a']
    """
    columns = {str(name): values.dropna().astype(float) for name, values in table.items()}
    kept = {name: values for name, values in columns.items() if len(values)}
    return tuple(Measurement(name, mean_of(values, len(kept))) for name, values in kept.items())
