"""From a matrix as it comes to its embedding: the one way through the analysis, for interactions and for graphs.

Interactions (contexts x items) become their PPMI matrix, a graph stays as it is; the result is cut to its eigenpairs of
largest magnitude. Interactions can be taken by their counts instead, and a graph by any operator of `theory.OPERATORS`. PPMI
drops items without a positive entry, so that the embedding comes with the items that its rows are, and with how popular these
items are in the input.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from simulate.validation import require_choice
from theory.analysis.cooccurrence import cooccurrence
from theory.analysis.embedding import Embedding, capped_rank, embed
from theory.analysis.inputs import as_interactions, as_symmetric
from theory.analysis.operators.table import ADJACENCY, OF_LOGS, require_operator
from theory.analysis.ppmi import MIN_COUNT, PPMI, ppmi

Kind = Literal["interactions", "graph"]
KINDS: tuple[Kind, ...] = ("interactions", "graph")


@dataclass(frozen=True, eq=False)
class Analysed:
    """An embedding and what it embeds.

    `matrix` (k, k) is the PPMI matrix, the counts, or the graph; `operator` names what was taken of the input, of
    `theory.OPERATORS`. Row i of `embedding` is column (or node) `items[i]`
    of the input. `popularity` (k,) counts the contexts that hold each of these items, or is the weighted degree in the graph.
    """

    matrix: sparse.csr_array
    embedding: Embedding
    items: NDArray[np.int64]
    popularity: NDArray[np.float64]
    operator: str = ADJACENCY


def analyse(
    data: Any,
    rank: int,
    *,
    kind: Kind,
    operator: str | None = None,
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
    operator : a name of `theory.OPERATORS`; None is "ppmi" for interactions, which have "counts" besides, and "adjacency" for
        a graph.
    top_k, min_count : which pairs of items are kept, as in `ppmi`, whose defaults None stands for; a graph takes neither.
    dtype, tol, rng : as in `embed`.

    Raises
    ------
    ValueError
        for an unknown kind or operator, an operator that needs a graph, interactions whose matrix has fewer than two items,
        `top_k` or `min_count` with a graph, or what `ppmi`, `cooccurrence` and `embed` refuse.

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
        of_matrix = operator
    else:
        require_operator_of(kind, operator)
        x = as_interactions(data, "data")
        of_matrix = None
        found = _items_of(x, operator, top_k, MIN_COUNT if min_count is None else min_count)
        matrix, items = found.matrix, found.items
        popularity = np.bincount(x.indices, minlength=x.shape[1])[items].astype(np.float64)
    rank = capped_rank(rank, matrix.shape[0])
    embedding = embed(matrix, rank, operator=of_matrix, rng=rng, dtype=dtype, tol=tol)
    return Analysed(matrix, embedding, items, popularity, operator or default_operator(kind))


def default_operator(kind: Kind) -> str:
    """Return the operator of which data of this kind are analysed unless another is named.

    >>> default_operator("interactions"), default_operator("graph")
    ('ppmi', 'adjacency')
    """
    return ADJACENCY if kind == "graph" else "ppmi"


def require_operator_of(kind: str, operator: str | None) -> None:
    """Raise `ValueError` for an unknown operator, or one that data of this kind do not have.

    >>> require_operator_of("interactions", "counts")
    """
    if operator is None or (kind == "graph" and require_operator(operator)):
        return
    if kind == "embedding":
        raise ValueError(
            f"the operator {require_operator(operator)} needs a graph or interactions; vectors have no operator"
        )
    if require_operator(operator) not in OF_LOGS:
        raise ValueError(f"the operator {operator} needs a graph; interactions have {' and '.join(OF_LOGS)}")


def _items_of(x: Any, operator: str | None, top_k: int | None, least: int) -> PPMI:
    """The matrix of the items that have an entry in it: PPMI, or counts."""
    if operator == "counts":
        counts = cooccurrence(x, top_k=top_k, min_count=least).counts
        items = np.flatnonzero(np.diff(counts.indptr)).astype(np.int64)
        found = PPMI(sparse.csr_array(counts[items][:, items]), items)
    else:
        found = ppmi(x, top_k=top_k, min_count=least)
    if found.items.size < 2:
        raise ValueError(_nothing_left(x, least))
    return found


def _nothing_left(x: sparse.csr_array, least: int) -> str:
    """Why no item is left: no pair of items is together often enough, or none more often than chance."""
    together = f"together in {'two' if least == 2 else f'{least:,}'} contexts or more"
    if cooccurrence(x, top_k=1, min_count=least).counts.nnz:
        return (
            f"of its {x.shape[1]:,} items some occur {together}, but no two of them more often than chance, so there is nothing "
            "to embed; give a log whose items do not all occur with all others"
        )
    return (
        f"no two of its {x.shape[1]:,} items occur {together}, so there is nothing to embed; give a log with more items in a "
        "context, or more contexts"
    )
