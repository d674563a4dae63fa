"""Where to cut the spectrum: three rules that choose the rank f from the matrix alone.

The knee: the last rank before the number of peaks leaves the straight line that it follows for small ranks (in a block
model the peaks grow as f + 1 while f counts communities, then noise breaks the rays; docs/theory.md, section 6.1). The
elbows of the magnitudes of the eigenvalues (Zhu and Ghodsi 2006). Parallel analysis: the eigenvalues beyond
the largest noise magnitude of a null without blocks, by default graphs of the same degrees (Horn 1965).
`theory.prediction.truncations` adds the number of visible directions of a model and puts the rules side by side.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulate import BlockModel, sample_graph
from simulate.validation import (
    require_array,
    require_generator,
    require_integer,
    require_integers,
    require_number,
)
from theory.analysis.embedding import embed
from theory.analysis.inputs import as_symmetric

FIRST = 32  # eigenvalues that parallel analysis computes at first


def spikiness_knee(ranks: Sequence[int], peaks: Sequence[int], *, slack: float = 1.5) -> int:
    """Return the last rank before the peaks first exceed `slack` (rank + 1), the line of noise-free block models.

    Raises
    ------
    ValueError
        for ranks that do not increase, or peaks that do not match them.

    Examples
    --------
    >>> spikiness_knee([2, 4, 8, 16], [3, 5, 9, 120])
    8
    """
    require_number(slack, "slack", least=1)
    ranks = require_integers(ranks, "ranks", least=1)
    peaks = require_integers(peaks, "peaks", least=0)
    if len(ranks) != len(peaks):
        raise ValueError(
            f"ranks and peaks must have one length of at least 1; got {len(ranks)} and {len(peaks)}"
        )
    if any(b <= a for a, b in itertools.pairwise(ranks)):
        raise ValueError(f"ranks must increase; got {list(ranks)}")
    chosen = ranks[0]
    for rank, count in zip(ranks, peaks, strict=True):
        if count > slack * (rank + 1):
            break
        chosen = rank
    return int(chosen)


def parallel_analysis(
    matrix: Any,
    rank: int,
    rng: np.random.Generator,
    *,
    null: Callable[[np.random.Generator], Any] | None = None,
    replicates: int = 3,
    known: ArrayLike | None = None,
    operator: str | None = None,
) -> tuple[int, float]:
    """Return how many of the `rank` largest magnitudes pass the null's second, and that threshold.

    `null(rng)` draws a matrix without blocks: for PPMI that of permuted interactions. Without it the null has Poisson edges
    of mean d_i d_j / sum d, the degrees of `matrix`, which suits graphs and no other matrices. A null's first eigenvalue is
    its mean's own and is kept as signal, its second is noise; a null that has no second, because hardly an item is left in it or
    its rank is 1, has noise 0. The largest over `replicates` is the threshold, so noise alone
    passes it with probability about 1 / (replicates + 1): with few replicates the count is often one too high.

    Eigenvalues are computed until one does not pass, twice as many each time; `known` are those of largest magnitude that the
    caller has already. With an `operator` of `theory.OPERATORS` they are its eigenvalues, of the matrix and of the null; of
    the Bethe Hessian the strength of one is how far it lies below 0.

    Raises
    ------
    ValueError
        for a matrix of fewer than 3 rows or whose row sums are negative or all 0, or a null that draws no symmetric matrix.
    """
    require_generator(rng)
    rank = require_integer(rank, "rank", least=1)
    replicates = require_integer(replicates, "replicates", least=1)
    a = as_symmetric(matrix)
    if a.shape[0] < 3:
        raise ValueError(
            f"matrix must have at least 3 rows, so that a null has a second eigenvalue; it has {a.shape[0]}"
        )
    draw = _of_same_degrees(a) if null is None else null
    threshold = max(_second_magnitude(draw(rng), operator) for _ in range(replicates))
    magnitudes = np.sort(
        _strength(np.empty(0) if known is None else require_array(known, "known"), operator)
    )[::-1]
    while magnitudes.size < rank and (magnitudes > threshold).all():
        more = min(rank, max(FIRST, 2 * magnitudes.size))
        magnitudes = _strength(embed(a, more, operator=operator).eigenvalues, operator)
        if magnitudes.size < more:  # the matrix has no more
            break
    return int((magnitudes[:rank] > threshold).sum()), threshold


def _strength(eigenvalues: NDArray[Any], operator: str | None) -> NDArray[Any]:
    return -eigenvalues if operator == "bethe-hessian" else np.abs(eigenvalues)


def _second_magnitude(null: Any, operator: str | None) -> float:
    """|lambda_2|, or 0 where the matrix has no second eigenvalue."""
    shape = getattr(null, "shape", None)
    n = len(null) if shape is None else min(shape)
    if n < 2:
        return 0.0
    if n == 2:  # its truncation would be at rank 1
        return float(np.abs(np.linalg.eigvalsh(as_symmetric(null, "null").toarray())).min())
    values = _strength(embed(null, 2, operator=operator).eigenvalues, operator)
    return float(values[1]) if len(values) > 1 else 0.0


def _of_same_degrees(a: Any) -> Callable[[np.random.Generator], Any]:
    degrees = np.asarray(a.sum(axis=1), dtype=np.float64)
    if degrees.size == 0 or degrees.min() < 0 or degrees.sum() <= 0:
        raise ValueError("matrix must have non-negative row sums, not all of them 0")
    weights = a.data[a.data != 0]
    if (weights != np.round(weights)).any() or np.gcd.reduce(np.abs(weights).astype(np.int64)) > 1:
        raise ValueError(
            "matrix must hold counts, since the null draws Poisson counts of 1 and a count would depend on the unit of other "
            "weights; pass null=lambda rng: simulate.degree_preserving(matrix, rng), which moves weights as they are"
        )
    null = BlockModel(degrees, np.zeros(len(degrees), dtype=int), [[1.0 / degrees.sum()]])
    return lambda rng: sample_graph(null, rng, law="poisson")


def zhu_ghodsi_elbows(eigenvalues: ArrayLike, n_elbows: int = 2) -> list[int]:
    """Return `n_elbows` ranks at which the magnitudes of the eigenvalues drop, each beyond the one before.

    The n magnitudes are split into the q largest and the others, two normal groups with means of their own and one variance
    s^2 = (the squares about the two means) / (n - 2); the elbow is the q of largest likelihood, -n/2 ln(2 pi s^2) - (n - 2)/2. No
    split, q = n with n - 1 in place of n - 2, is among the candidates. The next elbow is searched among the others.

    Parameters
    ----------
    eigenvalues : (f,) in any order, signs ignored.

    References
    ----------
    Zhu, Ghodsi, "Automatic dimensionality selection from the scree plot via the use of profile likelihood", 2006.
    """
    require_integer(n_elbows, "n_elbows", least=1)
    magnitudes = np.sort(np.abs(require_array(eigenvalues, "eigenvalues")))[::-1]
    elbows: list[int] = []
    start = 0
    while len(elbows) < n_elbows and len(magnitudes) - start > 1:
        start += _elbow(magnitudes[start:])
        elbows.append(start)
    return elbows


def _elbow(values: NDArray[np.float64]) -> int:
    """The q of largest profile likelihood; of equal ones the smallest, and no split where all values are equal."""
    n = len(values)
    rounding = n * (np.finfo(np.float64).eps * max(float(values[0]), 1e-300)) ** 2
    if values[0] - values[-1] <= np.sqrt(rounding):
        return n
    likelihoods = np.full(n, -np.inf)
    for q in range(1, n + 1):
        spread = np.square(values[:q] - values[:q].mean()).sum()
        if q < n:
            spread += np.square(values[q:] - values[q:].mean()).sum()
        freedom = n - 1 - (q < n)
        if freedom > 0:
            likelihoods[q - 1] = -n / 2 * np.log(max(spread, rounding) / freedom) - freedom / 2
    return int(np.argmax(likelihoods)) + 1
