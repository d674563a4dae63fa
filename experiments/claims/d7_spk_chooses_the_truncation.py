"""D7. The truncation chosen by Spk recovers the number of communities.

The rule takes the rank before Spk begins to rise, in U Sigma, the paper's scaling, on graphs all of whose communities stand out
of the noise. U Sigma shrinks the dimensions of noise and so hides where they begin (docs/theory.md, section 6.3). The same rule
in U, the elbow of Zhu and Ghodsi, and parallel analysis against graphs of the same degrees are shown beside it. The control is
rows whose further dimensions hold noise as large as the signal: there Spk rises at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import theory
from experiments.claims.families import (
    DEGREE,
    MIXING,
    SPREAD,
    UNEQUAL,
    block_model,
    block_sizes,
    weakest_visibility,
)
from experiments.judging.claim import Arm, Claim
from experiments.judging.criterion import Criterion, Rule
from experiments.judging.domain import Derived, Domain, Range
from experiments.judging.estimand import Estimand
from experiments.judging.family import Rival
from experiments.judging.figure import Figure
from experiments.running.study import Cell
from simulate import sample_graph

CONSTANT = 12
VISIBLE = 1.3  # from here on the predictions of samples are trusted (docs/theory.md, section 4.5)
RULES = {
    "full": "knee of Spk in U Sigma",
    "unit": "knee of Spk in U",
    "elbow": "elbow of the eigenvalues",
    "parallel": "parallel analysis",
}
DOMAIN = Domain(
    (
        Range("n", 600, 1200, "nodes", "a small catalogue, since many ranks are searched", whole=True),
        Range(
            "blocks", 6, 16, "communities", "enough that one dimension more is no third of them", whole=True
        ),
        DEGREE,
        SPREAD,
        MIXING,
        UNEQUAL,
    ),
    "log-normal popularity, Poisson edges, U Sigma, ranks up to twice the communities and 8 more in steps of at most a sixth",
    allowed=lambda point: weakest_visibility(point) >= VISIBLE and min(block_sizes(point, "unequal")) >= 20,
    allowed_words=f"the weakest community has at least 20 nodes and stands out of the noise by {VISIBLE:g} times",
    derived=(
        Derived(
            "visibility", "weakest eigenvalue of communities over the edge", weakest_visibility, border=1.0
        ),
    ),
)
ROLES = dict.fromkeys(("graph", "null"), DOMAIN.names)


def arms(points: Sequence[Cell]) -> tuple[Arm, ...]:
    """The knee of Spk in U Sigma beside other rules; in the control rows without noise, beside dimensions of large noise."""
    return (
        Arm("claim", points, trial, ROLES),
        Arm("control", points[:4], control_trial, ROLES),
    )


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, int]:
    """Return the rank that each rule chooses on a sampled graph."""
    model = block_model(cell, rngs["graph"], sizes=block_sizes(cell, "unequal"))
    graph = sample_graph(model, rngs["graph"], law="poisson")
    ranks = _ranks(cell)
    embedding = theory.embed(graph, ranks[-1])
    known = embedding.eigenvalues
    return {
        "full": _knee(embedding.vectors("full"), ranks),
        "unit": _knee(embedding.vectors("unit"), ranks),
        "elbow": theory.zhu_ghodsi_elbows(known)[-1],
        "parallel": theory.parallel_analysis(graph, ranks[-1], rngs["null"], known=known)[0],
    }


def control_trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, int]:
    """Return the knee of Spk where noise of the norm of each row follows the dimensions of the communities."""
    model = block_model(cell, rngs["graph"], sizes=block_sizes(cell, "unequal"))
    eigenvalues, basis = model.spectrum()
    rows, ranks = basis * np.abs(eigenvalues), _ranks(cell)
    noise = rngs["graph"].normal(size=(model.n_nodes, ranks[-1] - rows.shape[1]))
    return {"full": _knee(np.hstack([rows, np.linalg.norm(rows, axis=1)[:, None] * noise]), ranks)}


def _ranks(cell: Mapping[str, Any]) -> range:
    return range(2, 2 * cell["blocks"] + 9, cell["blocks"] // 6)


def _knee(rows: NDArray[Any], ranks: range) -> int:
    return theory.spikiness_knee(ranks, [theory.spikiness(rows[:, :rank]).n_peaks for rank in ranks])


def _errors(rows: pd.DataFrame, rule: str) -> pd.Series:
    rows = rows.set_index("replicate")
    return (rows[rule] / rows["blocks"] - 1).abs()


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Return by how many of the communities the knee is off, as a share."""
    return pd.DataFrame({"error": _errors(rows, "full")})


def measurements(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the same for each rule, mean over points."""
    rows, found = rows[rows["vote"] == "claim"], {}
    for rule, words in RULES.items():
        error = _errors(rows, rule)
        found[
            Estimand(rule, f"error of the {words}, as a share of the communities, mean over points", "%")
        ] = error.groupby(level=0).mean()
    return pd.DataFrame(found).astype(float)


def _chosen(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows[rows["vote"] == "claim"]
    return pd.concat(
        pd.DataFrame({"rule": words, "rank": rows[rule], "communities": rows["blocks"]})
        for rule, words in RULES.items()
    )


claim = Claim(
    id="D7",
    title="Spk chooses the truncation",
    statement="The f just before Spk of U Sigma rises gives the number of communities, where all of them stand out of the noise.",
    source="The paper's choice of the truncation (as reconstructed); docs/theory.md, sections 6.1 to 6.3.",
    expected="qualified",
    version=4,
    arms=arms,
    domain=DOMAIN,
    estimates=estimates,
    rivals=(Rival(f"a constant f of {CONSTANT}", lambda rows: rows.assign(full=CONSTANT)),),
    rule=Rule(
        (
            Criterion(
                Estimand("error", "error of the knee of Spk, as a share of the communities", "%"),
                "<=",
                1 / 3,
                asks="the knee of Spk is off by at most {threshold} of the communities",
                origin="a third of what there is to find, between half and twice",
                failure="the knee of Spk misses the number of communities",
            ),
        ),
        control=("holds",),
    ),
    measurements=measurements,
    control="rows without noise whose further dimensions hold noise as large as the signal, where Spk must rise",
    figures=(
        Figure(
            kind="scatter",
            x="communities",
            y="rank",
            hue="rule",
            identity=True,
            xlabel="communities, all of which stand out of the noise",
            ylabel="rank chosen",
            finding="in U Sigma the knee is off by up to {error:.0%} of the communities",
            points=_chosen,
        ),
    ),
)
