"""Which forms of the rows of an embedding undo popularity? Rows of length one, and ratios of eigenvectors (SCORE).

Rows of a block model lie on rays, row i = theta_i x_k (docs/theory.md, section 1.2). Dividing a row by its norm, or all its
entries by the first, leaves x_k up to a factor: theta cancels, and a block is a point.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulate.validation import require_finite, require_instance, require_integer, require_number
from theory.analysis.embedding import Embedding
from theory.analysis.inputs import as_rows


def unit_rows(vectors: ArrayLike) -> NDArray[Any]:
    """Return the rows (n, f), each divided by its norm: points on the sphere. Rows of norm 0 stay 0.

    Raises
    ------
    ValueError, TypeError
        for anything but rows of finite numbers.

    Examples
    --------
    >>> unit_rows([[3.0, 4.0], [0.0, 0.0]]).tolist()
    [[0.6, 0.8], [0.0, 0.0]]
    """
    rows = as_rows(vectors)
    require_finite(rows, "vectors")
    # the largest entry first: squares of very small or large entries would vanish or overflow
    largest = np.abs(rows).max(axis=1, keepdims=True)
    scaled = np.divide(rows, largest, out=np.zeros_like(rows), where=largest > 0)
    norms = np.sqrt((scaled * scaled).sum(axis=1, keepdims=True))
    return np.divide(scaled, norms, out=scaled, where=norms > 0)


def eigenvector_ratios(
    embedding: Embedding, rank: int | None = None, *, most: float | None = None
) -> NDArray[np.float64]:
    """Return the ratios (n, f - 1) of the other eigenvectors to the first, u_{k+1}(i) / u_1(i), cut at +-`most`: SCORE.

    A row whose first entry is 0 has no ratio: where its other entries are 0 too, as for a node without an edge, the row is 0;
    otherwise the entry is +-`most`, by the sign of the eigenvector's. The cut matters only there and where u_1 is nearly 0,
    as on a community that is almost a component of its own; take the same cut of `population` when comparing with it.

    Parameters
    ----------
    embedding : of the adjacency matrix, whose first eigenvector is positive on a connected graph.
    rank : f, how many eigenvectors; None takes all.
    most : above 0; None takes ln n.

    Raises
    ------
    ValueError
        for an embedding of fewer than two dimensions, or a rank outside 2..f.

    References
    ----------
    Jin, "Fast community detection by SCORE", Ann. Statist. 43, 2015.

    Examples
    --------
    >>> basis = np.array([[0.5, 0.5], [0.1, -0.1], [0.0, 0.0]])
    >>> eigenvector_ratios(Embedding(np.array([2.0, 1.0]), basis)).ravel().tolist()
    [1.0, -1.0, 0.0]
    """
    require_instance(embedding, "embedding", Embedding)
    if embedding.rank < 2:
        raise ValueError(
            f"embedding must have at least two dimensions to have ratios; it has {embedding.rank}"
        )
    f = embedding.rank if rank is None else require_integer(rank, "rank", least=2, most=embedding.rank)
    basis = np.asarray(embedding.basis[:, :f], dtype=np.float64)
    limit = float(np.log(len(basis))) if most is None else require_number(most, "most", above=0)
    first, others = basis[:, :1], basis[:, 1:]
    # compared before dividing, so that nothing overflows; the sign is that of a positive first eigenvector
    beyond = np.abs(others) >= limit * np.abs(first)
    signs = np.sign(others) * np.where(first < 0, -1.0, 1.0)
    ratios = np.where(beyond, limit * signs, 0.0)
    return np.divide(others, first, out=ratios, where=~beyond)
