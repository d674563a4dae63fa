"""A6. One spike, one community.

In the population, rows of different communities lie on different rays, but U|Lambda| turns all rays towards the leading one where
communities share a strong background: the cosine between the rays of a balanced model is c / ((1 - r)^2 + c),
c = 2 r (1 - r) + r^2 K, and above 0.9 they are one spike (docs/theory.md, section 1.7). In samples noise adds spikes: rows
leave their cones, and form cones of their own. Spikes are those of the partition of all rows: peaks at coverage 1 with ten rows
or more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import theory
from experiments.claims.draws import sampled_embedding
from experiments.claims.families import NODES, SPREAD, VISIBILITY, block_model
from experiments.judging.boundary import Boundary
from experiments.judging.claim import Arm, Claim
from experiments.judging.criterion import Criterion, Rule
from experiments.judging.domain import Domain, Range
from experiments.judging.estimand import Estimand
from experiments.judging.figure import Figure
from experiments.running.study import Cell
from simulate import BlockModel

DOMAIN = Domain(
    (
        NODES,
        Range("blocks", 4, 24, "communities", "with fewer, a single spike too many decides", whole=True),
        Range("mean_degree", 20, 800, "mean degree", "from sparse graphs to dense ones, as if without noise"),
        SPREAD,
        Range(
            "mixing",
            0.01,
            0.5,
            "mixing",
            "affinity between communities over that within: hardly any, to a half",
        ),
    ),
    "as many dimensions as communities, communities of equal size, log-normal popularity, rows of U|Λ|",
    dear=lambda point: point["n"] * point["mean_degree"] > 600_000,
    dear_words="graphs of more than 300,000 edges",
    derived=(VISIBILITY,),
)
ROLES = {"graph": DOMAIN.names}


def arms(points: Sequence[Cell]) -> tuple[Arm, ...]:
    """A block model at each point; one affinity for all pairs, and so no communities, is the control."""
    return Arm("claim", points, trial, ROLES), Arm("control", points[:4], without_communities_trial, ROLES)


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Divide the rows of a sample by their spikes, and compare these with the communities."""
    return _compared(block_model(cell, rngs["graph"]), rngs["graph"])


def without_communities_trial(
    cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]
) -> dict[str, Any]:
    """Do the same where the labels say nothing of the graph."""
    return _compared(block_model({**cell, "mixing": 1.0}, rngs["graph"]), rngs["graph"])


def _compared(model: BlockModel, rng: np.random.Generator) -> dict[str, Any]:
    """Spikes over communities, rows on a spike of another community, and the peaks that cover half of the rows."""
    blocks = model.n_blocks
    embedding = sampled_embedding(model, blocks, rng)
    row: dict[str, Any] = {}
    for scaling in ("full", "unit"):
        vectors = embedding.vectors(scaling)  # type: ignore[arg-type]
        spikes = theory.partition_by_spikes(vectors)
        row[f"{scaling}_spikes"] = spikes.n_parts / blocks
        row[f"{scaling}_strangers"] = _strangers(spikes.labels, model.labels)
    return {**row, "at_half": theory.spikiness(embedding.vectors("full")).n_peaks / blocks}


def _strangers(spike: NDArray[np.int64], labels: NDArray[np.int64]) -> float:
    """The share of rows on spikes that belong to another community than most of their spike."""
    counts = np.zeros((spike.max() + 1, labels.max() + 1))
    np.add.at(counts, (spike[spike >= 0], labels[spike >= 0]), 1)
    return float(1 - counts.max(axis=1).sum() / counts.sum())


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Return spikes over communities, and the rows on a spike of another community."""
    return pd.DataFrame({"spikes": rows["full_spikes"], "strangers": rows["full_strangers"]})


SHOWN = {
    "unit_spikes": Estimand(
        "unit_spikes", "spikes in U, as a multiple of the communities, mean over points", "times"
    ),
    "unit_strangers": Estimand(
        "unit_strangers", "rows on a spike of another community in U, mean over points", "%"
    ),
    "at_half": Estimand(
        "at_half", "peaks that cover half of the rows, as a share of the communities, mean over points", "%"
    ),
}


def measurements(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the same in U, and the peaks at the paper's coverage, which are those of the communities with the longest rows."""
    by = rows[rows["vote"] == "claim"].groupby("replicate")
    return pd.DataFrame({shown: by[name].mean() for name, shown in SHOWN.items()})


def _points(rows: pd.DataFrame) -> pd.DataFrame:
    words = {"claim": "communities", "control": "none (control)"}
    visibility = [VISIBILITY.function(cell) for cell in rows[list(DOMAIN.names)].to_dict("records")]
    return rows.assign(visibility=visibility, case=rows["vote"].map(words))


SPIKES = Estimand("spikes", "spikes of ten rows or more, as a multiple of the communities", "times")

claim = Claim(
    id="A6",
    title="One spike, one community",
    statement="Each spike is one community, and each community one spike: in rows of U|Λ| of sampled graphs, with as many "
    "dimensions as communities, there are as many spikes as communities, up to a fifth, and at most a tenth of the rows are on a "
    "spike of another community.",
    source="The paper's reading of its Theorem 3.4 (as reconstructed); docs/theory.md, sections 1.2, 1.7 and 8.3.",
    expected="qualified",
    arms=arms,
    replicates={"quick": 10, "default": 16, "thorough": 16},
    version=4,
    domain=DOMAIN,
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                SPIKES,
                ">=",
                0.8,
                asks="there are at least {threshold} as many spikes as communities",
                origin="one community in five may have no spike of its own",
                failure="communities share spikes",
            ),
            Criterion(
                SPIKES,
                "<=",
                1.2,
                asks="there are at most {threshold} as many spikes as communities",
                origin="one community in five may have two spikes",
                failure="communities fall into several spikes",
            ),
            Criterion(
                Estimand("strangers", "rows on a spike of another community", "%"),
                "<=",
                0.1,
                asks="at most {threshold} of the rows are on a spike of another community",
                origin="nine rows in ten are where their community is",
                failure="spikes mix communities",
            ),
        )
    ),
    boundary=Boundary(
        "the eigenvalues of the K communities are at least 4.4 / K^0.45 times the spectral edge (2.4 times for four communities)",
        {"visibility": 6.49, "blocks": 2.9},
        -9.59,
        94,
        0.043,
    ),
    measurements=measurements,
    control="the same labels with one affinity for all pairs, so that there are no communities",
    figures=(
        Figure(
            kind="scatter",
            x="visibility",
            y="full_spikes",
            hue="case",
            log="xy",
            xlabel="eigenvalues of communities over the spectral edge",
            ylabel="spikes over communities",
            finding="spikes count communities where these stand out of the noise",
            lines=(("one each", 1.0),),
            points=_points,
        ),
    ),
)
