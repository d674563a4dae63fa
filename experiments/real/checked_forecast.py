"""Was the forecast right? A dated log is cut by date; the forecast made from the earlier part is held against the later one.

The earlier part holds the first 1 / (1 + share) of the pairs in time. What is seen is the share of its neighbours that an item of
the earlier part still has in the whole log, 0 for an item that has no direction there any more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

import theory
from experiments.matrices.real_matrix import RealMatrix
from experiments.real.dated_snapshots import dated_logs, how_it_grew
from experiments.real.neighbour_lists import Lists
from experiments.real.smoothing import interval_of_one_more
from experiments.real.statistics import RESIDUAL, spearman
from experiments.real.trust import HALF, LEVEL, Growth, Trust, forecast

LEAST = 100  # items of a check by which a forecast is corrected


@dataclass(frozen=True, eq=False)
class CheckedForecast:
    """A forecast beside what was seen: `trust` of the earlier data, and the overlap `seen` (n,) of each of its items.

    `by` says how the log grew: by new contexts, or by interactions in contexts that were there.
    """

    trust: Trust
    seen: NDArray[np.float64]
    by: Growth

    @property
    def rank_correlation(self) -> float | None:
        """Spearman correlation of the forecast and what was seen."""
        return spearman(self.trust.forecast, self.seen)

    @property
    def inside(self) -> float:
        """The share of items that were seen within their interval."""
        return float(((self.trust.low <= self.seen) & (self.seen <= self.trust.high)).mean())

    @property
    def corrects(self) -> bool:
        """Whether enough items were checked for a forecast to be corrected by them."""
        return int((self.trust.spike >= 0).sum()) >= LEAST

    @property
    def sentence(self) -> str:
        """What the check shows."""
        trust, shown = self.trust, ~self.trust.not_shown
        correlation = self.rank_correlation
        ranks = "" if correlation is None else f"; rank correlation over items {correlation:.2f}"
        kept = (
            f", of lists to show {(self.seen[shown] >= HALF).mean():.0%} kept at least half"
            if shown.any()
            else ""
        )
        return (
            f"checked on the dates: the forecast from the earlier part, which then grew by {trust.share:.0%}, was "
            f"{trust.forecast.mean():.0%} of neighbours on average, and {self.seen.mean():.0%} stayed{ranks}; {self.inside:.0%} "
            f"of items lie in their {LEVEL:.0%} interval{kept}"
        )


def check_forecast(
    real: RealMatrix,
    rank: int,
    rng: np.random.Generator,
    *,
    share: float = 0.2,
    by: Growth | None = None,
    operator: str | None = None,
    **options: Any,
) -> CheckedForecast | None:
    """Return the forecast from the earlier part of a dated log beside what is seen in the whole; None where there are no dates.

    Parameters
    ----------
    real
        interactions with `times`; anything else has no earlier part.
    share
        by which the earlier part grew to the whole; a day with many pairs lies on one side, and the share is then another.
    by
        how the log grows, as in `forecast`; None: as its dates say.
    options
        `k`, `draws`, `similarity` and `where` of `forecast`.

    None is returned too where all pairs have one date, or the earlier part has too few items for k neighbours.

    Raises
    ------
    ValueError
        for what `forecast` refuses.
    """
    logs = dated_logs(real, share=1 / (1 + share))
    if logs is None or not 0 < logs[0].nnz < logs[1].nnz:
        return None
    earlier, later = logs
    how: Growth = how_it_grew(earlier, later) if by is None else by
    try:
        found = theory.analyse(earlier, rank, kind="interactions", operator=operator, tol=RESIDUAL)
    except ValueError:  # hardly a pair of items is together twice before that date
        return None
    if np.count_nonzero(found.embedding.vectors("full").any(axis=1)) <= options.get("k", 20):
        return None
    grew = min(1.0, later.nnz / earlier.nnz - 1)
    trust = forecast(
        earlier, "interactions", rank, rng, share=grew, by=how, operator=operator, found=found, **options
    )
    whole = theory.analyse(later, rank, kind="interactions", operator=operator, tol=RESIDUAL)
    return CheckedForecast(trust, seen_overlap(found, whole, rank, trust.k, trust.similarity), how)


def corrected(trust: Trust, checked: CheckedForecast) -> Trust:
    """Return a forecast as what was seen the last time would have it: by dates data do not grow as by thinning.

    Where the earlier part was forecast to keep f of an item's neighbours, h(f) stayed; h rises, and is fitted by least squares.
    The forecast of today becomes h(forecast), and its interval holds what was seen around h among items of similar forecast. That
    the data grow as they did between the two dates is assumed. An item without a direction keeps 0.

    Returns `trust` itself where fewer than 100 items were checked.
    """
    if not checked.corrects:
        return trust
    of = checked.trust.spike >= 0
    before, seen = checked.trust.forecast[of], checked.seen[of]
    places, at, counts = np.unique(before, return_inverse=True, return_counts=True)
    fitted = isotonic_regression(np.bincount(at, seen) / counts, weights=counts).x
    live = trust.spike >= 0
    value, low, high = (np.zeros(len(trust.items)) for _ in range(3))
    value[live] = np.interp(trust.forecast[live], places, fitted)
    around = (seen - fitted[at])[None]
    low[live], high[live] = interval_of_one_more(fitted[at], around, value[live], LEVEL)
    return replace(trust, forecast=value, low=low, high=high)


def forecast_and_check(
    real: RealMatrix,
    rank: int,
    rng: np.random.Generator,
    *,
    by: Growth | None = None,
    operator: str | None = None,
    found: theory.Analysed | None = None,
    **options: Any,
) -> tuple[Trust, CheckedForecast | None]:
    """Return the forecast for a log or a graph, corrected by its check where it has dates, and the check.

    Parameters and errors are those of `forecast`; `by` None: as the dates say, and without dates by contexts.
    """
    of_check, of_forecast = rng.spawn(2)
    checked = None
    if real.times is not None:
        checked = check_forecast(real, rank, of_check, by=by, operator=operator, **options)
    trust = forecast(
        real.matrix,
        real.kind,
        rank,
        of_forecast,
        by=by or ("contexts" if checked is None else checked.by),
        operator=operator,
        found=found,
        **options,
    )
    return (trust if checked is None else corrected(trust, checked)), checked


def seen_overlap(
    now: theory.Analysed, later: theory.Analysed, rank: int, k: int, similarity: Any
) -> NDArray[np.float64]:
    """Return the share (n,) of its k neighbours that each item of `now` still has in `later`; 0 where one has no direction.

    Examples
    --------
    >>> from simulate import LogNormal, dcbm, sample_graph
    >>> rng = np.random.default_rng(0)
    >>> graph = sample_graph(dcbm(60, 2, heterogeneity=LogNormal(0.5), mean_degree=20, rng=rng), rng, law="poisson")
    >>> found = theory.analyse(graph, 2, kind="graph")
    >>> seen_overlap(found, found, 2, 5, "dot").min().item()
    1.0
    """
    one, two = Lists.of(now, rank, similarity), Lists.of(later, rank, similarity)
    rows = two.rows_of_items(one.items[one.live])
    there = rows >= 0
    seen = np.zeros(len(one.items))
    seen[one.live[there]] = theory.shared_neighbours(
        one.of_rows(one.live[there], k), two.of_rows(rows[there], k)
    )
    return seen
