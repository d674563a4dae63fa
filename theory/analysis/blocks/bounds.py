"""Where do blocks of consecutive items begin, so that none takes more than there is room for?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from simulate.validation import require_integer

LEAST = 32  # rows of a part, however small the budget


def block_bounds(limits: Sequence[tuple[NDArray[np.float64], float]]) -> NDArray[np.int64]:
    """Return the starts of blocks, and the end of the last, each as long as all limits allow; a block has an item at least.

    Parameters
    ----------
    limits : pairs of what each item adds (n,) and the most that the items of a block may have together.

    Examples
    --------
    >>> block_bounds([(np.array([1.0, 1.0, 5.0, 1.0]), 2.0)]).tolist()
    [0, 2, 3, 4]
    """
    n = len(limits[0][0])
    ends = [(np.cumsum(amounts), most) for amounts, most in limits]
    starts = [0]
    while (start := starts[-1]) < n:
        stop = min(
            np.searchsorted(end, (end[start - 1] if start else 0.0) + most, "right") for end, most in ends
        )
        starts.append(max(int(stop), start + 1))
    return np.array(starts, np.int64)


def rows_of_part(n: int, columns: int, itemsize: int, budget: int, least: int) -> int:
    """Return how many rows of long vectors are one part, a power of two: some eight parts, where `budget` bytes hold one.

    Parameters
    ----------
    columns : that a part must be able to hold at once.
    least : rows, unless `budget` bytes do not hold them: smaller parts cost more to begin than to work on.

    >>> rows_of_part(10**6, 200, 8, 2**29, 8192), rows_of_part(10**8, 200, 8, 2**29, 8192), rows_of_part(50, 9, 8, 2**20, 32)
    (65536, 262144, 32)
    """
    require_integer(n, "n", least=1)
    most = max(LEAST, min(max(n // 8, least), budget // (columns * itemsize)))
    return 1 << (int(most).bit_length() - 1)
