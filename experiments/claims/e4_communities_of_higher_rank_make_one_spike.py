"""E4. A community of rank above one still makes one spike.

Each community holds sub-communities, whose affinity to each other is a share of that within them. The rows of a community then
span a cone of as many dimensions instead of a ray. Spk counts the rays that it can tell apart: one per sub-community while
these differ, one in all once they agree. The dimension of a group is the participation ratio of the squared singular values of
its directions: 1 for a ray, r for an even cone. The rank is the number of directions that stand out of the noise. Members of
several communities, in random shares or in equal ones, are shown beside these: their groups spread over all dimensions and make
no rays, only cones around them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import theory
from experiments.claims.draws import of_mean_degree
from experiments.claims.families import SPREAD, popularity
from experiments.judging.boundary import Boundary
from experiments.judging.claim import Arm, Claim
from experiments.judging.criterion import Criterion, Rule
from experiments.judging.domain import Derived, Domain, Range
from experiments.judging.estimand import Estimand
from experiments.judging.figure import Figure
from experiments.running.study import Cell
from simulate import (
    BlockModel,
    mixed_membership,
    nested_blocks,
    overlapping_membership,
    sample_factor_graph,
    sample_graph,
)

OUTSIDE = 0.02
COSINE = 0.9  # of a spike


def _closeness(cell: Cell) -> float:
    """The cosine between the rays of two sub-communities in U Sigma of the population, without what lies outside communities.

    With rho = lambda_s / lambda_g, the eigenvalue of sub-communities over that of their community, it is
    (1 - rho^2) / (1 + (r - 1) rho^2) for r sub-communities (docs/theory.md, section 1.7).
    """
    each, apart = cell["each"], cell["apart"]
    rho = apart / (1 + (each - 1) * (1 - apart))
    return float((1 - rho**2) / (1 + (each - 1) * rho**2))


DOMAIN = Domain(
    (
        Range("n", 800, 2000, "nodes", "a hundred rows or more for each group", whole=True),
        Range("groups", 2, 5, "communities", "two to five", whole=True),
        Range("each", 2, 4, "sub-communities of each", "the rank of a community's block", whole=True),
        Range("mean_degree", 100, 300, "mean degree", "dense enough to tell sub-communities apart"),
        SPREAD,
        Range(
            "apart",
            0.1,
            1.0,
            "one less the affinity of sub-communities to each other",
            "the same to strangers",
        ),
    ),
    "as many dimensions as stand out of the noise, rows of U Sigma, affinity 0.02 between communities",
    derived=(
        Derived(
            "closeness", "cosine between the rays of sub-communities", _closeness, log=False, border=COSINE
        ),
    ),
)
SOFTEN: dict[str, Any] = {"mixed": mixed_membership, "overlapping": overlapping_membership}
ROLES = {"graph": (*DOMAIN.names, "members")}


def arms(points: Sequence[Cell]) -> tuple[Arm, ...]:
    """Communities of sub-communities; wholly different ones are the control, members of several communities evidence."""

    def cells(members: str, points: Sequence[Cell], **more: Any) -> list[Cell]:
        return [{"members": members, **point, **more} for point in points]

    soft = [cell for members in SOFTEN for cell in cells(members, points[:2])]
    return (
        Arm("claim", cells("nested", points), trial, ROLES),
        Arm("control", cells("nested", points[:4], apart=1.0), trial, ROLES),
        Arm("evidence", soft, soft_trial, ROLES),
    )


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Measure the spikes and the dimension of each group, where a node belongs to one sub-community."""
    model = _model(cell, rngs["graph"])
    return _measured(sample_graph(model, rngs["graph"], law="poisson"), model, cell)


