"""Degrees from the embedding alone: d_hat = U Lambda U' 1."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from theory.embedding import Embedding


def estimate_degrees(embedding: Embedding) -> NDArray[Any]:
    """Return U Lambda U' 1, (n,): the row sums of the truncated matrix."""
    return np.asarray(embedding.basis @ (embedding.eigenvalues * embedding.basis.sum(axis=0)))
