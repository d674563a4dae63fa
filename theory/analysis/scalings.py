"""How an embedding weighs its dimensions: the rows of U |Lambda|^p.

p = 0, 1/2, 1 are the scalings `unit` (the eigenvectors), `half` (the adjacency spectral embedding) and `full` (the paper's
U Sigma). Lambda holds the f eigenvalues of largest magnitude, whose signs are the signature and do not scale.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from simulate.validation import require_choice

Scaling = Literal["unit", "half", "full"]
SCALINGS: tuple[Scaling, ...] = ("unit", "half", "full")
POWER: dict[Scaling, float] = {"unit": 0.0, "half": 0.5, "full": 1.0}


def scaled(eigenvalues: NDArray[Any], basis: NDArray[Any], scaling: Scaling) -> NDArray[Any]:
    """Return U |Lambda|^p (n, f) in the dtype of `basis` (n, f); `eigenvalues` (f,) may be negative.

    Raises
    ------
    ValueError
        for an unknown scaling.

    Examples
    --------
    >>> scaled(np.array([-4.0]), np.array([[0.5], [1.0]]), "half").tolist()
    [[1.0], [2.0]]
    """
    require_choice(scaling, "scaling", SCALINGS)
    return np.asarray(basis * (np.abs(eigenvalues) ** POWER[scaling]).astype(basis.dtype))
