"""Growth: snapshots nest, end in the whole, and respect births."""

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse, stats

from simulate import LogNormal, dcbm, grow_graph, grow_log, sample_graph

sys.path.append(str(Path(__file__).resolve().parents[1]))
from example_graphs import ALARM, Z, graph, pairs_of


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**31), st.sampled_from(["contexts", "interactions"]), st.sampled_from([0.0, 0.5]))
def test_snapshots_nest_and_end_in_the_whole(seed, by, arriving):
    rng = np.random.default_rng(seed)
    x = sparse.csr_array((rng.random((15, 12)) < 0.3).astype(float))
    growing = grow_log(x, rng, by=by, arriving=arriving)
    previous = growing.at(0.0)
    assert previous.nnz == 0
    for date in (0.25, 0.5, 1.0):
        snapshot = growing.at(date)
        assert (snapshot - previous).min() >= 0 if snapshot.nnz else previous.nnz == 0
        previous = snapshot
    assert (previous != x).nnz == 0
    assert (growing.times >= growing.births[growing.columns]).all()


def test_a_growing_graph_stays_symmetric_and_its_edges_come_uniformly():
    a = graph(600)
    growing = grow_graph(a, np.random.default_rng(0))
    half = growing.at(0.5)
    assert (half != half.T).nnz == 0 and (growing.at(1.0) != a).nnz == 0
    edges = len(pairs_of(a))
    assert abs(half.nnz / 2 - edges / 2) < Z * np.sqrt(edges / 4)


def test_an_unsorted_log_stays_as_it_is():
    x = sparse.csr_array(
        (np.array([1.0, 2, 3, 4]), np.array([1, 0, 1, 0]), np.array([0, 2, 4])), shape=(2, 2)
    )
    grow_log(x, np.random.default_rng(0))
    assert x.indices.tolist() == [1, 0, 1, 0] and x.data.tolist() == [1, 2, 3, 4]


def test_each_unit_of_a_count_grows_by_itself_as_in_thinning():
    model = dcbm(900, 3, heterogeneity=LogNormal(0.6), mean_degree=60, rng=np.random.default_rng(0))
    counts = sample_graph(model, np.random.default_rng(0), law="poisson")
    assert counts.data.max() > 1
    growing = grow_graph(counts, np.random.default_rng(1))
    assert (growing.at(1.0) != counts).nnz == 0
    units, early = int(counts.sum() / 2), int(growing.at(0.3).sum() / 2)
    assert min(stats.binom.cdf(early, units, 0.3), stats.binom.sf(early - 1, units, 0.3)) > ALARM / 2
    assert (growing.at(0.5) != counts.multiply(growing.at(0.5) != 0)).nnz > 0  # some counts are there in part


def test_weights_that_are_no_counts_come_whole():
    a = graph(60) * 0.5
    half = grow_graph(a, np.random.default_rng(0)).at(0.5)
    assert set(np.unique(half.data)) == {0.5}


@pytest.mark.parametrize("arriving", [0.0, 0.4])
def test_a_node_has_no_edge_before_its_birth(arriving):
    growing = grow_graph(graph(), np.random.default_rng(0), arriving=arriving)
    assert (growing.births > 0).sum() == round(arriving * 400)
    for date in (0.2, 0.7):
        unborn = growing.births >= date
        assert growing.at(date)[unborn].nnz == 0
    assert growing.at(0.5).nnz > 0


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda r: grow_log(np.ones((2, 2)), r, by="items"), "by must be one of"),
        (lambda r: grow_log(np.ones((2, 2)), r, arriving=2.0), "arriving must be"),
        (lambda r: grow_log(np.ones((2, 2)), r).at(2.0), "date"),
        (lambda r: grow_graph(np.ones((2, 3)), r), "graph must be a symmetric square"),
    ],
)
def test_bad_input_is_refused_by_name(call, words):
    with pytest.raises(ValueError, match=words):
        call(np.random.default_rng(0))


def test_after_its_birth_the_times_of_an_item_are_uniform():
    """Kolmogorov-Smirnov on the events of late items, which are all there are: one alarm in a million."""
    growing = grow_log(np.ones((400, 50)), np.random.default_rng(0), by="interactions", arriving=1.0)
    births = growing.births[growing.columns]
    assert (growing.births > 0).all() and stats.kstest(growing.births, "uniform").pvalue > ALARM
    assert stats.kstest((growing.times - births) / (1 - births), "uniform").pvalue > ALARM


def test_an_edge_comes_after_the_later_of_its_nodes_and_uniformly_from_then_on():
    growing = grow_graph(graph(300), np.random.default_rng(0), arriving=1.0)
    one_way = growing.rows < growing.columns
    later = np.maximum(growing.births[growing.rows], growing.births[growing.columns])[one_way]
    assert stats.kstest((growing.times[one_way] - later) / (1 - later), "uniform").pvalue > ALARM
