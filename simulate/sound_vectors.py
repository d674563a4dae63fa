"""What do vectors without a fault look like? Rows in random directions, rows on rays, and rows whose spectrum falls.

Each row is its direction times a lognormal norm. They are the sound embeddings that faults are planted in
(`changes.planted_faults`).
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from simulate.validation import require_choice, require_generator, require_integer, require_number

Shape = Literal["isotropic", "on rays", "falling spectrum"]
SHAPES: tuple[Shape, ...] = ("isotropic", "on rays", "falling spectrum")
FALL = -0.5  # exponent of the standard deviation by axis


def sound_vectors(
    shape: Shape,
    n: int,
    f: int,
    rng: np.random.Generator,
    *,
    norm_sigma: float = 0.5,
    rays: int = 10,
    width: float = 0.05,
) -> NDArray[np.float64]:
    """Draw vectors without a fault.

    Parameters
    ----------
    shape
        `isotropic`, normal rows; `on rays`, rows near one of `rays` random directions, to whose coordinates `width` times normal
        numbers are added; `falling spectrum`, normal rows whose standard deviation on axis k is k^-0.5.
    n, f
        rows and columns, at least 1.
    norm_sigma
        of the lognormal factor of each row, at least 0.

    Returns
    -------
    (n, f) rows.

    Raises
    ------
    ValueError
        for another shape, or a number out of range.

    Examples
    --------
    >>> rows = sound_vectors("on rays", 200, 8, np.random.default_rng(0), rays=2, width=0.0)
    >>> int(np.linalg.matrix_rank(rows))
    2
    """
    require_choice(shape, "shape", SHAPES)
    require_integer(n, "n", least=1)
    require_integer(f, "f", least=1)
    require_integer(rays, "rays", least=1)
    require_number(norm_sigma, "norm_sigma", least=0)
    require_number(width, "width", least=0)
    rows = require_generator(rng).standard_normal((n, f))
    if shape == "on rays":
        directions = rng.standard_normal((rays, f))
        directions /= np.linalg.norm(directions, axis=1)[:, None]
        rows = directions[rng.integers(rays, size=n)] + width * rows
    elif shape == "falling spectrum":
        rows *= np.arange(1.0, f + 1) ** FALL
    return np.asarray(rows * np.exp(norm_sigma * rng.standard_normal((n, 1))))
