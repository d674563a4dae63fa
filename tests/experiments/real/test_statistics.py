"""What is measured of a matrix, against arithmetic by hand."""

import numpy as np
import pytest
from scipy import sparse

from experiments.real.statistics import (
    COMPARED,
    analysed,
    analysed_at,
    analysed_if_large,
    first_dimensions,
    measure,
    measure_at_rank,
    ranks_of,
    side_by_side,
)


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


def test_what_is_measured_at_a_rank_is_the_same_with_and_without_the_other_ranks():
    found = analysed(two_cliques(), "graph", 2)
    alone = measure_at_rank(analysed_at(two_cliques(), "graph", 2), 2)
    whole = measure(found, 2)
    assert set(COMPARED) < set(alone) < set(whole)
    assert alone == pytest.approx({key: whole[key] for key in alone}, nan_ok=True)


def test_two_matrices_are_compared_on_the_rows_that_have_a_direction_in_both():
    """Of 32 rows in two cliques the second matrix lacks the larger clique: 12 are left, which one peak holds in both."""
    first = analysed(two_cliques(), "graph", 2)
    other = two_cliques(sizes=(12, 20), weights=(1.0, 0.0)) + sparse.diags_array([1.0, *[0.0] * 31])
    second = analysed(sparse.csr_array(other), "graph", 2)
    got = side_by_side(first, second, 2)
    assert got["zero_rows"] == (0, 20) and got["peaks_at_rank"] == (1, 1)
    # on all of its rows the first has other numbers: those of the larger clique
    assert measure(first, 2)["norm_degree"] > 0.8 and got["norm_degree"][0] is None
    assert got == {key: (b, a) for key, (a, b) in side_by_side(second, first, 2).items()}


def test_two_matrices_that_share_hardly_a_row_are_not_compared():
    first, second = (analysed(two_cliques(weights=w), "graph", 2) for w in ((1.0, 3.0), (1.0, 3.0)))
    object.__setattr__(second, "items", second.items + 29)
    assert side_by_side(first, second, 2) == dict.fromkeys(COMPARED, (None, None))


def test_a_part_that_is_too_small_has_no_analysis():
    x = np.kron(np.eye(3), np.ones((5, 4)))
    assert analysed_if_large(x, 2, 12).items.size == 12
    assert analysed_if_large(x, 2, 13) is None
    assert analysed_if_large(np.eye(30), 2, 1) is None  # no item occurs twice


def test_too_small_a_matrix_is_refused():
    with pytest.raises(ValueError, match="at least 4 items to be compared; it has 3"):
        analysed(np.ones((3, 3)), "graph", 1)
