"""Do other factorizations of the same matrix make spikes too? Item vectors (items, rank) from contexts x items.

`svd` and `nmf` are scikit-learn's (extra `learn`), `als` is `implicit`'s (Hu, Koren, Volinsky 2008; extra `als`). `ease` is the
closed form of Steck 2019, B = I - P diag(P)^-1 with P = (X'X + penalty I)^-1, reduced to its leading left singular vectors
times singular values; with fewer contexts than items P is never formed, but applied through (X X' + penalty I)^-1 (Woodbury).
`autoencoder` is scikit-learn's MLP with one linear hidden layer trained to return its input, `tanh-autoencoder` the same
with a hyperbolic tangent. Their item vectors are the rows of the decoder's weights, since those of the encoder hardly leave
their random start for rare items.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse
from scipy.sparse.linalg import LinearOperator

from simulate.optional import require_extra
from simulate.validation import (
    require_choice,
    require_generator,
    require_integer,
    require_number,
)
from theory.analysis.inputs import as_csr
from theory.analysis.largest_singular import largest_singular

ACTIVATIONS = {"autoencoder": "identity", "tanh-autoencoder": "tanh"}
FACTORIZATIONS = ("svd", "nmf", "als", "ease", *ACTIVATIONS)
STEPS = (0.01, 0.003, 0.001)  # sizes of the autoencoders' steps
DENSE = 400_000_000  # entries of a dense matrix: 3.2 GB of float64
CHUNK = 4096  # items whose diagonal entries of P are found at a time


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

    Columns of `svd` and `ease` beyond the rank of the matrix, whose singular values are rounding, are 0.

    `iterations` bounds the passes of `nmf`, `als` and the autoencoders; `penalty` is that of `ease`.

    Raises
    ------
    ValueError
        for an unknown method, a negative or non-finite entry, a rank above the smaller side, or a size that `ease` (the
        smaller side squared) or an autoencoder (contexts times items) would need too large a dense matrix for.
    ModuleNotFoundError
        where the package of the method is not installed: implicit for `als`, scikit-learn for all others but `ease`.

    Examples
    --------
    >>> x = np.kron(np.eye(2), np.ones((4, 3)))
    >>> factorize(x, 2, "svd", rng=np.random.default_rng(0)).shape
    (6, 2)
    """
    require_choice(method, "method", FACTORIZATIONS)
    require_generator(rng)
    require_integer(iterations, "iterations", least=1)
    require_number(penalty, "penalty", above=0)
    x = as_csr(matrix)
    if x.data.size and x.data.min() < 0:
        raise ValueError(f"matrix must not hold a negative entry; the least is {x.data.min():g}")
    require_integer(rank, "rank", least=1, most=min(x.shape))
    dense = {"ease": min(x.shape) ** 2, **dict.fromkeys(ACTIVATIONS, x.shape[0] * x.shape[1])}.get(method, 0)
    if dense > DENSE:
        raise ValueError(
            f"matrix must be smaller for {method!r}, which forms a dense matrix of at most {DENSE:,} entries; got a matrix of "
            f"{x.shape[0]:,} x {x.shape[1]:,}, which needs {dense:,}"
        )
    seed = int(rng.integers(2**31 - 1))
    solvers: dict[str, Callable[..., Any]] = {
        "svd": _svd,
        "nmf": _nmf,
        **{name: partial(_autoencoder, activation) for name, activation in ACTIVATIONS.items()},
    }
    if method == "ease":
        return _leading(_ease_operator(x, penalty) if x.shape[0] < x.shape[1] else ease(x, penalty), rank)
    require_extra("als" if method == "als" else "learn", f"the factorization {method!r}")
    if method == "als":
        return np.asarray(_als(x, rank, seed, iterations), dtype=np.float64)
    from sklearn.exceptions import ConvergenceWarning

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
    x = as_csr(matrix)
    gram = (x.T @ x).toarray()
    gram[np.diag_indices_from(gram)] += penalty
    p = np.linalg.inv(gram)
    b = -p / np.diag(p)
    np.fill_diagonal(b, 0.0)
    return np.asarray(b + 0.0)


