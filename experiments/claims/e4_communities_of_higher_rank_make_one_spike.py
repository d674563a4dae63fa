"""E4. A community of rank above one still makes one spike.

Each of four groups holds three sub-communities, whose affinity to each other is a share of that within them, their agreement. The
rows of a group then span a cone of dimension three instead of a ray. Spk counts the rays that it can tell apart: three per group
while the sub-communities differ, one once they agree. The dimension of a group is the participation ratio of the squared singular
values of its directions: 1 for a ray, r for an even cone. The rank is the number of directions that stand out of the noise.
Members of several communities, in random shares or in equal ones, are shown beside these: their groups spread over all
dimensions and make no rays, only cones around them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import theory
from experiments.claims.draws import of_mean_degree
from experiments.judging.claim import Arm, Claim, Size, at
from experiments.judging.criterion import Criterion, Rule
from experiments.judging.estimand import Estimand
from experiments.judging.figure import Figure
from simulate import (
    BlockModel,
    LogNormal,
    mixed_membership,
    nested_blocks,
    overlapping_membership,
    sample_factor_graph,
    sample_graph,
)

GROUPS, EACH = 4, 3
SOFTEN: dict[str, Any] = {"mixed": mixed_membership, "overlapping": overlapping_membership}
ROLES = {"graph": ("n", "agreement", "members")}


def arms(size: Size) -> tuple[Arm, ...]:
    """Sub-communities of growing agreement; wholly agreeing ones are the control, members of several communities evidence."""
    n = at(size, quick=1200, default=2400, thorough=4800)

    def cells(members: str, *agreements: float) -> list[dict[str, Any]]:
        return [{"n": n, "agreement": agreement, "members": members} for agreement in agreements]

    return (
        Arm("claim", cells("nested", 0.1, 0.3, 0.6, 0.9), trial, ROLES),
        Arm("control", cells("nested", 1.0), trial, ROLES),
        Arm("evidence", [*cells("mixed", 0.0), *cells("overlapping", 0.0)], soft_trial, ROLES),
    )


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Measure the spikes and the dimension of each group, where a node belongs to one sub-community."""
    model = _model(cell, rngs["graph"])
    return _measured(sample_graph(model, rngs["graph"], law="poisson"), model)


def soft_trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Measure the same where every node belongs to several sub-communities."""
    model = _model(cell, rngs["graph"])
    softened = SOFTEN[cell["members"]](model, 1.0, rngs["graph"])[0]
    return _measured(sample_factor_graph(softened, rngs["graph"], law="poisson"), model)


def _model(cell: Mapping[str, Any], rng: np.random.Generator) -> BlockModel:
    labels = rng.integers(0, GROUPS * EACH, cell["n"])
    affinity = nested_blocks(GROUPS, EACH, within=1.0, between=cell["agreement"], outside=0.02)
    return of_mean_degree(BlockModel(LogNormal(0.5).sample(cell["n"], rng), labels, affinity), 150.0)


def _measured(graph: Any, model: BlockModel) -> dict[str, Any]:
    # as many dimensions as stand out: twelve, or four where the sub-communities agree
    rank = theory.PredictedSample(model, "poisson").n_visible
    vectors = theory.embed(graph, rank).vectors("full")
    large = theory.spikiness(vectors, coverage=0.9).sizes >= 0.04 * model.n_nodes  # half a sub-community
    groups = [vectors[model.labels // EACH == group] for group in range(GROUPS)]
    dimension = float(np.mean([_dimension(rows) for rows in groups]))
    return {"rank": rank, "spikes": float(large.sum() / GROUPS), "dimension": dimension}


def _dimension(rows: NDArray[Any]) -> float:
    unit = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-300)
    values = np.linalg.eigvalsh(unit.T @ unit)
    return float(values.sum() ** 2 / np.square(values).sum())


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the spikes per group and the dimension of a group where sub-communities differ most."""
    return rows[rows["agreement"] == rows["agreement"].min()].set_index("replicate")[["spikes", "dimension"]]


def measurements(rows: pd.DataFrame) -> pd.DataFrame:
    """Return spikes and dimensions of a group by how far its sub-communities agree, or by the kind of members."""
    found, rows = {}, rows.set_index("replicate")
    for (members, agreement), part in rows.groupby(["members", "agreement"], sort=False):
        nested = f"sub-communities that agree by {agreement:g}"
        words = nested if members == "nested" else f"{members} members"
        found[Estimand("spikes", f"spikes per group, {words}", "spikes")] = part["spikes"]
        found[Estimand("dimension", f"dimension of a group, {words}", "dimensions")] = part["dimension"]
    return pd.DataFrame(found)


claim = Claim(
    id="E4",
    title="Communities of higher rank make one spike",
    statement="A community whose block has a rank above one still makes one spike.",
    source="A question that the paper leaves open (as reconstructed); docs/theory.md, sections 1.2 and 1.7.",
    expected="refuted",
    version=2,
    arms=arms,
    replicates={"quick": 4, "default": 12, "thorough": 40},
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                Estimand("spikes", "spikes per group whose sub-communities agree by 0.1", "spikes"),
                "<=",
                1.5,
                asks="a group of three sub-communities makes at most {threshold}",
                origin="one spike per group, with half a spike allowed for noise",
                failure="nearly every sub-community of a group makes a spike",
            ),
            Criterion(
                Estimand(
                    "dimension", "dimension of a group whose sub-communities agree by 0.1", "dimensions"
                ),
                "<=",
                1.5,
                asks="the rows of a group span at most {threshold}",
                origin="a ray has dimension 1, and half a dimension is allowed for noise",
                failure="the rows of a group form a cone and no ray",
            ),
        ),
        control=("holds",),
    ),
    measurements=measurements,
    control="sub-communities that agree wholly, so that every group has rank one",
    figures=(
        Figure(
            kind="strip",
            x="agreement",
            y="spikes",
            hue="members",
            xlabel="agreement of the sub-communities of a group (0: members of several communities)",
            ylabel="spikes per group",
            lines=(("one spike", 1.0), ("one per sub-community", float(EACH))),
            finding="{spikes:.1f} spikes per group, whose rows span {dimension:.1f} dimensions",
        ),
    ),
)
