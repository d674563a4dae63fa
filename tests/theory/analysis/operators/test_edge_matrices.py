"""The Ihara-Bass identity, and what the negative eigenvalues of the Bethe Hessian count."""

import networkx as nx
import numpy as np
import pytest

from simulate import BlockModel, sample_graph, sbm
from theory import bethe_hessian, operator_matrix


def non_backtracking(a):
    """B on directed edges, by its definition; parallel edges are edges of their own."""
    edges = [(i, j, k) for i, j in np.argwhere(a) for k in range(int(a[i, j]))]
    place = {edge: e for e, edge in enumerate(edges)}
    b = np.zeros((len(edges),) * 2)
    for (i, j, k), e in place.items():
        for (p, q, m), f in place.items():
            b[e, f] = p == j and (q, m) != (i, k)
    return b


def small(seed, multiple=False):
    rng = np.random.default_rng(seed)
    upper = np.triu(rng.random((9, 9)) < 0.45, 1) * (rng.integers(1, 3, (9, 9)) if multiple else 1.0)
    return upper + upper.T


@pytest.mark.parametrize("multiple", [False, True])
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("t", [1.7, -2.3, 0.4 + 1.1j])
def test_ihara_bass_identity(seed, t, multiple):
    a = small(seed, multiple)
    b, form, edges = non_backtracking(a), operator_matrix(a, "non-backtracking").toarray(), a.sum() / 2
    d, n = a.sum(axis=1), len(a)
    whole = np.linalg.det(t * np.eye(len(b)) - b)
    assert (t * t - 1) ** (edges - n) * np.linalg.det(t * np.eye(2 * n) - form) == pytest.approx(
        whole, rel=1e-10
    )
    quadratic = np.linalg.det(t * t * np.eye(n) - t * a + np.diag(d) - np.eye(n))
    assert (t * t - 1) ** (edges - n) * quadratic == pytest.approx(whole, rel=1e-10)


def sampled(kind, seed):
    rng = np.random.default_rng(seed)
    if kind == "assortative":
        model = sbm(120, 3, mean_degree=8, mixing=0.1, rng=rng)
    else:
        model = BlockModel(np.ones(120), np.arange(120) % 2, np.array([[1.0, 9.0], [9.0, 1.0]]) * 8 / 600)
    return sample_graph(model, rng, dtype=np.float64).toarray()


@pytest.mark.parametrize("kind", ["assortative", "disassortative"])
@pytest.mark.parametrize("seed", range(2))
def test_negative_eigenvalues_count_the_real_eigenvalues_beyond_r(kind, seed):
    a = sampled(kind, seed)
    d = a.sum(axis=1)
    values = np.linalg.eigvals(operator_matrix(a, "non-backtracking").toarray())
    real = values[np.abs(values.imag) < 1e-9].real
    circle = np.sqrt(max(real.max(), d @ d / d.sum() - 1))
    counted = 0
    for r in np.linspace(circle * 1.001, real.max() * 1.2, 15):
        for sign in (1, -1):
            negative = int((np.linalg.eigvalsh(bethe_hessian(a, sign * r).toarray()) < 0).sum())
            assert negative == (sign * real > r).sum()
            counted += negative
    assert counted > 15  # the first eigenvalue alone makes fewer


def test_the_radius_is_that_of_the_size_biased_degree_and_at_least_one():
    star = nx.to_numpy_array(nx.star_graph(4))
    # sum d^2 / sum d - 1 = (16 + 4) / 8 - 1
    assert bethe_hessian(star).toarray() == pytest.approx(bethe_hessian(star, np.sqrt(1.5)).toarray())
    path = nx.to_numpy_array(nx.path_graph(3))
    assert np.array_equal(bethe_hessian(path).toarray(), np.diag(path.sum(axis=1)) - path)
    assert not bethe_hessian(np.zeros((3, 3))).toarray().any()
    for wrong in (np.nan, "1", True):
        with pytest.raises((ValueError, TypeError), match="r must be a finite number"):
            bethe_hessian(star, wrong)
