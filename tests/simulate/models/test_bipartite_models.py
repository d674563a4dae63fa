"""The bipartite model against dense matrices."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulate import BipartiteModel


def small(seed=0, m=30, n=20):
    rng = np.random.default_rng(seed)
    return BipartiteModel(
        rng.lognormal(0, 0.5, m),
        rng.integers(0, 2, m),
        rng.lognormal(0, 0.8, n),
        rng.integers(0, 3, n),
        rng.uniform(0, 0.05, (2, 3)),
    )


def dense(model):
    a, b = model.contexts, model.items
    return np.outer(a.propensities, b.propensities) * model.affinity[np.ix_(a.labels, b.labels)]


@given(st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_population_matches_the_dense_matrix(seed):
    model = small(seed)
    p = dense(model)
    assert model.expected_context_degrees() == pytest.approx(p.sum(axis=1))
    assert model.expected_item_degrees() == pytest.approx(p.sum(axis=0))
    assert model.expected_edges() == pytest.approx(p.sum())
    assert model.density == pytest.approx(p.mean())
    s, u, v = model.spectrum()
    assert u * s @ v.T == pytest.approx(p, abs=1e-12)
    assert u.T @ u == pytest.approx(np.eye(s.size), abs=1e-10)
    assert v.T @ v == pytest.approx(np.eye(s.size), abs=1e-10)
    worst = model.largest_probability()
    assert worst.probability == p.max() == pytest.approx(p[worst.i, worst.j])


@given(st.integers(0, 10**6))
@settings(max_examples=30, deadline=None)
def test_clipped_mass_is_what_is_cut(seed):
    model = small(seed)
    loud = BipartiteModel(
        model.contexts.propensities,
        model.contexts.labels,
        model.items.propensities,
        model.items.labels,
        model.affinity * 30,
    )
    assert loud.clipped_mass() == pytest.approx(np.maximum(dense(loud) - 1, 0).sum())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1.0], [0, 0], [1.0], [0], [[1.0]]), "context_propensities and context_labels"),
        (([1.0], [0], [-1.0], [0], [[1.0]]), "item_propensities must be at least 0"),
        (([1.0], [0], [1.0], [1], [[1.0]]), "item_labels must be integers from 0 to 0"),
        (([1.0], [0], [1.0], [0], [[np.nan]]), "affinity"),
        (([1.0], [0], [1.0], [0], [[-1.0]]), "affinity must be at least 0"),
    ],
)
def test_bad_input_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        BipartiteModel(*arguments)


def test_the_largest_probability_of_a_model_without_edges_is_of_no_pair():
    worst = BipartiteModel([1.0, 2.0], [0, 0], [1.0], [0], [[0.0]]).largest_probability()
    assert tuple(worst) == (-1, -1, 0.0)
