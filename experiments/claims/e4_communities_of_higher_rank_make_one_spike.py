"""E4. A community of rank above one still makes one spike.

Each of four groups holds three sub-communities, which agree with each other by a share of what they agree with themselves.
The rows of a group then span a cone of dimension three instead of a ray. Spk counts the rays that it can tell apart: three to
a group while the sub-communities differ, one once they agree; the dimension of a group is the participation ratio of its
singular values. The rank is the number of directions that stand out of the noise. Members of several communities, mixed in any
shares or overlapping in equal ones, spread their groups over all dimensions: no rays, but cones around them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

import theory
from experiments.judging.claim import Claim, Size, at
from experiments.judging.criterion import Rule
from experiments.judging.figure import Figure
from experiments.judging.transition import Criterion, from_study
from experiments.running.study import Study
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
AGREEMENTS = (0.1, 0.3, 0.6, 0.9)


def study(size: Size) -> Study:
    """Sub-communities of growing agreement; wholly agreeing ones are the control, mixed members evidence."""
    n = at(size, quick=1200, default=2400, thorough=4800)
    cells = [{"arm": "claim", "n": n, "agreement": a, "members": "nested"} for a in AGREEMENTS]
    cells += [{"arm": "control", "n": n, "agreement": 1.0, "members": "nested"}]
    cells += [
        {"arm": "evidence", "n": n, "agreement": 0.0, "members": name} for name in ("mixed", "overlapping")
    ]
    return Study(
        f"E4-{size}",
        cells,
        trial,
        replicates=at(size, quick=4, default=12, thorough=40),
        version=2,
        roles={"graph": ("n", "agreement", "members")},
    )


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Spikes to a group of at least 4 % of the rows, half a sub-community, at coverage 0.9; the dimension of its rows."""
    rng, n = rngs["graph"], cell["n"]
    labels = rng.integers(0, GROUPS * EACH, n)
    theta = LogNormal(0.5).sample(n, rng)
    affinity = nested_blocks(GROUPS, EACH, within=1.0, between=cell["agreement"], outside=0.02)
    model = BlockModel(theta, labels, affinity)
    model = BlockModel(theta, labels, affinity * 150.0 / model.expected_degrees().mean())
    if cell["members"] == "nested":
        graph = sample_graph(model, rng, law="poisson")
    else:
        soften = mixed_membership if cell["members"] == "mixed" else overlapping_membership
        graph = sample_factor_graph(soften(model, 1.0, rng)[0], rng, law="poisson")
    # as many dimensions as stand out: twelve, or four where the sub-communities agree
    rank = theory.outliers(model, "poisson").n_visible
    vectors = theory.embed(graph, rank).vectors("full")
    spikes = theory.spikiness(vectors, coverage=0.9)
    return {
        "rank": rank,
        "spikes": float((spikes.sizes >= 0.04 * n).sum() / GROUPS),
        "dimension": float(np.mean([_dimension(vectors[labels // EACH == g]) for g in range(GROUPS)])),
    }


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Spikes to a group where sub-communities differ most, and the dimension of a group there."""
    least = rows[rows["agreement"] == rows["agreement"].min()].groupby("replicate")
    return pd.DataFrame({"spikes": least["spikes"].mean(), "dimension": least["dimension"].mean()})


def measurements(rows: pd.DataFrame) -> pd.DataFrame:
    """Spikes and dimensions of a group by how far its sub-communities agree, or by the kind of members."""
    found = {}
    for (members, agreement), part in rows.set_index("replicate").groupby(
        ["members", "agreement"], sort=False
    ):
        words = (
            f"sub-communities that agree by {agreement:g}" if members == "nested" else f"{members} members"
        )
        found[f"spikes to a group, {words}"] = part["spikes"]
        found[f"dimension of a group's directions, {words}"] = part["dimension"]
    return pd.DataFrame(found)


def _dimension(rows: Any) -> float:
    """The participation ratio of the squared singular values of the directions: 1 for a ray, r for an even cone."""
    unit = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-300)
    values = np.linalg.eigvalsh(unit.T @ unit)
    return float(values.sum() ** 2 / np.square(values).sum())


claim = Claim(
    id="E4",
    title="Communities of higher rank make one spike",
    statement="A community whose block has a rank above one still makes one spike.",
    source="A question that the paper leaves open (as reconstructed); docs/theory.md, sections 1.2 and 1.7.",
    expected="refuted",
    **from_study(study),
    estimates=estimates,
    rule=Rule(
        (
            Criterion("spikes", "<=", 1.5, "one spike to a group; half a spike more is allowed for noise"),
            Criterion("dimension", "<=", 1.5, "a ray has dimension 1"),
        ),
        control=("holds",),
    ),
    measurements=measurements,
    control="sub-communities that agree wholly: groups of rank one",
    figures=(
        Figure(
            kind="strip",
            x="agreement",
            y="spikes",
            hue="members",
            xlabel="agreement of the sub-communities of a group (mixed members: none)",
            ylabel="spikes to a group",
            lines=(("one spike", 1.0), ("one a sub-community", float(EACH))),
            finding="{spikes:.1f} spikes to a group, whose rows span {dimension:.1f} dimensions",
            points=lambda rows: rows,
        ),
    ),
)
