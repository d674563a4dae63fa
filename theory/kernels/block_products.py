"""A sparse matrix times a block of vectors, in bands of columns whose rows of the block stay in cache.

SciPy goes through a row of the matrix at once and so meets the rows of a large block at random, each a wait for memory. Here
all rows of the matrix meet the first band of columns, then the second, and so on. Within a row the columns come in the same
order, so that the sums have the same bits; and single-precision weights are not converted beforehand.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulate.compiled import compiled

CACHE = (
    131_072  # numbers of the block that a band holds: a megabyte, which stays in the second level of cache
)


def times_block(matrix: Any, block: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return matrix @ block (m, b) for a csr_array (m, n) whose rows are sorted, and float64 vectors (n, b).

    Time is of order nnz x b, memory the result and one number per row. Rows that are not sorted are left to SciPy.

    >>> from scipy import sparse
    >>> times_block(sparse.csr_array(np.eye(2, dtype=np.float32)), np.array([[1.0, 2.0], [3.0, 4.0]])).tolist()
    [[1.0, 2.0], [3.0, 4.0]]
    """
    if not matrix.has_sorted_indices:
        return np.asarray(matrix @ block)
    result = np.zeros((matrix.shape[0], block.shape[1]))
    width = max(CACHE // max(block.shape[1], 1), 256)
    _add_bands(matrix.indptr, matrix.indices, matrix.data, np.ascontiguousarray(block), result, width)
    return result


@compiled(nogil=True)
def _add_bands(indptr, indices, data, block, result, width):  # type: ignore[no-untyped-def]
    place = indptr[:-1].copy()
    for end in range(width, len(block) + width, width):
        for i in range(len(result)):
            e, last = place[i], indptr[i + 1]
            while e < last and indices[e] < end:
                weight, j = np.float64(data[e]), indices[e]
                for c in range(block.shape[1]):
                    result[i, c] += weight * block[j, c]
                e += 1
            place[i] = e
