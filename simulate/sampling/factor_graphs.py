"""Graphs from factor models, E[A] = X S X', with exact Poisson or Bernoulli edges.

Poisson edges superpose: layer (k, l) of the model draws edges between column k and column l of X. Bernoulli edges thin a
Poisson draw of rate c P_ij: with every event kept with probability -ln(1 - P_ij) / (c P_ij), a pair has at least one event
with probability P_ij exactly.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray
from scipy import sparse

from simulate.models.factor_models import FactorModel
from simulate.sampling.csr_from_pairs import symmetric_csr
from simulate.sampling.independent_pairs import LAWS, Law, group_nodes, sample_pairs
from simulate.sampling.probability_checks import require_room_for_counts
from simulate.validation import require_choice, require_generator, require_instance

LARGEST = 0.99  # of P for Bernoulli edges; the thinning needs c = -ln(1 - P) / P, 4.7 here


def sample_factor_graph(
    model: FactorModel, rng: np.random.Generator, *, law: Law = "bernoulli", dtype: DTypeLike = np.float32
) -> sparse.csr_array:
    """Draw a symmetric adjacency matrix (n, n) without loops from a factor model, each pair independently.

    Raises
    ------
    ValueError
        for an unknown law, Bernoulli edges with a P above 0.99, or Poisson counts that `dtype` cannot hold.

    Examples
    --------
    >>> model = FactorModel(np.full((200, 2), 0.5), [[0.1, 0.1], [0.1, 0.1]])
    >>> graph = sample_factor_graph(model, np.random.default_rng(0))
    >>> bool((graph != graph.T).nnz), 1600 < graph.nnz / 2 < 2400
    (False, True)
    """
    require_instance(model, "model", FactorModel)
    require_choice(law, "law", LAWS)
    require_generator(rng)
    x, s = model.factors, model.affinity
    rate = 1.0
    if law == "poisson":
        require_room_for_counts(lambda: _largest_probability(model), dtype)
    else:
        # the largest P of any pair is at most that of the entrywise largest row with itself
        bound = float(x.max(axis=0, initial=0.0) @ s @ x.max(axis=0, initial=0.0)) if x.size else 0.0
        if bound > LARGEST:
            bound = _largest_probability(model)
        if bound > LARGEST:
            raise ValueError(
                f"P must be at most {LARGEST} for Bernoulli edges of a factor model; it reaches {bound:.4g}"
            )
        rate = -np.log1p(-bound) / bound if bound > 0 else 1.0
    groups = [group_nodes(x[:, k], np.zeros(len(x), np.int64)) for k in range(len(s))]
    rows: list[NDArray[Any]] = []
    columns: list[NDArray[Any]] = []
    for k in range(len(s)):
        for other in range(k, len(s)):
            if s[k, other] == 0 or not groups[k].theta.size or not groups[other].theta.size:
                continue
            strength = np.array([[rate * s[k, other]]])
            pairs = sample_pairs(groups[k], groups[other], strength, rng, law="poisson", symmetric=k == other)
            for i, j in zip(pairs.rows, pairs.columns):
                different = i != j
                i, j = i[different], j[different]
                if law == "bernoulli":
                    p = np.einsum("er,er->e", x[i] @ s, x[j])
                    kept = rng.random(p.size) < -np.log1p(-p) / (rate * p)
                    i, j = i[kept], j[kept]
                rows.append(i)
                columns.append(j)
    graph = symmetric_csr(rows, columns, model.n_nodes, dtype, repeats=True)
    if law == "bernoulli":
        graph.data[:] = 1
    return graph


def _largest_probability(model: FactorModel) -> float:
    """The largest x_i' S x_j over i != j, by blocks of rows."""
    image = model.factors @ model.affinity
    best = 0.0
    for first in range(0, model.n_nodes, 1024):
        block = image[first : first + 1024] @ model.factors.T
        block[np.arange(len(block)), first + np.arange(len(block))] = 0.0
        best = max(best, float(block.max(initial=0.0)))
    return best
