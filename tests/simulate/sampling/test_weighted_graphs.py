"""Weighted graphs against the exact laws of their entries (false-alarm rate 1e-6)."""

import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse, stats

from simulate import (
    BlockModel,
    DirectedBlockModel,
    GaussianWeights,
    LogNormal,
    NegativeBinomialWeights,
    dcbm,
    directed_dcbm,
    sample_weighted,
    sbm,
)

sys.path.append(str(Path(__file__).resolve().parent))
from exact_laws import ALARM, probabilities, sums_of_kinds


@pytest.mark.parametrize("dispersion", [1.0, 3.0])
@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("loops", [False, True])
def test_sums_of_counts_are_negative_binomial_entry_by_entry(dispersion, directed, loops):
    rng = np.random.default_rng(0)
    if directed:
        model = directed_dcbm(24, 2, heterogeneity=LogNormal(0.6), mean_degree=3, rng=rng)
        a, b = model.outgoing, model.incoming
        sides = (np.tile(values, 10) for values in (a.propensities, a.labels, b.propensities, b.labels))
        many = DirectedBlockModel(*sides, model.affinity)
    else:
        model = dcbm(24, 2, heterogeneity=LogNormal(0.6), mean_degree=3, rng=rng)
        many = BlockModel(np.tile(model.propensities, 10), np.tile(model.labels, 10), model.affinity)
    weights, p = NegativeBinomialWeights(dispersion), probabilities(model)
    graphs = (sample_weighted(many, rng, weights=weights, loops=loops) for _ in range(20))
    if loops and not directed:
        graphs = (graph - sparse.diags_array(graph.diagonal()) for graph in graphs)
    seen, number, pairs = sums_of_kinds(graphs, 24, 10, directed=directed, loops=loops and directed)
    mean = number * p[pairs]
    # a sum of negative binomial counts of one dispersion is one
    law = stats.poisson(mean) if dispersion == 1 else stats.nbinom(mean / (dispersion - 1), 1 / dispersion)
    assert np.minimum(law.cdf(seen), law.sf(seen - 1)).min() * 2 * seen.size > ALARM


def test_a_loop_counts_once():
    model = BlockModel(np.full(400, 1.2), np.zeros(400, int), [[1.0]])
    loops = sample_weighted(
        model, np.random.default_rng(3), weights=NegativeBinomialWeights(3.0), loops=True
    ).diagonal()
    law = stats.nbinom(400 * 1.44 / 2, 1 / 3)
    assert min(law.cdf(loops.sum()), law.sf(loops.sum() - 1)) * 2 > ALARM


def test_a_single_count_has_the_negative_binomial_law():
    n, mean, phi = 500, 0.7, 4.0
    model = BlockModel(np.full(n, np.sqrt(mean)), np.zeros(n, int), [[1.0]])
    graph = sample_weighted(model, np.random.default_rng(1), weights=NegativeBinomialWeights(phi))
    upper = sparse.triu(graph, 1).data.astype(int)
    pairs = n * (n - 1) // 2
    seen = np.bincount(np.minimum(upper, 12), minlength=13)
    seen[0] = pairs - upper.size
    law = stats.nbinom(mean / (phi - 1), 1 / phi)
    expected = pairs * np.append(law.pmf(np.arange(12)), law.sf(11))
    assert stats.chi2.sf(((seen - expected) ** 2 / expected).sum(), 12) > ALARM


@pytest.mark.parametrize("directed", [False, True])
def test_gaussian_weights_lie_on_bernoulli_edges_and_have_the_law_of_their_blocks(directed):
    rng = np.random.default_rng(2)
    if directed:
        model = directed_dcbm(400, 2, heterogeneity=LogNormal(0.3), mean_degree=30, agreement=0.5, rng=rng)
        y, z = model.outgoing.labels, model.incoming.labels
        means, deviations = np.array([[2.0, -1.0], [0.5, 2.0]]), np.array([[0.5, 1.0], [0.0, 0.5]])
        expected = model.expected_edges()
    else:
        model = sbm(400, 2, mean_degree=30, rng=rng)
        y = z = model.labels
        means, deviations = np.array([[2.0, -1.0], [-1.0, 2.0]]), np.array([[0.5, 1.0], [1.0, 0.5]])
        expected = 2 * model.expected_edges()
    graph = sample_weighted(model, rng, weights=GaussianWeights(means, deviations))
    assert graph.dtype == np.float64 and graph.has_canonical_format and not graph.diagonal().any()
    assert abs(graph.nnz - expected) < 5 * np.sqrt(2 * expected)
    assert directed or (graph != graph.T).nnz == 0
    entries = sparse.coo_array(graph if directed else sparse.triu(graph))
    k, other = y[entries.coords[0]], z[entries.coords[1]]
    for one, two in np.ndindex(2, 2):
        # above the diagonal a pair of blocks comes in either order
        of_blocks = entries.data[(k == one) & (other == two)]
        mean, deviation = means[one, two], deviations[one, two]
        if deviation == 0:
            assert set(of_blocks) == {mean}
        else:
            assert stats.kstest((of_blocks - mean) / deviation, "norm").pvalue > ALARM / 4


def test_weights_of_zero_are_no_entries():
    model = sbm(40, 2, mean_degree=5, rng=np.random.default_rng(0))
    graph = sample_weighted(model, np.random.default_rng(1), weights=GaussianWeights(0.0, 0.0))
    assert graph.nnz == 0 and graph.shape == (40, 40)


def test_p_above_one_and_whole_numbers_are_refused():
    rng = np.random.default_rng(0)
    model = BlockModel([3.0, 1.0, 2.0, 1.0], [0, 0, 0, 0], [[0.3]])
    with pytest.raises(ValueError, match=r"pair \(0, 2\) has P = 1.8"):
        sample_weighted(model, rng, weights=GaussianWeights(1.0, 1.0))
    with pytest.warns(UserWarning, match=r"0.8 expected edges are lost") as caught:
        sample_weighted(model, rng, weights=GaussianWeights(1.0, 1.0), clip=True)
    assert caught[0].filename == __file__
    with pytest.raises(ValueError, match="dtype must be float32 or float64 for weights; got int32"):
        sample_weighted(model, rng, weights=NegativeBinomialWeights(2.0), dtype=np.int32)
    with pytest.raises(
        TypeError, match="weights must be NegativeBinomialWeights or GaussianWeights; got str"
    ):
        sample_weighted(model, rng, weights="poisson")
