"""Graphs of factor models, entry by entry (false-alarm rate 1e-6)."""

import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from simulate import FactorModel, LogNormal, dcbm, mixed_membership, sample_factor_graph, sample_graph, sbm

sys.path.append(str(Path(__file__).resolve().parent))
from exact_laws import ALARM, least_tail


@pytest.mark.parametrize("law", ["bernoulli", "poisson"])
def test_every_pair_has_its_law(law):
    rng = np.random.default_rng(0)
    base = dcbm(40, 3, heterogeneity=LogNormal(0.6), mean_degree=9, rng=rng)
    model, _ = mixed_membership(base, 0.6, rng)
    p = model.factors @ model.affinity @ model.factors.T
    scale = np.sqrt(0.9 / p.max())
    many = FactorModel(np.tile(model.factors * scale, (10, 1)), model.affinity)
    sample = partial(sample_factor_graph, many, rng, law=law)
    assert least_tail(sample, p * scale**2, 10, 30, law) > ALARM


def test_one_nonzero_entry_a_row_is_the_block_model():
    base = sbm(60, 3, mean_degree=8, rng=np.random.default_rng(0))
    model, memberships = mixed_membership(base, 0.0, np.random.default_rng(0))
    assert np.array_equal(memberships.argmax(axis=1), base.labels)
    assert np.allclose(model.expected_degrees(), base.expected_degrees())
    assert np.allclose(np.abs(model.spectrum()[0]), np.abs(base.spectrum()[0]))
    counts = [sample_factor_graph(model, np.random.default_rng(s)).nnz for s in range(100)]
    reference = [sample_graph(base, np.random.default_rng(s)).nnz for s in range(100)]
    assert abs(np.mean(counts) - np.mean(reference)) < 5 * np.sqrt(4 * 2 * base.expected_edges() / 100)


def test_the_largest_pair_is_found_wherever_it_is():
    factors = np.full((1500, 1), 0.01)
    for pair in ((0, 1), (0, 1499), (1023, 1024), (1498, 1499)):
        x = factors.copy()
        x[list(pair)] = 1.2
        with pytest.raises(ValueError, match=r"it reaches 1\.44"):
            sample_factor_graph(FactorModel(x, [[1.0]]), np.random.default_rng(0))
    alone = factors.copy()
    alone[7] = 30.0  # P_77 would be 900, but no node is joined to itself
    assert sample_factor_graph(FactorModel(alone, [[1.0]]), np.random.default_rng(0)).shape == (1500, 1500)


def test_counts_that_a_dtype_cannot_hold_are_refused():
    with pytest.raises(ValueError, match="dtype must hold counts of mean 400; uint8 ends at 255"):
        sample_factor_graph(
            FactorModel(np.full((3, 1), 20.0), [[1.0]]),
            np.random.default_rng(0),
            law="poisson",
            dtype=np.uint8,
        )


def test_probabilities_near_one_are_refused():
    with pytest.raises(ValueError, match=r"P must be at most 0.99 .*; it reaches 1"):
        sample_factor_graph(FactorModel(np.ones((3, 1)), [[1.0]]), np.random.default_rng(0))
