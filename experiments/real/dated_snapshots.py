"""Two snapshots of the same dated interactions: how do the items' vectors look before a date, and how at the end?

The earlier snapshot holds the first share of the pairs in time, the later one holds all pairs; each is analysed by
itself. Only items that both hold are returned, in one order.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

import theory
from experiments.matrices.real_matrix import RealMatrix, from_pairs
from experiments.real.statistics import analysed_if_large
from simulate.validation import require_fraction, require_integer

LEAST = 200  # items that a snapshot must hold


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
    real
        interactions; without `times` there is no earlier snapshot.
    rank
        f, at least 1; lowered to what a snapshot has.
    share
        of the pairs, in time, that the earlier snapshot holds, from 0 to 1.
    permuted_by
        where given, the items are first permuted among the pairs, which keep their contexts and dates: the null.
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
    require_fraction(share, "share")
    if real.interactions is None or real.times is None:
        return None
    pairs = real.interactions.tocoo()
    contexts, items = pairs.coords
    if permuted_by is not None:
        items = permuted_by.permutation(items)
    early = np.asarray(real.times) <= np.quantile(real.times, share)
    before = analysed_if_large(from_pairs(contexts[early], items[early], pairs.shape), rank, LEAST, operator)
    after = analysed_if_large(from_pairs(contexts, items, pairs.shape), rank, LEAST, operator)
    if before is None or after is None:
        return None
    one, two = theory.align(before.items.tolist(), after.items.tolist())
    return before.embedding.vectors("full")[one], after.embedding.vectors("full")[two]
