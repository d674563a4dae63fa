"""Rows of length one and ratios of eigenvectors: theta is gone, isolated rows stay 0, nothing overflows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulate import BlockModel
from theory import Embedding, eigenvector_ratios, embed, population, unit_rows


def a_model(seed=0, n=30):
    theta = np.random.default_rng(seed).lognormal(0, 0.8, n)
    return BlockModel(
        theta, np.arange(n) % 3, np.array([[1, 0.35, 0.2], [0.35, 0.8, 0.3], [0.2, 0.3, 1.2]]) * 0.1
    )


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**32 - 1), st.floats(-150, 150))
def test_unit_rows_have_norm_one_whatever_their_scale(seed, exponent):
    rows = np.random.default_rng(seed).standard_normal((7, 3)) * 10.0**exponent
    rows[2] = 0
    found = unit_rows(rows)
    norms = np.linalg.norm(found, axis=1)
    assert norms[2] == 0 and np.delete(norms, 2) == pytest.approx(np.ones(6), abs=1e-15)
    largest = np.abs(rows).max()
    assert np.cross(found, rows / largest) == pytest.approx(np.zeros((7, 3)), abs=1e-15)


def test_unit_rows_refuse_what_is_no_row():
    with pytest.raises(ValueError, match="vectors must hold finite numbers"):
        unit_rows([[np.nan, 1.0]])
    with pytest.raises(ValueError, match="vectors must be a matrix"):
        unit_rows([1.0, 2.0])


def test_ratios_of_a_block_model_are_one_point_per_block_at_the_distances_of_jin():
    model = a_model()
    ratios = eigenvector_ratios(population("adjacency", model), most=1e6)
    centres = ratios[:3]
    assert ratios == pytest.approx(centres[model.labels], abs=1e-12)
    # |R_k - R_l|^2 = 1 / H_k1^2 + 1 / H_l1^2: rows of an orthogonal H, divided by their first entry
    _, h = model.block_spectrum()
    for k, other in ((0, 1), (0, 2), (1, 2)):
        distance = ((centres[k] - centres[other]) ** 2).sum()
        assert distance == pytest.approx(1 / h[k, 0] ** 2 + 1 / h[other, 0] ** 2)


def test_ratios_are_cut_at_the_logarithm_and_isolated_rows_are_zero():
    basis = np.array([[1e-300, 1e-3], [1e-3, -1.0], [0.0, -2.0], [0.0, 0.0], [0.5, 0.25], [-1e-9, 1.0]])
    found = eigenvector_ratios(Embedding(np.array([2.0, 1.0]), basis)).ravel()
    limit = np.log(6)
    assert found == pytest.approx([limit, -limit, -limit, 0.0, 0.5, -limit])
    assert eigenvector_ratios(Embedding(np.array([2.0, 1.0]), basis), most=3000).ravel()[1] == pytest.approx(
        -1000
    )


def test_a_component_of_its_own_is_cut_and_not_divided_by_zero():
    two = np.kron(np.diag([1.0, 0.5]), np.ones((150, 150)))
    two[-1] = two[:, -1] = 0
    ratios = eigenvector_ratios(embed(two, 2)).ravel()
    assert (ratios[:150] == 0).all() and (ratios[150:-1] == np.log(300)).all() and ratios[-1] == 0


def test_ratios_need_two_dimensions():
    embedding = population("adjacency", a_model())
    assert eigenvector_ratios(embedding, 2).shape == (30, 1)
    with pytest.raises(ValueError, match="at least two dimensions to have ratios; it has 1"):
        eigenvector_ratios(Embedding(np.ones(1), np.ones((4, 1))))
    with pytest.raises(ValueError, match="rank must be"):
        eigenvector_ratios(embedding, 4)
    with pytest.raises(ValueError, match="most must be a number above 0"):
        eigenvector_ratios(embedding, most=0.0)
