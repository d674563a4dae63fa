"""D1. Node degrees can be read off the embedding, without the graph.

In the population d = U Lambda U' 1 exactly, and within a spike d is proportional to the norm of the row, with a factor that
differs between spikes. In a sample, U Lambda U' 1 has to first order the variance of a weighted row sum, for Poisson edges never
below that of counting the row (docs/theory.md, section 3.2). Both estimates are compared with the expected degree itself, so that
a wrong scale shows; the unit of error is the mean degree, the variance of counting Poisson edges. Beside graphs stand the paper's
own objects, whose "degree" is a row sum of M M*, of PPMI or of the interactions' Gram matrix.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import scipy
from numpy.typing import NDArray

import theory
from experiments.claims.draws import sampled_embedding
from experiments.claims.families import (
    BLOCKS,
    DEGREE,
    MIXING,
    NODES,
    SPREAD,
    UNEQUAL,
    block_model,
    block_sizes,
    weakest_visibility,
)
from experiments.claims.logs import decompositions, interactions_of, rank_of
from experiments.judging.claim import POINTS, Arm, Claim
from experiments.judging.criterion import Criterion, Rule
from experiments.judging.domain import Derived, Domain
from experiments.judging.estimand import Estimand
from experiments.judging.family import Rival
from experiments.judging.figure import Figure
from experiments.running.study import Cell

MATRICES = ("films-actors-3000",)
LEAST = 20  # nodes of a community, or of a spike of a real matrix whose order is measured
VISIBLE = Derived(
    "visibility", "weakest eigenvalue of communities over the edge", weakest_visibility, border=1.0
)
DOMAIN = Domain(
    (NODES, BLOCKS, DEGREE, SPREAD, MIXING, UNEQUAL),
    "log-normal popularity, Poisson edges, as many dimensions as communities, rows of U Sigma",
    allowed=lambda point: min(block_sizes(point, "unequal")) >= LEAST,
    allowed_words=f"a community has at least {LEAST} nodes",
    derived=(VISIBLE,),
)
ROLES = {"graph": DOMAIN.names}
ESTIMATES = {
    "norms": "norm, one factor per spike",
    "sums": "U Lambda U' 1",
    "one": "norm, one factor for all",
}


def arms(points: Sequence[Cell], matrices: tuple[str, ...] = MATRICES) -> tuple[Arm, ...]:
    """Degrees from the embedding of the nodes' graph, in the control of another graph; real matrices as evidence."""
    voting = (
        Arm("claim", [{"embedded": "the graph", **point} for point in points], trial, ROLES),
        Arm("control", [{"embedded": "another", **point} for point in points[:4]], trial, ROLES),
    )
    if len(points) <= POINTS["quick"] and matrices == MATRICES:
        return voting
    real = [{"matrix": name} for name in matrices]
    return (*voting, Arm("evidence", real, matrix_trial, {}, "real-matrices", fixed=lambda cell: True))


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Estimate the expected degrees of a sampled graph from its embedding, or from that of a graph of other nodes."""
    model = block_model(cell, rngs["graph"], sizes=block_sizes(cell, "unequal"))
    truth = model.expected_degrees()
    if cell["embedded"] == "another":
        model = block_model(cell, rngs["graph"], sizes=block_sizes(cell, "unequal"))
    embedding = sampled_embedding(model, cell["blocks"], rngs["graph"])
    rows = embedding.vectors("full")
    norms, sums = np.linalg.norm(rows, axis=1), theory.estimate_degrees(embedding)
    spikes = theory.partition_by_spikes(rows).labels
    by_spike = theory.estimate_degrees_within_spikes(embedding, spikes)

    def error(estimated: NDArray[Any]) -> float:
        return float(np.square(np.nan_to_num(estimated) - truth).sum() / truth.sum())

    return {
        "norms": error(by_spike),
        "sums": error(sums),
        "one": error(norms * sums.sum() / norms.sum()),
        "constant": error(np.full(len(truth), truth.mean())),
        "half": error(sums / 2),
    }


def matrix_trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """For M M*, PPMI and the interactions: correlate estimated with true row sums, and norms with these and with popularity."""
    interactions = interactions_of(cell["matrix"])
    popularity = np.asarray(interactions.sum(axis=0), dtype=float)
    row: dict[str, Any] = {}
    for which, found in decompositions(interactions, rank_of(cell["matrix"])).items():
        spikes, norms = theory.partition_by_spikes(found.vectors), np.linalg.norm(found.vectors, axis=1)
        groups = [np.flatnonzero(spikes.labels == k) for k in np.flatnonzero(spikes.sizes >= LEAST)]
        row[f"{which}: sums"] = float(scipy.stats.spearmanr(found.estimated, found.degrees).statistic)
        for of, values in (("degrees", found.degrees), ("popularity", popularity[found.items])):
            within = [scipy.stats.spearmanr(norms[g], values[g]).statistic for g in groups]
            row[f"{which}: {of}"] = float(np.average(within, weights=[g.size for g in groups]))
    return row


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the squared error of both estimates, over that of counting edges."""
    return rows.set_index("replicate")[["norms", "sums"]]


