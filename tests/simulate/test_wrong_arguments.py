"""What users get wrong in a call of `simulate`: each argument of each public function refuses it by name."""

import sys
from pathlib import Path

import numpy as np
import pytest

import simulate

sys.path.append(str(Path(__file__).resolve().parents[1]))
from wrong_arguments import cases, label, refusal

rng = np.random.default_rng(0)
m = simulate.BlockModel(np.r_[1.0, 1.2, 0.9, 1, 1.1, 1], [0, 0, 0, 1, 1, 1], [[0.5, 0.1], [0.1, 0.4]])
ln = simulate.LogNormal(0.5)
im = simulate.InteractionModel([1.0, 1, 1, 2, 1, 1], [0, 0, 0, 1, 1, 1], mean_length=2.0)
bm = simulate.BipartiteModel([1.0, 1], [0, 0], [1.0, 1], [0, 0], [[0.3]])
fm = simulate.FactorModel(np.full((6, 2), 0.5), [[0.3, 0.1], [0.1, 0.3]])
pm = simulate.PopularityAdjustedModel(np.full((6, 2), 0.5), m.labels)
dm = simulate.DirectedBlockModel(np.ones(6), m.labels, np.ones(6), m.labels, [[0.3, 0.1], [0.2, 0.3]])
pos = simulate.DotProductModel(np.full((6, 2), 0.5))
dyn = simulate.DynamicBlockModel(np.ones(6), [m.labels, m.labels], m.affinity)
g = simulate.sample_graph(m, rng)
g = np.asarray((g.toarray() + np.roll(np.eye(6), 1, 0) + np.roll(np.eye(6), -1, 0) > 0) * (1 - np.eye(6)))
x = (rng.random((9, 6)) < 0.6) * 1.0
CALLS = [
    (simulate.dcbm, {"n": 9, "n_blocks": 2, "heterogeneity": ln, "mean_degree": 2.0, "rng": rng}),
    (simulate.sbm, {"n": 9, "n_blocks": 2, "mean_degree": 2.0, "rng": rng}),
    (simulate.BlockModel, {"propensities": np.ones(2), "labels": [0, 0], "affinity": [[0.1]]}),
    (simulate.FactorModel, {"factors": np.full((6, 2), 0.5), "affinity": [[0.3, 0.1], [0.1, 0.3]]}),
    (simulate.LogNormal, {"sigma": 0.5}),
    (simulate.Pareto, {"exponent": 2.5}),
    (simulate.Gamma, {"cv": 0.5}),
    (simulate.Zipf, {"exponent": 1.0}),
    (simulate.Given, {"values": [1.0, 2.0]}),
    (simulate.LogNormal.from_cv, {"cv": 0.5}),
    (simulate.Pareto.from_cv, {"cv": 0.5}),
    (simulate.Gamma.from_cv, {"cv": 0.5}),
    (simulate.Zipf.from_cv, {"cv": 0.5, "n": 9}),
    (simulate.InteractionModel, {"propensities": np.ones(2), "labels": [0, 0], "mean_length": 1.0}),
    (simulate.sample_graph, {"model": m, "rng": rng}),
    (simulate.sample_edges, {"model": m, "rng": rng}),
    (simulate.sample_bipartite, {"model": bm, "rng": rng}),
    (simulate.sample_factor_graph, {"model": fm, "rng": rng}),
    (simulate.PopularityAdjustedModel, {"popularities": np.full((6, 2), 0.5), "labels": m.labels}),
    (simulate.pabm, {"n": 9, "n_blocks": 2, "heterogeneity": ln, "mean_degree": 1.0, "rng": rng}),
    (simulate.sample_pabm, {"model": pm, "rng": rng}),
    (
        simulate.DirectedBlockModel,
        {
            "out_propensities": np.ones(6),
            "out_labels": m.labels,
            "in_propensities": np.ones(6),
            "in_labels": m.labels,
            "affinity": [[0.3, 0.1], [0.2, 0.3]],
        },
    ),
    (
        simulate.directed_dcbm,
        {"n": 9, "n_blocks": 2, "heterogeneity": ln, "mean_degree": 1.0, "agreement": 0.5, "rng": rng},
    ),
    (simulate.sample_directed, {"model": dm, "rng": rng}),
    (simulate.DotProductModel, {"positions": np.full((6, 2), 0.5), "signature": [1, -1]}),
    (simulate.as_dot_product, {"model": m}),
    (simulate.sample_dot_product, {"model": pos, "rng": rng}),
    (simulate.moving_labels, {"model": m, "n_snapshots": 3, "move": 0.5, "rng": rng}),
    (simulate.sample_snapshots, {"model": dyn, "persistence": 0.5, "rng": rng}),
    (simulate.NegativeBinomialWeights, {"dispersion": 2.0}),
    (simulate.GaussianWeights, {"means": 1.0, "deviations": 1.0}),
    (simulate.sample_weighted, {"model": m, "weights": simulate.GaussianWeights(1.0, 1.0), "rng": rng}),
    (simulate.mean_model, {"model": m, "weights": simulate.GaussianWeights(1.0, 1.0)}),
    (simulate.mixed_membership, {"model": m, "fraction": 0.5, "rng": rng}),
    (simulate.overlapping_membership, {"model": m, "share": 0.5, "rng": rng}),
    (simulate.nested_blocks, {"groups": 2, "per_group": 2}),
    (simulate.grow_log, {"interactions": x, "rng": rng}),
    (simulate.grow_graph, {"graph": g, "rng": rng}),
    (simulate.sample_interactions, {"model": im, "n_contexts": 5, "clip": True, "rng": rng}),
    (simulate.sample_fixed_lengths, {"model": im, "lengths": [1, 2], "rng": rng}),
    (simulate.inclusion_probabilities, {"weights": [1.0, 2.0, 3.0], "length": 2}),
    (simulate.to_networkx, {"graph": g}),
    (simulate.to_graspologic, {"model": m}),
    (simulate.from_networkx, {"graph": simulate.to_networkx(g)}),
    (simulate.background_edges, {"graph": g, "mean_degree": 1.0, "rng": rng}),
    (simulate.dropout, {"graph": g, "fraction": 0.5, "rng": rng}),
    (simulate.rewire, {"graph": g, "fraction": 0.5, "rng": rng}),
    (simulate.block_noise, {"graph": g, "labels": m.labels, "mean_degrees": [0.5, 0.5], "rng": rng}),
    (simulate.thin_graph, {"graph": g, "keep": 0.5, "rng": rng}),
    (
        simulate.bipartite_dcbm,
        {"n_contexts": 9, "n_items": 6, "n_blocks": 2, "heterogeneity": ln, "mean_length": 2.0, "rng": rng},
    ),
    (simulate.label_noise, {"model": m, "fraction": 0.5, "rng": rng}),
    (simulate.weighted, {"graph": g, "rng": rng}),
    (simulate.additive_gaussian, {"matrix": g, "sigma": 0.1, "rng": rng}),
    (simulate.permuted_items, {"interactions": x, "rng": rng}),
    (simulate.degree_preserving, {"graph": g, "rng": rng}),
    (simulate.chung_lu, {"graph": g, "rng": rng}),
    (simulate.erdos_renyi_with_hubs, {"n": 9, "mean_degree": 2.0, "n_hubs": 1, "hub_degree": 3, "rng": rng}),
    (simulate.random_rows, {"vectors": np.ones((3, 2)), "rng": rng}),
    (simulate.random_subspace, {"singular_values": [2.0, 1.0], "n": 9, "rng": rng}),
]


@pytest.mark.parametrize(
    ("function", "keywords"), CALLS, ids=[function.__qualname__ for function, _ in CALLS]
)
def test_the_calls_are_right_before_one_argument_is_wrong(function, keywords):
    assert function(**keywords) is not None


CASES = list(cases(CALLS))


@pytest.mark.parametrize("case", CASES, ids=map(label, CASES))
def test_a_wrong_argument_is_refused_by_its_name(case):
    said = refusal(case)
    assert said is not None and case[2] in said
