"""How strongly does each direction of a block model stand out of the noise? Its strength at the spectral edge.

mu_k is the k-th magnitude among the eigenvalues of G^(1/2) Lambda G^(1/2), G = U' diag(g) U at the edge of the noise's spectrum.
These fall to 0 as z grows, so a direction with mu_k > 1 at the edge crosses 1 beyond it: there lies its outlier
(docs/theory.md, section 5.2). For constant variance d/n, mu_k = |lambda_k| / sqrt(d).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from theory.prediction.edge import BEYOND
from theory.prediction.resolvent import solve
from theory.prediction.variances import FloatArray

if TYPE_CHECKING:
    from theory.prediction.sample import PredictedSample


def visibility_of(sample: PredictedSample) -> FloatArray:
    """Return mu_k (r,) by decreasing size; direction k is visible where mu_k > 1.

    Trusted as a sufficient condition for an outlier. It is necessary only while no hub detaches: a hub moves the edge outwards,
    and a direction with mu_k < 1 may still show in the gap below, which `PredictedSample.outliers` finds.

    Examples
    --------
    >>> from simulate import sbm
    >>> from theory import PredictedSample
    >>> model = sbm(1000, 2, mean_degree=25, mixing=0.5, rng=np.random.default_rng(0))
    >>> PredictedSample(model, "poisson").visibility.round(2).tolist()  # 25 / 5 and (1 - r) / (1 + r) of it
    [5.0, 1.67]
    """
    values, vectors = np.linalg.eigh(
        sample.balance.projected(solve(sample.cells, sample.edge * (1 + BEYOND)))
    )
    root = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    # eigenvalues of both signs: those of -Lambda are the negatives
    return np.sort(np.abs(np.linalg.eigvalsh((root * sample.balance.eigenvalues) @ root)))[::-1]
