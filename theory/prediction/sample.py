"""What will a sample of this model show? One object that holds what every prediction needs, and answers each of them.

A sampled graph is A = P + W, with P of the model and W the noise. What it will show follows from the variances of W
(`profile`), from where the spectrum of W ends (`edge`), and from the eigenvalues of A beyond it (`outliers`). Each is computed
once, when it is first needed. Every method is the function of the same name in the file that answers that question.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from simulate import LAWS, BlockModel, Law
from simulate.validation import require_choice, require_instance
from theory.prediction.balance import Balance, balance_of
from theory.prediction.collinear_share import collinear_fraction_of
from theory.prediction.degree_error import degree_error_of
from theory.prediction.edge import edge_of
from theory.prediction.noise_energy import noise_density_of, noise_energy_of
from theory.prediction.norm_bias import low_degree_norm_bias_of
from theory.prediction.outliers import Outliers, outliers_of
from theory.prediction.row_covariance import expected_squared_sine_of, row_covariance_of
from theory.prediction.spikiness import spikiness_of
from theory.prediction.stability import stability_of
from theory.prediction.surrogate_rows import surrogate_of
from theory.prediction.variances import (
    FloatArray,
    VarianceProfile,
    require_unclipped,
    variance_profile,
    with_impossible_loops_apart,
)
from theory.prediction.visibility import visibility_of


@dataclass(frozen=True, eq=False)
class PredictedSample:
    """What a graph sampled from `model` will show, before it is drawn.

    Parameters
    ----------
    model : the block model that is sampled.
    law : of its edges, "bernoulli" (the default, as in `sample_graph`) or "poisson".

    Raises
    ------
    TypeError
        for a model that is no BlockModel.
    ValueError
        for an unknown law, or Bernoulli edges with P > 1 for a pair of nodes.

    Examples
    --------
    >>> import numpy as np
    >>> from simulate import sbm
    >>> model = sbm(1000, 3, mean_degree=40, rng=np.random.default_rng(0))
    >>> sample = PredictedSample(model, "poisson")
    >>> sample.n_visible, round(sample.edge, 1)  # three communities; 2 sqrt(40)
    (3, 12.7)
    >>> share = sample.collinear_fraction(np.random.default_rng(1))
    >>> bool(share.value > 0.9), share.trusted
    (True, True)
    >>> sample.spikiness([3], np.random.default_rng(2)).peaks
    (2,)
    """

    model: BlockModel
    law: Law = "bernoulli"

    def __post_init__(self) -> None:
        require_instance(self.model, "model", BlockModel)
        require_choice(self.law, "law", LAWS)
        if self.law == "bernoulli":
            require_unclipped(self.model)

    @cached_property
    def split_model(self) -> BlockModel:
        """The same P with the blocks of `profile`: under Bernoulli edges a node of P_ii > 1 has its own block."""
        return self.model if self.law == "poisson" else with_impossible_loops_apart(self.model)

    @cached_property
    def profile(self) -> VarianceProfile:
        """The variances of the entries of the sampled matrix."""
        return variance_profile(self.split_model, self.law)

    @cached_property
    def cells(self) -> VarianceProfile:
        """The same on cells of nearly equal propensity; `profile` itself where there are few nodes."""
        return self.profile.condensed()

    @cached_property
    def balance(self) -> Balance:
        """The r x r matrix that is singular at every outlier."""
        return balance_of(self)

    @cached_property
    def edge(self) -> float:
        """The right edge of the spectrum of the noise; see `theory.prediction.edge`."""
        return edge_of(self.cells)

    @cached_property
    def noise_density(self) -> tuple[FloatArray, FloatArray]:
        """The density of the noise's eigenvalues between 0 and the edge; see `theory.prediction.noise_energy`."""
        return noise_density_of(self)

    @cached_property
    def outliers(self) -> Outliers:
        """The eigenvalues outside the spectrum of the noise, and their eigenvectors; see `theory.prediction.outliers`."""
        return outliers_of(self)

    @property
    def n_visible(self) -> int:
        """How many directions of the model stand out of the noise."""
        return self.outliers.n_visible

    @cached_property
    def visibility(self) -> FloatArray:
        """How strongly each direction (r,) stands out at the edge, above 1 if visible; see `theory.prediction.visibility`."""
        return visibility_of(self)

    row_covariance = row_covariance_of
    expected_squared_sine = expected_squared_sine_of
    surrogate = surrogate_of
    collinear_fraction = collinear_fraction_of
    spikiness = spikiness_of
    noise_energy = noise_energy_of
    degree_error = degree_error_of
    low_degree_norm_bias = low_degree_norm_bias_of
    stability = stability_of
