"""What is measured of a matrix and of each of its twins and nulls alike?

Interactions are embedded through their PPMI matrix, a graph as it is, unless another operator is named (`theory.analyse`).
Every statistic is a number, a short list or None where the matrix has none, so that it fits into a row of the store. What is
said of the real matrix alone, because it needs names, labels, dates or hidden pairs, is in `description`.

Two matrices of the same items are compared (`side_by_side`) on the rows that have a direction in both: a twin loses some rows
of small degree, and a statistic must not differ because other rows are counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import scipy
from numpy.typing import NDArray

import theory

RANKS = (2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64)  # f of the curve
LEAST = 10  # rows of a spike whose norms are compared
SMALLEST = 4  # items of a matrix that can be compared
COMPARED = (
    "peaks_at_rank",
    "singletons",
    "norm_cv",
    "norm_degree",
    "norm_popularity",
    "estimated_degree",
    "zero_rows",
)  # the statistics that get a p-value among twins
Pair = tuple[float | None, float | None]
TWENTIETHS = np.linspace(0, 1, 21)
RESIDUAL = 1e-8  # relative, of the eigenpairs: what is measured moves by less than its digits, in a third of the time of 0


def analysed(
    data: Any, kind: Literal["interactions", "graph"], rank: int, operator: str | None = None
) -> theory.Analysed:
    """Return the analysis at `rank` and at all of `RANKS` that the matrix has.

    Raises
    ------
    ValueError
        for a matrix of fewer than 4 items, or of a rank below 2.
    """
    return analysed_at(data, kind, max(*RANKS, rank), operator)


def analysed_at(
    data: Any, kind: Literal["interactions", "graph"], rank: int, operator: str | None = None
) -> theory.Analysed:
    """Return the analysis at `rank` alone, for `measure_at_rank` and `side_by_side`: a tenth to a half of the time of `analysed`.

    Raises
    ------
    ValueError
        as `analysed`.
    """
    found = theory.analyse(data, max(RANKS[0], rank), kind=kind, operator=operator, tol=RESIDUAL)
    if found.items.size < SMALLEST:
        raise ValueError(
            f"the matrix must have at least {SMALLEST} items to be compared; it has {found.items.size}"
        )
    if found.embedding.rank < RANKS[0]:
        raise ValueError(
            f"the matrix must have a rank of at least {RANKS[0]} to be compared; it has {found.embedding.rank}"
        )
    return found


def analysed_if_large(
    interactions: Any, rank: int, least: int, operator: str | None = None
) -> theory.Analysed | None:
    """Return the analysis of a part of the interactions at `rank`, or None where fewer than `least` items are left in it."""
    try:
        found = theory.analyse(interactions, rank, kind="interactions", operator=operator)
    except ValueError:  # hardly an item occurs twice in this part, so that it has no PPMI matrix
        return None
    return found if found.items.size >= least else None


def ranks_of(found: theory.Analysed) -> tuple[int, ...]:
    """Return the ranks of the curve that the matrix has."""
    return tuple(rank for rank in RANKS if rank <= found.embedding.rank)


def first_dimensions(embedding: theory.Embedding, rank: int) -> theory.Embedding:
    """Return the embedding cut to its first `rank` dimensions, or as it is where it has no more."""
    return theory.Embedding(
        embedding.eigenvalues[:rank], embedding.basis[:, :rank], operator=embedding.operator
    )


def measure(found: theory.Analysed, rank: int) -> dict[str, Any]:
    """Return the statistics that a real matrix, its twins and its nulls share.

    Parameters
    ----------
    found
        from `analysed`.
    rank
        f at which spikes are described; a matrix that has fewer dimensions is described at all of them.

    Returns
    -------
    dict
        `items` and `zero_rows`, those without a direction; `peaks` and `spk` at each of `ranks_of(found)`;
        `peaks_at_rank` and `spk_at_rank`; `spectrum`, the eigenvalues; `norm_quantiles` and `angles` (degrees, from a row
        to the peak that covers it), at 0, 5, ..., 100 %; `singletons`, spikes of one row; `norm_cv`, the median
        coefficient of variation of the norms within spikes of at least ten rows; and Spearman correlations: of norm and
        degree in the matrix, of norm and popularity, and of the degree estimated from the embedding and the true one. A
        correlation of constants is None, as is the last of another operator than the adjacency matrix.
    """
    return _measured(_Rows.of(found, rank), found.embedding)


def measure_vectors(
    embedding: theory.Embedding, rank: int, popularity: NDArray[np.float64] | None = None
) -> dict[str, Any]:
    """Return what `measure` does of vectors of one's own; correlations with a degree are None.

    Parameters
    ----------
    embedding
        the vectors on their principal axes (`own_vectors`); `spectrum` is their singular values.
    rank
        f, at most that of the embedding.
    popularity
        (n,) contexts of the log that hold each item, NaN where none does; None without a log.
    """
    return _measured(_Rows.of_vectors(embedding, rank, popularity), embedding)


def _measured(rows: _Rows, embedding: theory.Embedding) -> dict[str, Any]:
    ranks = tuple(rank for rank in RANKS if rank <= embedding.rank)
    curve = theory.spikiness_curve(embedding, ranks, "full")
    at = rows.vectors.shape[1]
    spikes = curve.spikes[ranks.index(at)] if at in ranks else theory.spikiness(rows.vectors)
    return {
        "peaks": [int(p.n_peaks) for p in curve.spikes],
        "spk": [float(v) for v in curve.values],
        "spectrum": [float(x) for x in embedding.eigenvalues],
        "norm_quantiles": [float(x) for x in np.quantile(rows.norms[rows.live], TWENTIETHS)],
        "angles": _angles(rows.vectors, rows.norms),
        **_at_rank(rows, spikes),
    }


def measure_at_rank(found: theory.Analysed, rank: int) -> dict[str, Any]:
    """Return the part of `measure` that belongs to `rank`: `items`, `spk_at_rank` and the statistics of `COMPARED`."""
    rows = _Rows.of(found, rank)
    return _at_rank(rows, theory.spikiness(rows.vectors))


def _at_rank(rows: _Rows, spikes: theory.Spikes) -> dict[str, Any]:
    return {"items": len(rows.norms), "spk_at_rank": spikes.value, **_compared(rows, spikes)}


def side_by_side(first: theory.Analysed, second: theory.Analysed, rank: int) -> dict[str, Pair]:
    """Return each statistic of `COMPARED`, a pair: that of the first and that of the second, on the rows of both.

    Parameters
    ----------
    first, second
        analyses of two matrices of the same items, as a matrix and its twin, at `rank` or more.
    rank
        f; an analysis of fewer dimensions is described at all of them.

    Returns
    -------
    dict
        the statistics as in `measure`, but on the items that have a direction in both alone; `zero_rows` counts those of
        each by itself. None where there is none, as of fewer than 4 such items.
    """
    rows = [_Rows.of(first, rank), _Rows.of(second, rank)]
    known = [one.items[one.live] for one in rows]
    shared = np.intersect1d(known[0], known[1], assume_unique=True)
    if shared.size < SMALLEST:
        return dict.fromkeys(COMPARED, (None, None))
    one, other = (
        _compared(part, theory.spikiness(part.vectors)) for part in (r.of_items(shared) for r in rows)
    )
    zero = [int((~one.live).sum()) for one in rows]
    return {**{key: (one[key], other[key]) for key in COMPARED}, "zero_rows": (zero[0], zero[1])}


@dataclass(frozen=True, eq=False)
class _Rows:
    """The rows of an embedding at a rank: which `items` they are, their `vectors` in U Sigma, and what these are held against."""

    items: NDArray[np.int64]
    vectors: NDArray[np.float64]
    norms: NDArray[np.float64]
    degrees: NDArray[np.float64] | None
    estimated: NDArray[np.float64] | None
    popularity: NDArray[np.float64] | None

    @classmethod
    def of(cls, found: theory.Analysed, rank: int) -> _Rows:
        at = first_dimensions(found.embedding, rank)
        vectors = np.asarray(at.vectors("full"), dtype=np.float64)
        degrees = np.asarray(found.matrix.sum(axis=1))
        estimated = theory.estimate_degrees(at) if at.operator == "adjacency" else None
        return cls(
            found.items, vectors, np.linalg.norm(vectors, axis=1), degrees, estimated, found.popularity
        )

    @classmethod
    def of_vectors(
        cls, embedding: theory.Embedding, rank: int, popularity: NDArray[np.float64] | None
    ) -> _Rows:
        vectors = np.asarray(first_dimensions(embedding, rank).vectors("full"), dtype=np.float64)
        return cls(np.arange(len(vectors)), vectors, np.linalg.norm(vectors, axis=1), None, None, popularity)

    @property
    def live(self) -> NDArray[np.bool_]:
        """Which rows have a direction."""
        return self.norms > 0

    def of_items(self, items: NDArray[np.int64]) -> _Rows:
        """The rows of some of the items, which are sorted as all are."""
        at = np.searchsorted(self.items, items)
        known = (None if one is None else one[at] for one in (self.degrees, self.estimated, self.popularity))
        return _Rows(self.items[at], self.vectors[at], self.norms[at], *known)


def _compared(rows: _Rows, spikes: theory.Spikes) -> dict[str, Any]:
    """The statistics of `COMPARED`."""
    live, norms = rows.live, rows.norms[rows.live]
    degrees = None if rows.degrees is None else rows.degrees[live]
    popularity = None if rows.popularity is None else rows.popularity[live]
    estimated = None if rows.estimated is None else rows.estimated[live]
    dispersion = theory.norm_dispersion(rows.vectors, spikes.membership, least=LEAST)
    known = dispersion[np.isfinite(dispersion)]
    return {
        "peaks_at_rank": spikes.n_peaks,
        "singletons": int((spikes.sizes == 1).sum()),
        "norm_cv": float(np.median(known)) if known.size else None,
        "norm_degree": spearman(norms, degrees),
        "norm_popularity": spearman(norms, popularity),
        "estimated_degree": spearman(estimated, degrees),
        "zero_rows": int((~live).sum()),
    }


def _angles(vectors: NDArray[np.float64], norms: NDArray[np.float64]) -> list[float]:
    """Quantiles of the angle from a row to the peak that covers it, over all rows but the peaks; empty without such rows."""
    every = theory.spikiness(vectors, coverage=1.0)
    peak = every.peaks[np.maximum(every.membership, 0)]
    others = norms > 0
    others[every.peaks] = False
    if not others.any():
        return []
    products = np.einsum("if,if->i", vectors, vectors[peak])[others]
    cosines = products / (norms * norms[peak])[others]
    return [float(x) for x in np.quantile(np.degrees(np.arccos(np.clip(cosines, -1, 1))), TWENTIETHS)]


def spearman(a: NDArray[Any] | None, b: NDArray[Any] | None) -> float | None:
    """Return the Spearman correlation of two arrays (n,) where both are known (no NaN), None where there is none.

    It has none for fewer than 3 numbers, constants, or None.

    >>> spearman(np.array([1, 2, 3]), np.array([2, 4, 9])), spearman(np.ones(3), np.arange(3))
    (1.0, None)
    """
    if a is None or b is None:
        return None
    known = np.isfinite(a) & np.isfinite(b)
    a, b = a[known], b[known]
    if len(a) < 3 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return None
    return float(scipy.stats.spearmanr(a, b).statistic)
