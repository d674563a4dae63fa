"""Rivals of the SVD on the same matrix: contexts x items and a rank in, item vectors (items, rank) out.

`svd` and `nmf` are scikit-learn's, `als` is `implicit`'s (Hu, Koren, Volinsky 2008; extra `als`). `ease`
is the closed form of Steck 2019, B = I - P diag(P)^-1 with P = (X'X + penalty I)^-1, reduced to its
leading left singular vectors times singular values. `autoencoder` is scikit-learn's MLP with one linear
hidden layer trained to return its input; an item's vector is its row of the encoder's weights. Both are
dense in the items.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import svds
from sklearn.exceptions import ConvergenceWarning

from simulate.validation import (
    require_choice,
    require_finite,
    require_generator,
    require_integer,
    require_number,
)

FACTORIZATIONS = ("svd", "nmf", "als", "ease", "autoencoder")
DENSE_ITEMS = 20_000  # an items x items matrix of float64 is 3.2 GB at this size


def factorize(
    matrix: Any,
    rank: int,
    method: str = "svd",
    *,
    rng: np.random.Generator,
    iterations: int = 200,
    penalty: float = 100.0,
) -> NDArray[np.float64]:
    """Return item vectors (items, rank) of a non-negative contexts x items matrix by `method`.

    `iterations` bounds the passes of `nmf`, `als` and `autoencoder`; `penalty` is that of `ease`.

    Raises
    ------
    ValueError
        for an unknown method, a negative or non-finite entry, a rank above the smaller side, too many items
        for a dense
        method.
    ImportError
        for `als` without the optional package `implicit`.

    Examples
    --------
    >>> x = np.kron(np.eye(2), np.ones((4, 3)))
    >>> factorize(x, 2, "svd", rng=np.random.default_rng(0)).shape
    (6, 2)
    """
    require_choice(method, "method", FACTORIZATIONS)
    require_generator(rng)
    require_integer(iterations, "iterations", least=1)
    x = sparse.csr_array(matrix).astype(np.float64)
    require_finite(x.data, "matrix")
    if x.data.size and x.data.min() < 0:
        raise ValueError(f"matrix must not hold a negative entry; the least is {x.data.min():g}")
    require_integer(rank, "rank", least=1, most=min(x.shape))
    if method in ("ease", "autoencoder") and x.shape[1] > DENSE_ITEMS:
        raise ValueError(f"matrix must have at most {DENSE_ITEMS} items for {method!r}; got {x.shape[1]}")
    seed = int(rng.integers(2**31 - 1))
    solvers: dict[str, Callable[..., Any]] = {
        "svd": _svd,
        "nmf": _nmf,
        "als": _als,
        "autoencoder": _autoencoder,
    }
    if method == "ease":
        return _leading(ease(x, penalty), rank)
    with warnings.catch_warnings():
        # the number of passes is the caller's choice, and none of scikit-learn's solvers has to reach its tolerance
        warnings.filterwarnings("ignore", category=ConvergenceWarning)
        return np.asarray(solvers[method](x, rank, seed, iterations), dtype=np.float64)


def ease(matrix: Any, penalty: float = 100.0) -> NDArray[np.float64]:
    """Return EASE's item x item weights: least squares of X on X B + penalty |B|^2 with a zero diagonal.

    >>> ease(np.eye(2), 1.0).tolist()
    [[0.0, 0.0], [0.0, 0.0]]
    """
    require_number(penalty, "penalty", above=0)
    x = sparse.csr_array(matrix).astype(np.float64)
    gram = (x.T @ x).toarray()
    gram[np.diag_indices_from(gram)] += penalty
    p = np.linalg.inv(gram)
    b = -p / np.diag(p)
    np.fill_diagonal(b, 0.0)
    return np.asarray(b + 0.0)


def _leading(b: NDArray[np.float64], rank: int) -> NDArray[np.float64]:
    """The leading left singular vectors of a square matrix times its singular values, of all or by Lanczos."""
    if 4 * rank >= len(b):
        u, s, _ = np.linalg.svd(b)
        return np.asarray(u[:, :rank] * s[:rank])
    u, s, _ = svds(b, rank, v0=np.ones(len(b)), return_singular_vectors="u")
    return np.asarray(u[:, ::-1] * s[::-1])


def _svd(x: Any, rank: int, seed: int, iterations: int) -> Any:
    from sklearn.decomposition import TruncatedSVD

    fit = TruncatedSVD(rank, algorithm="randomized", n_iter=7, random_state=seed).fit(x)
    return fit.components_.T * fit.singular_values_


def _nmf(x: Any, rank: int, seed: int, iterations: int) -> Any:
    from sklearn.decomposition import NMF

    return NMF(rank, init="nndsvda", max_iter=iterations, random_state=seed).fit(x).components_.T


def _als(x: Any, rank: int, seed: int, iterations: int) -> Any:
    try:
        from implicit.cpu.als import AlternatingLeastSquares
    except ImportError as error:
        raise ImportError("method 'als' needs the package implicit: pip install 'spikeproof[als]'") from error
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, "blas"):  # implicit warns of any other number
        model = AlternatingLeastSquares(factors=rank, iterations=iterations, random_state=seed, num_threads=1)
        model.fit(sparse.csr_matrix(x), show_progress=False)  # implicit asks for a csr_matrix
    return model.item_factors


def _autoencoder(x: Any, rank: int, seed: int, iterations: int) -> Any:
    from sklearn.neural_network import MLPRegressor

    dense = x.toarray()
    # the default step of .001 stops far from the minimum on matrices with few contexts
    net = MLPRegressor(
        hidden_layer_sizes=(rank,),
        activation="identity",
        max_iter=iterations,
        learning_rate_init=0.01,
        batch_size=min(32, len(dense)),
        random_state=seed,
    )
    return net.fit(dense, dense).coefs_[0]
