"""Compiled loops of `theory.prediction.resolvent`: Newton's method for g = 1 / (z - V g), one pass over the nodes a step.

Nodes stand in order of their blocks: those of block k are starts[k] to starts[k + 1]. With q powers of theta the unknowns are
the qK block sums h of theta^p g, p = 1, ..., q, and V g is theta^p times the couplings of h. Everything besides the pass is of
size qK: its linear algebra is written out, since a call of LAPACK costs more than a system of a few blocks.
"""

from __future__ import annotations

import numpy as np

from simulate.compiled import compiled

NONE, UNSTABLE, STABLE = 0, 1, 2  # what a search on the real line found


@compiled(nogil=True)
def real_sums(theta, counts, starts, field, z, positive, sums, moments):  # type: ignore[no-untyped-def]
    """Sum up, by block, theta^p g into sums (q, K) and theta^(p + 1) g^2, p = 1, ..., 2q - 1, into moments (2q - 1, K).

    g = 1 / d with d = z - theta^p field. Returns False, with sums unfinished, at the first node where d is 0, or where it is
    not positive if `positive`.
    """
    q, k = field.shape
    for block in range(k):
        first, second = field[0, block], field[q - 1, block] if q > 1 else 0.0
        s0 = s1 = m0 = m1 = m2 = 0.0
        for i in range(starts[block], starts[block + 1]):
            t = theta[i]
            d = z - t * first - t * t * second
            if d == 0.0 or (positive and not d > 0.0):
                return False
            g = 1.0 / d
            w = counts[i] * t * g
            v = w * t * g
            s0 += w
            m0 += v
            if q > 1:
                s1 += w * t
                m1 += v * t
                m2 += v * t * t
        sums[0, block], moments[0, block] = s0, m0
        if q > 1:
            sums[1, block], moments[1, block], moments[2, block] = s1, m1, m2
    return True


@compiled(nogil=True)
def upper_sums(theta, counts, starts, field, z, sums, moments):  # type: ignore[no-untyped-def]
    """The same for complex z and field; returns False at the first node where d is not in the upper half plane."""
    q, k = field.shape
    x, y = z.real, z.imag
    for block in range(k):
        first, second = field[0, block], field[q - 1, block] if q > 1 else 0j
        a, b, a2, b2 = first.real, first.imag, second.real, second.imag
        s0 = s1 = m0 = m1 = m2 = 0j
        for i in range(starts[block], starts[block + 1]):
            t = theta[i]
            dx = x - t * a - t * t * a2
            dy = y - t * b - t * t * b2
            if not dy > 0.0:
                return False
            # written out: a division of complex numbers guards against overflow, at five times the time
            scale = 1.0 / (dx * dx + dy * dy)
            g = complex(dx * scale, -dy * scale)
            w = counts[i] * t * g
            v = t * w * g
            s0 += w
            m0 += v
            if q > 1:
                s1 += t * w
                m1 += t * v
                m2 += t * t * v
        sums[0, block], moments[0, block] = s0, m0
        if q > 1:
            sums[1, block], moments[1, block], moments[2, block] = s1, m1, m2
    return True


@compiled(nogil=True)
def newton(theta, counts, starts, couplings, z, h, positive, rising, steps):  # type: ignore[no-untyped-def]
    """Solve at real z by Newton's method from h (q, K), which is overwritten; return NONE, UNSTABLE or STABLE.

    Gives up where `real_sums` does, where a step is not finite, after `steps` steps, and if `rising` at a step that falls.
    """
    q, k = h.shape
    sums, moments = np.zeros((q, k)), np.zeros((2 * q - 1, k))
    flat, step = h.ravel(), np.zeros(q * k)
    for _ in range(steps):
        if not real_sums(theta, counts, starts, _times(couplings, h), z, positive, sums, moments):
            return NONE
        _subtract(sums.ravel(), flat, step)
        if not (_all_finite(sums.ravel()) and _all_finite(moments.ravel())):
            return NONE
        if not _solve(_one_less_jacobian(moments, couplings), step):
            return NONE
        lowest = 0.0
        for i in range(step.size):
            flat[i] += step[i]
            lowest = min(lowest, step[i])
        size = _largest(flat)
        if not _all_finite(flat) or (rising and lowest < -1e-6 * size):
            return NONE
        if _largest(step) <= 1e-10 * max(size, 1e-300):
            return STABLE if _contracts(moments, couplings) else UNSTABLE
    return NONE


@compiled(nogil=True)
def averaged_then_newton(theta, counts, starts, couplings, z, h, steps):  # type: ignore[no-untyped-def]
    """Solve at z in the upper half plane from h (q, K), which is overwritten; return whether it converged.

    Averaged iteration, which stays in the lower half plane; from its fourth step on Newton's, where it stays there too.
    """
    q, k = h.shape
    sums, moments = np.zeros((q, k), np.complex128), np.zeros((2 * q - 1, k), np.complex128)
    inside = upper_sums(theta, counts, starts, _times(couplings, h), z, sums, moments)
    there = np.zeros_like(h)
    flat, there_flat, update = h.ravel(), there.ravel(), np.zeros(q * k, np.complex128)
    for step in range(steps):
        if not inside:
            return False
        _subtract(sums.ravel(), flat, update)
        if _largest(update) <= 1e-10 * max(_largest(flat), 1e-300):
            return True
        if step >= 3:
            further = update.copy()
            if _solve(_one_less_jacobian(moments, couplings), further):
                for i in range(flat.size):
                    there_flat[i] = flat[i] + further[i]
                if upper_sums(theta, counts, starts, _times(couplings, there), z, sums, moments):
                    for i in range(flat.size):
                        flat[i] = there_flat[i]
                    continue
        for i in range(flat.size):
            flat[i] += 0.5 * update[i]
        inside = upper_sums(theta, counts, starts, _times(couplings, h), z, sums, moments)
    return False


