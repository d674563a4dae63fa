"""D3. Cosine finds the community, the dot product finds the popular.

For random items, the 20 nearest others are judged by whether they share the item's community and by how popular they are. If
rows lie on rays, cosine finds the community whatever the norm, and the dot product trades some of that for popularity. Rows of
low norm have noisy directions (docs/theory.md, section 4.2), and dimensions beyond the communities hold noise alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

import theory
from experiments.claims.draws import sampled_embedding
from experiments.claims.families import (
    BLOCKS,
    DEGREE,
    EXCESS,
    MIXING,
    NODES,
    SPREAD,
    VISIBILITY,
    block_model,
    rank_at,
    visibility,
)
from experiments.judging.claim import Arm, Claim
from experiments.judging.criterion import Criterion, Rule
from experiments.judging.domain import Domain
from experiments.judging.estimand import Estimand
from experiments.judging.family import Rival
from experiments.judging.figure import Figure
from experiments.running.study import Cell

FIRST, QUERIES = 20, 150
DOMAIN = Domain(
    (NODES, BLOCKS, DEGREE, SPREAD, MIXING, EXCESS),
    "communities of equal size, log-normal popularity, rows of U Sigma",
    allowed=lambda point: point["n"] >= 2 * FIRST * point["blocks"] and visibility(point) >= 1,
    allowed_words=f"a community has at least {2 * FIRST} nodes and stands out of the noise",
    derived=(VISIBILITY,),
)
ROLES = dict.fromkeys(("graph", "queries"), DOMAIN.names)
SIMILARITIES = ("cosine", "dot")


def arms(points: Sequence[Cell]) -> tuple[Arm, ...]:
    """Items found by cosine and by dot product; in the control the two are exchanged."""
    return (
        Arm("claim", [{"exchanged": False, **point} for point in points], trial, ROLES),
        Arm("control", [{"exchanged": True, **point} for point in points[:4]], trial, ROLES),
    )


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Judge the nearest items by cosine and by dot product, and what items drawn at random are expected to be."""
    model = block_model(cell, rngs["graph"])
    vectors = sampled_embedding(model, rank_at(cell), rngs["graph"]).vectors("full")
    live = np.flatnonzero(np.linalg.norm(vectors, axis=1) > 0)
    queries = rngs["queries"].choice(live, min(QUERIES, live.size), replace=False)
    popularity = np.argsort(np.argsort(model.propensities)) / model.n_nodes
    own = model.labels[queries][:, None]
    row = {"same_random": float((model.labels == own).mean()), "popular_random": float(popularity.mean())}
    for similarity, called in zip(SIMILARITIES, SIMILARITIES[::-1] if cell["exchanged"] else SIMILARITIES):
        found = theory.top_k(vectors, FIRST, similarity=similarity, queries=queries).indices  # type: ignore[arg-type]
        row[f"same_{called}"] = float((model.labels[found] == own).mean())
        row[f"popular_{called}"] = float(popularity[found].mean())
    return row


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Return how well cosine finds the community, its lead over dot there, and the lead of dot in popularity."""
    rows = rows.set_index("replicate")
    return pd.DataFrame(
        {
            "same": rows["same_cosine"],
            "lead": rows["same_cosine"] - rows["same_dot"],
            "popular": rows["popular_dot"] - rows["popular_cosine"],
        }
    )


def _at_random(similarity: str) -> Rival:
    return Rival(
        f"items drawn at random in place of those found by {similarity}",
        lambda rows: rows.assign(
            **{f"{what}_{similarity}": rows[f"{what}_random"] for what in ("same", "popular")}
        ),
    )


def _found(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows[rows["vote"] == "claim"]
    rows = rows.assign(visibility=[VISIBILITY.function(point) for point in rows.to_dict("records")])
    return pd.concat(
        pd.DataFrame({"share": rows[f"same_{s}"], "similarity": s, "visibility": rows["visibility"]})
        for s in SIMILARITIES
    )


claim = Claim(
    id="D3",
    title="Cosine for the community, dot for the popular",
    statement="Where communities stand out of the noise, in U Sigma with as many dimensions as communities or more, cosine "
    "finds items of the same community at least as often as the dot product does, and the dot product finds items that are "
    "clearly more popular.",
    source="The paper's advice on the metric (as reconstructed); docs/theory.md, sections 3.1 and 4.2.",
    expected="holds",
    version=3,
    arms=arms,
    domain=DOMAIN,
    estimates=estimates,
    rivals=(_at_random("cosine"), _at_random("dot")),
    rule=Rule(
        (
            Criterion(
                Estimand("same", "nearest items by cosine in the query's community", "%"),
                ">=",
                0.5,
                asks="at least {threshold} of the 20 nearest items by cosine belong to the query's community",
                origin="most of what a reader of the list sees",
                failure="cosine does not find the query's community",
            ),
            Criterion(
                Estimand("lead", "neighbours in the community, cosine less dot", "%"),
                ">=",
                -0.02,
                asks="the share of neighbours in the community, cosine less dot, is at least {threshold}",
                origin="as often as by dot product, with 2 % allowed for noise",
                failure="the dot product finds the community more often",
            ),
            Criterion(
                Estimand("popular", "popularity rank of the items found, dot less cosine", "%"),
                ">=",
                0.1,
                asks="items found by dot rank at least {threshold} of all items higher in popularity than items found by cosine",
                origin="a tenth of all items in mean rank of popularity",
                failure="the dot product does not find clearly more popular items",
            ),
        ),
        control=("refuted",),
    ),
    control="cosine and dot product exchanged",
    figures=(
        Figure(
            kind="scatter",
            x="visibility",
            y="share",
            hue="similarity",
            log="x",
            xlabel="eigenvalues of communities over the spectral edge",
            ylabel="nearest items in the query's community",
            verticals=(("edge", 1.0),),
            finding="at the point where it does least, cosine leads by {lead:+.2f} in community and dot by {popular:+.2f} "
            "in popularity",
            points=_found,
        ),
    ),
    headline=True,
)
