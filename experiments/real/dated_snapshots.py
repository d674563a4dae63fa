"""Two snapshots of dated interactions: the vectors of the items that both hold, before a date and at the end."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

import theory
from experiments.matrices.real_matrix import RealMatrix, from_pairs
from simulate.validation import require_fraction, require_integer

LEAST = 200  # items that a snapshot must hold


def dated_snapshots(
    real: RealMatrix, rank: int, *, share: float = 0.8, permuted_by: np.random.Generator | None = None
) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """Return U Sigma of PPMI (reference, later), row i the same item: of the first `share` of the pairs in time, and of all.

    `permuted_by` permutes the items among the pairs first, which keep their contexts and dates: the null. None without
    contexts and dates, or where a snapshot has fewer than 200 items.
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
    logs = (
        from_pairs(contexts[early], items[early], pairs.shape),
        from_pairs(contexts, items, pairs.shape),
    )
    reference, later = (theory.ppmi(log, top_k=None) for log in logs)
    if min(reference.items.size, later.items.size) < LEAST:
        return None
    one, two = theory.align(reference.items.tolist(), later.items.tolist())
    rows = [theory.embed(f.matrix, min(rank, f.items.size - 2)).vectors("full") for f in (reference, later)]
    return rows[0][one], rows[1][two]
