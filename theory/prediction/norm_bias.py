"""By how much does noise lengthen the rows of an embedding? A closed form, to first order.

To first order E ||row_i||^2 = ||x_i||^2 + tr C_i, with tr C_i = sum_k (V u_k^2)_i / |lambda_k|^p and p = 2, 1, 0 for the
scalings `unit`, `half`, `full`; V holds the variances of the edges (docs/theory.md, section 3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulate.validation import require_choice
from theory.analysis.scalings import POWER, SCALINGS, Scaling
from theory.prediction.entry_moments import moment_times
from theory.prediction.variances import FloatArray

if TYPE_CHECKING:
    from theory.prediction.sample import PredictedSample


def low_degree_norm_bias_of(sample: PredictedSample, *, scaling: Scaling = "full") -> FloatArray:
    """Return tr C_i (n,), what noise adds to E ||row_i||^2 to first order: sum_k (V u_k^2)_i / |lambda_k|^p.

    p = 2, 1, 0 for `unit`, `half`, `full`. Under Poisson it equals theta_i s_c, so the signal theta_i^2 g_c^2 is smaller than the
    noise below the crossover theta* = s_c / g_c^2. Trusted where the eigenvalues of the communities reach 0.3 times
    the spectral edge: there the norms of the quarter of lowest degree are within 8 % of samples (claim D2 tests it).

    Raises
    ------
    ValueError
        for an unknown scaling.

    Examples
    --------
    >>> from simulate import sbm
    >>> from theory import PredictedSample
    >>> sample = PredictedSample(sbm(300, 3, mean_degree=30, rng=np.random.default_rng(0)), "poisson")
    >>> bool(np.allclose(sample.low_degree_norm_bias(), sample.row_covariance().traces()))
    True
    """
    require_choice(scaling, "scaling", SCALINGS)
    lam, u = sample.model.spectrum()
    weights = ((u / np.abs(lam) ** (1 - POWER[scaling])) ** 2).sum(axis=1)
    return moment_times(sample.model, sample.law, 2, weights)
