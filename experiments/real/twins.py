"""Twins: samples of a block model fitted to a real matrix, pushed through the same analysis.

Items fall into blocks by spikes, by Leiden communities of the PPMI graph, or by given labels; a context
belongs to the block that most of its items do. The degree-corrected fit (`block_fit`) keeps every item's
popularity and every context's length in expectation. A statistic of the real matrix outside what its twins
show is structure that such a model lacks; one inside it is no proof that the model is true, since the blocks
were chosen on the same data.

Each pair is Bernoulli. Where the fit asks more than one of a pair, P is cut at 1: `TwinModel.lost` counts the
expected pairs so lost, out of `TwinModel.pairs`.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

import theory
from experiments.real.block_fit import fit_bipartite
from simulate import BlockModel, sample_graph
from simulate.validation import require_choice, require_generator, require_integer

By = Literal["spikes", "leiden", "labels"]
RANKS = (8, 16, 32, 64)
LEAST = 10  # a spike of fewer items is no block: its theta and B could not be told apart from chance


@dataclass(frozen=True, eq=False)
class TwinModel:
    """`model`: contexts are its first `n_contexts` nodes, items the others; with the blocks of both."""

    model: BlockModel
    n_contexts: int
    context_blocks: NDArray[np.int64]
    item_blocks: NDArray[np.int64]

    @property
    def popularity(self) -> NDArray[np.float64]:
        """The expected number of contexts of each item (n_items,), before P is cut at 1."""
        return self.model.expected_degrees()[self.n_contexts :]

    @property
    def lengths(self) -> NDArray[np.float64]:
        """The expected number of items of each context (n_contexts,), before P is cut at 1."""
        return self.model.expected_degrees()[: self.n_contexts]

    @property
    def pairs(self) -> float:
        """The expected number of pairs, before P is cut at 1."""
        return self.model.expected_edges()

    @cached_property
    def lost(self) -> float:
        """The expected number of pairs lost because no pair can be there more than once."""
        return self.model.clipped_mass()

    def sample(self, rng: np.random.Generator) -> sparse.csr_array:
        """Return a twin: binary (n_contexts, n_items), independent pairs."""
        with warnings.catch_warnings():
            # what is lost is an attribute here, told once, not a warning for each twin
            warnings.simplefilter("ignore")
            graph = sample_graph(self.model, require_generator(rng), clip=True, dtype=np.float64)
        return sparse.csr_array(graph[: self.n_contexts][:, self.n_contexts :])


@dataclass(frozen=True, eq=False)
class TwinComparison:
    """Spk of the real matrix (len(ranks),) and its twins (R, len(ranks)), nan where one is too small."""

    ranks: tuple[int, ...]
    real: NDArray[np.float64]
    twins: NDArray[np.float64]

    @property
    def p_values(self) -> NDArray[np.float64]:
        """Two-sided posterior predictive p-values (len(ranks),): 2 (1 + rarer side) / (R + 1), at most 1."""
        below = (self.twins <= self.real).sum(axis=0)
        above = (self.twins >= self.real).sum(axis=0)
        p = np.minimum(1.0, 2 * (1 + np.minimum(below, above)) / (len(self.twins) + 1))
        return np.where(np.isnan(self.real) | np.isnan(self.twins).any(axis=0), np.nan, p)


def find_item_blocks(
    interactions: Any, by: By, *, labels: ArrayLike | None = None, rank: int = 64, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Return a block for each item (n_items,), numbers from 0; the last block holds items that have no other.

    Parameters
    ----------
    by
        `spikes`: the peaks of the embedding of PPMI at `rank`; a vector outside every cone joins the peak of
        largest cosine. `leiden`: communities of the PPMI graph (graspologic). `labels`: those given, -1 for
        none.
    labels
        (n_items,) integers from -1, for `labels` only.

    Raises
    ------
    ValueError
        for another `by`, labels that are missing or of another length, or a matrix without any positive PPMI.

    Examples
    --------
    >>> find_item_blocks(np.ones((3, 3)), "labels", labels=[4, -1, 2], rng=np.random.default_rng(0)).tolist()
    [1, 2, 0]
    """
    require_choice(by, "by", ("spikes", "leiden", "labels"))
    require_generator(rng)
    n_items = sparse.csr_array(interactions).shape[1]
    if by == "labels":
        found = np.asarray([] if labels is None else labels)
        if found.shape != (n_items,) or found.dtype.kind not in "iu":
            raise ValueError(
                f"labels must be {n_items} integers, -1 for none; got {found.dtype} of shape {found.shape}"
            )
        return _numbered(found)
    pmi = theory.ppmi(interactions, top_k=None)
    if pmi.items.size < 3:
        raise ValueError(f"interactions must give a PPMI matrix of at least 3 items; got {pmi.items.size}")
    blocks = np.full(n_items, -1, dtype=np.int64)
    if by == "leiden":
        blocks[pmi.items] = theory.leiden(pmi.matrix, rng)
    else:
        vectors = theory.embed(pmi.matrix, min(rank, pmi.items.size - 1)).vectors()
        blocks[pmi.items] = _nearest_peaks(vectors)
    return _numbered(blocks)


