import numpy as np
import pytest

from theory.factorizations import ease, factorize


def blocks():
    rng = np.random.default_rng(0)
    x = np.kron(np.eye(3), np.ones((40, 8)))
    return x * (rng.random(x.shape) < 0.7)


def separation(v):
    u = v / np.linalg.norm(v, axis=1)[:, None]
    own = np.kron(np.eye(3), np.ones((8, 8))) > 0
    c = u @ u.T
    return c[own].mean() - c[~own].mean()


@pytest.mark.parametrize("method", ["svd", "nmf", "als", "ease", "autoencoder"])
def test_every_rival_tells_three_disjoint_communities_apart(method):
    if method == "als":
        pytest.importorskip("implicit", reason="optional extra als")
    v = factorize(blocks(), 3, method, rng=np.random.default_rng(1))
    assert v.shape == (24, 3) and separation(v) > 0.5
    assert np.array_equal(v, factorize(blocks(), 3, method, rng=np.random.default_rng(1)))


def test_svd_is_the_svd():
    x = blocks()
    v = factorize(x, 3, "svd", rng=np.random.default_rng(1))
    _, s, w = np.linalg.svd(x)
    assert np.allclose(v @ v.T, (w[:3].T * s[:3] ** 2) @ w[:3], atol=1e-6)


def test_ease_solves_each_column_by_ridge_without_itself():
    x = np.random.default_rng(2).random((30, 6))
    b = ease(x, 3.0)
    for j in range(6):
        rest = np.arange(6) != j
        direct = np.linalg.solve(x[:, rest].T @ x[:, rest] + 3 * np.eye(5), x[:, rest].T @ x[:, j])
        assert np.allclose(b[rest, j], direct, atol=1e-10) and b[j, j] == 0


def test_errors():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="rank"):
        factorize(np.eye(3), 4, rng=rng)
    with pytest.raises(ValueError, match="negative"):
        factorize(-np.eye(3), 1, rng=rng)
    with pytest.raises(ValueError, match="method"):
        factorize(np.eye(3), 1, "nnmf", rng=rng)


@pytest.mark.slow
def test_als_of_the_optional_package_tells_communities_apart():
    # slow tests run where the extra `als` is installed
    rng = np.random.default_rng(0)
    x = np.kron(np.eye(3), rng.random((40, 20)) < 0.5)
    vectors = factorize(x, 3, "als", rng=rng, iterations=30)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    cosines = unit @ unit.T
    same = np.kron(np.eye(3), np.ones((20, 20))) > 0
    assert cosines[same].mean() > cosines[~same].mean() + 0.3
