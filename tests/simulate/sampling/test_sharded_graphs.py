"""Graphs in shards: the law of the whole, put together from its shards. Statistical bounds are at a false-alarm rate of 1e-6."""

import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from simulate import BlockModel, Pareto, ShardedGraph, dcbm, sbm

sys.path.append(str(Path(__file__).resolve().parent))
from exact_laws import ALARM, copies_of, law_of_small_graphs, least_tail, probabilities

THREE = BlockModel([1.0, 0.7, 0.4], [0, 0, 1], [[0.6, 0.9], [0.9, 0.3]])


def whole(graph, loops=False):
    """The adjacency matrix of all shards together."""
    n, total = graph.model.n_nodes, 0
    for shard in map(graph.draw, range(graph.shards)):
        values = np.ones(shard.source.size) if shard.weights is None else shard.weights
        total = total + sparse.coo_array((values, (shard.source, shard.target)), shape=(n, n)).tocsr()
    upper = sparse.triu(total, 1)
    diagonal = sparse.diags_array(1.0 * total.diagonal()) if loops else 0 * total
    return sparse.csr_array(upper + upper.T + diagonal)


@pytest.mark.parametrize("law", ["bernoulli", "poisson"])
@pytest.mark.parametrize("loops", [False, True])
@pytest.mark.parametrize("shards", [1, 3, 7])
def test_every_entry_has_its_mean(law, loops, shards):
    model, rng = copies_of(THREE, 12), np.random.default_rng(5)

    def sample():
        return whole(ShardedGraph(model, shards, rng, law=law, loops=loops), loops)

    assert least_tail(sample, probabilities(THREE), 12, 60, law, loops=loops) > ALARM


def test_the_exact_law_of_all_graphs_on_three_nodes():
    """In 5 shards the borders lie within copies, so that pairs of one copy come from two shards and from both calls."""
    model, rng = copies_of(THREE, 30), np.random.default_rng(6)
    pairs = np.triu_indices(3, 1)
    p = law_of_small_graphs(lambda: whole(ShardedGraph(model, 5, rng)), probabilities(THREE), 30, 60, pairs)
    assert p > ALARM


def test_a_shard_is_the_same_whoever_draws_it_and_whenever():
    model = dcbm(400, 3, mean_degree=8, heterogeneity=Pareto(2.5, maximum=10), rng=np.random.default_rng(0))
    one, other = (ShardedGraph(model, 6, np.random.default_rng(1), law="poisson") for _ in range(2))
    for shard in (4, 0, 5, 1, 3, 2, 4):
        a, b = one.draw(shard), other.draw(shard)
        assert a.source.tolist() == b.source.tolist() and a.target.tolist() == b.target.tolist()
        assert a.weights.tolist() == b.weights.tolist()


def test_another_number_of_shards_or_another_generator_gives_another_graph():
    model = sbm(200, 2, mean_degree=8, rng=np.random.default_rng(0))
    graphs = [
        whole(ShardedGraph(model, shards, np.random.default_rng(seed)))
        for shards, seed in ((4, 1), (5, 1), (4, 2))
    ]
    assert (graphs[0] != graphs[1]).nnz and (graphs[0] != graphs[2]).nnz


def test_every_pair_lies_in_one_shard_and_certain_edges_are_all_drawn():
    model = BlockModel(np.ones(40), np.arange(40) % 3, np.ones((3, 3)))
    assert (whole(ShardedGraph(model, 7, np.random.default_rng(0))).toarray() == 1 - np.eye(40)).all()


def test_shards_expect_what_the_model_expects_in_equal_parts():
    model = dcbm(
        3000,
        4,
        mean_degree=12,
        mixing=0.3,
        heterogeneity=Pareto(2.5, maximum=20),
        rng=np.random.default_rng(2),
    )
    graph = ShardedGraph(model, 9, np.random.default_rng(3))
    assert np.isclose(graph.expected.sum(), model.expected_edges(), rtol=1e-12)
    # a border stands between two nodes, so that a shard is off by what its last node expects
    assert np.ptp(graph.expected) <= 2 * model.expected_degrees().max()


def test_more_shards_than_nodes_and_nodes_that_cannot_have_an_edge():
    model = BlockModel([0.0, 1.0, 0.5, 0.0], [0, 0, 1, 1], [[0.0, 0.9], [0.9, 0.0]])
    graph = ShardedGraph(model, 10, np.random.default_rng(0))
    assert sum(graph.draw(shard).n_edges for shard in range(10)) in (0, 1)
    assert whole(ShardedGraph(BlockModel([], [], [[0.5]]), 2, np.random.default_rng(0))).nnz == 0


def test_what_no_sampler_takes_is_refused():
    model, rng = sbm(50, 2, mean_degree=8, rng=np.random.default_rng(0)), np.random.default_rng(0)
    with pytest.raises(ValueError, match="shards must be an integer from 1 to 100000; got 0"):
        ShardedGraph(model, 0, rng)
    with pytest.raises(ValueError, match="shard must be"):
        ShardedGraph(model, 3, rng).draw(3)
    dense = BlockModel(np.full(4, 2.0), [0, 0, 1, 1], np.eye(2))
    with pytest.raises(ValueError, match="P must be at most 1"):
        ShardedGraph(dense, 2, rng)
    with pytest.warns(UserWarning, match="P exceeds 1"):
        assert ShardedGraph(dense, 2, rng, clip=True).draw(0).source.size >= 0
