"""What is measured of a matrix and of each of its twins and nulls alike?

Interactions are embedded through their PPMI matrix, a graph as it is, unless another operator is named (`theory.analyse`).
Every statistic is a number, a short list or None where the matrix has none, so that it fits into a row of the store. What is
said of the real matrix alone, because it needs names, labels, dates or hidden pairs, is in `description`.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

import theory

RANKS = (2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64)  # f of the curve
LEAST = 10  # rows of a spike whose norms are compared
SMALLEST = 4  # items of a matrix that can be compared
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
    found = theory.analyse(data, max(*RANKS, rank), kind=kind, operator=operator, tol=RESIDUAL)
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
    at, ranks = first_dimensions(found.embedding, rank), ranks_of(found)
    curve = theory.spikiness_curve(found.embedding, ranks, "full")
    vectors = np.asarray(at.vectors("full"), dtype=np.float64)
    spikes = curve.spikes[ranks.index(at.rank)] if at.rank in ranks else theory.spikiness(vectors)
    norms = np.linalg.norm(vectors, axis=1)
    live = norms > 0
    degrees = np.asarray(found.matrix.sum(axis=1))
    dispersion = theory.norm_dispersion(vectors, spikes.membership, least=LEAST)
    known = dispersion[np.isfinite(dispersion)]
    return {
        "items": len(norms),
        "zero_rows": int((~live).sum()),
        "peaks": [int(p.n_peaks) for p in curve.spikes],
        "spk": [float(v) for v in curve.values],
        "peaks_at_rank": spikes.n_peaks,
        "spk_at_rank": spikes.value,
        "spectrum": [float(x) for x in found.embedding.eigenvalues],
        "norm_quantiles": [float(x) for x in np.quantile(norms[live], TWENTIETHS)],
        "norm_degree": _spearman(norms[live], degrees[live]),
        "norm_popularity": _spearman(norms[live], found.popularity[live]),
        "estimated_degree": _spearman(theory.estimate_degrees(at)[live], degrees[live])
        if at.operator == "adjacency"
        else None,
        "norm_cv": float(np.median(known)) if known.size else None,
        "angles": _angles(vectors, norms),
        "singletons": int((spikes.sizes == 1).sum()),
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


def _spearman(a: NDArray[Any], b: NDArray[Any]) -> float | None:
    if len(a) < 3 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return None
    return float(stats.spearmanr(a, b).statistic)