def measurements(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the correlations on each real matrix, and the error of one factor for all spikes, mean over points."""
    one = "squared error of norms with one factor for all spikes over that of counting, mean over points"
    found: dict[Any, pd.Series] = {one: rows[rows["vote"] == "claim"].groupby("replicate")["one"].mean()}
    words = {
        "sums": "rank correlation of U Lambda U' 1 with the row sums",
        "degrees": "rank correlation of norm with the row sums within spikes",
        "popularity": "rank correlation of norm with popularity within spikes",
    }
    evidence = rows[rows["arm"] == "real-matrices"]
    for matrix, part in evidence.groupby("matrix") if len(evidence) else ():
        for which in ("M M*", "PPMI", "interactions"):
            for of, text in words.items():
                found[f"{text}, {which}, {matrix}"] = part.set_index("replicate")[f"{which}: {of}"]
    return pd.DataFrame(found).astype(float)


def _errors(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows[rows["vote"] == "claim"]
    visible = [VISIBLE.function(point) for point in rows.to_dict("records")]
    return pd.concat(
        pd.DataFrame({"error": rows[name], "estimate": words, "visibility": visible})
        for name, words in ESTIMATES.items()
    )


claim = Claim(
    id="D1",
    title="Degrees from the embedding alone",
    statement="In graphs of a block model, the degree of a node can be estimated from the embedding alone: in U Sigma with as "
    "many dimensions as communities, the norm times one factor for each spike, and U Lambda U' 1, have at most three times the "
    "squared error of counting the edges.",
    source="The paper's first use of spikes (as reconstructed); docs/theory.md, sections 3.1 and 3.2.",
    expected="qualified",
    version=4,
    arms=arms,
    domain=DOMAIN,
    estimates=estimates,
    rivals=(
        Rival("the mean degree for every node", lambda rows: rows.assign(norms=rows["constant"])),
        Rival("the degrees in a graph of half the edges", lambda rows: rows.assign(sums=rows["half"])),
    ),
    rule=Rule(
        (
            Criterion(
                Estimand(
                    "norms",
                    "squared error of the norm times its spike's factor over that of counting",
                    "times",
                ),
                "<=",
                3.0,
                asks="the norm times the factor of its spike has at most {threshold} the squared error of counting edges",
                origin="counting a third of the edges; the theory says 1 + CV^2, at most 2.44",
                failure="norms give degrees less well than a third of the edges would",
            ),
            Criterion(
                Estimand("sums", "squared error of U Lambda U' 1 over that of counting", "times"),
                "<=",
                3.0,
                asks="U Lambda U' 1 has at most {threshold} the squared error of counting edges",
                origin="counting a third of the edges; the theory says 1 + CV^2, at most 2.44",
                failure="the embedding gives degrees less well than a third of the edges would",
            ),
        ),
        control=("refuted",),
    ),
    finding="The error stays within the bound although counting is better everywhere. One factor for all spikes is worse where "
    "communities differ in size. On films norms within spikes follow the row sums of the decomposed matrix, and popularity less.",
    matrices=MATRICES,
    measurements=measurements,
    control="the embedding of another graph of the same law, which knows nothing of these nodes",
    figures=(
        Figure(
            kind="scatter",
            x="visibility",
            y="error",
            hue="estimate",
            log="xy",
            xlabel="weakest eigenvalue of communities over the spectral edge",
            ylabel="squared error over that of counting edges",
            lines=(("a third of the edges", 3.0),),
            verticals=(("edge", 1.0),),
            finding="at worst {norms:.1f} times the error of counting by norms, {sums:.1f} times by U Lambda U' 1",
            points=_errors,
        ),
    ),
    headline=True,
)