def majority_blocks(interactions: Any, item_blocks: ArrayLike) -> NDArray[np.int64]:
    """Return for each context (n_contexts,) the block of most of its items; the lower number of equals.

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
    """Return the model of the twins; contexts go by `majority_blocks` unless their blocks are given.

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


def sample_twins(twin: TwinModel, count: int, rng: np.random.Generator) -> Iterator[sparse.csr_array]:
    """Yield `count` independent twins, each from a generator of its own: none depends on the count."""
    for child in require_generator(rng).spawn(require_integer(count, "count", least=1)):
        yield twin.sample(child)


def spikiness_by_rank(interactions: Any, ranks: Sequence[int] = RANKS) -> NDArray[np.float64]:
    """Return Spk (len(ranks),) of the PPMI embedding at each rank; nan where the matrix has no such rank."""
    pmi = theory.ppmi(interactions, top_k=None)
    known = [rank for rank in ranks if rank < pmi.items.size]
    values = np.full(len(ranks), np.nan)
    if known:
        embedding = theory.embed(pmi.matrix, max(known))
        for k, rank in enumerate(ranks):
            if rank in known:
                values[k] = theory.spikiness(embedding.vectors("full", rank)).value
    return values


def compare_with_twins(
    interactions: Any,
    twin: TwinModel,
    *,
    count: int = 20,
    ranks: Sequence[int] = RANKS,
    rng: np.random.Generator,
) -> TwinComparison:
    """Return Spk of the real matrix beside that of `count` twins, all by the same pipeline."""
    twins = [spikiness_by_rank(sampled, ranks) for sampled in sample_twins(twin, count, rng)]
    return TwinComparison(tuple(ranks), spikiness_by_rank(interactions, ranks), np.array(twins))


def _nearest_peaks(vectors: NDArray[Any], least: int = LEAST) -> NDArray[np.int64]:
    # every vector covered: Spk itself stops at half of them, which can leave whole blocks without a peak
    spikes = theory.spikiness(vectors, coverage=1.0)
    sizes = np.bincount(spikes.membership[spikes.membership >= 0], minlength=spikes.n_peaks)
    kept = np.flatnonzero(sizes >= min(least, sizes.max()))
    number = np.full(spikes.n_peaks, -1, dtype=np.int64)
    number[kept] = np.arange(kept.size)
    norms = np.linalg.norm(vectors, axis=1)
    blocks = np.where(spikes.membership >= 0, number[spikes.membership], -1)
    outside = np.flatnonzero((blocks < 0) & (norms > 0))
    peaks = vectors[spikes.peaks[kept]] / norms[spikes.peaks[kept]][:, None]
    # the norm of the vector itself does not change which peak is nearest
    blocks[outside] = np.argmax(vectors[outside] @ peaks.T, axis=1)
    return np.asarray(blocks, dtype=np.int64)


def _numbered(blocks: NDArray[Any]) -> NDArray[np.int64]:
    names, numbers = np.unique(blocks, return_inverse=True)
    if names.size and names[0] < 0:
        without = int((names < 0).sum())
        numbers = np.where(numbers < without, names.size - without, numbers - without)
    return np.asarray(numbers, dtype=np.int64)
