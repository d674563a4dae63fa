"""What is taken for rounding in an eigenvector, and what is a true part of it."""

import numpy as np
import pytest
from scipy import sparse

from theory.analysis.rounding import MOST_NOISE, settled

TWO_PARTS = sparse.csr_array(np.kron(np.eye(2), np.ones((2, 2))))


@pytest.mark.parametrize(
    ("part", "residual", "kept"),
    [
        (0.15, 0.5, True),  # however loose the tolerance, a tenth of the length is no noise
        (0.05, 0.5, False),
        (0.05, 1e-3, True),  # five times what ten residuals explain
        (0.005, 1e-3, False),
    ],
)
def test_the_part_of_a_vector_on_another_component_is_noise_up_to_ten_residuals_and_a_tenth(
    part, residual, kept
):
    large = np.sqrt((1 - part**2) / 2)
    vector = np.array([large, large, part / np.sqrt(2), part / np.sqrt(2)])[:, None]
    found = settled(vector, np.array([residual]), TWO_PARTS)
    assert found[2:].any() == kept and MOST_NOISE == 0.1
    np.testing.assert_allclose(np.linalg.norm(found), 1.0)
    assert np.array_equal(found[:2] > 0, [[True], [True]])


def test_at_full_accuracy_what_is_a_trillionth_of_the_largest_entry_is_zero():
    found = settled(np.array([[-0.5, 1.0], [4e-13, 2e-12], [0.4, 9e-13]]), np.zeros(2))
    assert found.tolist() == [[0.5, 1.0], [0.0, 2e-12], [-0.4, 0.0]]
