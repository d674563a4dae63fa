"""Do all rows share a direction? Then cosine is high for every pair, and what differs between rows is hidden.

Let u_i be the n rows of norm 1. If each could as well point the other way, n |mean u|^2 is a sum of squares of normal numbers
with the eigenvalues t of U'U / n as weights, which add to 1, and lies below

    1 + 2 (x sum t^2)^(1/2) + 2 x max t        in all but a share e^-x of the cases

(Laurent and Massart 2000). A few groups of rows have a mean too without any fault, so the check also asks that three of four
random pairs of rows have a cosine above 0.2: such a cosine says little."""

from __future__ import annotations

import math

import numpy as np

from experiments.real.faults.check import LEVEL, Check, not_looked_at
from experiments.real.faults.given_rows import GivenRows

NAME, TITLE = "common-mean", "a mean vector that all rows share"
FEWEST = 20  # rows
RAISED = 0.2  # cosine that three of four pairs have
PAIRS = 100_000


def common_mean(given: GivenRows, rng: np.random.Generator) -> Check:
    """Compare the length of the mean of the drawn rows, each of norm 1, with that of rows whose signs are random.

    >>> rng = np.random.default_rng(0)
    >>> rows = rng.standard_normal((500, 8))
    >>> [common_mean(GivenRows.of(rows + shift, None, rng), rng).found for shift in (0, 1)]
    [False, True]
    """
    unit = given.unit
    n = len(unit)
    if n < FEWEST:
        return not_looked_at(NAME, TITLE, f"it needs {FEWEST} rows with a direction, and there are {n}")
    weights = np.maximum(np.linalg.eigvalsh(unit.T @ unit / n), 0)
    x = -math.log(LEVEL)
    most = math.sqrt((1 + 2 * math.sqrt(x * float(weights @ weights)) + 2 * x * float(weights[-1])) / n)
    length = float(np.linalg.norm(unit.mean(axis=0)))
    i, j = rng.integers(n, size=PAIRS), rng.integers(1, n, size=PAIRS)
    cosines = np.einsum("ij,ij->i", unit[i], unit[(i + j) % n])
    quarter, middle = (float(q) for q in np.quantile(cosines, (0.25, 0.5)))
    if length > most and quarter > RAISED:
        said = (
            f"All rows share a direction: two random rows have a median cosine of {middle:.2f}, and the mean of the "
            f"rows at norm 1 has length {length:.2f}, where random signs give at most {most:.2f} (level 0.001); a "
            "cosine says little before the mean vector is subtracted."
        )
        return Check(NAME, TITLE, True, said, length, (0.0, most))
    beyond = (
        f"but a quarter of the pairs of rows have a cosine of {quarter:.2f} at most"
        if length > most
        else "no more than random signs give"
    )
    said = (
        f"Rows share no direction that raises cosine: their mean (norm 1 each) has length {length:.2f}, {beyond}; "
        f"the median cosine of two random rows is {middle:.2f}."
    )
    return Check(NAME, TITLE, False, said, length, (0.0, most))
