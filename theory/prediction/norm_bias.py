"""By how much does noise lengthen the rows of an embedding, and what are the norms without it?

To first order E ||row_i||^2 = ||x_i||^2 + tr C_i, with tr C_i = sum_k (V u_k^2)_i / |lambda_k|^p and p = 2, 1, 0 for the
scalings `unit`, `half`, `full` (docs/theory.md, section 3). V holds the variances of the edges: those of a model, or, where
only the embedding is known, the truncated matrix itself, which is right for Poisson edges.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulate import LAWS, BlockModel, Law
from simulate.validation import require_choice, require_instance
from theory.analysis.embedding import Embedding
from theory.analysis.scalings import POWER, SCALINGS, Scaling
from theory.prediction.entry_moments import moment_times
from theory.prediction.variances import require_unclipped

Floats = NDArray[np.float64]


def low_degree_norm_bias(model: BlockModel, *, scaling: Scaling = "full", law: Law = "poisson") -> Floats:
    """Return tr C_i (n,), what noise adds to E ||row_i||^2 to first order: sum_k (V u_k^2)_i / |lambda_k|^p.

    p = 2, 1, 0 for `unit`, `half`, `full`. Under Poisson it equals theta_i s_c, so the signal theta_i^2 g_c^2 drowns
    below the crossover theta* = s_c / g_c^2.
    """
    require_instance(model, "model", BlockModel)
    require_choice(scaling, "scaling", SCALINGS)
    require_choice(law, "law", LAWS)
    if law == "bernoulli":
        require_unclipped(model)
    lam, u = model.spectrum()
    return moment_times(model, law, 2, ((u / np.abs(lam) ** (1 - POWER[scaling])) ** 2).sum(axis=1))


def bias_corrected_norms(embedding: Embedding, *, scaling: Scaling = "full") -> Floats:
    """Return sqrt(max(0, ||row_i||^2 - tr C_i)), (n,), with the truncated matrix for the (Poisson) variances."""
    require_instance(embedding, "embedding", Embedding)
    lam, u = np.asarray(embedding.eigenvalues, float), np.asarray(embedding.basis, float)
    kept = np.abs(lam) > 1e-12 * np.abs(lam).max(
        initial=0.0
    )  # a dimension of eigenvalue 0 has no noise of first order
    lam, u = lam[kept], u[:, kept]
    squares = (embedding.vectors(scaling).astype(float) ** 2).sum(axis=1)
    weights = ((u / np.abs(lam) ** (1 - POWER[scaling])) ** 2).sum(axis=1)
    noise = np.maximum(u @ (lam * (u.T @ weights)), 0)
    return np.asarray(np.sqrt(np.maximum(squares - noise, 0)))
