"""C5. Spk grows linearly with noise as f grows; choose f before it rises.

In the population of K communities peaks grow as f + 1 with no noise at all, until those needed for the coverage are found:
the linear part is signal (docs/theory.md, section 6.1). Noise dimensions come after the visible communities and break spikes
faster than linearly (section 6.2). So the rule "before the rise" has something to find: the last rank before the rise is
compared with the number of communities that stand out of the noise, and with what the elbow of the spectrum (Zhu and Ghodsi
2006) says. A real matrix and its permuted items are beside it, with parallel analysis: there nobody knows the truth.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

import theory
from experiments.claims.logs import interactions_of
from experiments.judging.claim import Claim, Size, at, named
from experiments.judging.criterion import Rule
from experiments.judging.figure import Figure
from experiments.judging.transition import Criterion, from_study
from experiments.real.nulls import permuted_ppmi
from experiments.running.study import Study
from simulate import LogNormal, dcbm, sample_graph
from simulate.nulls import chung_lu, permuted_items

BLOCKS = 12
MOST = 200  # dimensions that parallel analysis looks at
MATRICES = ("films-actors-3000",)
RULES = ("knee", "elbow", "parallel")
RANKS = (2, 3, 4, 5, 6, 8, 10, 11, 12, 13, 14, 16, 18, 20, 24, 28, 36, 48)


def study(size: Size, matrices: tuple[str, ...] = MATRICES) -> Study:
    """Twelve visible communities; in the control their degrees alone, without communities to find; real matrices and nulls."""
    n = at(size, quick=2000, default=2000, thorough=6000)
    cells: list[dict[str, Any]] = [
        {"arm": arm, "data": "graph", "n": n, "permuted": False} for arm in ("claim", "control")
    ]
    if size != "quick" or matrices != MATRICES:
        cells += [
            {"arm": "evidence", "data": name, "n": 0, "permuted": permuted}
            for name in matrices
            for permuted in (False, True)
        ]
    return Study(
        named("C5", size, matrices, MATRICES),
        cells,
        trial,
        replicates=at(size, quick=10, default=24, thorough=40),
        version=2,
        roles={"graph": ("data", "n"), "null": ("data", "n")},
        fixed=lambda cell: cell["data"] != "graph",  # one permutation is enough to see
    )


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Peaks in U over the ranks, of the sample and of its population, and the rank that each rule chooses."""
    if cell["data"] != "graph":
        interactions = interactions_of(cell["data"])
        if cell["permuted"]:
            interactions = permuted_items(interactions, rngs["null"])
        matrix = theory.ppmi(interactions, top_k=None).matrix
        null = permuted_ppmi(interactions)
        passing = theory.parallel_analysis(matrix, MOST, rngs["null"], null=null)[0]
        return {**_chosen(matrix), "parallel": passing, "visible": None}
    rng = rngs["graph"]
    model = dcbm(cell["n"], BLOCKS, heterogeneity=LogNormal(0.4), mean_degree=60, mixing=0.03, rng=rng)
    graph = sample_graph(model, rng, law="poisson")
    if cell["arm"] == "control":
        graph = chung_lu(graph, rngs["null"])
    row = _chosen(graph)
    population = theory.Embedding(*model.spectrum())
    for rank in RANKS:
        if rank <= BLOCKS:
            row[f"population_{rank}"] = theory.spikiness(population.vectors("unit", rank)).n_peaks
    row["visible"] = theory.outliers(model, "poisson").n_visible
    return row


