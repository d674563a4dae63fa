"""Factor models against dense linear algebra, and their samplers entry by entry (false-alarm rate 1e-6)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from simulate import BlockModel, LogNormal, dcbm, sample_graph, sbm
from simulate.models.factor_models import (
    FactorModel,
    mixed_membership,
    nested_blocks,
    overlapping_membership,
    sample_factor_graph,
)

ALARM = 1e-6


def dense(model):
    return model.factors @ model.affinity @ model.factors.T


@settings(deadline=None, max_examples=80)
@given(st.integers(2, 20), st.integers(1, 4), st.integers(0, 2**31))
def test_spectrum_operator_and_degrees_are_those_of_the_dense_matrix(n, r, seed):
    rng = np.random.default_rng(seed)
    s = rng.random((r, r))
    model = FactorModel(rng.random((n, r)) * (rng.random((n, r)) < 0.8), s + s.T)
    p = dense(model)
    values, vectors = model.spectrum()
    assert np.allclose((vectors * values) @ vectors.T, p, atol=1e-11)
    assert np.allclose(model.operator() @ np.eye(n), p, atol=1e-12)
    assert np.allclose(model.expected_degrees(), p.sum(1) - np.diag(p), atol=1e-11)
    assert np.allclose(model.expected_degrees(loops=True), p.sum(1), atol=1e-11)


@pytest.mark.parametrize("law", ["bernoulli", "poisson"])
def test_every_pair_has_its_law(law):
    rng = np.random.default_rng(0)
    base = dcbm(40, 3, heterogeneity=LogNormal(0.6), mean_degree=9, rng=rng)
    model, _ = mixed_membership(base, 0.6, rng)
    p = dense(model)
    p *= 1 - np.eye(40)
    scale = np.sqrt(0.9 / p.max())
    model, p = FactorModel(model.factors * scale, model.affinity), p * scale**2
    draws = 3000
    total = np.zeros_like(p)
    for _ in range(draws):
        graph = sample_factor_graph(model, rng, law=law).toarray()
        assert not np.diag(graph).any() and np.array_equal(graph, graph.T)
        total += graph
    i, j = np.triu_indices(40, 1)
    seen, p = total[i, j], p[i, j]
    if law == "bernoulli":
        low, high = stats.binom.cdf(seen, draws, p), stats.binom.sf(seen - 1, draws, p)
    else:
        low, high = stats.poisson.cdf(seen, draws * p), stats.poisson.sf(seen - 1, draws * p)
    assert np.minimum(low, high).min() > ALARM / (2 * p.size)


def test_one_nonzero_entry_a_row_is_the_block_model():
    base = sbm(60, 3, mean_degree=8, rng=np.random.default_rng(0))
    model, memberships = mixed_membership(base, 0.0, np.random.default_rng(0))
    assert np.array_equal(memberships.argmax(axis=1), base.labels)
    assert np.allclose(model.expected_degrees(), base.expected_degrees())
    assert np.allclose(np.abs(model.spectrum()[0]), np.abs(base.spectrum()[0]))
    counts = [sample_factor_graph(model, np.random.default_rng(s)).nnz for s in range(100)]
    reference = [sample_graph(base, np.random.default_rng(s)).nnz for s in range(100)]
    assert abs(np.mean(counts) - np.mean(reference)) < 5 * np.sqrt(4 * 2 * base.expected_edges() / 100)


def test_overlap_puts_the_stated_share_into_a_second_block():
    base = sbm(100, 4, mean_degree=8, rng=np.random.default_rng(0))
    _, member = overlapping_membership(base, 0.3, np.random.default_rng(1))
    assert (member.sum(axis=1) == 2).sum() == 30 and member[np.arange(100), base.labels].all()


def test_nested_blocks_have_two_levels():
    affinity = nested_blocks(3, 2, within=1.0, between=0.4, outside=0.1)
    model = BlockModel(np.ones(60), np.arange(60) % 6, affinity)
    values = model.spectrum()[0] / 10
    # eigenvalues: everything, contrasts of groups (twice), contrasts inside groups (three times)
    assert np.allclose(values, [1 + 0.4 + 4 * 0.1, 1.2, 1.2, 0.6, 0.6, 0.6])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: FactorModel(np.ones((3, 2)), np.ones((3, 3))), "must match"),
        (lambda: FactorModel(-np.ones((3, 1)), [[1.0]]), "factors must be at least 0"),
        (lambda: FactorModel(np.ones((3, 2)), [[0.1, 0.2], [0.3, 0.1]]), "symmetric"),
        (lambda: FactorModel([[np.nan]], [[1.0]]), "finite"),
        (
            lambda: sample_factor_graph(FactorModel(np.ones((3, 1)), [[1.0]]), np.random.default_rng(0)),
            "at most 0.99",
        ),
        (
            lambda: mixed_membership(
                sbm(5, 2, mean_degree=1, rng=np.random.default_rng(0)), 1.2, np.random.default_rng(0)
            ),
            "fraction",
        ),
        (lambda: nested_blocks(2, 2, within=-1.0), "within"),
    ],
)
def test_bad_input_is_refused_by_name(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_the_default_concentration_of_mixed_membership_is_one():
    model = sbm(30, 3, mean_degree=5, rng=np.random.default_rng(0))
    default = mixed_membership(model, 0.5, np.random.default_rng(1))[1]
    assert np.array_equal(
        default, mixed_membership(model, 0.5, np.random.default_rng(1), concentration=1.0)[1]
    )


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