def _ease_operator(x: Any, penalty: float) -> LinearOperator:
    """EASE's weights B = I - P diag(P)^-1 for fewer contexts than items: P = (I - X' (X X' + penalty I)^-1 X) / penalty."""
    n_items = x.shape[1]
    gram = (x @ x.T).toarray()
    gram[np.diag_indices_from(gram)] += penalty
    factor = linalg.cholesky(gram, lower=True)
    columns = sparse.csc_array(x)
    taken = [
        (linalg.solve_triangular(factor, columns[:, k : k + CHUNK].toarray(), lower=True) ** 2).sum(axis=0)
        for k in range(0, n_items, CHUNK)
    ]
    scale = (1.0 - np.concatenate(taken)) / penalty

    def p(v: NDArray[Any]) -> NDArray[Any]:
        return np.asarray((v - x.T @ linalg.cho_solve((factor, True), x @ v)) / penalty)

    def b(v: NDArray[Any]) -> NDArray[Any]:
        return np.asarray(v - p((v.T / scale).T))

    def transposed(v: NDArray[Any]) -> NDArray[Any]:
        return np.asarray(v - (p(v).T / scale).T)

    return LinearOperator(
        (n_items, n_items), matvec=b, rmatvec=transposed, matmat=b, rmatmat=transposed, dtype=np.float64
    )


def _leading(b: Any, rank: int) -> NDArray[np.float64]:
    """The leading left singular vectors of a square matrix times its singular values, of all or by Lanczos."""
    if isinstance(b, np.ndarray) and 4 * rank >= len(b):
        u, s, _ = np.linalg.svd(b)
        return _without_rounding(u[:, :rank], s[:rank])
    u, s, _ = largest_singular(b, rank, np.random.default_rng(0), v0=np.ones(b.shape[0]))
    return _without_rounding(u, s)


def _svd(x: Any, rank: int, seed: int, iterations: int) -> Any:
    from sklearn.decomposition import TruncatedSVD

    fit = TruncatedSVD(rank, algorithm="randomized", n_iter=7, random_state=seed).fit(x)
    return _without_rounding(fit.components_.T, fit.singular_values_, max(x.shape))


def _without_rounding(basis: NDArray[Any], singular: NDArray[Any], n: int = 0) -> NDArray[np.float64]:
    """Vectors times singular values, with columns of 0 for values that are rounding: the matrix has a lower rank."""
    rounding = max(n, len(basis)) * np.finfo(np.float64).eps * singular.max(initial=0.0)
    return np.asarray(basis * np.where(singular > rounding, singular, 0.0))


def _nmf(x: Any, rank: int, seed: int, iterations: int) -> Any:
    from sklearn.decomposition import NMF

    return NMF(rank, init="nndsvda", max_iter=iterations, random_state=seed).fit(x).components_.T


def _als(x: Any, rank: int, seed: int, iterations: int) -> Any:
    from implicit.cpu.als import AlternatingLeastSquares
    from threadpoolctl import threadpool_limits
    from tqdm import tqdm

    interval, tqdm.monitor_interval = (
        tqdm.monitor_interval,
        0,
    )  # even a bar that is not shown would leave a thread behind
    try:
        with threadpool_limits(1, "blas"):  # implicit warns of any other number
            model = AlternatingLeastSquares(
                factors=rank, iterations=iterations, random_state=seed, num_threads=1
            )
            model.fit(sparse.csr_matrix(x), show_progress=False)  # implicit asks for a csr_matrix
    finally:
        tqdm.monitor_interval = interval
    return model.item_factors


def _autoencoder(activation: str, x: Any, rank: int, seed: int, iterations: int) -> Any:
    from sklearn.neural_network import MLPRegressor

    dense = x.toarray().astype(
        np.float32
    )  # half the memory and the time; gradients are far noisier than that
    net = MLPRegressor(
        hidden_layer_sizes=(rank,),
        activation=activation,
        batch_size=min(64, len(dense)),
        alpha=0.0,
        tol=0.0,
        n_iter_no_change=iterations + 1,  # no early end: passes are the caller's choice
        warm_start=True,
        random_state=seed,
    )
    # one step size stops in the noise of its own gradients, far from the minimum; each third of the passes takes a smaller one
    thirds = [len(part) for part in np.array_split(np.arange(iterations), len(STEPS)) if len(part)]
    for step, passes in zip(STEPS, thirds):
        net.set_params(learning_rate_init=step, max_iter=passes).fit(dense, dense)
    return net.coefs_[1].T
