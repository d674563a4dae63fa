"""Which lists of similar items can be trusted? A forecast, for each item, of how many of its neighbours stay when data arrive.

The data are thinned several times to what they were before they grew by a share, analysed each time, and the k nearest
neighbours of every item are compared with those of today. The share that two lists have in common, averaged over the draws, is
drawn towards what items alike in norm, popularity and place in their spike show (`smoothing`). Its interval is that of the
overlap that will be seen, not of its mean.

To first order a row at the share t of the data is t x + W(t), W a Brownian motion (docs/theory.md, section 9.5). The rows of
today and of the data grown by g then differ, over their length, by the variance g / (1 + g), and those of the data thinned to p
and of today by 1 / p - 1: the two are equal at p = (1 + g) / (1 + 2 g), which is taken under `dot`, whose order comes from
differences of popularity. By cosine the order within a spike is that of the noise, whose correlation is 1 / (1 + g) forward and
p backward: p = 1 / (1 + g) is taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import scipy
from numpy.typing import NDArray

import theory
from experiments.real.analysis_parts import HERE, Where
from experiments.real.neighbour_lists import Lists, Similarity, shown_k
from experiments.real.smoothing import smoothed
from experiments.real.statistics import RESIDUAL, spearman
from experiments.real.thinned_draws import Thinned, overlaps_of_draws
from simulate.validation import require_choice, require_generator, require_integer, require_number
from theory.analysis.pipeline import KINDS, Kind

DRAWS, FEW = 4, 2  # thinned data sets that are analysed, and of large data
LARGE = 1_000_000  # stored pairs of large data
SCORES = (
    2 * 10**8
)  # similarities computed for each draw, at most: the items that are measured times all items
HALF = 0.5  # share of the neighbours that must be expected to stay for a list to be shown
LEVEL = 0.9  # of the intervals
Growth = Literal["contexts", "interactions"]
GROWTH: tuple[Growth, ...] = ("contexts", "interactions")


@dataclass(frozen=True, eq=False)
class Trust:
    """For each item of the analysis the share of its k neighbours that is forecast to stay when the data grow by `share`.

    Attributes
    ----------
    items : (n,) column (or node) of the data that each item is.
    forecast, low, high : (n,) from 0 to 1; the overlap that will be seen lies between the last two in 90 of 100 cases. All are 0
        for an item whose vector is 0, which has no neighbours.
    norms, popularity : (n,) of the items, as in `theory.analyse`.
    spike : (n,) part of `theory.partition_by_spikes`, -1 for an item whose vector is 0.
    share, k, similarity, rank : what was asked for; `rank` is the one of the embedding.
    measured : (m,) rows of the items whose neighbours were compared, all that have a direction unless they are too many; the
        forecast of the others is that of items like them.
    seen : (draws, m) overlaps of these items in each of the thinned data sets.
    weight : of an item's own draws in its forecast, from 0 to 1; the rest is what items like it show.
    """

    items: NDArray[np.int64]
    forecast: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    norms: NDArray[np.float64]
    popularity: NDArray[np.float64]
    spike: NDArray[np.int64]
    share: float
    k: int
    similarity: str
    rank: int
    measured: NDArray[np.int64]
    seen: NDArray[np.float64]
    weight: float

    @property
    def not_shown(self) -> NDArray[np.bool_]:
        """Which lists should not be shown: less than half of the neighbours are expected to stay."""
        return np.asarray(self.forecast < HALF)

    @property
    def draws(self) -> int:
        """How many thinned data sets were analysed."""
        return len(self.seen)

    @property
    def how(self) -> str:
        """How the forecast was made, in one sentence."""
        return (
            f"the {self.k} nearest by {self.similarity} at f = {self.rank} are compared with those in {self.draws} random "
            f"subsamples, each as small as the data were before they grew by {self.share:.0%}"
        )

    def as_dict(self) -> dict[str, Any]:
        """Return what is said of all items together, as numbers and texts."""
        return {
            "share": self.share,
            "k": self.k,
            "similarity": self.similarity,
            "rank": self.rank,
            "draws": self.draws,
            "how": self.how,
            "items": len(self.items),
            "not_shown": int(self.not_shown.sum()),
            "surely_not": int((self.high < HALF).sum()),
            "mean": float(self.forecast.mean()),
            "by_norm": spearman(self.forecast, self.norms),
            "by_popularity": spearman(self.forecast, self.popularity),
        }


def forecast(
    data: Any,
    kind: Kind,
    rank: int,
    rng: np.random.Generator,
    *,
    share: float = 0.2,
    k: int = 20,
    draws: int | None = None,
    similarity: Similarity = "dot",
    by: Growth = "contexts",
    operator: str | None = None,
    found: theory.Analysed | None = None,
    where: Where = HERE,
) -> Trust:
    """Return for each item how many of its k neighbours are expected to stay when a log, or a graph, grows by a share.

    Parameters
    ----------
    data, kind, rank, operator
        as in `theory.analyse`.
    share
        by which the data grow, above 0 and at most 1.
    k
        neighbours of each item; at most one less than the items.
    draws
        thinned data sets, at least 2; None is 4, and 2 for more than a million stored pairs. Each costs an analysis and the
        neighbours of its items.
    similarity
        by which neighbours are found.
    by
        how interactions arrive: in new contexts, or one by one in contexts that are there already. Most logs of playlists,
        baskets, sessions or films grow by contexts; that one by one is harder on the neighbours, since a pair of items loses
        the square of the share.
    found
        the analysis of `data` at `rank` or more, where there is one.
    where
        where the thinned data are analysed, in this process or on a cluster, and what is kept; it changes no number.

    Neighbours of at most 2 * 10^8 pairs of items are compared per draw, those of randomly
    chosen items where there are more.

    Raises
    ------
    ValueError
        for numbers out of range, or what `theory.analyse` refuses.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> from simulate import LogNormal, dcbm, sample_graph
    >>> graph = sample_graph(dcbm(300, 3, heterogeneity=LogNormal.from_cv(1.0), mean_degree=40, rng=rng), rng, law="poisson")
    >>> trust = forecast(graph, "graph", 3, rng)
    >>> trust.forecast.shape, bool((trust.low <= trust.forecast).all())
    ((300,), True)
    """
    require_generator(rng)
    require_choice(kind, "kind", KINDS)
    require_choice(similarity, "similarity", ("dot", "cosine"))
    require_choice(by, "by", GROWTH)
    require_number(share, "share", above=0, most=1)
    if found is None:
        found = theory.analyse(data, rank, kind=kind, operator=operator, tol=RESIDUAL)
    if draws is None:
        draws = FEW if found.matrix.nnz > LARGE else DRAWS
    require_integer(draws, "draws", least=2)
    whole = Lists.of(found, rank, similarity)
    most = max(1, whole.live.size - 1)
    if require_integer(k, "k", least=1) > most:
        raise ValueError(
            f"k must be an integer from 1 to {most}, one less than the items with a direction; got {shown_k(k)}"
        )
    queries = _measured(whole, rng)
    mine = whole.of_rows(queries, k)
    how = Thinned(kind, rank, found.operator, kept_share(share, similarity), by, similarity)
    seen = overlaps_of_draws(data, how, whole.items[queries], mine, draws, rng, where)
    alike = _features(whole.vectors, found.popularity)
    value, low, high = (np.zeros(len(found.items)) for _ in range(3))
    live = whole.live
    known = np.searchsorted(live, queries)
    fit = smoothed(alike.of(live), known, seen, alike.spike[live], LEVEL)
    value[live], low[live], high[live] = fit.value, fit.low, fit.high
    return Trust(
        found.items,
        value,
        low,
        high,
        alike.norms,
        found.popularity,
        alike.spike,
        share,
        k,
        similarity,
        whole.vectors.shape[1],
        queries,
        seen,
        fit.weight,
    )


def kept_share(share: float, similarity: str) -> float:
    """Return the share of the data to which they are thinned, so that they change as they will when they grow by `share`.

    >>> kept_share(0.25, "cosine"), round(kept_share(0.25, "dot"), 4)
    (0.8, 0.8333)
    """
    return 1 / (1 + share) if similarity == "cosine" else (1 + share) / (1 + 2 * share)


def _measured(whole: Lists, rng: np.random.Generator) -> NDArray[np.int64]:
    """The rows whose neighbours are compared: all that have a direction, or as many as the cost allows."""
    most = max(1, SCORES // max(1, whole.live.size))
    if whole.live.size <= most:
        return whole.live
    return np.sort(rng.choice(whole.live, most, replace=False))


@dataclass(frozen=True, eq=False)
class _Alike:
    """What is known of each item without thinning: by it items are alike."""

    norms: NDArray[np.float64]
    popularity: NDArray[np.float64]
    spike: NDArray[np.int64]
    cosines: NDArray[np.float64]

    def of(self, live: NDArray[np.int64]) -> NDArray[np.float64]:
        """The features of items that have a direction: places by norm and by popularity, and the cosine to the spike's axis."""
        norm, popularity = (_places(x[live]) for x in (self.norms, self.popularity))
        return np.column_stack([norm, norm**2, popularity, popularity**2, self.cosines[live]])


def _features(vectors: NDArray[np.float64], popularity: NDArray[np.float64]) -> _Alike:
    partition = theory.partition_by_spikes(vectors)
    cosines = theory.cosines_to_axes(vectors, partition.labels, partition.n_parts)
    return _Alike(np.linalg.norm(vectors, axis=1), popularity, partition.labels, cosines)


def _places(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The place of each value among all, from 0 (least) to 1."""
    return np.asarray((scipy.stats.rankdata(values) - 0.5) / max(1, len(values)))
