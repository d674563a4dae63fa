"""Stability of neighbours between two snapshots: overlap and Jaccard at k by quantile of the reference norm.

overlap = |s1 & s2| / k, Jaccard J = o / (2 - o) for equal sizes. The authors' measure is an overlap
named "iou": norms are cut into quantiles at the reference, neighbours are searched only inside the
query's own part, and the query counts in its own list. The last two are options here. Prediction: the
later rows are x2 = x + N(0, C), the reference the same graph with every edge kept with probability
`keep`, so that to first order x1 = keep x2 + N(0, keep (1 - keep) C'), C' the covariance of Poisson edges of the same means
whatever the law: thinning an edge that is there has the variance keep (1 - keep) (docs/theory.md, section 9).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulate import BlockModel
from simulate.validation import (
    require_array,
    require_choice,
    require_generator,
    require_instance,
    require_integer,
    require_number,
)
from theory.analysis.similarity import top_k
from theory.prediction.edge import spectral_edge
from theory.prediction.row_covariance import RowCovariance, row_covariance
from theory.prediction.variances import Law

TRUSTED_RATIO = 1.5  # weakest eigenvalue of the thinned graph over its edge


@dataclass(frozen=True, eq=False)
class Stability:
    """Means by quantile of the reference norm, quietest first: `overlap`, `jaccard`, and `n_queries` behind them.

    `n_zero` items have no direction in one of the snapshots: they are left out.
    """

    overlap: NDArray[np.float64]
    jaccard: NDArray[np.float64]
    n_queries: NDArray[np.int64]
    n_zero: int = 0


def align(
    reference_items: Sequence[Any], later_items: Sequence[Any]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows of the items that both snapshots hold, in the reference's order.

    Raises
    ------
    ValueError
        for an item named twice, or no item in common.

    Examples
    --------
    >>> [rows.tolist() for rows in align(["a", "b", "c"], ["c", "x", "a"])]
    [[0, 2], [2, 0]]
    """
    first = list(reference_items)
    where = {item: row for row, item in enumerate(later_items)}
    if len(set(first)) != len(first) or len(where) != len(later_items):
        raise ValueError("items must be unique within a snapshot; got an item named twice")
    rows = [row for row, item in enumerate(first) if item in where]
    if not rows:
        raise ValueError(f"snapshots must share items; none of {len(first)} is among the later {len(where)}")
    return np.array(rows), np.array([where[first[row]] for row in rows])


def stability(
    reference: ArrayLike,
    later: ArrayLike,
    k: int,
    *,
    rng: np.random.Generator,
    similarity: Literal["dot", "cosine"] = "dot",
    n_quantiles: int = 5,
    n_queries: int = 1000,
    within_part: bool = False,
    include_query: bool = False,
) -> Stability:
    """Return the stability of aligned snapshots (n, f1) and (n, f2), row i the same item in both.

    `within_part=True, include_query=True` is the authors' measure. Rotations between snapshots do not
    matter, since
    dot and cosine are invariant.

    Raises
    ------
    ValueError
        when the rows differ in number, or k exceeds the neighbours that a part offers, rows of norm 0 aside.

    Examples
    --------
    >>> x = np.random.default_rng(0).standard_normal((100, 3))
    >>> stability(x, x, 5, rng=np.random.default_rng(1)).overlap.tolist()
    [1.0, 1.0, 1.0, 1.0, 1.0]
    """
    require_generator(rng)
    require_choice(similarity, "similarity", ("dot", "cosine"))
    a = require_array(reference, "reference")
    b = require_array(later, "later")
    if a.ndim != 2 or b.ndim != 2 or len(a) != len(b):
        raise ValueError(f"reference and later must have the same items; got shapes {a.shape}, {b.shape}")
    live = a.any(axis=1) & b.any(axis=1)
    a, b, zero = a[live], b[live], int((~live).sum())
    require_integer(n_quantiles, "n_quantiles", least=1, most=len(a))
    require_integer(n_queries, "n_queries", least=1)
    order = np.argsort((a * a).sum(1), kind="stable")
    parts = np.array_split(order, n_quantiles)
    smallest = min(len(p) for p in parts) if within_part else len(a)
    require_integer(k, "k", least=1, most=smallest - (not include_query))
    overlap, jaccard, counts = (
        np.zeros(n_quantiles),
        np.zeros(n_quantiles),
        np.zeros(n_quantiles, dtype=np.int64),
    )
    for number, part in enumerate(parts):
        chosen = np.sort(rng.choice(len(part), min(n_queries, len(part)), replace=False))
        pool = np.sort(part) if within_part else np.arange(len(a))
        queries = np.searchsorted(pool, np.sort(part)[chosen])
        lists = [
            top_k(x[pool], k, similarity=similarity, queries=queries, include_query=include_query).indices
            for x in (a, b)
        ]
        o = np.array([len((set(s) & set(t)) - {-1}) / k for s, t in zip(*lists)])
        overlap[number], jaccard[number], counts[number] = o.mean(), (o / (2 - o)).mean(), len(o)
    return Stability(overlap, jaccard, counts, zero)