def _chosen(matrix: Any) -> dict[str, Any]:
    """Peaks in U at every rank, and the ranks that two rules choose from the matrix alone."""
    embedding = theory.embed(matrix, max(RANKS))
    row: dict[str, Any] = {
        f"peaks_{rank}": theory.spikiness(embedding.vectors("unit", rank)).n_peaks for rank in RANKS
    }
    row["knee"] = theory.spikiness_knee(RANKS, [row[f"peaks_{rank}"] for rank in RANKS])
    row["elbow"] = int(theory.zhu_ghodsi_elbows(embedding.eigenvalues, 2)[-1])
    return row


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """The gap of sample to population while f counts communities, the growth beyond, and the error of the knee."""
    by = rows.set_index("replicate")
    few = [rank for rank in RANKS if rank <= BLOCKS // 2]
    signal = sum((by[f"peaks_{r}"] - by[f"population_{r}"]).abs() / (r + 1) for r in few) / len(few)
    beyond = [rank for rank in RANKS if BLOCKS < rank <= 3 * BLOCKS]
    x = np.log([rank - BLOCKS for rank in beyond])
    extra = [np.log(np.maximum(by[f"peaks_{r}"] - by[f"peaks_{BLOCKS}"], 1)) for r in beyond]
    growth = np.polyfit(x, np.array(extra), 1)[0]
    error = (by["knee"] - by["visible"]).abs() / by["visible"]
    return pd.DataFrame({"signal_gap": signal, "growth": growth, "knee_error": error}, index=by.index)


def measurements(rows: pd.DataFrame) -> pd.DataFrame:
    """What each rule chooses: beside the communities that stand out, and on real matrices."""
    graphs = rows[rows["arm"] == "claim"].set_index("replicate")
    found = {f"{rule} less visible communities": graphs[rule] - graphs["visible"] for rule in RULES[:2]}
    real = rows[rows["data"] != "graph"]
    for (data, permuted), part in real.groupby(["data", "permuted"]):
        words = f"{data}{', items permuted' if permuted else ''}"
        found |= {f"{rule}, {words}": part.set_index("replicate")[rule] for rule in RULES}
    return pd.DataFrame(found)


def _curves(rows: pd.DataFrame) -> pd.DataFrame:
    of = rows["arm"].map({"claim": "sample", "control": "degrees alone", "evidence": "as it is"})
    of = of.mask(rows["permuted"], "items permuted")
    rows = rows.assign(of=of, where=np.where(rows["data"] == "graph", "twelve communities", rows["data"]))
    population = rows[rows["arm"] == "claim"].assign(of="population")
    parts = [rows.assign(rank=r, peaks=rows[f"peaks_{r}"]) for r in RANKS]
    parts += [population.assign(rank=r, peaks=population[f"population_{min(r, BLOCKS)}"]) for r in RANKS]
    return pd.concat(parts)[["rank", "peaks", "of", "where"]]


claim = Claim(
    id="C5",
    title="Spk grows linearly with noise",
    statement="As f grows Spk rises linearly with the noise taken in; f is to be chosen just before it rises sharply.",
    source="The paper's choice of the truncation (as reconstructed); docs/theory.md, sections 6.1 and 6.2.",
    expected="qualified",
    **from_study(study, MATRICES),
    estimates=estimates,
    rule=Rule(
        (
            Criterion("knee_error", "<=", 0.3, "within 30 % of the communities that stand out of the noise"),
            Criterion(
                "growth",
                "<=",
                1.25,
                "linear growth is an exponent of 1; a quarter is allowed for",
                otherwise="qualified",
                condition="noise rises faster than linearly in the dimensions beyond the communities",
            ),
            Criterion(
                "signal_gap",
                ">=",
                0.3,
                "if the linear part were noise, the population without noise would lack it",
                otherwise="qualified",
                condition="the linear part is signal: sample and population agree there",
            ),
        ),
        control=("refuted",),
    ),
    matrices=MATRICES,
    measurements=measurements,
    control="a graph of the same degrees without communities, asked for the same communities",
    figures=(
        Figure(
            kind="line",
            x="rank",
            y="peaks",
            hue="of",
            column="where",
            verticals=(("communities", float(BLOCKS)),),
            log="xy",
            xlabel="rank f",
            ylabel="peaks in U",
            finding="beyond the communities peaks grow as (f - K)^{growth:.1f}; the knee misses K by {knee_error:.0%}",
            points=_curves,
        ),
    ),
)
