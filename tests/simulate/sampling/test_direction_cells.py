"""Cells of directions: bounds that hold for every pair of nodes, and the search for the pair with the largest P."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulate.sampling import direction_cells
from simulate.sampling.direction_cells import ROUNDING, DirectionCells


@st.composite
def positions(draw):
    """Clouds, few directions, nodes at the origin."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, d = draw(st.integers(0, 60)), draw(st.integers(1, 4))
    x = rng.standard_normal((n, d))
    if draw(st.booleans()) and n:
        x = x[rng.integers(0, min(n, 3), n)] * rng.lognormal(0, 1, (n, 1))
    x *= rng.random((n, 1)) > draw(st.sampled_from([0.0, 0.2]))
    return x, rng.choice([-1.0, 1.0], d)


@settings(deadline=None, max_examples=60)
@given(positions(), st.integers(1, 12))
def test_bounds_hold_for_all_nodes_of_two_cells_and_cells_hold_every_node_once(given_positions, number):
    x, signature = given_positions
    cells = DirectionCells(x)
    products = (cells.directions * signature) @ cells.directions.T
    *_, chosen = cells.refined([number])
    held = np.concatenate([cells.nodes[cell] for cell in chosen]) if chosen else np.zeros(0, int)
    assert sorted(held) == np.flatnonzero(x.any(axis=1)).tolist() and len(chosen) <= number
    for a in chosen:
        for b in chosen:
            bound = cells.bounds(np.array([a]), np.array([b]), signature)[0]
            assert products[np.ix_(cells.nodes[a], cells.nodes[b])].max() <= bound + ROUNDING


@settings(deadline=None, max_examples=60)
@given(positions(), st.booleans(), st.sampled_from([-0.5, 0.0, 0.5]))
def test_the_largest_pair_is_that_of_the_dense_matrix(given_positions, of_norms, threshold):
    x, signature = given_positions
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(direction_cells, "LEAF", 3)
        patch.setattr(direction_cells, "PAIRS_AT_ONCE", 2)
        cells = DirectionCells(x)
        found = cells.pair_above(threshold, cells.roots, signature, of_norms=of_norms, first=False)
        some = cells.pair_above(threshold, cells.roots, signature, of_norms=of_norms, first=True)
    rows = x if of_norms else cells.directions
    products = (rows * signature) @ rows.T
    alive = x.any(axis=1)
    products[np.eye(len(x), dtype=bool) | ~alive | ~alive[:, None]] = -np.inf
    largest = products.max(initial=-np.inf)
    if largest <= threshold:
        assert found is None or found.probability - largest < 1e-12
    else:
        assert found.probability == pytest.approx(largest) == products[found.i, found.j]
        assert products[some.i, some.j] > threshold - 1e-12


def test_nodes_of_few_directions_end_in_as_many_cells():
    rng = np.random.default_rng(0)
    directions = np.array([[1.0, 0.2], [0.3, 1.0], [-0.5, 1.0]])
    x = directions[np.arange(300) % 3] * rng.lognormal(0, 1, (300, 1))
    cells = DirectionCells(x)
    found = list(cells.refined([2, 8, 100]))
    assert [len(chosen) for chosen in found] == [2, 3]
    assert sorted(cells.nodes[cell].size for cell in found[-1]) == [100, 100, 100]
