"""Graphs larger than memory: a graph in shards, each drawn by itself, by whoever and whenever, and the same every time.

The nodes stand in the order of `independent_pairs.group_nodes`: by block, and in a block by propensity. A pair belongs to the
node of it that comes first, and a shard holds the pairs of a run of nodes [a, b). With R these nodes and S those after b,

    pairs of the shard = {unordered pairs within R}  +  R x S,

two calls of the sampler that draws whole graphs, so that the law is the same. Each unordered pair of nodes
lies in one shard. Runs are chosen by the expected number of pairs of each node i of block c,

    theta_i (sum over later blocks d of B_cd t_d  +  B_cc times the propensities after i in its own block),

t_d the sum of propensities of block d, so that all shards expect nearly equally many. A node is never divided: the pairs of one
hub are in one shard.

Every shard has a child generator that follows from the caller's generator, the number of shards and the shard. So the edges do
not depend on who draws which shard, in which order, or on how many threads; another number of shards gives another graph of the
same law. Memory is bounded by the model and one shard.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulate.models.block_models import BlockModel
from simulate.sampling.graphs import above_one, draw_loops
from simulate.sampling.independent_pairs import LAWS, Groups, Law, group_nodes, sample_pairs
from simulate.sampling.probability_checks import require_probabilities
from simulate.validation import require_choice, require_generator, require_instance, require_integer

MOST_SHARDS = 100_000


@dataclass(frozen=True, eq=False)
class Shard:
    """The pairs of a shard: node numbers `source` <= `target` (m,), each pair once, and how often it was drawn.

    `weights` (m,) are whole numbers, None where every pair counts 1 (Bernoulli edges).
    """

    source: NDArray[Any]
    target: NDArray[Any]
    weights: NDArray[np.int64] | None

    @property
    def n_edges(self) -> int:
        """The number of edges, repeats counted."""
        return int(self.source.size if self.weights is None else self.weights.sum())


class ShardedGraph:
    """A graph of a block model in `shards` parts, none of which is drawn before `draw` asks for it.

    Parameters
    ----------
    model
        a `BlockModel`; it stays in memory, with about 40 bytes more for each node.
    shards
        their number, from 1 to 100,000.
    rng
        decides all edges, in this very moment.
    law, clip, loops
        as in `sample_graph`.

    Attributes
    ----------
    expected : (shards,) the number of edges that each shard expects, P above 1 counted as it is, loops left out.
    entropy : (8,) whole numbers drawn from `rng`, of which the generators of all shards are made.

    Raises
    ------
    ValueError
        as `sample_graph`; for a number of shards out of range.

    Examples
    --------
    >>> from simulate import sbm
    >>> model = sbm(1000, 2, mean_degree=10, rng=np.random.default_rng(0))
    >>> graph = ShardedGraph(model, 4, np.random.default_rng(1))
    >>> edges = sum(graph.draw(shard).n_edges for shard in range(4))
    >>> bool(np.ptp(graph.expected) < 20), abs(edges - 5000) < 360  # five standard deviations
    (True, True)
    """

    def __init__(
        self,
        model: BlockModel,
        shards: int,
        rng: np.random.Generator,
        *,
        law: Law = "bernoulli",
        clip: bool = False,
        loops: bool = False,
    ) -> None:
        require_instance(model, "model", BlockModel)
        require_integer(shards, "shards", least=1, most=MOST_SHARDS)
        require_choice(law, "law", LAWS)
        require_generator(rng)
        if law == "bernoulli":
            worst, mass = above_one(model, loops)
            require_probabilities(worst, mass, model.expected_degrees, clip)
        self._divide(model, shards, rng.integers(0, 2**32, size=8), law, bool(loops))

    @classmethod
    def of_entropy(
        cls,
        model: BlockModel,
        shards: int,
        entropy: NDArray[np.int64],
        *,
        law: Law = "bernoulli",
        loops: bool = False,
    ) -> ShardedGraph:
        """Return the graph that another process made of this model, given its `entropy`; P above 1 was dealt with there.

        Examples
        --------
        >>> from simulate import sbm
        >>> graph = ShardedGraph(sbm(50, 2, mean_degree=5, rng=np.random.default_rng(0)), 2, np.random.default_rng(1))
        >>> again = ShardedGraph.of_entropy(graph.model, 2, graph.entropy)
        >>> bool((again.draw(1).source == graph.draw(1).source).all())
        True
        """
        graph = cls.__new__(cls)
        graph._divide(model, shards, entropy, law, loops)
        return graph

    def _divide(
        self, model: BlockModel, shards: int, entropy: NDArray[np.int64], law: Law, loops: bool
    ) -> None:
        """Keep what decides the edges, and divide the nodes into runs that expect equally many pairs."""
        self.model, self.shards, self.entropy = model, shards, entropy
        self.law, self.loops = law, loops
        self._loop_means = model.loop_probabilities() if loops else np.empty(0)
        self._groups = group_nodes(model.propensities, model.labels)
        means = _pairs_of_each(self._groups, model)
        total = np.concatenate([[0.0], np.cumsum(means)])
        ends = np.searchsorted(total, np.linspace(0, total[-1], self.shards + 1)[1:-1])
        self._ends = np.concatenate([[0], np.maximum.accumulate(ends), [means.size]])
        self.expected = np.diff(total[self._ends])

    def draw(self, shard: int) -> Shard:
        """Draw the pairs of one shard, from 0: the same ones every time.

        Raises
        ------
        ValueError
            for a shard out of range.
        """
        require_integer(shard, "shard", least=0, most=self.shards - 1)
        seeds = np.random.SeedSequence(self.entropy.tolist(), spawn_key=(self.shards, shard))
        rng = np.random.Generator(np.random.PCG64(seeds))
        start, stop = int(self._ends[shard]), int(self._ends[shard + 1])
        groups = self._groups
        mine, later = _run(groups, start, stop), _run(groups, stop, groups.order.size)
        affinity = self.model.affinity
        parts = [
            sample_pairs(mine, mine, affinity, rng, law=self.law, symmetric=True),
            sample_pairs(mine, later, affinity, rng, law=self.law, symmetric=False),
        ]
        rows = [chunk for part in parts for chunk in part.rows]
        columns = [chunk for part in parts for chunk in part.columns]
        if self.loops:
            own = draw_loops(mine.order, self._loop_means[mine.order], rng, self.law)
            rows, columns = [*rows, own], [*columns, own]
        one, other = np.concatenate(rows), np.concatenate(columns)
        source, target = np.minimum(one, other), np.maximum(one, other)
        if self.law == "bernoulli":
            return Shard(source, target, None)
        return _counted(source, target)


def _pairs_of_each(groups: Groups, model: BlockModel) -> NDArray[np.float64]:
    """The expected number of pairs of each node with those after it, in the order of the groups; O(n + K^2)."""
    block = np.repeat(groups.blocks, np.diff(groups.bounds))
    sums = model.block_sums()
    later = np.triu(model.affinity, 1) @ sums  # blocks come in order
    running = np.cumsum(groups.theta)
    ends = np.searchsorted(block, np.arange(model.n_blocks), side="right")
    after = np.concatenate([[0.0], running])[ends][block] - running
    own = np.diag(model.affinity)[block] * np.maximum(after, 0.0)
    return np.asarray(groups.theta * (later[block] + own))


def _run(groups: Groups, start: int, stop: int) -> Groups:
    """The groups of the nodes from `start` to `stop` in their order; the groups at the ends may be parts of groups."""
    first = int(np.searchsorted(groups.bounds, start, side="right")) - 1
    last = int(np.searchsorted(groups.bounds, stop, side="left"))
    if start >= stop:
        first, last = 0, 0
    inner = np.clip(groups.bounds[first : last + 1], start, stop) - start
    bounds = inner if start < stop else np.zeros(1, dtype=np.int64)
    some = slice(start, stop)
    return Groups(
        groups.order[some], groups.theta[some], bounds, groups.blocks[first:last], groups.tops[first:last]
    )


def _counted(source: NDArray[Any], target: NDArray[Any]) -> Shard:
    """Each pair once, with the number of times that it was drawn."""
    order = np.lexsort((target, source))
    source, target = source[order], target[order]
    first = np.ones(source.size, dtype=bool)
    first[1:] = (source[1:] != source[:-1]) | (target[1:] != target[:-1])
    at = np.flatnonzero(first)
    return Shard(source[at], target[at], np.diff(np.append(at, source.size)))
