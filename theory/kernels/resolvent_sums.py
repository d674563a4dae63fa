"""Compiled loop of `theory.prediction.resolvent`: one pass gives all that a Newton step on g = 1 / (z - V g) needs."""

from __future__ import annotations

from simulate.compiled import compiled

# what z - V g must be at every node: not 0, above 0, in the upper half plane
NONZERO, POSITIVE, UPPER = 0, 1, 2


@compiled(nogil=True)
def resolvent_sums(powers, labels, counts, field, z, side, sums, squares):  # type: ignore[no-untyped-def]
    """Add up, by block, theta^p g into sums (q, K) and theta^(p + r) g^2 into squares (q, q, K), g = 1 / (z - theta^p field).

    Returns False, with sums unfinished, at the first node where z - theta^p field is not on the required `side`.
    """
    q = powers.shape[1]
    for i in range(powers.shape[0]):
        block = labels[i]
        denominator = z
        for p in range(q):
            denominator -= powers[i, p] * field[p, block]
        if denominator == 0:
            return False
        if (side == POSITIVE and not denominator.real > 0) or (side == UPPER and not denominator.imag > 0):
            return False
        g = 1.0 / denominator
        for p in range(q):
            weight = counts[i] * powers[i, p] * g
            sums[p, block] += weight
            for r in range(q):
                squares[p, r, block] += weight * powers[i, r] * g
    return True
