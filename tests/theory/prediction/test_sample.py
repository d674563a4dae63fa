"""One object answers every prediction: it agrees with the functions, computes each thing once, and refuses what they refuse."""

import inspect

import numpy as np
import pytest

import theory
from simulate import BlockModel, LogNormal, dcbm, sample_graph
from theory import PredictedSample
from theory.prediction import sample as sample_file
from theory.prediction import shortcuts


def small(law="poisson"):
    model = dcbm(
        300, 3, heterogeneity=LogNormal(0.3), mean_degree=25, mixing=0.1, rng=np.random.default_rng(0)
    )
    return PredictedSample(model, law)


def same(one, other):
    """Whether two answers, arrays or dataclasses of arrays, are the same to the last bit."""
    if hasattr(one, "__dataclass_fields__"):
        return all(same(getattr(one, name), getattr(other, name)) for name in one.__dataclass_fields__)
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return np.array_equal(one, other)


METHODS = [
    ("row_covariance", "row_covariance", (), {"scaling": "half"}),
    ("expected_squared_sine", "expected_squared_sine", (), {"rank": 2}),
    ("surrogate", "surrogate", ("rng",), {"scaling": "unit"}),
    ("collinear_fraction", "collinear_fraction", ("rng",), {"cosine": 0.95, "rank": 2}),
    ("collinear_fraction", "collinear_fraction", ("rng",), {"method": "gaussian"}),
    ("collinear_fraction", "collinear_fraction", ("rng",), {"method": "local"}),
    ("spikiness", "predicted_spikiness", ([2, 5], "rng"), {"coverage": 0.7}),
    ("noise_energy", "noise_energy", (7,), {"scaling": "half"}),
    ("degree_error", "degree_error", (), {}),
    ("low_degree_norm_bias", "low_degree_norm_bias", (), {"scaling": "unit"}),
    ("stability", "predicted_stability", (0.5, 10), {"rng": "rng", "similarity": "cosine"}),
]


@pytest.mark.parametrize("law", ["poisson", "bernoulli"])
@pytest.mark.parametrize(("method", "function", "given", "options"), METHODS)
def test_the_object_and_the_functions_agree(method, function, given, options, law):
    sample = small(law)

    def ask(question, *first, **more):
        def filled(x):
            return np.random.default_rng(1) if isinstance(x, str) and x == "rng" else x

        return question(*first, *map(filled, given), **{k: filled(v) for k, v in options.items()}, **more)

    mine = ask(getattr(sample, method))
    assert same(mine, ask(getattr(theory, function), sample.model, law=law))


@pytest.mark.parametrize("law", ["poisson", "bernoulli"])
def test_what_is_held_is_what_the_functions_return(law):
    sample = small(law)
    assert sample.edge == theory.spectral_edge(sample.model, law) == sample.outliers.edge
    assert same(sample.outliers, theory.outliers(sample.model, law))
    assert same(sample.visibility, theory.visibility(sample.model, law))
    assert sample.n_visible == sample.outliers.n_visible == 3


def test_variances_edge_and_outliers_are_computed_once(monkeypatch):
    calls = dict.fromkeys(["variance_profile", "edge_of", "outliers_of", "visibility_of"], 0)

    def counted(name):
        original = getattr(sample_file, name)

        def counting(*given):
            calls[name] += 1
            return original(*given)

        return counting

    for name in calls:
        monkeypatch.setattr(sample_file, name, counted(name))
    sample, rng = small(), np.random.default_rng(0)
    for _ in range(2):
        assert sample.n_visible == 3 and len(sample.visibility) == 3
        sample.row_covariance()
        sample.expected_squared_sine()
        sample.surrogate(rng)
        sample.collinear_fraction(rng)
        sample.spikiness([3, 6], rng)
        sample.noise_energy(4)
        sample.degree_error()
        sample.stability(0.5, 10, rng=rng)
    assert calls == dict.fromkeys(calls, 1)


def test_nothing_is_computed_before_it_is_needed(monkeypatch):
    monkeypatch.setattr(sample_file, "outliers_of", None)
    monkeypatch.setattr(sample_file, "edge_of", None)
    assert small().row_covariance().traces().shape == (300,)


def test_every_prediction_assumes_the_law_that_graphs_are_sampled_with():
    default = inspect.signature(sample_graph).parameters["law"].default
    functions = [f for f in vars(shortcuts).values() if inspect.isfunction(f)]
    assert len(functions) == 12
    for function in [*functions, PredictedSample, theory.compare_truncations]:
        assert inspect.signature(function).parameters["law"].default == default, function


def test_a_sample_is_refused_by_the_name_of_what_is_wrong():
    model = BlockModel(np.full(10, 2.0), np.zeros(10, dtype=int), [[0.5]])
    with pytest.raises(ValueError, match="P must be at most 1 to predict Bernoulli edges; it is 2"):
        PredictedSample(model)
    with pytest.raises(ValueError, match="law must be"):
        PredictedSample(model, "binomial")
    with pytest.raises(TypeError, match="model must be"):
        PredictedSample(np.eye(3))
    assert PredictedSample(model, "poisson").edge > 0


def test_a_sample_cannot_be_changed():
    with pytest.raises(AttributeError):
        small().law = "bernoulli"
