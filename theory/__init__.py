"""The analysis and its mathematics: PPMI, embedding, Spk, Theorem 3.4 both ways, and predictions."""

from theory.block_structure import Rays, RecoveredBlockModel, block_model_from_spikes, rays
from theory.cooccurrence import PPMI, ppmi
from theory.degrees import estimate_degrees
from theory.embedding import Embedding, embed
from theory.fluctuations import (
    CollinearFraction,
    RowCovariance,
    collinear_fraction,
    cosines_to_axes,
    expected_squared_sine,
    row_covariance,
    surrogate,
)
from theory.outliers import Outliers, outliers, visibility
from theory.quadratic_vector_equation import spectral_edge
from theory.spikes import Spikes, spikiness

__all__ = [
    "PPMI",
    "CollinearFraction",
    "Embedding",
    "Outliers",
    "Rays",
    "RecoveredBlockModel",
    "RowCovariance",
    "Spikes",
    "block_model_from_spikes",
    "collinear_fraction",
    "cosines_to_axes",
    "embed",
    "estimate_degrees",
    "expected_squared_sine",
    "outliers",
    "ppmi",
    "rays",
    "row_covariance",
    "spectral_edge",
    "spikiness",
    "surrogate",
    "visibility",
]
