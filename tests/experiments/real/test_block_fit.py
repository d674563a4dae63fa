"""The degree-corrected fit: margins kept exactly, the likelihood at its maximum, graspologic's estimate the same."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from experiments.matrices import load
from experiments.real.block_fit import fit_bipartite, fit_graph, fit_graph_less_noise
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


def block_weights(p, labels):
    """Return the sum of a matrix over each pair of blocks."""
    member = np.eye(labels.max() + 1)[labels]
    return member.T @ p @ member


def hollow(model):
    """Return P without its diagonal: the means of a sample without loops."""
    theta, z = model.propensities, model.labels
    p = np.outer(theta, theta) * model.affinity[z][:, z]
    np.fill_diagonal(p, 0)
    return p


def test_a_graph_keeps_its_degrees_and_weights_in_samples_without_loops():
    graph = load("les-miserables").graph
    labels = np.arange(77) % 4
    model = fit_graph(graph, labels)
    assert model.expected_degrees() == pytest.approx(graph.sum(axis=1), rel=1e-9)
    assert hollow(model).sum(axis=1) == pytest.approx(graph.sum(axis=1), rel=1e-9)
    assert block_weights(hollow(model), labels) == pytest.approx(
        block_weights(graph.toarray(), labels), rel=1e-9
    )


@st.composite
def loopless(draw):
    n, seed = draw(st.integers(1, 14)), draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    half = np.triu(rng.poisson(rng.exponential(1.0, (n, 1)) * rng.random()), 1) + np.zeros((n, n))
    half *= draw(st.sampled_from([1.0, 0.01, 1000.0]))
    return half + half.T, rng.integers(0, draw(st.integers(1, 4)), n)


@given(loopless())
@settings(max_examples=100, deadline=None)
def test_any_loopless_graph_keeps_them(case):
    a, z = case
    p = hollow(fit_graph(a, z))
    assert p.sum(axis=1) == pytest.approx(a.sum(axis=1), rel=1e-6, abs=1e-6 * a.max())
    assert block_weights(p, z) == pytest.approx(block_weights(a, z), rel=1e-6, abs=1e-6 * a.max())


def test_two_blocks_with_a_hub_each():
    # 155.7 edges of 177 and 39.6 of a hub's 59 were expected while the fit counted the diagonal
    n = 60
    a = np.zeros((2 * n, 2 * n))
    for b in (0, n):
        a[b, b + 1 : b + n] = 1
        a[np.arange(b + 1, b + n - 1, 2), np.arange(b + 2, b + n, 2)] = 1
    a[1, n + 1] = 1
    a += a.T
    model = fit_graph(a, np.repeat([0, 1], n))
    assert model.expected_edges() == pytest.approx(177, rel=1e-9)
    assert model.expected_degrees()[[0, n]] == pytest.approx(59, rel=1e-9)


def test_a_star_and_a_lone_edge_lie_at_the_end_of_the_models_and_are_met_all_the_same():
    star = np.zeros((9, 9))
    star[0, 1:7] = star[1:7, 0] = 1
    star[7, 8] = star[8, 7] = 1
    model = fit_graph(star, [0] * 7 + [1] * 2)
    assert model.expected_degrees() == pytest.approx(star.sum(axis=1), rel=1e-6)


def test_a_graph_with_loops_is_fitted_with_its_diagonal():
    a = np.array([[4.0, 1.0], [1.0, 0.0]])
    model = fit_graph(a, [0, 0])
    assert model.expected_degrees(loops=True) == pytest.approx([5, 1], rel=1e-12)


def test_no_neighbouring_model_is_more_likely():
    rng = np.random.default_rng(3)
    graph = load("les-miserables").graph.toarray()
    labels = np.arange(77) % 3
    model = fit_graph(graph, labels)
    pairs = np.triu(np.ones((77, 77), dtype=bool), 1)

    def log_likelihood(theta, affinity):
        p = (np.outer(theta, theta) * affinity[labels][:, labels])[pairs]
        return float((graph[pairs] * np.log(np.where(p > 0, p, 1)) - p).sum())

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
    assert model.expected_degrees() == pytest.approx([1, 1, 0], rel=1e-9)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_graspologic_fits_the_same_model_to_a_graph_with_loops(graspologic):
    graph = (load("les-miserables").graph.toarray() > 0).astype(float) + np.eye(77)
    labels = np.arange(77) % 3
    model = fit_graph(graph, labels)
    theirs = graspologic("models").DCSBMEstimator(directed=False, loops=True).fit(graph, y=labels)
    assert np.abs(theirs.degree_corrections_.ravel() - model.propensities).max() < 1e-12
    # graspologic counts a loop in the degree of its node and not in the weight of its block
    assert (theirs.block_p_ == model.affinity - np.diag(np.bincount(labels))).all()
    p = np.outer(model.propensities, model.propensities) * theirs.block_p_[labels][:, labels]
    assert np.abs(p - theirs.p_mat_).max() < 1e-12


def test_less_noise_leaves_blocks_and_draws_degrees_towards_their_mean():
    rng = np.random.default_rng(0)
    model = dcbm(200, 2, heterogeneity=LogNormal(0.8), mean_degree=20, mixing=0.2, rng=rng)
    graph = sample_graph(model, rng, law="poisson", dtype=np.float64)
    plain, less = fit_graph(graph, model.labels), fit_graph_less_noise(graph, model.labels, 1.0)
    for block in (0, 1):
        mine = model.labels == block
        before, after = plain.expected_degrees()[mine], less.expected_degrees()[mine]
        assert after.mean() == pytest.approx(before.mean())
        assert after.var() == pytest.approx(before.var() - before.mean(), rel=1e-6)
    assert fit_graph_less_noise(graph, model.labels, 0.0).propensities == pytest.approx(plain.propensities)
    flat = fit_graph_less_noise(graph, model.labels, 1e6).expected_degrees()
    assert np.ptp(flat[model.labels == 0]) == pytest.approx(0, abs=1e-6)
