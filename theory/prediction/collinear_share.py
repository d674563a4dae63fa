"""Which share of the sampled rows will lie within a cone of their ray, P(cos > c)? By drawing rows from a predicted law.

Three laws: a Gaussian about the population row, with the covariance of `theory.prediction.row_covariance`; a fresh row of the
graph times the population vectors; and the resummed law of `theory.prediction.surrogate_rows`, right near the spectral edge
(docs/theory.md, sections 4.4 and 4.5). The axis of a block is found in the drawn rows, as it is in a sample.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from simulate.validation import require_choice, require_generator, require_integer, require_number
from theory.analysis.angles_to_axes import cosines_to_axes
from theory.analysis.scalings import SCALINGS, Scaling, scaled
from theory.prediction.outliers import Outliers
from theory.prediction.row_covariance import row_covariance_of
from theory.prediction.surrogate_rows import fresh_graph, surrogate_of
from theory.prediction.variances import FloatArray

if TYPE_CHECKING:
    from theory.prediction.sample import PredictedSample

Method = Literal["resummed", "local", "gaussian"]
METHODS = ("resummed", "local", "gaussian")
TRUSTED_RATIO = 1.1  # weakest eigenvalue over the edge, from which the resummed law was right


@dataclass(frozen=True)
class CollinearFraction:
    """P(cos > c) over the rows; `ratio` = weakest kept eigenvalue over the edge; `trusted`, and `caveat` if not."""

    value: float
    ratio: float
    trusted: bool
    caveat: str


def collinear_fraction_of(
    sample: PredictedSample,
    rng: np.random.Generator,
    *,
    cosine: float = 0.9,
    scaling: Scaling = "full",
    method: Method = "resummed",
    rank: int | None = None,
) -> CollinearFraction:
    """Predict the share of sampled rows with cos > c to the axis of their block, for the visible directions.

    "gaussian" draws N(x_i, C_i) once for each row; "local" multiplies a fresh row by the population vectors, so that rows of
    low degree are as discrete as in a sample; "resummed" draws the local law with the corrections near the edge.

    Trusted where the weakest direction is at least 1.1 edges away and no hub has an eigenvalue among the
    communities': there "resummed" was within 0.02 of samples, 0.03 below 1.3 edges (docs/theory.md, section 10). On the same
    eight models "gaussian" was within 0.04 and "local" up to 0.043 too large. The resummed law knows only
    visible directions; with a larger `rank` the drowned ones are predicted to first order, which is wrong there, and
    `caveat` says so.

    Parameters
    ----------
    rank : the number of directions kept, at most the rank of P; the visible ones by default.

    Raises
    ------
    ValueError
        for a cosine outside (0, 1), a rank above that of P, or an unknown method or scaling.

    Examples
    --------
    >>> from simulate import sbm
    >>> from theory import PredictedSample
    >>> model = sbm(1000, 3, mean_degree=20, rng=np.random.default_rng(0))
    >>> share = PredictedSample(model, "poisson").collinear_fraction(np.random.default_rng(1))
    >>> 0.8 < share.value < 1.0
    True
    """
    require_number(cosine, "cosine", above=0, below=1)
    require_choice(method, "method", METHODS)
    require_choice(scaling, "scaling", SCALINGS)
    require_generator(rng)
    found = sample.outliers
    rank = (
        found.n_visible if rank is None else require_integer(rank, "rank", least=1, most=found.n_directions)
    )
    if rank == 0:
        return CollinearFraction(0.0, 0.0, False, "no direction stands out of the noise")
    if method == "resummed" and rank <= found.n_visible:
        rows = surrogate_of(sample, rng, scaling=scaling)[:, :rank]
    elif method == "local":
        rows = local_rows(sample, rng, scaling, rank)
    else:
        rows = gaussian_rows(sample, rng, scaling, rank)
    model = sample.model
    ratio = float(np.abs(model.block_spectrum()[0][rank - 1])) / found.edge
    caveat = _caveat(found, rank, ratio)
    value = float((cosines_to_axes(rows, model.labels, model.n_blocks) > cosine).mean())
    return CollinearFraction(value, ratio, not caveat, caveat)


def _caveat(found: Outliers, rank: int, ratio: float) -> str:
    """Say why the share at this rank is not to be trusted; nothing where it is."""
    if rank > found.n_visible:
        return f"{rank - found.n_visible} of {rank} directions are below the spectral edge: first order fails there"
    if found.hubs_above[:rank].any():
        return "detached hubs have eigenvalues among the communities'"
    if ratio < TRUSTED_RATIO:
        return f"the weakest direction is {ratio:.2f} edges away; trusted from {TRUSTED_RATIO} on"
    return ""


def local_rows(sample: PredictedSample, rng: np.random.Generator, scaling: Scaling, rank: int) -> FloatArray:
    """Draw rows (n, rank): a fresh graph times U |Lambda|^p Lambda^-1 of the population."""
    lam, basis = sample.model.spectrum()
    partners = scaled(lam[:rank], basis[:, :rank], scaling) / lam[:rank]
    return np.asarray(fresh_graph(sample, rng, np.float64) @ partners)


def gaussian_rows(
    sample: PredictedSample, rng: np.random.Generator, scaling: Scaling, rank: int
) -> FloatArray:
    """Draw rows (n, rank) from N(x_i, C_i), x_i the population row."""
    covariance = row_covariance_of(sample, scaling=scaling, rank=rank)
    lam, basis = sample.model.spectrum()
    rows = scaled(lam[:rank], basis[:, :rank], scaling)
    return np.asarray(rows + covariance.draw(rng))
