"""Groups whose items occur only with each other: in a log, in a graph, and among vectors alone."""

import numpy as np
import pytest
from scipy import sparse

from experiments.real.faults.bots import bicliques, bots
from experiments.real.faults.given_rows import GivenRows
from experiments.real.faults.near_duplicates import duplicate_groups
from simulate import LogNormal, bipartite_dcbm, dcbm, sample_bipartite, sample_graph
from simulate.changes.planted_faults import plant_biclique


def a_log(seed, blocks=4):
    rng = np.random.default_rng(seed)
    model = bipartite_dcbm(500, 200, blocks, heterogeneity=LogNormal(0.6), mean_length=9.0, rng=rng)
    return sample_bipartite(model, rng, clip=True), rng


def told_of(matrix, rng):
    given = GivenRows.of(rng.standard_normal((matrix.shape[1], 4)), None, rng)
    return bots(given, duplicate_groups(given, rng), matrix, rng)


@pytest.mark.filterwarnings("ignore:P exceeds 1")
@pytest.mark.parametrize(("contexts", "items", "missing"), [(20, 12, 0.0), (5, 6, 0.0), (60, 30, 0.04)])
def test_contexts_that_hold_the_same_items_are_found_in_a_log(contexts, items, missing):
    log, rng = a_log(0)
    bad, columns = plant_biclique(log, rng, contexts=contexts, items=items, missing=missing)
    told = told_of(bad, rng)
    assert told.found and told.value == contexts
    assert set(told.rows) <= {f"row {column}" for column in columns}
    assert f"{contexts} contexts hold nearly the same {items} items" in told.sentence


@pytest.mark.filterwarnings("ignore:P exceeds 1")
@pytest.mark.parametrize("blocks", [1, 4, 10])
def test_communities_of_a_log_are_no_bots(blocks):
    """The bound is far below the level: the chance of an alarm is below 1e-6."""
    for seed in range(3):
        log, rng = a_log([1, seed], blocks)
        told = told_of(log, rng)
        assert not told.found and "No 5 or more contexts" in told.sentence


@pytest.mark.parametrize("planted", [False, True])
def test_a_clique_apart_is_found_in_a_graph(planted):
    rng = np.random.default_rng(3)
    model = dcbm(300, 3, heterogeneity=LogNormal(0.5), mean_degree=20, mixing=0.1, rng=rng)
    graph = sample_graph(model, rng, law="poisson", dtype=np.float64).toarray()
    if planted:
        graph[280:] = graph[:, 280:] = 0
        graph[280:, 280:] = 1 - np.eye(20)
        graph[3, 285] = graph[285, 3] = 1
    told = told_of(sparse.csr_array(graph), rng)
    assert told.found == planted
    if planted:
        assert told.value == 20 and "20 nodes are linked to nearly all of each other" in told.sentence


def test_an_album_that_many_others_hold_too_is_no_group():
    rng = np.random.default_rng(4)
    held = (rng.random((400, 60)) < 0.1).astype(float)
    held[:20, 50:] = 1  # twenty contexts hold ten items together,
    held[:20, :50] = 0
    held[20:200, 50:] = rng.random((180, 10)) < 0.5  # which 180 others hold in part
    assert bicliques(sparse.csr_array(held), rng) == []
    held[20:200, 50:] = 0
    held[200:, 50:] = 0
    (one,) = bicliques(sparse.csr_array(held), rng)
    assert (one.rows.tolist(), one.columns.tolist()) == (list(range(20)), list(range(50, 60)))
    assert one.log_chance < np.log(1e-9)
