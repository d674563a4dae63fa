"""The degree-corrected fit: margins kept exactly, the likelihood at its maximum, graspologic's estimate the same."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from experiments.matrices import load
from experiments.real.block_fit import fit_bipartite, fit_graph
from simulate import LogNormal, dcbm, sample_graph


@st.composite
def bipartite(draw):
    contexts, items = draw(st.integers(1, 12)), draw(st.integers(1, 12))
    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    x = (rng.random((contexts, items)) < rng.random()).astype(float)
    return (
        x,
        rng.integers(0, draw(st.integers(1, 4)), contexts),
        rng.integers(0, draw(st.integers(1, 4)), items),
    )


@given(bipartite())
@settings(max_examples=60, deadline=None)
def test_both_margins_and_block_weights_are_kept(case):
    x, r, s = case
    model = fit_bipartite(x, r, s)
    margins = np.concatenate([x.sum(1), x.sum(0)])
    assert model.expected_degrees() == pytest.approx(margins, abs=1e-12 * max(1, x.sum()))
    n = len(x)
    p = np.outer(model.propensities, model.propensities) * model.affinity[model.labels][:, model.labels]
    assert not p[:n, :n].any() and not p[n:, n:].any()
    for k in range(r.max() + 1):
        for j in range(s.max() + 1):
            block = np.ix_(r == k, s == j)
            assert p[:n, n:][block].sum() == pytest.approx(x[block].sum(), abs=1e-10)


def test_a_graph_keeps_its_degrees_and_weights():
    graph = load("les-miserables").graph
    model = fit_graph(graph, np.arange(77) % 4)
    assert model.expected_degrees(loops=True) == pytest.approx(graph.sum(axis=1), rel=1e-12)
    assert model.affinity.sum() == pytest.approx(graph.sum(), rel=1e-12)


def test_no_neighbouring_model_is_more_likely():
    rng = np.random.default_rng(3)
    graph = load("les-miserables").graph.toarray()
    labels = np.arange(77) % 3
    model = fit_graph(graph, labels)

    def log_likelihood(theta, affinity):
        p = np.outer(theta, theta) * affinity[labels][:, labels]
        return float((graph * np.log(np.where(p > 0, p, 1)) - p).sum())

    best = log_likelihood(model.propensities, model.affinity)
    for _ in range(50):
        theta = model.propensities * np.exp(rng.normal(scale=0.01, size=77))
        affinity = model.affinity * np.exp(rng.normal(scale=0.01, size=(3, 3)))
        assert log_likelihood(theta, (affinity + affinity.T) / 2) < best


def test_a_known_model_comes_back():
    rng = np.random.default_rng(0)
    truth = dcbm(6000, 3, heterogeneity=LogNormal(0.5), mean_degree=60, mixing=0.3, rng=rng)
    fitted = fit_graph(sample_graph(truth, rng, law="poisson", dtype=np.float64), truth.labels)
    # block weights are Poisson sums: 6 standard errors (Bonferroni over 6 entries: 1.2e-8) of the expected weight
    expected = truth.affinity * np.outer(truth.block_sums(), truth.block_sums())
    error = np.sqrt(expected * (1 + np.eye(3)))
    assert (np.abs(fitted.affinity - expected) < 6 * error).all()
    share = truth.propensities / truth.block_sums()[truth.labels]
    assert np.corrcoef(fitted.propensities, share)[0, 1] > 0.9


@pytest.mark.parametrize(
    ("graph", "labels", "message"),
    [
        (np.ones((2, 3)), [0, 0], "symmetric"),
        (np.array([[0, 1], [2, 0]]), [0, 0], "symmetric"),
        (np.ones((2, 2)), [0], "labels must be one integer for each of 2 rows"),
        (np.ones((2, 2)), [0, -1], "at least 0"),
        (np.ones((2, 2)), [0.0, 1.0], "one integer for each of 2 rows"),
        (-np.ones((2, 2)), [0, 0], "at least 0 everywhere"),
        (np.full((2, 2), np.inf), [0, 0], "finite"),
    ],
)
def test_bad_input(graph, labels, message):
    with pytest.raises(ValueError, match=message):
        fit_graph(graph, labels)


def test_an_empty_block_and_an_isolated_node():
    graph = sparse.csr_array(np.array([[0, 1, 0], [1, 0, 0], [0, 0, 0]], dtype=float))
    model = fit_graph(graph, [0, 0, 2])
    assert model.expected_degrees(loops=True).tolist() == [1, 1, 0]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_graspologic_fits_the_same_model(graspologic):
    graph = (load("les-miserables").graph.toarray() > 0).astype(float)
    labels = np.arange(77) % 3
    model = fit_graph(graph, labels)
    p = np.outer(model.propensities, model.propensities) * model.affinity[labels][:, labels]
    theirs = graspologic("models").DCSBMEstimator(directed=False, loops=True).fit(graph, y=labels)
    assert np.abs(p - theirs.p_mat_).max() < 1e-12
    assert np.abs(theirs.degree_corrections_.ravel() - model.propensities).max() < 1e-12
    assert (theirs.block_p_ == model.affinity).all()
