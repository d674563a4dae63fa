"""Degrees of the nodes from the embedding alone.

The row sums of the truncated matrix estimate degrees: d_hat = U Lambda U' 1. Within a spike the norm of a row is
proportional to the degree, so that d_hat is also kappa_c ||row_i|| with one constant for each spike (docs/theory.md,
section 3). Both cost O(nf). `theory.prediction.degree_error` predicts how far d_hat will be from the truth.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulate.validation import require_instance, require_labels
from theory.analysis.embedding import Embedding
from theory.analysis.operators.table import ADJACENCY
from theory.analysis.scalings import Scaling


def estimate_degrees(embedding: Embedding) -> NDArray[Any]:
    """Return U Lambda U' 1, (n,): the row sums of the truncated matrix.

    Raises
    ------
    ValueError
        for the embedding of an operator whose row sums are not the degrees: any but the adjacency matrix.

    Examples
    --------
    >>> estimate_degrees(Embedding(np.array([2.0]), np.array([[0.6], [0.8]]))).round(2).tolist()
    [1.68, 2.24]
    """
    require_instance(embedding, "embedding", Embedding)
    if embedding.operator != ADJACENCY:
        raise ValueError(
            f"embedding must be of the adjacency matrix, whose row sums are the degrees; got that of {embedding.operator}"
        )
    return np.asarray(embedding.basis @ (embedding.eigenvalues * embedding.basis.sum(axis=0)))


def estimate_degrees_within_spikes(
    embedding: Embedding, labels: ArrayLike, *, scaling: Scaling = "full"
) -> NDArray[np.float64]:
    """Return kappa_c ||row_i||, kappa_c the ratio of the sums of d_hat and of norms in spike c; NaN off spikes.

    Raises
    ------
    ValueError
        if the labels (n,), -1 off the spikes, do not match the embedding; for an embedding as in `estimate_degrees`.
    """
    require_instance(embedding, "embedding", Embedding)
    norms = np.linalg.norm(embedding.vectors(scaling), axis=1)
    z = require_labels(labels, "labels", norms.size)
    on, out = z >= 0, np.full(norms.size, np.nan)
    total = np.bincount(z[on], norms[on])
    degrees = np.bincount(z[on], estimate_degrees(embedding)[on])
    kappa = np.divide(degrees, total, out=np.zeros_like(total), where=total > 0)
    out[on] = kappa[z[on]] * norms[on]
    return out
