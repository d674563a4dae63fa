"""Every change and null takes a matrix in any form, leaves it as it is, and draws from a generator only."""

import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from simulate import (
    chung_lu,
    degree_preserving,
    dropout,
    grow_graph,
    grow_log,
    permuted_items,
    rewire,
    thin_graph,
)

sys.path.append(str(Path(__file__).resolve().parents[0]))
from example_graphs import graph


def with_zeros_and_doubles(a):
    """The same matrix with entries given twice and zeros stored."""
    coo = sparse.coo_array(a)
    rows, columns = (np.concatenate([index, index, [0, 3]]) for index in coo.coords)
    data = np.concatenate([coo.data / 2, coo.data / 2, [0.0, 0.0]])
    return sparse.coo_array((data, (rows, columns)), shape=a.shape)


@pytest.mark.parametrize(
    "make",
    [
        lambda a, rng: degree_preserving(a, rng),
        lambda a, rng: permuted_items(a, rng),
        lambda a, rng: dropout(a, 0.3, rng).graph,
        lambda a, rng: rewire(a, 0.3, rng).graph,
        lambda a, rng: thin_graph(a, 0.5, rng),
        lambda a, rng: grow_graph(a, rng).at(0.5),
        lambda a, rng: grow_log(a, rng).at(0.5),
    ],
)
def test_stored_zeros_and_doubles_are_no_edges_and_nothing_is_changed_in_place(make):
    a = graph(200).astype(np.float64)
    odd = with_zeros_and_doubles(a)
    before = odd.data.copy(), odd.coords[0].copy()
    plain = make(a, np.random.default_rng(5))
    assert not (make(odd, np.random.default_rng(5)) != plain).nnz
    assert np.array_equal(odd.data, before[0]) and np.array_equal(odd.coords[0], before[1])


def test_every_draw_wants_a_generator():
    a = graph(30)
    for call in (
        lambda: dropout(a, 0.5, 0),
        lambda: rewire(a, 0.5, 0),
        lambda: permuted_items(a, 0),
        lambda: chung_lu(a, 0),
        lambda: grow_log(a, 0),
        lambda: grow_graph(a, 0),
        lambda: thin_graph(a, 0.5, 0),
        lambda: degree_preserving(a, 0),
    ):
        with pytest.raises(TypeError, match="rng must be a numpy.random.Generator"):
            call()
