"""Does popularity vary inside a spike? The coefficient of variation of the norms of its rows.

Under a degree-corrected block model the norms of a spike are proportional to the propensities, so that they vary as these do;
under a plain block model they are equal. Spk cannot see the difference, because it reads directions.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulate.validation import require_finite, require_integer, require_labels
from theory.analysis.inputs import as_rows, of_unit_scale


def norm_dispersion(vectors: ArrayLike, membership: ArrayLike, *, least: int = 2) -> NDArray[np.float64]:
    """Return the coefficient of variation of the norms within each spike (p,), NaN for spikes of fewer than `least` rows.

    Parameters
    ----------
    vectors : (n, f) rows, finite.
    membership : (n,) the spike of each row, -1 for none.

    Raises
    ------
    ValueError
        if `membership` does not have one entry for each row.

    Examples
    --------
    >>> norm_dispersion([[1.0, 0.0], [3.0, 0.0], [0.0, 1.0], [0.0, 1.0]], [0, 0, 1, 1]).round(12).tolist()
    [0.5, 0.0]
    """
    v = as_rows(vectors)
    require_finite(v, "vectors")
    require_integer(least, "least", least=0)
    labels = require_labels(membership, "membership", len(v))
    inside = labels >= 0
    norms, labels = np.linalg.norm(of_unit_scale(v), axis=1)[inside], labels[inside]
    size = np.bincount(labels)
    mean = np.bincount(labels, norms) / np.maximum(size, 1)
    square = np.bincount(labels, (norms - mean[labels]) ** 2) / np.maximum(size, 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(size >= least, np.sqrt(square) / mean, np.nan)