def soft_trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Measure the same where every node belongs to several sub-communities."""
    model = _model(cell, rngs["graph"])
    softened = SOFTEN[cell["members"]](model, 1.0, rngs["graph"])[0]
    return _measured(sample_factor_graph(softened, rngs["graph"], law="poisson"), model, cell)


def _model(cell: Mapping[str, Any], rng: np.random.Generator) -> BlockModel:
    groups, each = cell["groups"], cell["each"]
    labels = rng.permutation(np.arange(cell["n"]) % (groups * each))
    affinity = nested_blocks(
        groups, each, within=1.0, between=max(1 - cell["apart"], OUTSIDE), outside=OUTSIDE
    )
    return of_mean_degree(
        BlockModel(popularity(cell).sample(cell["n"], rng), labels, affinity), cell["mean_degree"]
    )


def _measured(graph: Any, model: BlockModel, cell: Mapping[str, Any]) -> dict[str, Any]:
    # As many dimensions as stand out of the noise, whose norm is about 2 sqrt(lambda_1) (docs/theory.md, section 4.1):
    # one for each sub-community, or for each group where they agree.
    strengths = np.abs(model.block_spectrum()[0])
    rank = int((strengths > 2 * np.sqrt(strengths.max())).sum())
    vectors = theory.embed(graph, rank).vectors("full")
    half_a_part = model.n_nodes / (2 * cell["groups"] * cell["each"])
    large = theory.spikiness(vectors, coverage=0.9).sizes >= half_a_part
    groups = [vectors[model.labels // cell["each"] == group] for group in range(cell["groups"])]
    dimension = float(np.mean([_dimension(rows) for rows in groups]))
    return {"rank": rank, "spikes": float(large.sum() / cell["groups"]), "dimension": dimension}


def _dimension(rows: NDArray[Any]) -> float:
    unit = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-300)
    values = np.linalg.eigvalsh(unit.T @ unit)
    return float(values.sum() ** 2 / np.square(values).sum())


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the spikes per group and the dimension of a group."""
    return rows.set_index("replicate")[["spikes", "dimension"]]


def measurements(rows: pd.DataFrame) -> pd.DataFrame:
    """Return spikes and dimensions of a group whose members belong to several communities, over two points."""
    found = {}
    for members, part in rows[rows["vote"] == "evidence"].groupby("members", sort=False):
        by = part.groupby("replicate")[["spikes", "dimension"]].mean()
        found[Estimand("spikes", f"spikes per group, {members} members", "spikes")] = by["spikes"]
        found[Estimand("dimension", f"dimension of a group, {members} members", "dimensions")] = by[
            "dimension"
        ]
    return pd.DataFrame(found)


def _points(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["vote"] == "claim"]


claim = Claim(
    id="E4",
    title="Communities of higher rank make one spike",
    statement="In U Sigma with every visible dimension, a community whose block has a rank above one, made of two to four "
    "sub-communities, still makes one spike.",
    source="A question that the paper leaves open (as reconstructed); docs/theory.md, sections 1.2 and 1.7.",
    expected="qualified",
    version=3,
    arms=arms,
    domain=DOMAIN,
    boundary=Boundary(
        "its sub-communities are nearly one: their affinity to each other is at least 0.63 of that within them",
        {"apart": -11.0},
        -10.9,
        points=102,
        error=0.0,
    ),
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                Estimand("spikes", "spikes per community of several sub-communities", "spikes"),
                "<=",
                1.5,
                asks="a community of several sub-communities makes at most {threshold}",
                origin="one spike per group, with half a spike allowed for noise",
                failure="sub-communities make spikes of their own",
            ),
            Criterion(
                Estimand("dimension", "dimension of the rows of a community", "dimensions"),
                "<=",
                1.5,
                asks="the rows of a community span at most {threshold}",
                origin="a ray has dimension 1, and half a dimension is allowed for noise",
                failure="the rows of a community form a cone and no ray",
            ),
        ),
    ),
    measurements=measurements,
    control="sub-communities as far apart as communities are",
    figures=(
        Figure(
            kind="scatter",
            x="apart",
            y="spikes",
            hue="each",
            log="x",
            xlabel="one less the affinity of sub-communities to each other",
            ylabel="spikes per community",
            lines=(("one spike", 1.0),),
            finding="sub-communities make spikes of their own unless they are nearly the same",
            points=_points,
        ),
    ),
)
