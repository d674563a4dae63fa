"""One prediction of a model in one call. Each line is a question to `PredictedSample(model, law)`.

Who asks several questions of one model makes the object once, so that variances, edge and outliers are computed once. All take
`law`, "bernoulli" by default; `options` are those of the method of `PredictedSample`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from simulate import BlockModel, Law
from theory.prediction.collinear_share import CollinearFraction
from theory.prediction.degree_error import DegreeError
from theory.prediction.outliers import Outliers
from theory.prediction.row_covariance import RowCovariance
from theory.prediction.sample import PredictedSample
from theory.prediction.spikiness import PredictedSpikiness
from theory.prediction.stability import PredictedStability
from theory.prediction.variances import FloatArray


def spectral_edge(model: BlockModel, law: Law = "bernoulli") -> float:
    """Return the right edge of the spectrum of the noise: `PredictedSample.edge`."""
    return PredictedSample(model, law).edge


def outliers(model: BlockModel, law: Law = "bernoulli") -> Outliers:
    """Return the predicted eigenvalues outside the spectrum of the noise: `PredictedSample.outliers`."""
    return PredictedSample(model, law).outliers


def visibility(model: BlockModel, law: Law = "bernoulli") -> FloatArray:
    """Return how strongly each direction (r,) stands out of the noise: `PredictedSample.visibility`."""
    return PredictedSample(model, law).visibility


def row_covariance(model: BlockModel, *, law: Law = "bernoulli", **options: Any) -> RowCovariance:
    """Return the first-order covariance of every sampled row: `PredictedSample.row_covariance`."""
    return PredictedSample(model, law).row_covariance(**options)


def expected_squared_sine(model: BlockModel, *, law: Law = "bernoulli", **options: Any) -> FloatArray:
    """Return E sin^2 (n,) of the angle of each row to its ray: `PredictedSample.expected_squared_sine`."""
    return PredictedSample(model, law).expected_squared_sine(**options)


def surrogate(
    model: BlockModel, rng: np.random.Generator, *, law: Law = "bernoulli", **options: Any
) -> FloatArray:
    """Draw rows (n, v) as a sample will have them, for its v outliers: `PredictedSample.surrogate`."""
    return PredictedSample(model, law).surrogate(rng, **options)


def collinear_fraction(
    model: BlockModel, rng: np.random.Generator, *, law: Law = "bernoulli", **options: Any
) -> CollinearFraction:
    """Return the predicted share of rows with cos > c to the axis of their block: `PredictedSample.collinear_fraction`."""
    return PredictedSample(model, law).collinear_fraction(rng, **options)


def predicted_spikiness(
    model: BlockModel,
    ranks: Sequence[int],
    rng: np.random.Generator,
    *,
    law: Law = "bernoulli",
    **options: Any,
) -> PredictedSpikiness:
    """Return the predicted number of peaks at each rank: `PredictedSample.spikiness`."""
    return PredictedSample(model, law).spikiness(ranks, rng, **options)


def noise_energy(model: BlockModel, count: int, *, law: Law = "bernoulli", **options: Any) -> FloatArray:
    """Return the expected energy (n,) of the `count` largest noise dimensions in each row: `PredictedSample.noise_energy`."""
    return PredictedSample(model, law).noise_energy(count, **options)


def degree_error(model: BlockModel, *, law: Law = "bernoulli") -> DegreeError:
    """Return the predicted error of degrees estimated from the embedding: `PredictedSample.degree_error`."""
    return PredictedSample(model, law).degree_error()


def low_degree_norm_bias(model: BlockModel, *, law: Law = "bernoulli", **options: Any) -> FloatArray:
    """Return what noise adds to the squared norm (n,) of each row: `PredictedSample.low_degree_norm_bias`."""
    return PredictedSample(model, law).low_degree_norm_bias(**options)


def predicted_stability(
    model: BlockModel,
    keep: float,
    k: int,
    *,
    rng: np.random.Generator,
    law: Law = "bernoulli",
    **options: Any,
) -> PredictedStability:
    """Return the predicted stability of neighbours after thinning: `PredictedSample.stability`."""
    return PredictedSample(model, law).stability(keep, k, rng=rng, **options)
