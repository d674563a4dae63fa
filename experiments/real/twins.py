"""Twins: samples of a block model fitted to a real matrix, to be analysed exactly as the real matrix is.

Items (or nodes of a graph) fall into blocks by the spikes of the embedding, by Leiden communities, or by given labels; a
context belongs to the block that most of its items belong to. The degree-corrected fit (`block_fit`) keeps, in expectation,
the popularity of every item and the length of every context, or the degree of every node but for its noise. A statistic of
the real matrix that lies outside what its twins show is structure that such a model lacks. One that lies inside is no proof
that the model is true, since the blocks were found in the same matrix.

Pairs of interactions are Bernoulli. Where the fit expects more than one of a pair, its probability is cut at 1:
`TwinModel.lost` counts the expected pairs so lost, out of `TwinModel.pairs`. Weights of a graph vary as those observed do, in
whatever unit they come (`graph_twins`).
"""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

import theory
from experiments.matrices.real_matrix import RealMatrix
from experiments.real.block_fit import fit_bipartite
from experiments.real.graph_twins import GraphTwinModel, fit_graph_twin
from experiments.real.statistics import first_dimensions
from simulate import BlockModel, sample_graph
from simulate.validation import require_choice, require_generator

By = Literal["spikes", "leiden", "labels"]
BLOCKS: tuple[By, ...] = ("spikes", "leiden", "labels")


@dataclass(frozen=True, eq=False)
class TwinModel:
    """The fitted model of interactions: its first `n_contexts` nodes are contexts, the others items, each with its block."""

    model: BlockModel
    n_contexts: int
    context_blocks: NDArray[np.int64]
    item_blocks: NDArray[np.int64]

    @property
    def popularity(self) -> NDArray[np.float64]:
        """The expected number of contexts of each item (n_items,), before probabilities are cut at 1."""
        return self.model.expected_degrees()[self.n_contexts :]

    @property
    def lengths(self) -> NDArray[np.float64]:
        """The expected number of items of each context (n_contexts,), before probabilities are cut at 1."""
        return self.model.expected_degrees()[: self.n_contexts]

    @property
    def pairs(self) -> float:
        """The expected number of pairs, before probabilities are cut at 1."""
        return self.model.expected_edges()

    @cached_property
    def lost(self) -> float:
        """The expected number of pairs lost because a pair cannot occur more than once."""
        return self.model.clipped_mass()

    def sample(self, rng: np.random.Generator) -> sparse.csr_array:
        """Return a twin: binary (n_contexts, n_items), independent pairs."""
        with warnings.catch_warnings():
            # `lost` says once what a warning would say of every twin
            warnings.simplefilter("ignore")
            graph = sample_graph(self.model, require_generator(rng), clip=True, dtype=np.float64)
        return sparse.csr_array(graph[: self.n_contexts][:, self.n_contexts :])


def sample_twin(
    real: RealMatrix, by: By, rank: int, rng: np.random.Generator, *, found: theory.Analysed | None = None
) -> sparse.csr_array:
    """Return a twin of interactions or of a graph: blocks found, model fitted, one sample drawn.

    Parameters
    ----------
    real, by, rank
        the matrix, how its blocks are found, and f of the embedding in which spikes are.
    found
        the analysis of `real` at `rank` or more, where the caller has it; without, it is made here.

    Raises
    ------
    ValueError
        as `find_item_blocks` and `find_node_blocks`, and `GraphTwinModel.sample`.
    """
    return _kept_fit(real, by, rank, rng, found).sample(rng)


def _kept_fit(
    real: RealMatrix, by: By, rank: int, rng: np.random.Generator, found: theory.Analysed | None
) -> TwinModel | GraphTwinModel:
    """The fitted model, from the last call where the matrix, the labels, the rank, the operator and the way of finding blocks
    agree.

    One fit is kept: all twins of a matrix follow each other. Leiden's blocks are drawn anew for every twin, and are not kept.
    """
    if by == "leiden":
        return _fit(real, by, rank, rng, found)
    digest = hashlib.sha256()
    matrix = real.matrix
    for array in (matrix.indptr, matrix.indices, matrix.data, *([real.labels] if by == "labels" else [])):
        digest.update(np.ascontiguousarray(array if array is not None else []).data)
    # an embedding of more dimensions differs in its last bits
    dimensions = None if found is None else found.embedding.rank
    operator = None if found is None else found.operator
    key = (by, rank, dimensions, operator, real.graph is None, matrix.shape, digest.digest())
    if key not in _LAST_FIT:
        fitted = _fit(real, by, rank, rng, found)
        _LAST_FIT.clear()
        _LAST_FIT[key] = fitted
    return _LAST_FIT[key]


_LAST_FIT: dict[Any, TwinModel | GraphTwinModel] = {}


def twin_of(
    twin: Any, real: RealMatrix, by: By, rank: int, rng: np.random.Generator, *, found: theory.Analysed | None
) -> sparse.csr_array:
    """Return a twin of a twin: blocks found in `twin`, model fitted to it and sampled, just as it was made of `real`.

    Parameters
    ----------
    twin
        of `sample_twin`, from `real`, whose kind and labels it has.
    by, rank
        as those of the twin.
    found
        the analysis of `twin` at `rank` or more; None with `by="labels"`, which needs none.

    Raises
    ------
    ValueError
        as `sample_twin`.
    """
    kind: dict[str, Any] = {"interactions": twin} if real.graph is None else {"graph": twin}
    return _fit(replace(real, **{**kind, "times": None}), by, rank, rng, found).sample(rng)


