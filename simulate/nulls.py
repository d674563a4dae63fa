"""Matched nulls: the same margins without the structure."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from simulate.validation import require_generator


def permuted_items(interactions: Any, rng: np.random.Generator) -> sparse.csr_array:
    """Return `interactions` (contexts x items, binary) with its item ends permuted among all pairs.

    Both degree sequences are kept, up to pairs that fall on each other and count once.

    >>> x = sparse.csr_array(np.eye(4))
    >>> permuted_items(x, np.random.default_rng(0)).sum(axis=1).tolist()
    [1.0, 1.0, 1.0, 1.0]
    """
    require_generator(rng)
    coo = sparse.coo_array(interactions)
    shuffled = rng.permutation(coo.coords[1])
    null = sparse.coo_array((np.ones(coo.nnz), (coo.coords[0], shuffled)), shape=coo.shape).tocsr()
    null.data[:] = 1.0
    return sparse.csr_array(null)
