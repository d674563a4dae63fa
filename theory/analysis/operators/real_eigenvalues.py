"""The real eigenvalues of the non-backtracking matrix that stand out, from symmetric problems alone.

A real mu, |mu| > 1, is an eigenvalue where H(mu) = (mu^2 - 1) I - mu A + D is singular, and its null vector is the nodes' part of
the eigenvector. With T = D + (mu^2 - 1) I that says that 1/mu is an eigenvalue of S(|mu|) = T^-1/2 A T^-1/2, the Laplacian
regularised by mu^2 - 1 (Dall'Amico, Couillet, Tremblay 2020). For a guess r the k-th largest eigenvalue of S(r) times r is
above 1 below the k-th largest mu, and below 1 above it; the Rayleigh functional of its vector, the larger root of rho^2 - rho
x'Ax + x'(D - I)x = 0, is the next guess, whose error is the square of the last one's (Werner 1970, "safeguarded iteration").
Negative mu are found at the other end of S.

All other eigenvalues lie within the circle of radius sqrt(mu_1), mu_1 the largest, up to chance at its edge (Bordenave, Lelarge,
Massoulie 2018). A nonsymmetric solver for M itself stalls at that edge, where eigenvalues crowd.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from theory.analysis.eigenpairs import Eigenpairs, from_one_end
from theory.analysis.operators.graphs import Vector, degrees
from theory.analysis.operators.matrices import scaled_both_sides

STEPS = 60  # of one eigenvalue: halving a bracket as wide as the largest degree ends in rounding before
ACCURACY = {"float64": 1e-12, "float32": 1e-6}  # relative, of an eigenvalue
SAME = 1e-7  # relative distance of eigenvalues whose vectors are taken from one solve, where they are orthogonal in T
EDGE = 1e-9  # relative distance from the circle below which an eigenvalue is taken to lie on it


def real_outliers(
    a: sparse.csr_array, rank: int, rng: np.random.Generator, *, dtype: Any, tol: float
) -> Eigenpairs:
    """Return the real eigenvalues of largest magnitude outside the circle, at most `rank`, and the unit vectors of the nodes.

    Parameters
    ----------
    a : (n, n) numbers of edges, no node without one, no loops. The residual is that of [[0, D - I], [-I, A]].

    Time is that of about four solves for each eigenvalue, of as many eigenpairs as come before it.
    """
    problem = _Problem(a, degrees(a), rng, dtype, tol)
    found: list[tuple[float, NDArray[Any]]] = []
    if _has_two_cycles(a, problem.d):
        largest, _ = problem.root(1, 1, 1.0)
        circle = float(np.sqrt(largest))
        positive, negative = problem.outside(circle, rank)
        found = problem.roots(1, min(max(positive, 1), rank), circle)
        found += problem.roots(-1, min(negative, rank), circle)
    found = sorted(found, key=lambda pair: -abs(pair[0]))[:rank]
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

    def roots(self, sign: int, count: int, circle: float) -> list[tuple[float, NDArray[Any]]]:
        """The `count` largest eigenvalues of this sign with their vectors; those of equal ones come from one solve."""
        found: list[tuple[float, NDArray[Any]]] = []
        for k in range(count):
            mu, vectors = self.root(sign, k + 1, circle)
            found.append((mu, vectors[:, k]))
            for j in range(k - 1, -1, -1):
                if abs(found[j][0] - mu) > SAME * abs(mu):
                    break
                found[j] = found[j][0], vectors[:, j]
        return found

    def root(self, sign: int, k: int, least: float) -> tuple[float, NDArray[Any]]:
        """The k-th largest eigenvalue of this sign, known to lie outside `least`, and the vectors of the first k there."""
        low, high = least, float(self.d.max())
        r = float(
            np.clip(
                np.sqrt(self.d @ self.d / self.d.sum()) if k > 1 else self.d @ self.d / self.d.sum(),
                low,
                high,
            )
        )
        accuracy = max(ACCURACY[self.dtype], self.tol / 10)
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

    def outside(self, circle: float, rank: int) -> tuple[int, int]:
        """How many positive and how many negative eigenvalues lie outside the circle, all of them where they are few."""
        n, asked = self.a.shape[0], rank + 1
        while True:
            asked = min(asked, n - 1)
            values, _ = self.at(circle, asked, "LM")
            beyond = np.abs(values) * circle > 1 + EDGE
            if not beyond.all() or asked == n - 1:
                return int((beyond & (values > 0)).sum()), int((beyond & (values < 0)).sum())
            # positive and negative ones move differently with r: to know the first ones by magnitude, all are counted
            asked *= 2

    def residual(self, mu: float, x: NDArray[Any]) -> float:
        miss = self.a @ x - (self.d - 1.0) * x / mu - mu * x
        return float(np.linalg.norm(miss) / abs(mu))


def _has_two_cycles(a: sparse.csr_array, d: Vector) -> bool:
    """Whether a component has more edges than nodes; else no eigenvalue lies outside the unit circle."""
    count, component = sparse.csgraph.connected_components(a, directed=False)
    edges = np.bincount(component, d, minlength=count) / 2
    return bool((edges > np.bincount(component, minlength=count) + 0.5).any())
