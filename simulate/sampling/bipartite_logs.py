"""Interaction logs from bipartite block models: each pair of a context and an item is drawn independently.

P_ui = a_u b_i B_{y_u z_i}; the pairs come from `simulate.sampling.independent_pairs`.
"""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import DTypeLike
from scipy import sparse

from simulate.models.bipartite_models import BipartiteModel
from simulate.sampling.csr_from_pairs import directed_csr
from simulate.sampling.independent_pairs import LAWS, Law, group_nodes, sample_pairs
from simulate.sampling.probability_checks import require_room_for_counts
from simulate.validation import require_choice, require_instance


def sample_bipartite(
    model: BipartiteModel,
    rng: np.random.Generator,
    *,
    law: Law = "bernoulli",
    clip: bool = False,
    dtype: DTypeLike = np.float32,
) -> sparse.csr_array:
    """Draw interactions (m, n) from `model`, each pair independently, in O(m + n + interactions + L K).

    `law` and `clip` are as in `sample_graph`; the same `rng` state gives the same matrix whatever the number of threads.

    Raises
    ------
    ValueError
        for an unknown law, P > 1 without `clip` (the pair and the expected interactions that fit are named), or Poisson
        counts that `dtype` cannot hold.

    Examples
    --------
    >>> model = BipartiteModel(np.ones(200), np.zeros(200, int), np.ones(100), np.zeros(100, int), [[0.05]])
    >>> x = sample_bipartite(model, np.random.default_rng(0))
    >>> x.shape, abs(x.nnz - 1000) < 155  # five standard deviations
    ((200, 100), True)
    """
    require_instance(model, "model", BipartiteModel)
    require_choice(law, "law", LAWS)
    worst = model.largest_probability()
    if law == "poisson":
        require_room_for_counts(lambda: worst.probability, dtype)
    elif worst.probability > 1:
        mass = model.clipped_mass()
        if not clip:
            fits = model.expected_edges() / worst.probability
            raise ValueError(
                f"P must be at most 1 for Bernoulli interactions; context {worst.i} and item {worst.j} have "
                f"P = {worst.probability:.4g}. {fits:.4g} expected interactions fit (this model has "
                f"{model.expected_edges():.4g}); or pass clip=True, which loses {mass:.4g} of them, or law='poisson'"
            )
        warnings.warn(f"P exceeds 1 and is cut to 1: {mass:.4g} expected interactions are lost", stacklevel=2)
    rows = group_nodes(model.contexts.propensities, model.contexts.labels)
    columns = group_nodes(model.items.propensities, model.items.labels)
    pairs = sample_pairs(rows, columns, model.affinity, rng, law=law, symmetric=False)
    return directed_csr(pairs.rows, pairs.columns, model.shape, dtype, repeats=law == "poisson")