def _fit(
    real: RealMatrix, by: By, rank: int, rng: np.random.Generator, found: theory.Analysed | None
) -> TwinModel | GraphTwinModel:
    labels = real.labels if by == "labels" else None
    blocks = _find(real.matrix, real.n_items, real.kind, by, labels, rank, rng, found)
    if real.graph is None:
        return fit_twin(real.interactions, blocks)
    return fit_graph_twin(real.graph, blocks)


def find_item_blocks(
    interactions: Any, by: By, *, labels: ArrayLike | None = None, rank: int = 64, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Return a block for each item (n_items,), numbered from 0; the last block holds the items that have no other.

    Parameters
    ----------
    interactions
        (n_contexts, n_items), read as binary.
    by
        `spikes`: the parts of `theory.partition_by_spikes` on U Sigma of PPMI; `leiden`: communities of the PPMI matrix as a
        graph; `labels`: those given.
    labels
        (n_items,) integers, -1 where unknown; for `labels` only.
    rank
        f of the embedding, for `spikes` only; lowered to what the matrix has.
    rng
        draws the seed of Leiden; `spikes` and `labels` draw nothing.

    Raises
    ------
    ValueError
        for another `by`, labels that are missing or of another length, or a matrix with fewer than two items of positive PPMI.

    Examples
    --------
    >>> find_item_blocks(np.ones((3, 3)), "labels", labels=[4, -1, 2], rng=np.random.default_rng(0)).tolist()
    [1, 2, 0]
    """
    return _find(interactions, sparse.csr_array(interactions).shape[1], "interactions", by, labels, rank, rng)


def find_node_blocks(
    graph: Any, by: By, *, labels: ArrayLike | None = None, rank: int = 64, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Return a block for each node (n,) of a symmetric graph, as `find_item_blocks` does for items.

    Examples
    --------
    >>> two = np.kron(np.eye(2), np.ones((12, 12)))
    >>> find_node_blocks(two, "spikes", rank=2, rng=np.random.default_rng(0)).tolist() == [0] * 12 + [1] * 12
    True
    """
    return _find(graph, sparse.csr_array(graph).shape[1], "graph", by, labels, rank, rng)


def _find(
    data: Any,
    n: int,
    kind: Literal["interactions", "graph"],
    by: By,
    labels: ArrayLike | None,
    rank: int,
    rng: np.random.Generator,
    found: theory.Analysed | None = None,
) -> NDArray[np.int64]:
    require_choice(by, "by", BLOCKS)
    require_generator(rng)
    if by == "labels":
        given = np.asarray([] if labels is None else labels)
        if given.shape != (n,) or given.dtype.kind not in "iu":
            raise ValueError(
                f"labels must be {n} integers, -1 for none; got {given.dtype} of shape {given.shape}"
            )
        return _numbered(given)
    if found is None:  # Leiden asks for no embedding
        found = theory.analyse(data, 1 if by == "leiden" else rank, kind=kind)
    blocks = np.full(n, -1, dtype=np.int64)
    blocks[found.items] = (
        theory.leiden(found.matrix, rng)
        if by == "leiden"
        else theory.partition_by_spikes(first_dimensions(found.embedding, rank).vectors("full")).labels
    )
    return _numbered(blocks)


def _numbered(blocks: NDArray[Any]) -> NDArray[np.int64]:
    """Blocks numbered from 0 without gaps; those below 0 become the last block."""
    names, numbers = np.unique(blocks, return_inverse=True)
    without = int((names < 0).sum())
    numbers = np.where(numbers < without, names.size - without, numbers - without)
    return np.asarray(numbers, dtype=np.int64)


def majority_blocks(interactions: Any, item_blocks: ArrayLike) -> NDArray[np.int64]:
    """Return for each context (n_contexts,) the block of most of its items; of equally frequent blocks the lowest number.

    A context without items gets block 0.

    >>> majority_blocks(np.array([[1, 1, 0], [0, 1, 1]]), [1, 1, 0]).tolist()
    [1, 0]
    """
    x = sparse.csr_array(interactions, dtype=np.float64)
    z = np.asarray(item_blocks, dtype=np.int64)
    indicator = sparse.csr_array((np.ones(z.size), (np.arange(z.size), z)), shape=(z.size, int(z.max()) + 1))
    counts = sparse.csr_array(x @ indicator)
    counts.sort_indices()
    blocks = np.zeros(x.shape[0], dtype=np.int64)
    filled = np.flatnonzero(np.diff(counts.indptr))
    if filled.size:
        most = np.maximum.reduceat(counts.data, counts.indptr[filled])
        row = np.repeat(np.arange(x.shape[0]), np.diff(counts.indptr))
        largest = np.zeros(x.shape[0])
        largest[filled] = most
        hits = np.flatnonzero(counts.data == largest[row])
        first, at = np.unique(row[hits], return_index=True)
        blocks[first] = counts.indices[hits[at]]
    return blocks


def fit_twin(interactions: Any, item_blocks: ArrayLike, context_blocks: ArrayLike | None = None) -> TwinModel:
    """Return the model that twins of interactions are sampled from; contexts fall by `majority_blocks` unless given.

    Raises
    ------
    ValueError
        for blocks of another length than the matrix has items or contexts.

    Examples
    --------
    >>> x = np.array([[1, 1, 0], [1, 1, 0], [0, 1, 1]])
    >>> fit_twin(x, [0, 0, 1]).popularity.round(12).tolist()
    [2.0, 3.0, 1.0]
    """
    x = sparse.csr_array(interactions, dtype=np.float64)
    contexts = majority_blocks(x, item_blocks) if context_blocks is None else np.asarray(context_blocks)
    items = np.asarray(item_blocks)
    return TwinModel(fit_bipartite(x, contexts, items), x.shape[0], contexts, items)
