"""From a matrix as it comes to its embedding: the one way through the analysis, for interactions and for graphs.

Interactions (contexts x items) become their PPMI matrix, a graph stays as it is; the result is cut to its eigenpairs of
largest magnitude. PPMI drops items without a positive entry, so that the embedding comes with the items that its rows are,
and with how popular these items are in the input.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from simulate.validation import require_choice
from theory.analysis.embedding import Embedding, capped_rank, embed
from theory.analysis.inputs import as_interactions, as_symmetric
from theory.analysis.ppmi import MIN_COUNT, ppmi

Kind = Literal["interactions", "graph"]
KINDS: tuple[Kind, ...] = ("interactions", "graph")


@dataclass(frozen=True, eq=False)
class Analysed:
    """An embedding and what it embeds.

    `matrix` (k, k) is what was decomposed: the PPMI matrix, or the graph. Row i of `embedding` is column (or node) `items[i]`
    of the input. `popularity` (k,) counts the contexts that hold each of these items, or is the weighted degree in the graph.
    """

    matrix: sparse.csr_array
    embedding: Embedding
    items: NDArray[np.int64]
    popularity: NDArray[np.float64]


def analyse(
    data: Any,
    rank: int,
    *,
    kind: Kind,
    top_k: int | None = None,
    min_count: int | None = None,
    dtype: Literal["float32", "float64"] = "float64",
    tol: float = 0.0,
    rng: np.random.Generator | None = None,
) -> Analysed:
    """Return the embedding of interactions, through their PPMI matrix, or of a graph.

    Parameters
    ----------
    data : (contexts, items) counts if `kind` is "interactions", read as binary; (n, n) symmetric if it is "graph". Any
        sparse format or array; a networkx graph for "graph".
    rank : f, at least 1; a rank above what the matrix has is lowered by `capped_rank`, and `embedding.rank` says to what.
    top_k, min_count : which pairs of items are kept, as in `ppmi`, whose defaults None stands for; a graph takes neither.
    dtype, tol, rng : as in `embed`.

    Raises
    ------
    ValueError
        for an unknown kind, interactions whose PPMI matrix has fewer than two items, `top_k` or `min_count` with a
        graph, or what `ppmi` and `embed` refuse.

    Examples
    --------
    >>> x = np.kron(np.eye(2), np.ones((3, 2)))
    >>> found = analyse(np.hstack([x, np.ones((6, 1))]), 9, kind="interactions")
    >>> found.items.tolist(), found.popularity.tolist(), found.embedding.rank
    ([0, 1, 2, 3], [3.0, 3.0, 3.0, 3.0], 3)
    """
    if require_choice(kind, "kind", KINDS) == "graph":
        for option, value in (("top_k", top_k), ("min_count", min_count)):
            if value is not None:
                raise ValueError(f"{option} must be None for a graph, whose edges are all kept; got {value}")
        matrix = as_symmetric(data, "data")
        items = np.arange(matrix.shape[0], dtype=np.int64)
        popularity = np.asarray(matrix.sum(axis=1), dtype=np.float64)
    else:
        x = as_interactions(data, "data")
        least = MIN_COUNT if min_count is None else min_count
        found = ppmi(x, top_k=top_k, min_count=least)
        matrix, items = found.matrix, found.items
        if items.size < 2:
            raise ValueError(
                "data must leave at least two items with a positive PPMI entry; "
                f"{items.size} of {x.shape[1]} are left with min_count={least}"
            )
        popularity = np.bincount(x.indices, minlength=x.shape[1])[items].astype(np.float64)
    embedding = embed(matrix, capped_rank(rank, matrix.shape[0]), rng=rng, dtype=dtype, tol=tol)
    return Analysed(matrix, embedding, items, popularity)
