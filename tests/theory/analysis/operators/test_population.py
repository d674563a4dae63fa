"""Populations in closed form beside dense numpy, and samples of them."""

import numpy as np
import pytest

from simulate import BlockModel, LogNormal, dcbm, sample_graph
from theory import OPERATORS, embed, estimate_degrees, population

EXACT = [name for name, one in OPERATORS.items() if one.closed_form and name != "non-backtracking"]
AFFINITIES = {
    "assortative": [[1, 0.35, 0.2], [0.35, 0.8, 0.3], [0.2, 0.3, 1.2]],
    "indefinite": [[1, 0.3, 0.3], [0.3, 0.25, 0.9], [0.3, 0.9, 0.35]],
    "rank 2": [[1, 0.5, 0.75], [0.5, 0.25, 0.375], [0.75, 0.375, 1.0]],
    "no communities": [[1, 1, 1], [1, 1, 1], [1, 1, 1]],
    "zeros": [[1, 0, 0], [0, 0, 0.5], [0, 0.5, 0]],
}
SLOPES = {
    "adjacency": 1,
    "normalised-laplacian": 0.5,
    "random-walk": 0,
    "modularity": 1,
    "ppmi": 0,
    "counts": 1,
}


def a_model(kind):
    theta = np.random.default_rng(0).pareto(2.5, 60) + 1
    theta[7] = 0.0
    return BlockModel(theta, np.arange(60) % 3, np.array(AFFINITIES[kind]) * 0.01)


def dense(name, model):
    theta, z = model.propensities, model.labels
    p = np.outer(theta, theta) * model.affinity[np.ix_(z, z)]
    d = p.sum(axis=1)
    tau = d.mean()
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.nan_to_num(d.sum() * p / np.outer(d, d))
        ratio[np.abs(ratio - 1) < 1e-9] = 1.0
        return (
            {
                "adjacency": p,
                "normalised-laplacian": np.nan_to_num(p / np.sqrt(np.outer(d, d))),
                "random-walk": np.nan_to_num(p / d[:, None]),
                "regularised-laplacian": p / np.sqrt(np.outer(d + tau, d + tau)),
                "regularised-walk": p / (d + tau)[:, None],
                "modularity": p - np.outer(d, d) / d.sum(),
                "ppmi": np.maximum(np.log(np.where(ratio > 0, ratio, 1)), 0),
                "counts": p @ p,
            }[name],
            d,
            tau,
        )


@pytest.mark.parametrize("kind", AFFINITIES)
@pytest.mark.parametrize("name", EXACT)
def test_eigenpairs_are_those_of_the_dense_matrix(name, kind):
    model = a_model(kind)
    matrix, d, tau = dense(name, model)
    found = population(name, model)
    scale = max(np.abs(matrix).max(), 1e-3) * len(d)
    truth = np.linalg.eigvals(matrix)
    truth = truth[np.argsort(-np.abs(truth))]
    assert np.abs(truth[found.rank :]).max(initial=0) <= 1e-10 * scale  # nothing is missing
    assert np.abs(found.eigenvalues) == pytest.approx(np.abs(truth[: found.rank]), abs=1e-10 * scale)
    assert np.abs(matrix @ found.basis - found.basis * found.eigenvalues).max(initial=0) <= 1e-10 * scale
    weights = {"random-walk": d, "regularised-walk": d + tau}.get(name, np.ones_like(d))
    gram = found.basis.T @ (weights[:, None] * found.basis)
    assert np.abs(gram - np.eye(found.rank)).max(initial=0) <= 1e-10
    assert found.operator == name and not found.basis[7].any()


@pytest.mark.parametrize("name", SLOPES)
def test_rows_are_rays_or_points_with_norms_as_the_table_says(name):
    model = a_model("assortative")
    rows, theta = population(name, model).vectors("full"), model.propensities
    for block in range(3):
        mine = np.flatnonzero((model.labels == block) & (theta > 0))
        norms = np.linalg.norm(rows[mine], axis=1)
        cosines = rows[mine] @ rows[mine[0]] / (norms * norms[0])
        assert cosines == pytest.approx(np.ones(len(mine)), abs=1e-12)
        slopes = np.log(norms / norms[0])[1:] / np.log(theta[mine] / theta[mine[0]])[1:]
        assert slopes == pytest.approx(np.full(len(mine) - 1, SLOPES[name]), abs=1e-9)


@pytest.mark.parametrize("name", ["regularised-laplacian", "regularised-walk"])
def test_a_regularised_operator_lies_between_rays_and_points(name):
    model = a_model("assortative")
    theta = model.propensities
    norms = np.linalg.norm(population(name, model).vectors(), axis=1)
    mine = np.flatnonzero((model.labels == 0) & (theta > 0))
    order = mine[np.argsort(theta[mine])]
    slopes = np.diff(np.log(norms[order])) / np.diff(np.log(theta[order]))
    low, high = {"regularised-laplacian": (0.5, 1.0), "regularised-walk": (0.0, 1.0)}[name]
    assert (slopes > low).all() and (slopes < high).all()
    assert slopes[0] > slopes[-1]


def test_modularity_has_one_dimension_less_and_no_communities_have_none():
    assert population("modularity", a_model("assortative")).rank == 2
    assert population("modularity", a_model("no communities")).rank == 0
    assert population("ppmi", a_model("no communities")).rank == 0


def test_what_has_no_closed_form_is_refused():
    with pytest.raises(ValueError, match="bethe-hessian has no population in closed form"):
        population("bethe-hessian", a_model("assortative"))
    with pytest.raises(TypeError, match="model must be"):
        population("adjacency", np.eye(3))
    with pytest.raises(ValueError, match="operator must be one of"):
        population("walk", a_model("assortative"))
    with pytest.raises(ValueError, match="embedding must be of the adjacency matrix"):
        estimate_degrees(population("counts", a_model("assortative")))


@pytest.mark.filterwarnings("ignore:P exceeds 1")
@pytest.mark.parametrize("name", [*(name for name in EXACT if name != "ppmi"), "non-backtracking"])
def test_a_dense_sample_is_near_its_population(name):
    """At mean degree 150 the leading eigenspace is the population's but for noise. The logarithm of 0/1 entries is not near
    its own."""
    rng = np.random.default_rng(0)
    model = dcbm(900, 3, heterogeneity=LogNormal(0.3), mean_degree=150, mixing=0.2, rng=rng)
    a = sample_graph(model, rng, clip=True, dtype=np.float64)
    truth = population(name, model)
    found = embed(a, truth.rank, operator=name)
    q, p = (np.linalg.qr(one.basis)[0] for one in (found, truth))
    # a sine is about the size of a row's noise, sqrt(150), over the last eigenvalue, 91: 0.13, and 0.12 in this draw
    assert np.linalg.svd(q.T @ p, compute_uv=False).min() > np.sqrt(1 - 0.2**2)
    # an eigenvalue moves by the variance of a row over itself, 150 / 91^2 of it at most: 2 %
    assert found.eigenvalues == pytest.approx(truth.eigenvalues, rel=0.04)
