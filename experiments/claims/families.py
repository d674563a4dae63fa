"""Over what are claims general? Shared parameters, with the ranges that recommendation data suggest, and the models they name.

Claims share these, so that a range stands once. A claim whose sentence is narrower makes its own range and says why.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from experiments.judging.domain import Choice, Derived, Domain, Range
from experiments.running.study import Cell
from simulate import BlockModel, Gamma, Heterogeneity, LogNormal, Pareto, dcbm

NODES = Range(
    "n",
    600,
    2400,
    "nodes",
    "from a small catalogue on; larger graphs have more rows per community",
    whole=True,
)
BLOCKS = Range("blocks", 2, 24, "communities", "two, to as many as a music catalogue has genres", whole=True)
DEGREE = Range("mean_degree", 20, 200, "mean degree", "co-occurrence graphs of sparse and of dense logs")
SPREAD = Range("cv", 0.3, 1.2, "spread of popularity (CV)", "from nearly equal items to a heavy tail")
MIXING = Range(
    "mixing", 0.01, 0.3, "mixing", "affinity between communities over that within: hardly any, to a third"
)
UNEQUAL = Range(
    "unequal",
    1,
    6,
    "largest over smallest community",
    "genres of a catalogue: of equal size, to a few large ones",
)
EXCESS = Range(
    "excess",
    1,
    2,
    "dimensions per community",
    "from as many dimensions as communities to twice as many: nobody knows their number",
)
RANK = Range("rank", 4, 64, "dimensions", "from a handful to the paper's 64", whole=True)
UNEVEN = Range(
    "uneven",
    1.0,
    8.0,
    "largest over smallest community",
    "from communities of equal size to a genre with eight times the items of another",
)
LAW = Choice("law", ("lognormal", "gamma", "pareto"), "law of popularity", "the usual ones for popularity")
LAWS: dict[str, Callable[..., Heterogeneity]] = {
    "lognormal": LogNormal.from_cv,
    "gamma": Gamma.from_cv,
    "pareto": Pareto.from_cv,
}
LOUDEST = 8.0  # times the median, or about so, so that no single node is a community of its own
LOUDEST_OF_PARETO = 40.0  # times the least, which is the unit of that law: a lower cut allows no large spread


def popularity(cell: Cell) -> Heterogeneity:
    """Return the law of popularity at a point with `law` and `cv`, or `cv` alone (log-normal), cut as said above."""
    law = cell.get("law", "lognormal")
    return LAWS[law](cell["cv"], maximum=LOUDEST_OF_PARETO if law == "pareto" else LOUDEST)


def block_model(cell: Cell, rng: np.random.Generator, **options: Any) -> BlockModel:
    """Return the block model of a point with `n`, `blocks`, `mean_degree`, `cv` and `mixing`, blocks of equal size."""
    return dcbm(
        cell["n"],
        cell["blocks"],
        heterogeneity=popularity(cell),
        mean_degree=cell["mean_degree"],
        mixing=cell["mixing"],
        rng=rng,
        **options,
    )


def rank_at(cell: Cell) -> int:
    """Return the dimensions kept at a point with `blocks` and `excess`."""
    rank: int = round(cell["blocks"] * cell["excess"])
    return rank


def block_sizes(cell: Cell, ratio: str = "uneven") -> list[int]:
    """Return the sizes of the communities at a point with `n` and `blocks`: a geometric sequence that sums to n, largest first.

    `ratio` names the parameter that is the largest over the smallest.

    >>> block_sizes({"n": 100, "blocks": 3, "uneven": 4})
    [57, 29, 14]
    >>> block_sizes({"n": 70, "blocks": 3, "unequal": 4}, "unequal")
    [40, 20, 10]
    """
    shares = np.geomspace(cell[ratio], 1.0, int(cell["blocks"]))  # a table may have made whole numbers floats
    ends = np.rint(cell["n"] * np.cumsum(shares) / shares.sum()).astype(int)
    return [int(size) for size in np.diff(ends, prepend=0)]


def visibility(cell: Cell) -> float:
    """Return about how many times the spectral edge the eigenvalues of the communities are, for blocks of equal size.

    With d the mean degree, K blocks and mixing r they are d (1 + CV^2) (1 - r) / (1 + (K - 1) r), and the edge of the noise is
    about 2 (d (1 + CV^2))^(1/2); exact at CV = 0 (docs/theory.md, section 4.1).

    >>> round(visibility({"mean_degree": 100, "cv": 0, "mixing": 0, "blocks": 1}), 3)
    5.0
    """
    loud: float = cell["mean_degree"] * (1 + cell["cv"] ** 2)
    shared: float = (1 - cell["mixing"]) / (1 + (cell["blocks"] - 1) * cell["mixing"])
    return math.sqrt(loud) / 2 * shared


def weakest_visibility(cell: Cell) -> float:
    """Return about how many times the spectral edge the weakest eigenvalue is, for communities as `unequal` as the point says.

    That is the least eigenvalue of the K x K matrix Psi B Psi, over 2 (sum d_i^2 / sum d_i)^(1/2) (docs/theory.md, section 4.1).

    >>> point = {"n": 1000, "mean_degree": 100, "cv": 0.5, "mixing": 0.1, "blocks": 4, "unequal": 1}
    >>> bool(np.isclose(weakest_visibility(point), visibility(point)))
    True
    """
    shares = np.array(block_sizes(cell, "unequal")) / cell["n"]
    affinity = cell["mixing"] + (1 - cell["mixing"]) * np.eye(len(shares))
    loud: float = cell["mean_degree"] * (1 + cell["cv"] ** 2)
    degrees = affinity @ shares  # of the communities, but for a factor
    mean = float(shares @ degrees)
    least = float(np.linalg.eigvalsh(np.sqrt(np.outer(shares, shares)) * affinity)[0])
    return loud * least / mean / (2 * math.sqrt(loud * float(shares @ degrees**2)) / mean)


def degree_over_noise(cell: Cell) -> float:
    """Return the mean degree over Gamma, the angular noise of a balanced model at degree 1 (docs/theory.md, section 4.3).

    With s_p = 1 + (K - 1) r^p it is Gamma = s_1 (s_1 s_2 - s_3) / s_2^2. To first order the squared sine between a row of
    U|Lambda| and its ray is R Gamma / d, and the relative error of the block model of M_f is (2 Gamma / d)^(1/2) for log-normal
    popularity.

    >>> round(degree_over_noise({"mean_degree": 100, "blocks": 4, "mixing": 0.1}) * 0.412)
    100
    """
    s1, s2, s3 = (1 + (cell["blocks"] - 1) * cell["mixing"] ** p for p in (1, 2, 3))
    gamma: float = s1 * (s1 * s2 - s3) / s2**2
    return float(cell["mean_degree"]) / gamma


VISIBILITY = Derived(
    "visibility", "eigenvalues of communities over the spectral edge", visibility, border=1.0
)
PER_COMMUNITY = Derived(
    "per_community", "dimensions per community", lambda cell: cell["rank"] / cell["blocks"], border=1.0
)


def placed(domain: Domain) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Return a function for figures: the rows of the claim and its control with the derived quantities of their points."""

    def rows_with_quantities(rows: pd.DataFrame) -> pd.DataFrame:
        rows = rows[rows["vote"].isin(("claim", "control"))]
        quantities = {
            quantity.name: [quantity.function(cell) for cell in rows[list(domain.names)].to_dict("records")]
            for quantity in domain.derived
        }
        return rows.assign(**quantities)

    return rows_with_quantities


CLEAR = 1.3  # times the edge: from there on the predictions of docs/theory.md, section 4.5, are trusted


def is_clear(cell: Cell) -> bool:
    """Return whether the communities of a point rise clearly above the spectral edge."""
    return visibility(cell) >= CLEAR


CLEAR_WORDS = f"the eigenvalues of the communities are at least {CLEAR} times the spectral edge"
