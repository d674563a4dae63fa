import threading

import numpy as np
import pytest

from theory.analysis.factorizations import ease, factorize


def blocks():
    rng = np.random.default_rng(0)
    x = np.kron(np.eye(3), np.ones((40, 8)))
    return x * (rng.random(x.shape) < 0.7)


def separation(v):
    u = v / np.linalg.norm(v, axis=1)[:, None]
    own = np.kron(np.eye(3), np.ones((8, 8))) > 0
    c = u @ u.T
    return c[own].mean() - c[~own].mean()


@pytest.mark.parametrize("method", ["svd", "nmf", "als", "ease", "autoencoder", "tanh-autoencoder"])
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


@pytest.mark.parametrize("method", ["autoencoder", "tanh-autoencoder"])
def test_autoencoders_come_near_the_best_of_their_rank(method):
    """The rows that an autoencoder can return are spanned by its item vectors: they must explain what principal components do."""
    rng = np.random.default_rng(4)
    x = np.kron(np.eye(4), np.ones((80, 25))) * rng.uniform(0.1, 0.6, 100)
    x = (rng.random(x.shape) < x).astype(float)
    vectors = factorize(x, 6, method, rng=rng, iterations=60)
    centred = x - x.mean(axis=0)
    basis = np.linalg.qr(vectors)[0]
    explained = np.square(centred @ basis).sum()
    best = np.square(np.linalg.svd(centred, compute_uv=False)[:6]).sum()
    assert explained >= 0.95 * best


def test_ease_solves_each_column_by_ridge_without_itself():
    x = np.random.default_rng(2).random((30, 6))
    b = ease(x, 3.0)
    for j in range(6):
        rest = np.arange(6) != j
        direct = np.linalg.solve(x[:, rest].T @ x[:, rest] + 3 * np.eye(5), x[:, rest].T @ x[:, j])
        assert np.allclose(b[rest, j], direct, atol=1e-10) and b[j, j] == 0


def test_ease_of_few_contexts_is_the_same_without_the_items_by_items_matrix():
    x = (np.random.default_rng(3).random((30, 90)) < 0.15).astype(float)
    x[:, 7] = 0  # an item that nobody holds
    u, s, _ = np.linalg.svd(ease(x, 5.0))
    direct = u[:, :4] * s[:4]
    found = factorize(x, 4, "ease", rng=np.random.default_rng(0), penalty=5.0)
    assert np.allclose(found @ found.T, direct @ direct.T, atol=1e-9)
    assert np.allclose(found[7], 0)


def test_a_matrix_too_large_to_be_dense_is_refused_before_it_is_formed():
    from scipy import sparse

    wide = sparse.random_array((25_000, 30_000), density=1e-6, rng=np.random.default_rng(0))
    for method in ("ease", "autoencoder", "tanh-autoencoder"):
        with pytest.raises(ValueError, match=r"25,000 x 30,000, which needs [67][0-9]{2},"):
            factorize(wide, 2, method, rng=np.random.default_rng(0))


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
    before = threading.enumerate()
    vectors = factorize(x, 3, "als", rng=rng, iterations=30)
    assert threading.enumerate() == before  # a bar that nobody sees leaves no thread behind
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    cosines = unit @ unit.T
    same = np.kron(np.eye(3), np.ones((20, 20))) > 0
    assert cosines[same].mean() > cosines[~same].mean() + 0.3


@pytest.mark.parametrize("method", ["svd", "ease"])
def test_no_item_has_a_direction_beyond_the_rank(method):
    x = np.zeros((60, 50))
    x[:40, :20] = 1  # rank 1, and 30 items that nobody has
    for rank in (3, 30):  # 30: EASE by a dense decomposition
        found = factorize(x, rank, method, rng=np.random.default_rng(0), penalty=1e-3)
        assert found.shape == (50, rank) and np.array_equal(found.any(axis=1), np.arange(50) < 20)
