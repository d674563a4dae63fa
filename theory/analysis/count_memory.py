"""Will the co-occurrence counts fit into memory? Known before they are counted.

An item that lies in contexts of lengths L has at most sum (L - 1) partners, and never more than there are items. Where that
bound fits, nothing else is needed. Where it does not, the partners of a few items are counted: items are taken with a
probability in proportion to their bound b_i (systematic sampling), so that the number of pairs is estimated by
sum b times the mean of kept_i / b_i, a mean of numbers between 0 and 1.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from simulate.available_memory import available_memory

BYTES_OF_A_PAIR = (
    36  # at the peak: the counts, the positive entries in parts, and these joined, 12 bytes each
)
SAMPLED = 64  # items whose partners are counted for the estimate


def require_room_for_counts(
    bounds: NDArray[np.float64], kept: Callable[[int], int], top_k: int | None, min_count: int
) -> None:
    """Refuse counts that would need more memory than there is.

    Parameters
    ----------
    bounds : (n,) for each item a number that its partners cannot exceed.
    kept : counts the partners of one item that would be kept.

    Raises
    ------
    ValueError
        that names the estimated need, the memory there is, and the options that keep fewer pairs.
    """
    memory = available_memory()
    if bounds.sum() * BYTES_OF_A_PAIR <= memory:
        return
    need = estimated_pairs(bounds, kept) * BYTES_OF_A_PAIR
    if need > memory:
        raise ValueError(
            f"top_k must be smaller, or min_count larger, for these interactions: the counts of pairs need about "
            f"{need / 2**30:.3g} GiB and this machine has {memory / 2**30:.3g} GiB left; top_k=2000 is the paper's; "
            f"got top_k={top_k}, min_count={min_count}"
        )


def estimated_pairs(bounds: NDArray[np.float64], kept: Callable[[int], int]) -> float:
    """Return about how many partners all items keep together, from `SAMPLED` items; the same every time.

    Examples
    --------
    >>> estimated_pairs(np.array([4.0, 8.0, 4.0]), lambda item: [2, 4, 2][item])
    8.0
    """
    ends = np.cumsum(bounds)
    places = (np.arange(SAMPLED) + 0.5) / SAMPLED * ends[-1]
    items = np.searchsorted(ends, places, side="right")
    shares = {int(item): kept(int(item)) / bounds[item] for item in np.unique(items)}
    return float(ends[-1] * np.mean([shares[int(item)] for item in items]))
