"""Will the vectors of a solver fit into memory? Known before it begins, from the rows n, the stored entries and the rank f.

ARPACK keeps 2 f + 1 vectors and returns f, the block method keeps about 3 f + 64 of them, and both end with a second copy of
the f that are found; the matrix is held once more in the type of the computation.
"""

from __future__ import annotations

import numpy as np

from simulate.available_memory import available_memory

SMALL = 2**26  # bytes, for which the system is not asked
BYTES_OF_AN_INDEX = 4


def bytes_of_eigenpairs(n: float, entries: float, rank: int, dtype: str, *, blocks: bool) -> float:
    """Return the bytes that finding eigenpairs takes beyond the matrix that is given.

    Examples
    --------
    >>> bytes_of_eigenpairs(1000, 0, 10, "float64", blocks=False), bytes_of_eigenpairs(1000, 0, 10, "float32", blocks=True)
    (328000.0, 456000.0)
    """
    size = np.dtype(dtype).itemsize
    vectors = 3 * rank + 64 if blocks else 2 * rank + 1
    return float(size * n * (vectors + 2 * rank) + (size + BYTES_OF_AN_INDEX) * entries)


def require_room_for_eigenpairs(n: int, entries: int, rank: int, dtype: str, *, blocks: bool) -> None:
    """Refuse a rank whose vectors would need more memory than there is.

    Raises
    ------
    ValueError
        that names the need, the memory there is, and the rank.
    """
    need = bytes_of_eigenpairs(n, entries, rank, dtype, blocks=blocks)
    if need > SMALL and need > (left := available_memory()):
        raise ValueError(
            f"rank must be smaller for a matrix of {n:,} rows: its eigenpairs need about {need / 2**30:.3g} GiB and this "
            f"machine has {left / 2**30:.3g} GiB left; got rank={rank}"
        )
