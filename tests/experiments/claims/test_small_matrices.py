"""A caller's matrix may have fewer dimensions than a claim asks for: the ranks of what is shown beside the verdict are capped."""

import math

import numpy as np
import pytest

from experiments.claims import e5_other_factorizations_make_spikes as other_factorizations
from experiments.claims import e6_block_model_is_the_right_twin as right_twin


def rngs(*roles):
    return {role: np.random.default_rng(0) for role in roles}


def test_the_twin_of_a_small_matrix_is_compared_in_the_dimensions_that_it_has():
    row = right_twin.real_trial({"matrix": "davis"}, rngs("draw"))
    assert set(row) == {shown.name for shown in right_twin.SHOWN}
    assert all(math.isfinite(value) for value in row.values())


@pytest.mark.parametrize("method", [other_factorizations.SVD, "ease"])
def test_a_small_matrix_is_factorised_in_the_dimensions_that_it_has(method):
    row = other_factorizations.real_trial({"matrix": "davis", "method": method}, rngs("null", "fit"))
    assert 0 < row["spk"] <= 1 and 0 < row["null_spk"] <= 1
