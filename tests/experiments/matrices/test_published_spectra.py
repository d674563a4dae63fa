"""The shape of a spectrum as it was published: the ratio s_1 / s_128 and the slope from k = 10 to 128."""

import numpy as np
import pytest

from experiments.matrices.published_spectra import (
    PUBLISHED_EXPONENT,
    PUBLISHED_RATIO,
    spectrum_shape,
)


def test_a_power_law_has_its_exponent_whatever_the_signs_and_the_order():
    values = 5.0 * np.arange(1, 201) ** -0.6 * np.where(np.arange(200) % 3, 1, -1)
    ratio, exponent = spectrum_shape(np.random.default_rng(0).permutation(values))
    assert ratio == pytest.approx(128**0.6, rel=1e-12) and exponent == pytest.approx(-0.6, rel=1e-12)


def test_both_numbers_of_a_published_matrix_are_known():
    assert PUBLISHED_RATIO.keys() == PUBLISHED_EXPONENT.keys()


@pytest.mark.parametrize("values", [np.ones(127), np.arange(128.0), []])
def test_too_few_values_are_refused(values):
    with pytest.raises(ValueError, match="at least 128 that are not 0"):
        spectrum_shape(values)
