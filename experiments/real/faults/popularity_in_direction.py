"""Can popularity be read off the direction of a row? Then cosine favours items of like popularity.

The popularity of items, as normal scores of its ranks, is regressed on their rows of norm 1. If popularity is permuted among
the items, R^2 follows the Beta law of f / 2 and (n - 1 - f) / 2, which the level refers to. With many rows a trace is
certain, so the check also asks that R^2, less what chance gives (adjusted), is at least a fifth."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy

from experiments.real.faults.check import LEVEL, Check, not_looked_at
from experiments.real.faults.given_rows import GivenRows
from simulate.validation import require_finite

NAME, TITLE = "popularity", "popularity in the direction"
LARGE = 0.2  # R^2, adjusted
FEWEST = 50  # rows


def popularity_in_direction(given: GivenRows, popularity: Any) -> Check:
    """Compare R^2 with that of permuted popularity; time is O(n f^2).

    Raises
    ------
    ValueError
        for a popularity of another length, or not finite.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> rows = rng.standard_normal((500, 4))
    >>> given = GivenRows.of(rows, None, rng)
    >>> [popularity_in_direction(given, values).found for values in (np.exp(rows[:, 0]), rng.random(500))]
    [True, False]
    """
    values = np.asarray(popularity, dtype=np.float64)
    if values.shape != (len(given.vectors),):
        raise ValueError(
            f"popularity must be one number per row, {len(given.vectors)}; got shape {values.shape}"
        )
    require_finite(values, "popularity")
    unit, mine = given.unit, values[given.sample]
    n = len(unit)
    centred = unit - unit.mean(axis=0) if n else unit
    left, singular, _ = np.linalg.svd(centred, full_matrices=False)
    left = left[:, singular > 1e-10 * singular.max(initial=0.0)]
    f = left.shape[1]
    if n < FEWEST or n < 2 * f + 2 or not np.ptp(mine) or not f:
        return not_looked_at(
            NAME, TITLE, f"it needs {FEWEST} rows, twice as many as columns, and popularity that varies"
        )
    scores = scipy.stats.norm.ppf((scipy.stats.rankdata(mine) - 0.5) / n)
    scores -= scores.mean()
    share = float(((left.T @ scores) ** 2).sum() / (scores @ scores))
    most = float(scipy.stats.beta.isf(LEVEL, f / 2, (n - 1 - f) / 2))
    adjusted = 1 - (1 - share) * (n - 1) / (n - 1 - f)
    found = share > most and adjusted >= LARGE
    beside = (
        f"{share:.0%} of the variation of popularity (ranks) can be read off the direction of a row, by chance at "
        f"most {most:.0%} (level 0.001)"
    )
    if found:
        said = (
            f"{beside}: cosine favours items of like popularity; take this direction out of the rows, or compare "
            "items of like popularity."
        )
    else:
        said = f"Popularity is not in the direction to speak of: {beside}."
    return Check(NAME, TITLE, found, said, share, (0.0, most))
