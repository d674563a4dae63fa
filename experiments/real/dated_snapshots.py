"""Two snapshots of the same dated interactions: how do the items' vectors look before a date, and how at the end?

The earlier snapshot holds the first share of the pairs in time, the later one holds all pairs; each is analysed by
itself. Only items that both hold are returned, in one order.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

import theory
from experiments.matrices.real_matrix import RealMatrix, from_pairs
from experiments.real.statistics import analysed_if_large
from simulate.validation import require_fraction, require_integer

LEAST = 200  # items that a snapshot must hold


def dated_logs(
    real: RealMatrix, *, share: float = 0.8, permuted_by: np.random.Generator | None = None
) -> tuple[sparse.csr_array, sparse.csr_array] | None:
    """Return the interactions up to a date and all of them, in one shape; None for a graph and without dates.

    Parameters
    ----------
    real
        interactions; without `times` there is no earlier snapshot.
    share
        of the pairs, in time, that the earlier log holds, from 0 to 1; more of them where a day has many.
    permuted_by
        where given, the items are first permuted among the pairs, which keep their contexts and dates: the null.

    Raises
    ------
    ValueError
        for a share outside [0, 1].

    Examples
    --------
    >>> x = from_pairs([0, 0, 1, 1], [0, 1, 0, 1], (2, 2))
    >>> logs = dated_logs(RealMatrix("toy", interactions=x, times=np.array([1.0, 2, 3, 4])), share=0.5)
    >>> [log.nnz for log in logs]
    [2, 4]
    """
    require_fraction(share, "share")
    if real.interactions is None or real.times is None:
        return None
    pairs = real.interactions.tocoo()
    contexts, items = pairs.coords
    if permuted_by is not None:
        items = permuted_by.permutation(items)
    early = np.asarray(real.times) <= np.quantile(real.times, share)
    return (
        from_pairs(contexts[early], items[early], pairs.shape),
        from_pairs(contexts, items, pairs.shape),
    )


def how_it_grew(earlier: sparse.csr_array, later: sparse.csr_array) -> Literal["contexts", "interactions"]:
    """Return whether most of what the later log holds more lies in contexts that the earlier one does not hold.

    >>> x = from_pairs([0, 0, 1, 1], [0, 1, 0, 1], (2, 2))
    >>> how_it_grew(from_pairs([0, 0], [0, 1], (2, 2)), x), how_it_grew(from_pairs([0, 1], [0, 1], (2, 2)), x)
    ('contexts', 'interactions')
    """
    before, after = np.diff(earlier.indptr), np.diff(later.indptr)
    new = after - before
    return "contexts" if 2 * new[before == 0].sum() >= new.sum() else "interactions"


def dated_snapshots(
    real: RealMatrix,
    rank: int,
    *,
    share: float = 0.8,
    permuted_by: np.random.Generator | None = None,
    operator: str | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """Return the rows of U Sigma of both snapshots (earlier, later), (k, rank) each; row i is the same item in both.

    Parameters
    ----------
    real, share, permuted_by
        as in `dated_logs`.
    rank
        f, at least 1; lowered to what a snapshot has.
    operator
        "ppmi", which None is, or "counts".

    Returns
    -------
    tuple or None
        None for a graph, for interactions without dates, and where a snapshot has fewer than 200 items.

    Raises
    ------
    ValueError
        for a rank below 1 or a share outside [0, 1].
    """
    require_integer(rank, "rank", least=1)
    logs = dated_logs(real, share=share, permuted_by=permuted_by)
    if logs is None:
        return None
    before, after = (analysed_if_large(log, rank, LEAST, operator) for log in logs)
    if before is None or after is None:
        return None
    one, two = theory.align(before.items.tolist(), after.items.tolist())
    return before.embedding.vectors("full")[one], after.embedding.vectors("full")[two]
