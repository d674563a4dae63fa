"""How many peaks does chance need when the spectrum decays? Random directions covered by caps, in a mean field.

Directions u of rows g ~ N(0, diag(lambda)) are not uniform: the share p(u) of them within the cone of u is large near the
first axes. With c the cosine,

    p(u) = P(g . u > c |g|) = P(Q > 0) / 2,      Q = (g . u)^2 - c^2 |g|^2.

The saddle point of the cumulants K(t) = -sum log(1 - 2 t eta) / 2, with eta the eigenvalues of the form Q, gives the tail
(Lugannani and Rice 1980). If a peak removes itself and what is left of its cone, and p hardly changes within a cone, then at
"time" z in (0, 1)

    share not covered = E (1 - z) / (1 + n p z),      peaks = E ln(1 + n p z) / p,

which for equal p is the formula of `theory.prediction.chance_peaks` (docs/theory.md, section 6.4).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, special

from simulate.validation import require_array, require_generator, require_integer, require_number
from theory.prediction.chance_peaks import ChancePeaks

FloatArray = NDArray[np.float64]
DIRECTIONS = 600  # drawn, to average over


def chance_peaks_of_spectrum(
    n: int, squares: ArrayLike, rng: np.random.Generator, *, cosine: float = 0.9, coverage: float = 0.5
) -> ChancePeaks:
    """Return the expected number of peaks of n random directions whose squared coordinates have these means.

    Against samples of 3,000 directions in R^3 to R^24, of equal variances and of variances k^-1/2 and k^-1, it was within 6 %
    where more than 50 peaks were needed; with about ten peaks up to 25 % too many, and with fewer only of the right order.

    Parameters
    ----------
    n : the number of directions.
    squares : (f,), at least two of them positive, on any scale: mean squares of the coordinates, such as squared singular
        values.
    rng : draws the directions over which p is averaged.
    cosine, coverage : c and rho of Spk.

    Raises
    ------
    ValueError
        for n below 1, fewer than two positive squares, a cosine outside (0, 1) or a coverage outside (0, 1].

    Examples
    --------
    >>> equal = chance_peaks_of_spectrum(1000, np.ones(8), np.random.default_rng(0))
    >>> decaying = chance_peaks_of_spectrum(1000, 0.25 ** np.arange(8), np.random.default_rng(0))
    >>> round(equal.peaks), round(decaying.peaks)
    (362, 4)
    """
    n = require_integer(n, "n", least=1)
    cosine = require_number(cosine, "cosine", above=0, below=1)
    coverage = require_number(coverage, "coverage", above=0, most=1)
    require_generator(rng)
    given = require_array(squares, "squares")
    given = given[given > 0] if given.ndim == 1 and not (given < 0).any() else given[:0]
    if given.size < 2:
        raise ValueError(f"squares must hold at least two positive numbers and none below 0; got {squares!r}")
    variances = direction_variances(given / given.sum())
    u = rng.standard_normal((DIRECTIONS, variances.size)) * np.sqrt(variances)
    u /= np.linalg.norm(u, axis=1)[:, None]
    p = cone_shares(u, variances, cosine)

    def left(z: float) -> float:
        return float(np.mean((1 - z) / (1 + n * p * z))) - (1 - coverage)

    z = float(optimize.brentq(left, 0.0, 1.0, xtol=1e-15, rtol=1e-14)) if coverage < 1 else 1.0
    peaks = float(np.mean(np.log1p(n * p * z) / p))
    return ChancePeaks(peaks, peaks / n, float(p.mean()))


def direction_variances(shares: FloatArray) -> FloatArray:
    """Return variances lambda (f,) of g such that the squared coordinates of g / |g| have these means, which sum to 1.

    E g_k^2 / |g|^2 = (lambda_k / 2) int_0^inf prod_j (1 + lambda_j t)^(-1/2) / (1 + lambda_k t) dt.
    """
    t = np.exp(
        np.linspace(-30.0, 60.0, 1801)
    )  # evenly in log t, where the trapezoidal rule is exact to rounding
    step = np.log(t[1] / t[0])
    variances = shares.copy()
    for _ in range(500):
        grown = 1 + variances[:, None] * t
        weight = np.exp(-0.5 * np.log(grown).sum(0)) * t * step / 2
        found = variances * (weight / grown).sum(1)
        variances *= shares / found
        variances /= variances.sum()
        if np.abs(found / shares - 1).max() < 1e-8:
            break
    return variances


def cone_shares(u: FloatArray, variances: FloatArray, cosine: float) -> FloatArray:
    """Return (m,) the share of random directions of these variances within the cone of each direction of u (m, f).

    Half of P(Q > 0), by the saddle point t with K'(t) = 0.
    """
    root = np.sqrt(variances)
    form = (u * root)[:, :, None] * (u * root)[:, None, :]
    form -= cosine**2 * np.diag(variances)
    values = np.linalg.eigvalsh(form)  # one of them positive
    low, high = 0.5 / values[:, 0], 0.5 / values[:, -1]
    for _ in range(60):
        t = (low + high) / 2
        below = (values / (1 - 2 * t[:, None] * values)).sum(1) < 0
        low, high = np.where(below, t, low), np.where(below, high, t)
    scaled = 2 * t[:, None] * values
    w = np.sign(t) * np.sqrt(np.log1p(-scaled).sum(1).clip(min=0))
    v = np.sqrt(((scaled / (1 - scaled)) ** 2).sum(1) / 2) * np.sign(t)
    near = (
        np.abs(w) < 1e-3
    )  # there the formula is 0 / 0, and half of the distribution lies above its mean but for its skewness
    w, v = np.where(near, 1.0, w), np.where(near, 1.0, v)
    tail = special.ndtr(-w) + np.exp(-0.5 * w**2) / np.sqrt(2 * np.pi) * (1 / v - 1 / w)
    return np.asarray(np.clip(np.where(near, 0.5, tail), 1e-300, 1.0) / 2)