def predicted_overlap(hazard: float, difference: float) -> float:
    """Return 1 - difference * hazard / sqrt(2 pi), at least 0: small Gaussian drift across the k-th boundary.

    `hazard` is f(q) / (1 - F(q)) of the score law at the boundary, `difference` the standard deviation of
    the change of
    a score between snapshots (sqrt(2) s for independent noise of standard deviation s).

    >>> round(predicted_overlap(2.0, 0.05), 4)
    0.9601
    """
    require_number(hazard, "hazard", least=0)
    require_number(difference, "difference", least=0)
    return max(0.0, 1 - difference * hazard / float(np.sqrt(2 * np.pi)))


def thinned_snapshots(
    vectors: ArrayLike, covariance: RowCovariance, keep: float, rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return surrogate rows (reference, later), each (n, f), of scaling `full`.

    `vectors` (n, f) are the population rows, `covariance` that of the later snapshot's row noise.

    Raises
    ------
    ValueError
        for a keep outside (0, 1], or shapes that do not match.

    Examples
    --------
    >>> none = RowCovariance(np.zeros((1, 2, 2)), np.zeros((1, 2, 2)), np.ones(2), np.zeros(2, dtype=int))
    >>> x, y = thinned_snapshots(np.eye(2), none, 0.5, np.random.default_rng(0))
    >>> bool(np.allclose(x, y / 2))
    True
    """
    require_instance(covariance, "covariance", RowCovariance)
    require_generator(rng)
    require_number(keep, "keep", above=0, most=1)
    x = require_array(vectors, "vectors")
    shape = (len(covariance.propensities), covariance.first.shape[1])
    if x.shape != shape:
        raise ValueError(f"vectors must match their covariance, {shape}; got shape {x.shape}")
    later = x + covariance.draw(rng)
    thinning = replace(covariance, second=np.zeros_like(covariance.second))
    return keep * later + np.sqrt(keep * (1 - keep)) * thinning.draw(rng), later


@dataclass(frozen=True, eq=False)
class PredictedStability:
    """`stability` by quantile; `ratio` of the weakest eigenvalue to the edge in the thinned graph; `trusted`, `caveat`."""

    stability: Stability
    ratio: float
    trusted: bool
    caveat: str


def predicted_stability(
    model: BlockModel,
    keep: float,
    k: int,
    *,
    rng: np.random.Generator,
    law: Law = "poisson",
    similarity: Literal["dot", "cosine"] = "dot",
    **options: Any,
) -> PredictedStability:
    """Predict `stability` of scaling `full` between a graph thinned to the share `keep` of its edges and the graph itself.

    Thinning lowers eigenvalues by `keep` and the edge by sqrt(keep). First order holds where the weakest eigenvalue stays
    `TRUSTED_RATIO` edges away in the thinned graph: there the top quantile under dot was within 0.05 of samples.

    Raises
    ------
    ValueError
        for a keep outside (0, 1], or what `stability` refuses.
    """
    require_instance(model, "model", BlockModel)
    eigenvalues, basis = model.spectrum()
    if not len(eigenvalues):
        raise ValueError("model must have edges to be thinned; its affinity or its propensities are all 0")
    require_number(keep, "keep", above=0, most=1)
    rows = thinned_snapshots(
        basis * np.abs(eigenvalues), row_covariance(model, scaling="full", law=law), keep, rng
    )
    ratio = float(np.sqrt(keep) * np.abs(eigenvalues[-1]) / spectral_edge(model, law))
    caveat = (
        ""
        if ratio >= TRUSTED_RATIO
        else f"after thinning the weakest eigenvalue is {ratio:.2f} edges away; trusted from {TRUSTED_RATIO} on"
    )
    found = stability(*rows, k, rng=rng, similarity=similarity, **options)
    return PredictedStability(found, ratio, not caveat, caveat)
