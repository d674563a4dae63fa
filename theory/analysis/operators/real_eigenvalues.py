"""The real eigenvalues of the non-backtracking matrix that stand out, counted and, where needed, found by symmetric problems.

A real mu, |mu| > 1, is an eigenvalue where H(mu) = (mu^2 - 1) I - mu A + D is singular, and its null vector is the nodes' part
of the eigenvector. With T = D + (mu^2 - 1) I that says that 1/mu is an eigenvalue of S(|mu|) = T^-1/2 A T^-1/2, the Laplacian
regularised by mu^2 - 1 (Dall'Amico, Couillet, Tremblay 2020). So the eigenvalues of S(r) beyond +-1/r count the mu beyond +-r.
All other eigenvalues lie within the circle of radius sqrt(mu_1), mu_1 the largest, up to chance at its edge (Bordenave, Lelarge,
Massoulie 2018), where they crowd and a nonsymmetric solver stalls.

Once they are counted, ARPACK finds as many of largest magnitude of [[0, D - I], [-I, A]], and what it returns is compared
with the count. Where it stalls, or where eigenvalues agree, each is found by itself: for a guess r the k-th largest
eigenvalue of S(r) times r is above 1 below the k-th largest mu, and below 1 above it; the Rayleigh functional of its vector,
the larger root of rho^2 - rho x'Ax + x'(D - I)x = 0, is the next guess, whose error is the square of the last one's (Werner
1970, "safeguarded iteration"). Negative mu are found at the other end of S.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import ArpackNoConvergence, LinearOperator, eigs

from theory.analysis.eigenpairs import Eigenpairs, from_one_end
from theory.analysis.operators.graphs import Vector, degrees
from theory.analysis.operators.matrices import scaled_both_sides
from theory.analysis.rounding import DENSE

STEPS = 60  # of one eigenvalue: halving a bracket as wide as the largest degree ends in rounding before
ACCURACY = {"float64": 1e-12, "float32": 1e-6}  # relative, of an eigenvalue
CIRCLE = 1e-6  # relative accuracy of the radius of the circle
SAME = 1e-7  # relative distance of eigenvalues whose vectors are taken from one solve, where they are orthogonal in T
EDGE = 1e-9  # relative distance from the circle below which an eigenvalue is taken to lie on it
RESTARTS = 50  # of ARPACK, before it is taken to stall
GOOD = {"float64": 1e-10, "float32": 1e-4}  # residuals that are accepted of it at full accuracy
Pair = tuple[float, NDArray[Any]]


def real_outliers(
    a: sparse.csr_array, rank: int, rng: np.random.Generator, *, dtype: Any, tol: float
) -> Eigenpairs:
    """Return the real eigenvalues of largest magnitude outside the circle, at most `rank`, and the unit vectors of the nodes.

    Parameters
    ----------
    a : (n, n) numbers of edges, no node without one, no loops. The residual is that of [[0, D - I], [-I, A]].

    Time is that of about six solves of `rank` symmetric eigenpairs; where eigenvalues agree or lie at the circle, of about five
    for each eigenvalue.
    """
    problem = _Problem(a, degrees(a), rng, dtype, tol)
    found = problem.outliers(rank) if _has_two_cycles(a, problem.d) else []
    values = np.array([mu for mu, _ in found], dtype=dtype)
    basis = np.array([x for _, x in found], dtype=dtype).reshape(len(found), a.shape[0]).T
    residuals = np.array([problem.residual(mu, x) for mu, x in found])
    return Eigenpairs(values, np.ascontiguousarray(basis), residuals, rank - len(found))


@dataclass(frozen=True, eq=False)
class _Problem:
    a: sparse.csr_array
    d: Vector
    rng: np.random.Generator
    dtype: Any
    tol: float

    def outliers(self, rank: int) -> list[Pair]:
        """The `rank` eigenvalues of largest magnitude outside the circle, or all, with their vectors."""
        size_biased = float(self.d @ self.d / self.d.sum())
        largest, _ = self.root(1, 1, 1.0, size_biased, CIRCLE)
        circle = float(np.sqrt(largest))
        positive, negative = self.beyond(circle, rank)
        positive = max(positive, 1)
        found = self.by_arnoldi(min(positive + negative, rank), circle)
        if found:
            every = positive + negative < rank
            expected = (positive, negative) if every else self.beyond(self.before(found[-1]), rank + 1)
            if _signs(found) == expected:
                return found
        return self.one_by_one(rank, circle, positive, negative)

    def beyond(self, r: float, count: int) -> tuple[int, int]:
        """How many of the `count` eigenvalues of S(r) of largest magnitude stand for a mu beyond r: positive, negative."""
        values, _ = self.at(r, min(count, self.a.shape[0] - 1), "LM")
        outside = np.abs(values) * r > 1 + EDGE
        return int((outside & (values > 0)).sum()), int((outside & (values < 0)).sum())

    def before(self, pair: Pair) -> float:
        """A radius that this eigenvalue lies beyond, whatever its rounding."""
        return abs(pair[0]) * (1 - max(SAME, 10 * ACCURACY[self.dtype], 10 * self.tol))

    def by_arnoldi(self, count: int, circle: float) -> list[Pair] | None:
        """The `count` eigenvalues of largest magnitude, by decreasing magnitude; None where ARPACK stalls or two agree."""
        n, over = self.a.shape[0], (self.d - 1.0).astype(self.a.dtype)
        if n <= DENSE or 4 * count > n:
            return None

        def times(x: NDArray[Any]) -> NDArray[Any]:
            first, second = x.ravel()[:n], x.ravel()[n:]
            return np.concatenate([over * second, self.a @ second - first])

        matrix = LinearOperator((2 * n, 2 * n), matvec=times, dtype=self.a.dtype)
        v0 = self.rng.standard_normal(2 * n).astype(self.dtype)
        try:
            values, vectors = eigs(matrix, count, v0=v0, tol=self.tol, maxiter=RESTARTS, rng=self.rng)
        except ArpackNoConvergence:
            return None
        order = np.argsort(-np.abs(values), kind="stable")
        values, x = values[order], vectors[n:, order].real
        sizes = np.abs(values)
        if (np.abs(values.imag) > EDGE * sizes).any() or (sizes < circle * (1 + EDGE)).any():
            return None
        if (np.abs(np.subtract.outer(values, values)) + np.diag(sizes) <= SAME * sizes).any():
            return None
        found = [(float(mu), v / np.linalg.norm(v)) for mu, v in zip(values.real, x.T, strict=True)]
        worst = max(self.residual(mu, v) for mu, v in found)
        return found if worst <= max(self.tol, GOOD[self.dtype]) else None

    def one_by_one(self, rank: int, circle: float, positive: int, negative: int) -> list[Pair]:
        """What `outliers` returns, from the number of positive and of negative ones that are known to lie outside the circle."""
        while True:
            found = self.roots(1, positive, circle) + self.roots(-1, negative, circle)
            found = sorted(found, key=lambda pair: -abs(pair[0]))
            if len(found) < rank:
                return found
            # positive and negative ones move differently with r: is there another one beyond the last of these?
            more = self.beyond(self.before(found[rank - 1]), rank + 1)
            if more[0] <= positive and more[1] <= negative:
                return found[:rank]
            positive, negative = max(positive, more[0]), max(negative, more[1])

    def roots(self, sign: int, count: int, circle: float) -> list[Pair]:
        """The `count` largest eigenvalues of this sign with their vectors; those of equal ones come from one solve."""
        accuracy = max(ACCURACY[self.dtype], self.tol / 10)
        found: list[Pair] = []
        for k in range(count):
            mu, vectors = self.root(sign, k + 1, circle, circle, accuracy)
            found.append((mu, vectors[:, k]))
            for j in range(k - 1, -1, -1):
                if abs(found[j][0] - mu) > SAME * abs(mu):
                    break
                found[j] = found[j][0], vectors[:, j]
        return found

    def root(self, sign: int, k: int, least: float, start: float, accuracy: float) -> Pair:
        """The k-th largest eigenvalue of this sign, known to lie outside `least`, and the vectors (n, k) of the first k there."""
        low, high = least, float(self.d.max())
        r = min(max(start, low), high)
        for _ in range(STEPS):
            values, vectors = self.at(r, k, "LA" if sign > 0 else "SA")
            low, high = (r, high) if sign * values[-1] * r > 1 else (low, r)
            guess = self.functional(sign, vectors[:, -1])
            if guess is not None and abs(guess - r) <= accuracy * r:
                return sign * guess, vectors
            r = guess if guess is not None and low < guess < high else float(np.sqrt(low * high))
        return sign * r, vectors

    def at(self, r: float, k: int, which: Any) -> tuple[NDArray[Any], NDArray[Any]]:
        """k eigenvalues of S(r) from one end, and the unit vectors of the nodes."""
        root = 1.0 / np.sqrt(self.d + (r * r - 1.0))
        scaled = scaled_both_sides(self.a, root)
        values, basis = from_one_end(scaled, k, self.rng, dtype=self.dtype, tol=self.tol, which=which)
        vectors = basis * root[:, None]
        return values, vectors / np.linalg.norm(vectors, axis=0)

    def functional(self, sign: int, x: NDArray[Any]) -> float | None:
        """|rho| of a unit vector; None where the quadratic has no real root of this sign."""
        wide = x.astype(np.float64)
        half = sign * float(wide @ (self.a @ wide)) / 2
        square = half * half - float(wide @ ((self.d - 1.0) * wide))
        return half + float(np.sqrt(square)) if half > 0 and square >= 0 else None

    def residual(self, mu: float, x: NDArray[Any]) -> float:
        miss = self.a @ x - (self.d - 1.0) * x / mu - mu * x
        return float(np.linalg.norm(miss) / abs(mu))


def _signs(found: list[Pair]) -> tuple[int, int]:
    return sum(mu > 0 for mu, _ in found), sum(mu < 0 for mu, _ in found)


def _has_two_cycles(a: sparse.csr_array, d: Vector) -> bool:
    """Whether a component has more edges than nodes; else no eigenvalue lies outside the unit circle."""
    count, component = sparse.csgraph.connected_components(a, directed=False)
    edges = np.bincount(component, d, minlength=count) / 2
    return bool((edges > np.bincount(component, minlength=count) + 0.5).any())
