"""E3. Negative eigenvalues, which the paper leaves open, can be ignored.

An affinity of both signs gives eigenvalues of both signs, each with its rays. A truncation that keeps only positive
eigenvalues loses communities; one that keeps |lambda| and forgets the sign keeps the rays, but U|Lambda|U' is another
matrix than U Lambda U' (docs/theory.md, sections 1.1 and 1.4). Communities come in pairs, and what decides is how much the two
of a pair prefer each other to themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import theory
from experiments.claims.draws import sampled_embedding
from experiments.claims.families import NODES, SPREAD, popularity
from experiments.claims.logs import interactions_of
from experiments.judging.boundary import Boundary
from experiments.judging.claim import Arm, Claim
from experiments.judging.criterion import Criterion, Rule
from experiments.judging.domain import Domain, Range
from experiments.judging.estimand import Estimand
from experiments.judging.figure import Figure
from experiments.running.study import Cell
from simulate import dcbm

BACKGROUND = 0.1  # affinity of different pairs, over that within a community
DOMAIN = Domain(
    (
        NODES,
        Range("pairs", 1, 4, "pairs of communities", "two communities to eight", whole=True),
        Range("mean_degree", 60, 200, "mean degree", "dense enough for the communities to be seen"),
        SPREAD,
        Range(
            "preference", 0.1, 8, "affinity of partners over that within", "from strangers to strict partners"
        ),
    ),
    "communities of equal size, log-normal popularity, as many dimensions as communities, affinity 0.1 between pairs",
)
MATRICES = ("films-actors",)
REAL_RANK = 32
ROLES = {"graph": DOMAIN.names}


def arms(points: Sequence[Cell], matrices: tuple[str, ...] = MATRICES) -> tuple[Arm, ...]:
    """Pairs that prefer themselves or each other; strict partners are the control, PPMI of real logs is evidence."""
    partners = [{**point, "preference": 8.0} for point in points[:4]]
    real = [{"matrix": name} for name in matrices]
    return (
        Arm("claim", points, trial, ROLES),
        Arm("control", partners, trial, ROLES),
        Arm("evidence", real, real_trial, fixed=lambda cell: True),
    )


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Find communities with all eigenvalues and with the positive ones; compare the matrix without the signs."""
    blocks, rng = 2 * cell["pairs"], rngs["graph"]
    pair = np.array([[1.0, cell["preference"]], [cell["preference"], 1.0]])
    affinity = np.full((blocks, blocks), BACKGROUND)
    for first in range(0, blocks, 2):
        affinity[first : first + 2, first : first + 2] = pair
    options = {"mean_degree": cell["mean_degree"], "affinity": affinity}
    model = dcbm(cell["n"], blocks, heterogeneity=popularity(cell), **options, rng=rng)
    kept = sampled_embedding(model, blocks, rng)
    positive = kept.eigenvalues > 0
    dropped = theory.Embedding(kept.eigenvalues[positive], kept.basis[:, positive])
    lost = _at_own_axis(kept, model.labels) - _at_own_axis(dropped, model.labels)
    return {"lost": lost, **_signs(kept.eigenvalues)}


def real_trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Count the negative eigenvalues of the PPMI of a real log, and compare the matrix without the signs."""
    found = theory.analyse(interactions_of(cell["matrix"]), REAL_RANK, kind="interactions")
    return _signs(found.embedding.eigenvalues)


def _signs(eigenvalues: NDArray[np.float64]) -> dict[str, Any]:
    """The number of negative eigenvalues, and || U|Lambda|U' - U Lambda U' || over || U Lambda U' ||, Frobenius."""
    squares, negative = eigenvalues**2, eigenvalues < 0
    unsigned = float(2 * np.sqrt(squares[negative].sum() / squares.sum()))
    return {"unsigned": unsigned, "negative": int(negative.sum())}


def _at_own_axis(embedding: theory.Embedding, labels: NDArray[np.int64]) -> float:
    """The share of rows whose nearest community axis, all told apart, is their own."""
    vectors = embedding.vectors("unit")
    axes = theory.axes_of_blocks(vectors, labels)
    return float((np.argmax(vectors @ axes.T, axis=1) == labels).mean())


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Return what is lost without the negative eigenvalues, and without their sign."""
    return rows.set_index("replicate")[["lost", "unsigned"]]


def measurements(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the same of the PPMI of real logs."""
    found: dict[Any, float] = {}
    for row in rows[rows["vote"] == "evidence"].to_dict("records"):
        of = f"PPMI of {row['matrix']}, {REAL_RANK} dimensions"
        found[Estimand("negative", f"negative eigenvalues, {of}")] = row["negative"]
        found[Estimand("unsigned", f"change of the truncated matrix without signs, {of}", "%")] = row[
            "unsigned"
        ]
    return pd.DataFrame(found, index=[0]).astype(float)


def _points(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["vote"] == "claim"]


claim = Claim(
    id="E3",
    title="Negative eigenvalues can be ignored",
    statement="In a truncation with as many dimensions as communities, dropping the negative eigenvalues, "
    "or their sign, loses nothing.",
    source="Left open by the paper (as reconstructed); docs/theory.md, sections 1.1 and 1.4.",
    expected="qualified",
    arms=arms,
    version=2,
    domain=DOMAIN,
    boundary=Boundary(
        "communities prefer themselves: the affinity of partners is at most 0.7 of that within a community",
        {"preference": -5.99},
        -2.18,
        points=106,
        error=0.009,
    ),
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                Estimand("lost", "rows that no longer lie nearest to their own community's axis", "%"),
                "<=",
                0.05,
                asks="at most {threshold} of the rows lose their community when the negative eigenvalues are dropped",
                origin="one row in twenty that no longer finds its community is a loss",
                failure="communities that prefer each other merge when the negative eigenvalues are dropped",
            ),
            Criterion(
                Estimand(
                    "unsigned", "distance of the matrix without signs, relative to the truncated matrix", "%"
                ),
                "<=",
                0.05,
                asks="the truncated matrix changes by at most {threshold} when the signs are dropped",
                origin="a twentieth of the matrix is less than a truncation leaves out anyway",
                failure="the truncated matrix is another one when the signs are dropped",
            ),
        ),
    ),
    measurements=measurements,
    control="communities whose partners are strict, eight times as near as they are to themselves",
    matrices=MATRICES,
    figures=(
        Figure(
            kind="scatter",
            x="preference",
            y="lost",
            log="x",
            xlabel="affinity of partners over that within a community",
            ylabel="rows that lose their community without negative eigenvalues",
            finding="negative eigenvalues matter where partners prefer each other to themselves",
            verticals=(("equal", 1.0),),
            points=_points,
        ),
    ),
    finding="Theorem 3.4 does not need positive eigenvalues. Dropping the negative ones merges the communities that prefer each "
    "other; dropping their signs alone keeps the spikes and changes the matrix.",
)
