"""Spk of a random part of the rows, for matrices of which only a part can be searched.

It is not an estimate of Spk: the number of peaks hardly changes with the number of rows, so that Spk of a sample grows as
n / size (docs/theory.md, section 7.3).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulate.validation import require_generator, require_integer
from theory.analysis.inputs import as_rows
from theory.analysis.spikes import Spikes, spikiness


def spikiness_of_sample(
    vectors: ArrayLike, size: int, rng: np.random.Generator, *, cosine: float = 0.9, coverage: float = 0.5
) -> tuple[Spikes, NDArray[np.int64]]:
    """Return the spikes of `size` rows drawn without replacement, and which rows they are, in order of index.

    Raises
    ------
    ValueError
        for a size outside 1..n, or what `spikiness` refuses.

    Examples
    --------
    >>> spikes, rows = spikiness_of_sample(np.ones((50, 2)), 10, np.random.default_rng(0))
    >>> spikes.n_peaks, rows.size
    (1, 10)
    """
    require_generator(rng)
    v = as_rows(vectors)
    require_integer(size, "size", least=1, most=len(v))
    rows = np.sort(rng.choice(len(v), size, replace=False))
    return spikiness(v[rows], cosine=cosine, coverage=coverage), rows
