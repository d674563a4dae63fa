"""Two laws for sampled rows, and the share of rows within a cone that they predict.

Resummed: near the spectral edge u_i = sum_j A'_ij (mean_j + N(0, C_j)) / (z_k - (V g(z_k))_i) with a fresh row A'_i and the
means and moments of `theory.prediction.outliers` (docs/theory.md, section 4.5). Their covariance is
C_j = D_j (theta_j F1 - theta_j^2 F2) D_j, D_j = diag(g_j(z)), with one F1 and one F2 a block, so that one factorisation a
block draws them all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from simulate import BlockModel, Law, sample_graph
from simulate.validation import (
    require_choice,
    require_generator,
    require_instance,
    require_integer,
    require_number,
)
from theory.analysis.angles_to_axes import cosines_to_axes
from theory.analysis.scalings import POWER, SCALINGS, Scaling, scaled
from theory.prediction.outliers import Outliers, outliers
from theory.prediction.row_covariance import RowCovariance, row_covariance
from theory.prediction.variances import FloatArray

Method = Literal["resummed", "local", "gaussian"]
METHODS = ("resummed", "local", "gaussian")
TRUSTED_RATIO = (
    1.1  # weakest eigenvalue over the edge, from which the resummed law was within 0.02 of samples
)
CHUNK = 1 << 16


@dataclass(frozen=True)
class CollinearFraction:
    """P(cos > c) over the rows; `ratio` = weakest kept eigenvalue over the edge; `trusted`, and `caveat` if not."""

    value: float
    ratio: float
    trusted: bool
    caveat: str


def surrogate(
    model: BlockModel,
    rng: np.random.Generator,
    *,
    law: Law = "bernoulli",
    scaling: Scaling = "full",
    found: Outliers | None = None,
) -> FloatArray:
    """Draw rows (n, v) from the resummed local law, for the v outliers of `model`.

    A fresh graph supplies the rows, the predicted means and covariances their partners' coordinates.
    """
    require_instance(model, "model", BlockModel)
    require_generator(rng)
    require_choice(scaling, "scaling", SCALINGS)
    found = outliers(model, law) if found is None else found
    return rows_on(fresh_graph(model, rng, law), found, rng, scaling)


def rows_on(graph: Any, found: Outliers, rng: np.random.Generator, scaling: Scaling) -> FloatArray:
    """Draw the rows of `surrogate` on a given fresh graph: its rows times independent partners, times g."""
    partners = _partners(found).draw(rng)
    chunks = [slice(first, first + CHUNK) for first in range(0, len(partners), CHUNK)]
    for rows in chunks:
        partners[rows] *= found.resolvent(rows)
        partners[rows] += found.means(rows)
    drawn = np.empty_like(partners)
    for rows in chunks:  # in pieces: the product converts its matrix to float64
        drawn[rows] = (
            (graph[rows] @ partners) * found.resolvent(rows) * np.abs(found.eigenvalues) ** POWER[scaling]
        )
    return np.asarray(drawn)


def collinear_fraction(
    model: BlockModel,
    rng: np.random.Generator,
    *,
    cosine: float = 0.9,
    scaling: Scaling = "full",
    law: Law = "bernoulli",
    method: Method = "resummed",
    rank: int | None = None,
    found: Outliers | None = None,
) -> CollinearFraction:
    """Predict the share of sampled rows with cos > c to the axis of their block, for the visible directions.

    "gaussian" draws N(x_i, C_i) once a row; "local" takes a fresh row times the population vectors, right at low degree;
    "resummed" draws the local law with the corrections near the edge: within 0.02 of samples where the weakest direction is at
    least 1.1 edges away. It knows only visible directions; with a larger `rank` the drowned ones are predicted to
    first order, which is wrong there and is said so. `found`, where known, saves finding the outliers again.

    Examples
    --------
    >>> from simulate import sbm
    >>> model = sbm(1000, 3, mean_degree=20, rng=np.random.default_rng(0))
    >>> 0.8 < collinear_fraction(model, np.random.default_rng(1), law="poisson").value < 1.0
    True
    """
    require_instance(model, "model", BlockModel)
    require_number(cosine, "cosine", above=0, below=1)
    require_choice(method, "method", METHODS)
    require_choice(scaling, "scaling", SCALINGS)
    require_generator(rng)
    found = outliers(model, law) if found is None else found
    rank = (
        found.n_visible if rank is None else require_integer(rank, "rank", least=1, most=found.n_directions)
    )
    if rank == 0:
        return CollinearFraction(0.0, 0.0, False, "no direction stands out of the noise")
    if method == "resummed" and rank <= found.n_visible:
        rows = surrogate(model, rng, law=law, scaling=scaling, found=found)[:, :rank]
    elif method == "local":
        rows = _local(model, rng, law, scaling, rank)
    else:
        rows = _gaussian(model, rng, law, scaling, rank)
    ratio = float(np.abs(model.block_spectrum()[0][rank - 1])) / found.edge
    caveats = []
    if rank > found.n_visible:
        caveats.append(
            f"{rank - found.n_visible} of {rank} directions are below the spectral edge: first order fails there"
        )
    elif found.hubs_above[:rank].any():
        caveats.append("detached hubs have eigenvalues among the communities'")
    elif ratio < TRUSTED_RATIO:
        caveats.append(f"the weakest direction is {ratio:.2f} edges away; trusted from {TRUSTED_RATIO} on")
    value = float((cosines_to_axes(rows, model.labels, model.n_blocks) > cosine).mean())
    return CollinearFraction(value, ratio, not caveats, "; ".join(caveats))


def fresh_graph(model: BlockModel, rng: np.random.Generator, law: Law, dtype: Any = np.float32) -> Any:
    """A graph with loops, as the laws want it; without, where some P_ii exceeds 1 and a loop has no Bernoulli law."""
    loops = law == "poisson" or bool((model.loop_probabilities() <= 1.0).all())
    return sample_graph(model, rng, law=law, dtype=dtype, loops=loops)


def _partners(found: Outliers) -> RowCovariance:
    """The covariance of the resummed rows before their own g: theta F1 - theta^2 F2, one pair of matrices a block."""
    v, k = len(found.eigenvalues), found.profile.n_blocks
    propensities, labels = found.profile.powers[:, 0], found.profile.labels
    if not v:
        return RowCovariance(np.zeros((k, 0, 0)), np.zeros((k, 0, 0)), propensities, labels)
    field = (found.profile.couplings @ found.pairs.reshape(-1, v * v)).reshape(-1, k, v, v)
    second = -field[1] if len(field) > 1 else np.zeros((k, v, v))
    return RowCovariance(field[0], second, propensities, labels)


def _local(model: BlockModel, rng: np.random.Generator, law: Law, scaling: Scaling, rank: int) -> FloatArray:
    lam, basis = model.spectrum()
    partners = scaled(lam[:rank], basis[:, :rank], scaling) / lam[:rank]
    return np.asarray(fresh_graph(model, rng, law, np.float64) @ partners)


def _gaussian(
    model: BlockModel, rng: np.random.Generator, law: Law, scaling: Scaling, rank: int
) -> FloatArray:
    covariance = row_covariance(model, scaling=scaling, law=law, rank=rank)
    lam, basis = model.spectrum()
    rows = scaled(lam[:rank], basis[:, :rank], scaling)
    return np.asarray(rows + covariance.draw(rng))
