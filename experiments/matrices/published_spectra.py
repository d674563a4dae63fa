"""What the paper's authors published of matrices that cannot be shared: the shape of a spectrum, or a number of peaks.

With their code they published the singular values s_1 >= s_2 >= ... of three PPMI matrices. Their shape is told by two numbers:
the ratio s_1 / s_128, and the slope of log s_k against log k over k = 10 to 128. Of two larger matrices they published how many
peaks hold half of a million vectors at one rank.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

FIRST, TOP = 10, 128  # the slope is fitted over these k
PUBLISHED_RATIO = {"AotM": 3.60, "Cornell": 8.97, "Last.fm": 4.78}
PUBLISHED_EXPONENT = {"AotM": -0.23, "Cornell": -0.60, "Last.fm": -0.43}
PUBLISHED_PEAKS = {"Deezer": (128, 361), "Spotify": (64, 1395)}  # (rank f, peaks)


def spectrum_shape(eigenvalues: ArrayLike) -> tuple[float, float]:
    """Return s_1 / s_128 and the slope of log s_k against log k for k = 10 to 128, where s are the magnitudes in falling order.

    Parameters
    ----------
    eigenvalues
        (m,) at least 128 eigenvalues or singular values, in any order; the 128 of largest magnitude must not be 0.

    Raises
    ------
    ValueError
        for fewer than 128 values, or a 0 among the 128 largest.

    Examples
    --------
    >>> ratio, exponent = spectrum_shape(1 / np.arange(1, 200))
    >>> round(ratio, 9), round(exponent, 9)
    (128.0, -1.0)
    """
    values = np.sort(np.abs(np.asarray(eigenvalues, dtype=np.float64)))[::-1]
    if values.size < TOP or values[TOP - 1] == 0:
        raise ValueError(
            f"eigenvalues must hold at least {TOP} that are not 0; got {np.count_nonzero(values)} of {values.size}"
        )
    k = np.arange(FIRST, TOP + 1)
    slope = np.polyfit(np.log(k), np.log(values[FIRST - 1 : TOP]), 1)[0]
    return float(values[0] / values[TOP - 1]), float(slope)
