"""The axis of a block against a full SVD, and the cosines of its rows."""

import numpy as np
import pytest

from theory import axes_of_blocks, cosines_to_axes


def noisy_blocks(n=600, blocks=3, f=5):
    """Rows around `blocks` directions, some of them zero, and labels of which some are -1."""
    rng = np.random.default_rng(0)
    labels = rng.integers(-1, blocks, n)
    vectors = rng.standard_normal((blocks + 1, f))[labels] * rng.lognormal(0, 1, n)[:, None]
    vectors += 0.2 * rng.standard_normal((n, f))
    vectors[::50] = 0.0
    return vectors, labels


def test_the_axis_is_the_leading_right_singular_vector():
    vectors, labels = noisy_blocks()
    for block, axis in enumerate(axes_of_blocks(vectors, labels, 3)):
        mine = vectors[labels == block]
        expected = np.linalg.svd(mine, full_matrices=False)[2][0]
        # the Gram matrix squares the gap: a few eps over it
        np.testing.assert_allclose(np.abs(axis @ expected), 1.0, atol=1e-12)
        assert (mine @ axis).sum() > 0


def test_cosines_are_those_to_the_axis_and_zero_without_one():
    vectors, labels = noisy_blocks()
    axes, cosines = axes_of_blocks(vectors, labels), cosines_to_axes(vectors, labels)
    for i in (1, 7, 101):
        expected = 0.0 if labels[i] < 0 else vectors[i] @ axes[labels[i]] / np.linalg.norm(vectors[i])
        assert cosines[i] == pytest.approx(expected, abs=1e-15)
    assert not cosines[::50].any() and not cosines[labels < 0].any()


def test_a_block_without_a_direction_has_an_axis_of_zeros():
    axes = axes_of_blocks([[1.0, 2.0], [0.0, 0.0]], [0, 1], 3)
    np.testing.assert_allclose(axes[0], np.array([1.0, 2.0]) / np.sqrt(5))
    assert not axes[1:].any()


def test_labels_must_be_below_the_number_of_blocks():
    with pytest.raises(ValueError, match="labels must be below n_blocks, 1; the largest is 1"):
        cosines_to_axes(np.eye(2), [0, 1], 1)
