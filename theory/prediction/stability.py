"""How stable will neighbours be between a graph and the same graph before some of its edges were there? Both are drawn.

The later rows are x2 = x + N(0, C), with C the covariance of the row noise. The reference is the same graph with every edge
kept with probability `keep`, so that to first order x1 = keep x2 + N(0, keep (1 - keep) C'). C' is the covariance of Poisson
edges of the same means whatever the law of the graph, because thinning an edge that is there has the variance
keep (1 - keep) (docs/theory.md, section 9).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulate.validation import require_array, require_generator, require_instance, require_number
from theory.analysis.stability import Stability, stability
from theory.prediction.row_covariance import RowCovariance, row_covariance_of

if TYPE_CHECKING:
    from theory.prediction.sample import PredictedSample

TRUSTED_RATIO = 1.5  # weakest eigenvalue of the thinned graph over its edge


def predicted_overlap(hazard: float, difference: float) -> float:
    """Return 1 - difference * hazard / sqrt(2 pi), at least 0: small Gaussian drift across the k-th boundary.

    `hazard` is f(q) / (1 - F(q)) of the law of scores at the boundary q, `difference` the standard deviation of the change of
    a score between snapshots, sqrt(2) s for independent noise of standard deviation s (docs/theory.md, section 9.1).

    >>> round(predicted_overlap(2.0, 0.05), 4)
    0.9601
    """
    require_number(hazard, "hazard", least=0)
    require_number(difference, "difference", least=0)
    return max(0.0, 1 - difference * hazard / float(np.sqrt(2 * np.pi)))


def thinned_snapshots(
    vectors: ArrayLike, covariance: RowCovariance, keep: float, rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return surrogate rows (reference, later), each (n, f), of scaling `full`.

    `vectors` (n, f) are the population rows, `covariance` that of the later snapshot's row noise.

    Raises
    ------
    ValueError
        for a keep outside (0, 1], or shapes that do not match.

    Examples
    --------
    >>> none = RowCovariance(np.zeros((1, 2, 2)), np.zeros((1, 2, 2)), np.ones(2), np.zeros(2, dtype=int))
    >>> x, y = thinned_snapshots(np.eye(2), none, 0.5, np.random.default_rng(0))
    >>> bool(np.allclose(x, y / 2))
    True
    """
    require_instance(covariance, "covariance", RowCovariance)
    require_generator(rng)
    require_number(keep, "keep", above=0, most=1)
    x = require_array(vectors, "vectors")
    shape = (len(covariance.propensities), covariance.first.shape[1])
    if x.shape != shape:
        raise ValueError(f"vectors must match their covariance, {shape}; got shape {x.shape}")
    later = x + covariance.draw(rng)
    thinning = replace(covariance, second=np.zeros_like(covariance.second))
    return keep * later + np.sqrt(keep * (1 - keep)) * thinning.draw(rng), later


@dataclass(frozen=True, eq=False)
class PredictedStability:
    """`stability` by quantile; `ratio` of the weakest eigenvalue to the edge in the thinned graph; `trusted`, `caveat`."""

    stability: Stability
    ratio: float
    trusted: bool
    caveat: str


def stability_of(
    sample: PredictedSample,
    keep: float,
    k: int,
    *,
    rng: np.random.Generator,
    similarity: Literal["dot", "cosine"] = "dot",
    **options: Any,
) -> PredictedStability:
    """Predict `theory.stability` of scaling `full` between a graph thinned to the share `keep` of its edges and the graph itself.

    Thinning lowers eigenvalues by `keep` and the edge by sqrt(keep). Trusted where the weakest eigenvalue stays
    `TRUSTED_RATIO` edges away in the thinned graph: there the top quantile under dot was within 0.05 of samples. At mean degree
    30 and a keep of 1/2 the prediction was up to 0.13 too stable (docs/theory.md, section 9.2).

    Parameters
    ----------
    keep : the share of edges that the earlier snapshot has, in (0, 1].
    k : the number of neighbours compared.
    options : those of `theory.stability`.

    Raises
    ------
    ValueError
        for a keep outside (0, 1], a model without edges, or what `theory.stability` refuses.

    Examples
    --------
    >>> from simulate import sbm
    >>> from theory import PredictedSample
    >>> sample = PredictedSample(sbm(300, 3, mean_degree=60, rng=np.random.default_rng(0)), "poisson")
    >>> sample.stability(1.0, 10, rng=np.random.default_rng(1)).stability.overlap.tolist()  # nothing is taken away
    [1.0, 1.0, 1.0, 1.0, 1.0]
    """
    eigenvalues, basis = sample.model.spectrum()
    if not len(eigenvalues):
        raise ValueError("model must have edges to be thinned; its affinity or its propensities are all 0")
    require_number(keep, "keep", above=0, most=1)
    rows = thinned_snapshots(
        basis * np.abs(eigenvalues), row_covariance_of(sample, scaling="full"), keep, rng
    )
    ratio = float(np.sqrt(keep) * np.abs(eigenvalues[-1]) / sample.edge)
    caveat = (
        ""
        if ratio >= TRUSTED_RATIO
        else f"after thinning the weakest eigenvalue is {ratio:.2f} edges away; trusted from {TRUSTED_RATIO} on"
    )
    found = stability(*rows, k, rng=rng, similarity=similarity, **options)
    return PredictedStability(found, ratio, not caveat, caveat)
