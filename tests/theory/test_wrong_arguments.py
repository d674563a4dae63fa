"""What users get wrong in a call of `theory`: each argument of each public function refuses it by name."""

import sys
from pathlib import Path

import numpy as np
import pytest

import simulate
import theory

sys.path.append(str(Path(__file__).resolve().parents[1]))
from wrong_arguments import cases, label, refusal

rng = np.random.default_rng(0)
m = simulate.BlockModel(np.r_[1.0, 1.2, 0.9, 1, 1.1, 1], [0, 0, 0, 1, 1, 1], [[0.5, 0.1], [0.1, 0.4]])
g = simulate.sample_graph(m, rng)
g = np.asarray((g.toarray() + np.roll(np.eye(6), 1, 0) + np.roll(np.eye(6), -1, 0) > 0) * (1 - np.eye(6)))
x = (rng.random((9, 6)) < 0.6) * 1.0
e = theory.embed(g, 2)
v = e.vectors("full")
sp = theory.spikiness(v)
mm = simulate.BlockModel(
    np.tile(np.linspace(0.8, 1.2, 30), 2), np.repeat([0, 1], 30), [[0.5, 0.1], [0.1, 0.4]]
)
cov = theory.row_covariance(mm)
sample = theory.PredictedSample(mm)
CALLS = [
    (theory.PredictedSample, {"model": m}),
    (sample.row_covariance, {}),
    (sample.expected_squared_sine, {}),
    (sample.surrogate, {"rng": rng}),
    (sample.collinear_fraction, {"rng": rng}),
    (sample.spikiness, {"ranks": [1, 2], "rng": rng}),
    (sample.noise_energy, {"count": 2}),
    (sample.low_degree_norm_bias, {}),
    (sample.stability, {"keep": 0.5, "k": 3, "rng": rng}),
    (theory.advise, {"embedding": e}),
    (theory.analyse, {"data": x, "rank": 2, "kind": "interactions"}),
    (theory.axes_of_blocks, {"vectors": v, "labels": [0, 0, 0, 1, 1, 1]}),
    (theory.cosines_to_axes, {"vectors": v, "labels": [0, 0, 0, 1, 1, 1]}),
    (theory.partition_by_spikes, {"vectors": v}),
    (theory.merged_communities, {"model": m}),
    (theory.predicted_stability, {"model": mm, "keep": 0.5, "k": 3, "rng": rng}),
    (theory.predicted_spikiness, {"model": mm, "ranks": [1, 2], "rng": rng}),
    (theory.max_coverage_greedy, {"vectors": v}),
    (theory.nearest_spike, {"vectors": v, "spikes": sp}),
    (theory.norm_dispersion, {"vectors": v, "membership": sp.membership}),
    (theory.optimal_cover, {"vectors": v}),
    (theory.spikiness_curve, {"embedding": e}),
    (theory.spikiness_grid, {"vectors": v}),
    (theory.spikiness_of_sample, {"vectors": v, "size": 3, "rng": rng}),
    (theory.compare_truncations, {"matrix": g, "ranks": [1, 2], "rng": rng}),
    (theory.spikiness_knee, {"ranks": [1, 2], "peaks": [2, 3]}),
    (theory.parallel_analysis, {"matrix": g, "rank": 2, "rng": rng}),
    (theory.cap_probability, {"rank": 3}),
    (theory.chance_peaks, {"n": 9, "rank": 3}),
    (theory.chance_peaks_of_spectrum, {"n": 9, "squares": [2.0, 1.0], "rng": rng}),
    (theory.count_peaks, {"vectors": v, "most": 3, "rng": rng}),
    (theory.degree_error, {"model": m}),
    (theory.estimate_degrees, {"embedding": e}),
    (theory.estimate_degrees_within_spikes, {"embedding": e, "labels": [0, 0, 0, 1, 1, 1]}),
    (theory.low_degree_norm_bias, {"model": m}),
    (theory.certify, {"embedding": e, "labels": [0, 0, 0, 1, 1, 1]}),
    (theory.embed_rectangular, {"interactions": x, "rank": 2}),
    (theory.cooccurrence, {"interactions": x}),
    (theory.ppmi, {"interactions": x}),
    (theory.factorize, {"matrix": x, "rank": 2, "rng": rng}),
    (theory.predicted_overlap, {"hazard": 1.0, "difference": 0.1}),
    (theory.stability, {"reference": v, "later": v, "k": 2, "rng": rng}),
    (theory.thinned_snapshots, {"vectors": np.ones((60, 2)), "covariance": cov, "keep": 0.5, "rng": rng}),
    (theory.top_k, {"vectors": v, "k": 2}),
    (
        theory.block_model_from_spikes,
        {"basis": e.basis, "eigenvalues": e.eigenvalues, "labels": [0, 0, 0, 1, 1, 1]},
    ),
    (theory.collinear_fraction, {"model": mm, "rng": rng}),
    (theory.embed, {"matrix": g, "rank": 2}),
    (theory.expected_squared_sine, {"model": m}),
    (theory.outliers, {"model": m}),
    (theory.rays, {"model": m}),
    (theory.row_covariance, {"model": m}),
    (theory.spectral_edge, {"model": m}),
    (theory.operator_matrix, {"graph": g, "operator": "random-walk"}),
    (theory.population, {"operator": "modularity", "model": m}),
    (theory.bethe_hessian, {"graph": g}),
    (theory.unit_rows, {"vectors": v}),
    (theory.eigenvector_ratios, {"embedding": e}),
    (theory.spikiness, {"vectors": v}),
    (theory.on_principal_axes, {"vectors": v}),
    (theory.surrogate, {"model": m, "rng": rng}),
    (theory.visibility, {"model": m}),
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