@compiled(nogil=True)
def _subtract(a, b, difference):  # type: ignore[no-untyped-def]
    """Write a - b; as a loop, because an expression of whole arrays takes seconds to compile."""
    for i in range(a.size):
        difference[i] = a[i] - b[i]


@compiled(nogil=True)
def _all_finite(a):  # type: ignore[no-untyped-def]
    for x in a:  # noqa: SIM110 numba compiles no generator
        if not np.isfinite(x):
            return False
    return True


@compiled(nogil=True)
def _largest(a):  # type: ignore[no-untyped-def]
    """The largest absolute value."""
    largest = 0.0
    for x in a:
        largest = max(largest, abs(x))
    return largest


@compiled(nogil=True)
def _times(couplings, h):  # type: ignore[no-untyped-def]
    """The couplings (qK, qK) times h (q, K)."""
    field = np.zeros_like(h)
    result, flat = field.ravel(), h.ravel()
    for i in range(flat.size):
        for j in range(flat.size):
            result[i] += couplings[i, j] * flat[j]
    return field


@compiled(nogil=True)
def _one_less_jacobian(moments, couplings):  # type: ignore[no-untyped-def]
    """1 - J, J (qK, qK) the derivative of the block sums in h: the moments of a block times the couplings' rows of it."""
    k, size = moments.shape[1], couplings.shape[0]
    result = np.zeros((size, size), moments.dtype)
    for i in range(size):
        p, block = i // k, i % k
        for r in range(size // k):
            moment, row = moments[p + r, block], r * k + block
            for j in range(size):
                result[i, j] -= moment * couplings[row, j]
        result[i, i] += 1.0
    return result


@compiled(nogil=True)
def _solve(a, b):  # type: ignore[no-untyped-def]
    """Solve a x = b into b by elimination with pivots, overwriting both; False where a pivot is 0."""
    n = b.size
    for k in range(n):
        pivot = k
        for i in range(k + 1, n):
            if abs(a[i, k]) > abs(a[pivot, k]):
                pivot = i
        if a[pivot, k] == 0:
            return False
        if pivot != k:
            for j in range(k, n):
                a[k, j], a[pivot, j] = a[pivot, j], a[k, j]
            b[k], b[pivot] = b[pivot], b[k]
        for i in range(k + 1, n):
            factor = a[i, k] / a[k, k]
            if factor != 0:
                for j in range(k + 1, n):
                    a[i, j] -= factor * a[k, j]
                b[i] -= factor * b[k]
    for k in range(n - 1, -1, -1):
        for j in range(k + 1, n):
            b[k] -= a[k, j] * b[j]
        b[k] /= a[k, k]
    return True


@compiled(nogil=True)
def _contracts(moments, couplings):  # type: ignore[no-untyped-def]
    """Say whether all eigenvalues of J lie within (-1, 1).

    J = M C with M = L L' positive semidefinite, a matrix of q x q for each block, so that S = L' C L has the same eigenvalues,
    and 1 - S and 1 + S are both positive definite.
    """
    k, size = moments.shape[1], couplings.shape[0]
    half = couplings.copy()
    diagonal, below, last = np.empty(k), np.zeros(k), np.zeros(k)
    for block in range(k):
        diagonal[block] = np.sqrt(moments[0, block])
        if size > k and diagonal[block] > 0:
            below[block] = moments[1, block] / diagonal[block]
            last[block] = np.sqrt(max(moments[2, block] - below[block] ** 2, 0.0))
    for _ in range(2):  # rows, then, transposed, columns
        for block in range(k):
            for j in range(size):
                half[block, j] *= diagonal[block]
                if size > k:
                    half[block, j] += below[block] * half[k + block, j]
                    half[k + block, j] *= last[block]
        half = half.T.copy()
    less, more = np.empty_like(half), np.empty_like(half)
    for i in range(size):
        for j in range(size):
            less[i, j], more[i, j] = -half[i, j], half[i, j]
        less[i, i] += 1.0
        more[i, i] += 1.0
    return _is_positive_definite(less) and _is_positive_definite(more)


@compiled(nogil=True)
def _is_positive_definite(a):  # type: ignore[no-untyped-def]
    """Say whether a symmetric matrix has a Cholesky factor, overwriting it."""
    n = len(a)
    for k in range(n):
        if not a[k, k] > 0:
            return False
        for i in range(k + 1, n):
            factor = a[i, k] / a[k, k]
            if factor != 0:
                for j in range(k + 1, i + 1):
                    a[i, j] -= factor * a[j, k]
    return True
