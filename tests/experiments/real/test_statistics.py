"""What is measured of a matrix, against arithmetic by hand."""

import numpy as np
import pytest
from scipy import sparse

from experiments.real.statistics import analysed, analysed_if_large, first_dimensions, measure, ranks_of


def two_cliques(sizes=(12, 20), weights=(1.0, 3.0)):
    """Two complete graphs with loops: exact rays, one eigenvalue each (size times weight)."""
    return sparse.block_diag([w * np.ones((k, k)) for k, w in zip(sizes, weights)], format="csr")


def test_two_cliques_by_hand():
    found = analysed(two_cliques(), "graph", 2)
    got = measure(found, 2)
    assert got["items"] == 32 and got["zero_rows"] == 0
    # the larger and heavier clique has the larger norms and more than half of the rows
    assert got["peaks_at_rank"] == 1 and got["spk_at_rank"] == 1 / 32
    assert got["spectrum"][:2] == pytest.approx([60.0, 12.0])
    assert got["norm_quantiles"][0] == pytest.approx(12 / np.sqrt(12))
    assert got["norm_quantiles"][-1] == pytest.approx(60 / np.sqrt(20))
    assert got["norm_cv"] == pytest.approx(0, abs=1e-9)
    assert max(got["angles"]) == pytest.approx(0, abs=1e-4)
    # degrees tie within a clique while norms differ in their last bit there: the order of the cliques is what is left
    assert got["norm_degree"] > 0.8


def test_a_matrix_of_fewer_dimensions_is_described_at_all_of_them():
    rng = np.random.default_rng(0)
    graph = np.triu(rng.poisson(2.0, (14, 14)), 1)
    found = analysed(graph + graph.T, "graph", 40)
    assert found.embedding.rank == 13 and ranks_of(found) == (2, 3, 4, 6, 8, 12)
    assert first_dimensions(found.embedding, 40).rank == 13
    assert measure(found, 40) == measure(found, 13) != measure(found, 5)


def test_a_part_that_is_too_small_has_no_analysis():
    x = np.kron(np.eye(3), np.ones((5, 4)))
    assert analysed_if_large(x, 2, 12).items.size == 12
    assert analysed_if_large(x, 2, 13) is None
    assert analysed_if_large(np.eye(30), 2, 1) is None  # no item occurs twice


def test_too_small_a_matrix_is_refused():
    with pytest.raises(ValueError, match="at least 4 items to be compared; it has 3"):
        analysed(np.ones((3, 3)), "graph", 1)
