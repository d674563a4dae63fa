"""Graphs of dot product models, entry by entry and graph by graph (false-alarm rate 1e-6)."""

import sys
from pathlib import Path

import numba
import numpy as np
import pytest

from simulate import (
    DotProductModel,
    LogNormal,
    Pareto,
    as_dot_product,
    dcbm,
    mixed_membership,
    sample_dot_product,
    sample_graph,
)
from simulate.sampling import dot_product_graphs
from simulate.sampling.direction_cells import DirectionCells
from simulate.sampling.dot_product_graphs import _envelope, _pairs

sys.path.append(str(Path(__file__).resolve().parent))
from exact_laws import ALARM, law_of_small_graphs, least_tail, probabilities


def cone(n, rng, degree=None, heavy=0.5):
    """Directions around the first axis, signature (2, 1): P = theta theta' (1 + b b' - c c') >= 0.5 theta theta'."""
    theta = rng.lognormal(0, heavy, n)
    x = theta[:, None] * np.column_stack([np.ones(n), rng.uniform(-0.7, 0.7, (n, 2))])
    model = DotProductModel(x, [1, 1, -1])
    if degree is None:
        scale = 0.95 / np.max(probabilities(model))
    else:
        scale = degree / model.expected_degrees().mean()
    return DotProductModel(x * np.sqrt(scale), [1, 1, -1])


@pytest.mark.parametrize("law", ["bernoulli", "poisson"])
@pytest.mark.parametrize("cells", [1, 12])
def test_every_pair_has_its_law_whatever_the_cells(law, cells, monkeypatch):
    monkeypatch.setattr(dot_product_graphs, "NUMBERS_OF_CELLS", (cells,))
    rng = np.random.default_rng(0)
    model = cone(30, rng)
    many = DotProductModel(np.tile(model.positions, (20, 1)), model.signature)
    assert len(_envelope(many, DirectionCells(many.positions))[0]) == cells
    p = probabilities(model)
    assert least_tail(lambda: sample_dot_product(many, rng, law=law), p, 20, 20, law) > ALARM


def test_the_law_of_all_graphs_on_four_nodes():
    rng = np.random.default_rng(1)
    one = cone(4, rng)
    many = DotProductModel(np.tile(one.positions, (100, 1)), one.signature)
    found = law_of_small_graphs(
        lambda: sample_dot_product(many, rng), probabilities(one), 100, 100, np.triu_indices(4, 1)
    )
    assert found > ALARM


def test_a_block_model_has_one_cell_per_block_and_no_pair_too_many():
    rng = np.random.default_rng(2)
    blocks = dcbm(3000, 4, heterogeneity=Pareto(2.5, maximum=20), mean_degree=12, rng=rng)
    model = as_dot_product(blocks)
    cells = DirectionCells(model.positions)
    chosen, strength = _envelope(model, cells)
    assert sorted(cells.nodes[cell].size for cell in chosen) == [750] * 4
    mass = np.array([cells.norms[cells.nodes[cell]].sum() for cell in chosen])
    total = blocks.expected_degrees(loops=True).sum()
    assert mass @ strength @ mass == pytest.approx(total, rel=1e-6)
    edges = [graph.nnz for graph in (sample_dot_product(model, rng), sample_graph(blocks, rng))]
    assert abs(edges[0] - edges[1]) < 5 * 2 * np.sqrt(2 * blocks.expected_edges())


def test_candidates_follow_the_edges_and_not_the_pairs():
    """They are counted, not timed: at most a few an edge, whatever n is."""
    rng = np.random.default_rng(3)
    loose = []
    for n in (4000, 16_000, 64_000):
        model = cone(n, rng, degree=10)
        cells = DirectionCells(model.positions)
        edges, _ = _pairs(model, cells, *_envelope(model, cells), rng, "bernoulli")
        assert abs(edges.n_edges - model.expected_edges()) < 5 * np.sqrt(model.expected_edges())
        loose.append(edges.candidates / edges.n_edges)
    assert max(loose) < 2.2 and loose[-1] <= loose[0] * 1.05


def test_form_of_the_matrix_and_the_number_of_threads():
    model = cone(2000, np.random.default_rng(4), degree=20)
    before, graphs = numba.get_num_threads(), []
    try:
        for threads in (1, 2):
            numba.set_num_threads(min(threads, before))
            graphs.append(sample_dot_product(model, np.random.default_rng(3)))
    finally:
        numba.set_num_threads(before)
    graph = graphs[0]
    assert (graph != graphs[1]).nnz == 0 and (graph != graph.T).nnz == 0 and not graph.diagonal().any()
    assert graph.dtype == np.float32 and set(graph.data) == {1.0} and graph.has_canonical_format


def test_p_outside_its_range_is_refused_with_its_pair_or_cut_with_a_warning():
    x = np.array([[1.5, 0.0], [0.9, 0.3], [0.2, 0.1], [0.1, -0.3], [0.0, 0.0]])
    model = DotProductModel(x)
    with pytest.raises(ValueError, match=r"P must be at least 0; the pair \(2, 3\) has P = -0.01"):
        sample_dot_product(model, np.random.default_rng(0), law="poisson")
    with pytest.raises(ValueError, match=r"P must be from 0 to 1 .* \(2, 3\) has P = -0.01. Pass clip=True"):
        sample_dot_product(model, np.random.default_rng(0))
    with pytest.raises(ValueError, match=r"the pair \(0, 1\) has P = 1.35. Positions times 0.8607 fit"):
        sample_dot_product(DotProductModel(x[:3]), np.random.default_rng(0))
    with pytest.warns(UserWarning, match=r"the pair \(0, 1\), for one, has P = 1.35|the pair \(2, 3\)"):
        graph = sample_dot_product(model, np.random.default_rng(0), clip=True)
    assert graph[0, 1] == 1 and graph[2, 3] == 0 and not graph[[4]].nnz
    sample_dot_product(DotProductModel(x[:3] * 0.86), np.random.default_rng(0))
    large = DotProductModel(np.full((3, 1), 500.0))
    with pytest.raises(ValueError, match="dtype must hold counts of mean 2.5e\\+05; int16"):
        sample_dot_product(large, np.random.default_rng(0), law="poisson", dtype=np.int16)


def test_pure_nodes_of_orthogonal_communities_are_not_taken_for_negative():
    rng = np.random.default_rng(5)
    blocks = dcbm(600, 3, heterogeneity=LogNormal(0.5), mean_degree=6, mixing=0.0, rng=rng)
    for model in (blocks, mixed_membership(blocks, 0.5, rng)[0]):
        graph = sample_dot_product(as_dot_product(model), rng)
        assert abs(graph.nnz / 2 - model.expected_edges()) < 5 * np.sqrt(model.expected_edges())
