"""What is asked of one matrix, real, twin or null: all of it as numbers and short lists that go into a row of the store.

Interactions go through PPMI; a graph is embedded as it is. Statistics that need names, labels or times are asked of the real
matrix only (`describe`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse, stats
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

import theory
from experiments.matrices.published_spectra import TOP, spectrum_shape
from experiments.matrices.real_matrix import RealMatrix
from experiments.real.dated_snapshots import dated_snapshots
from experiments.real.retrieval import hold_out, retrieve
from simulate.nulls import permuted_items

RANKS = (2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64)
MOST = 256  # dimensions that parallel analysis looks at
LEAST = 10  # rows of a spike that is described
SHOWN = 20_000  # points of the 3-D view
NAME = 300  # characters of a name that are shown


@dataclass(frozen=True, eq=False)
class Embedded:
    """The matrix that was embedded, its embedding, which items its rows are and their popularity, and the rank asked for."""

    matrix: sparse.csr_array
    embedding: theory.Embedding
    items: NDArray[np.int64]
    popularity: NDArray[np.float64]
    asked: int

    @property
    def rank(self) -> int:
        """The rank at which spikes are described: what is asked for, or all that there is."""
        return min(self.asked, self.embedding.rank)

    @property
    def ranks(self) -> tuple[int, ...]:
        """The ranks of the curve that the matrix has."""
        return tuple(rank for rank in RANKS if rank <= self.embedding.rank)


def embedded(data: Any, *, graph: bool, rank: int) -> Embedded:
    """Return the embedding of interactions (through PPMI, without top-k) or of a graph, to be described at `rank`.

    Raises
    ------
    ValueError
        for interactions whose PPMI matrix has fewer than 4 items.
    """
    if graph:
        matrix, items = sparse.csr_array(data, dtype=np.float64), np.arange(data.shape[0])
        popularity = np.asarray(matrix.sum(axis=1))
    else:
        found = theory.ppmi(data, top_k=None)
        matrix, items = found.matrix, found.items
        popularity = np.asarray(sparse.csr_array(data).sum(axis=0))[items].astype(float)
    if matrix.shape[0] < 4:
        raise ValueError(f"the matrix must have at least 4 items to be compared; it has {matrix.shape[0]}")
    embedding = theory.embed(matrix, min(max(*RANKS, rank), matrix.shape[0] - 2))
    return Embedded(matrix, embedding, items, popularity, rank)


def measure(found: Embedded) -> dict[str, Any]:
    """Return the statistics that a real matrix, its twins and its nulls share."""
    curve = theory.spikiness_curve(found.embedding, found.ranks, "full")
    vectors = np.asarray(found.embedding.vectors("full", found.rank), dtype=np.float64)
    spikes = theory.spikiness(vectors)
    norms = np.linalg.norm(vectors, axis=1)
    live = norms > 0
    degrees = np.asarray(found.matrix.sum(axis=1))
    estimated = theory.estimate_degrees(theory.Embedding(
        found.embedding.eigenvalues[: found.rank], found.embedding.basis[:, : found.rank]
    ))  # fmt: skip
    dispersion = theory.norm_dispersion(vectors, spikes.membership, least=LEAST)
    known = dispersion[np.isfinite(dispersion)]
    every = theory.spikiness(vectors, coverage=1.0)
    peak = every.peaks[np.maximum(every.membership, 0)]
    cosines = np.einsum("if,if->i", vectors, vectors[peak]) / np.maximum(norms * norms[peak], 1e-300)
    others = live.copy()
    others[every.peaks] = False
    return {
        "items": len(norms),
        "zero_rows": int((~live).sum()),
        "peaks": [int(p.n_peaks) for p in curve.spikes],
        "spk": [float(v) for v in curve.values],
        "peaks_at_rank": spikes.n_peaks,
        "spk_at_rank": spikes.value,
        "spectrum": [float(x) for x in found.embedding.eigenvalues],
        "norm_quantiles": [float(x) for x in np.quantile(norms[live], np.linspace(0, 1, 21))],
        "norm_degree": _spearman(norms[live], degrees[live]),
        "norm_popularity": _spearman(norms[live], found.popularity[live]),
        "estimated_degree": _spearman(estimated[live], degrees[live]),
        "norm_cv": float(np.median(known)) if known.size else None,
        "angles": [float(x) for x in np.quantile(np.degrees(np.arccos(np.clip(cosines[others], -1, 1))), np.linspace(0, 1, 21))]
        if others.any()
        else [],
        "singletons": int((spikes.sizes == 1).sum()),
    }  # fmt: skip


def describe(real: RealMatrix, found: Embedded, rng: np.random.Generator) -> dict[str, Any]:
    """Return what only the real matrix is asked: spikes with names and labels, truncations, retrieval, stability, advice."""
    vectors = np.asarray(found.embedding.vectors("full", found.rank), dtype=np.float64)
    spikes = theory.spikiness(vectors)
    nearest = theory.nearest_spike(vectors, spikes)
    at = theory.Embedding(found.embedding.eigenvalues[: found.rank], found.embedding.basis[:, : found.rank])
    communities = theory.leiden(found.matrix, rng)
    names = _names(real, found.items)
    labels = None if real.labels is None else np.asarray(real.labels)[found.items]
    return {
        "rank": found.rank,
        "spikes": _spike_table(vectors, spikes, names, labels, real.label_names),
        "agreement": _agreement(nearest, communities, labels),
        "truncation": _truncations(real, found, rng),
        "retrieval": _retrieval(real, found.rank, rng),
        "shape": _shape(found.matrix),
        "stability": _stability(real, found.rank, rng),
        "advice": [
            {"question": a.question, "use": a.similarity, "reason": a.reason, "confidence": a.confidence}
            for a in theory.advise(at)
        ],
        "points": _points(vectors, nearest, names, labels, real.label_names, rng),
        "notes": list(real.notes),
    }


def _spearman(a: NDArray[Any], b: NDArray[Any]) -> float | None:
    if len(a) < 3 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return None
    return float(stats.spearmanr(a, b).statistic)


def _names(real: RealMatrix, items: NDArray[np.int64]) -> list[str]:
    if real.items is None:
        return [f"item {item}" for item in items]
    return [_short(str(real.items[item])) for item in items]


def _short(name: str) -> str:
    """A name cut to what is shown, its control characters (which no page can hold) as replacement marks."""
    name = "".join(c if c.isprintable() or c in "\u202a\u202b\u202c\u202d\u202e" else "\ufffd" for c in name)
    return name if len(name) <= NAME else name[:NAME] + "…"


def _spike_table(
    vectors: NDArray[Any], spikes: theory.Spikes, names: list[str], labels: Any, label_names: Any
) -> list[dict[str, Any]]:
    """The largest spikes: size, the loudest items, and the commonest label with its share of the labelled."""
    norms, rows = np.linalg.norm(vectors, axis=1), []
    for number in np.argsort(-spikes.sizes, kind="stable")[:12]:
        mine = np.flatnonzero(spikes.membership == number)
        loudest = mine[np.argsort(-norms[mine], kind="stable")[:5]]
        row: dict[str, Any] = {
            "spike": int(number) + 1,
            "size": len(mine),
            "loudest": [names[i] for i in loudest],
        }
        if labels is not None:
            known = labels[mine][labels[mine] >= 0]
            if known.size:
                values, counts = np.unique(known, return_counts=True)
                best = int(values[np.argmax(counts)])
                row["label"] = _short(str(label_names[best])) if label_names is not None else str(best)
                row["purity"] = float(counts.max() / known.size)
        rows.append(row)
    return rows


def _agreement(nearest: NDArray[Any], communities: NDArray[Any], labels: Any) -> list[dict[str, Any]]:
    """NMI and adjusted Rand index of spikes, Leiden communities and labels, on the rows that both know."""
    partitions = {"spikes": nearest, "Leiden communities": communities}
    if labels is not None:
        partitions["labels"] = labels
    rows, names = [], list(partitions)
    for i, first in enumerate(names):
        for second in names[i + 1 :]:
            a, b = partitions[first], partitions[second]
            both = (a >= 0) & (b >= 0)
            if both.sum() > 1:
                rows.append(
                    {
                        "first": first,
                        "second": second,
                        "rows": int(both.sum()),
                        "nmi": float(normalized_mutual_info_score(a[both], b[both])),
                        "rand": float(adjusted_rand_score(a[both], b[both])),
                    }
                )
    return rows


def permuted_ppmi(interactions: Any) -> Callable[[np.random.Generator], Any]:
    """Return what draws the PPMI matrix of interactions whose items are permuted: the null of theirs."""
    return lambda rng: theory.ppmi(permuted_items(interactions, rng), top_k=None).matrix


def _truncations(real: RealMatrix, found: Embedded, rng: np.random.Generator) -> dict[str, str]:
    ranks = found.ranks
    peaks = [theory.spikiness(found.embedding.vectors("unit", rank)).n_peaks for rank in ranks]
    null = None if real.interactions is None else permuted_ppmi(real.interactions)
    against = "same degrees" if null is None else "items permuted"
    most = min(MOST, found.matrix.shape[0] - 2)
    passing = theory.parallel_analysis(found.matrix, most, rng, null=null)[0]
    return {
        "the knee of Spk in U": str(theory.spikiness_knee(ranks, peaks)),
        "the elbow of the spectrum (Zhu and Ghodsi)": str(
            theory.zhu_ghodsi_elbows(found.embedding.eigenvalues, 2)[-1]
        ),
        f"parallel analysis, {against}": f"{'at least ' if passing == most else ''}{passing}",
    }


def _shape(matrix: Any) -> dict[str, float] | None:
    """s1 / s128 and the exponent of s_k from k = 10 to 128, the shape in which spectra were published; None if too small."""
    if matrix.shape[0] < 300:
        return None
    values = theory.embed(matrix, TOP, tol=1e-4).eigenvalues
    if len(values) < TOP:  # a matrix of lower rank
        return None
    ratio, exponent = spectrum_shape(values)
    return {"ratio": ratio, "exponent": exponent}


def _retrieval(real: RealMatrix, rank: int, rng: np.random.Generator) -> dict[str, float] | None:
    if real.interactions is None or (np.diff(sparse.csr_array(real.interactions).indptr) >= 3).sum() < 20:
        return None
    held = hold_out(real.interactions, rng, tested=500)
    found = theory.ppmi(held.known, top_k=None)
    if found.items.size < 60:
        return None
    embedding = theory.embed(found.matrix, min(rank, found.items.size - 2))
    return {name: of.recall for name, of in retrieve(held, embedding, found.items, k=50).items()}


def _stability(real: RealMatrix, rank: int, rng: np.random.Generator) -> dict[str, list[float]] | None:
    """Overlap at 30 by fifths of the norm between the first four fifths of the pairs in time and all of them."""
    pair = dated_snapshots(real, rank)
    if pair is None:
        return None
    return {
        similarity: theory.stability(
            *pair, 30, rng=rng, similarity=similarity, n_queries=200
        ).overlap.tolist()
        for similarity in ("dot", "cosine")
    }  # type: ignore[misc]


def _points(
    vectors: NDArray[Any], spike: NDArray[Any], names: list[str], labels: Any, label_names: Any, rng: Any
) -> dict[str, Any]:
    """At most `SHOWN` rows on the first six dimensions, as 16-bit integers of the largest coordinate."""
    live = np.flatnonzero(vectors.any(axis=1))
    shown = np.sort(rng.choice(live, min(SHOWN, live.size), replace=False))
    rows = vectors[shown, :6]
    scale = float(np.abs(rows).max())
    points = {
        "of": int(live.size),
        "dimensions": rows.shape[1],
        "scale": scale,
        "coordinates": np.round(rows / scale * 32767).astype(int).ravel().tolist(),
        "spike": spike[shown].tolist(),
        "names": [names[i] for i in shown],
    }
    if labels is not None:
        points["label"] = labels[shown].tolist()
        points["label_names"] = (
            [_short(str(name)) for name in label_names[: int(labels[shown].max(initial=-1)) + 1]]
            if label_names is not None
            else []
        )
    return points
