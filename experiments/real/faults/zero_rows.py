"""Which rows have no direction? Rows of zeros, which no cosine is defined for."""

from __future__ import annotations

import numpy as np

from experiments.real.faults.check import Check, counted, listed
from experiments.real.faults.given_rows import GivenRows

NAME, TITLE = "zero-rows", "rows of zeros"


def zero_rows(given: GivenRows) -> Check:
    """Count the rows whose entries are all 0; that needs no null.

    >>> rows = GivenRows.of([[1.0, 0.0], [0.0, 0.0]], ["a", "b"], np.random.default_rng(0))
    >>> zero_rows(rows).rows
    ('b',)
    """
    empty = np.flatnonzero(given.squares == 0)
    if not empty.size:
        return Check(NAME, TITLE, False, "Every row has a direction.", 0.0)
    names = given.named(empty)
    said = (
        f"{counted(empty.size, 'row is', 'rows are')} all zeros ({listed(names, empty.size)}): they have no "
        "neighbours, so leave them out of every list and fall back on popularity for them."
    )
    return Check(NAME, TITLE, True, said, float(empty.size), None, names)
