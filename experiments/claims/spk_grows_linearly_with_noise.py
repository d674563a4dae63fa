"""C5. Spk grows linearly with noise as f grows; choose f before it rises.

In the population of K communities peaks grow as f + 1 with no noise at all, until those needed for the coverage are found:
the linear part is signal (docs/theory.md, section 6.1). Noise dimensions come after the visible communities and break spikes
faster than linearly (section 6.2). So the rule "before the rise" has something to find: the last rank before the rise is
compared with the number of communities that stand out of the noise.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

import theory
from experiments.claim import Claim, Figure, Size, at
from experiments.study import Study
from experiments.verdict import Criterion, Rule
from simulate import LogNormal, dcbm, sample_graph
from simulate.interop import zhu_ghodsi_elbows
from simulate.nulls import chung_lu

BLOCKS = 12
RANKS = (2, 3, 4, 5, 6, 8, 10, 11, 12, 13, 14, 16, 18, 20, 24, 28, 36, 48)


def study(size: Size) -> Study:
    """Twelve visible communities; in the control their degrees alone, without communities to find."""
    n = at(size, quick=1500, default=3000, thorough=6000)
    cells = [{"arm": arm, "n": n} for arm in ("claim", "control")]
    return Study(
        f"C5-{size}",
        cells,
        trial,
        replicates=at(size, quick=8, default=16, thorough=40),
        version=1,
        roles={"graph": ("n",), "null": ("n",)},
    )


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Peaks in U over the ranks, of the sample and of its population, and the rank that each rule chooses."""
    rng = rngs["graph"]
    model = dcbm(cell["n"], BLOCKS, heterogeneity=LogNormal(0.4), mean_degree=60, mixing=0.03, rng=rng)
    graph = sample_graph(model, rng, law="poisson")
    if cell["arm"] == "control":
        graph = chung_lu(graph, rngs["null"])
    embedding = theory.embed(graph, max(RANKS))
    lam, basis = model.spectrum()
    population = theory.Embedding(lam, basis)
    row: dict[str, Any] = {}
    for rank in RANKS:
        row[f"peaks_{rank}"] = theory.spikiness(embedding.vectors("unit", rank)).n_peaks
        row[f"population_{rank}"] = theory.spikiness(population.vectors("unit", min(rank, BLOCKS))).n_peaks
    row["knee"] = theory.spikiness_knee(RANKS, [row[f"peaks_{rank}"] for rank in RANKS])
    row["visible"] = theory.outliers(model, "poisson").n_visible
    row["elbow"] = int(zhu_ghodsi_elbows(embedding.eigenvalues, 2)[-1])
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


def _curves(rows: pd.DataFrame) -> pd.DataFrame:
    parts = []
    for prefix, words in (("peaks", "sample"), ("population", "population")):
        for arm, of in (("claim", words), ("control", "degrees alone")):
            if prefix == "population" and arm == "control":
                continue
            mine = rows[rows["arm"] == arm]
            parts += [pd.DataFrame({"rank": r, "peaks": mine[f"{prefix}_{r}"], "of": of}) for r in RANKS]
    return pd.concat(parts)


claim = Claim(
    id="C5",
    title="Spk grows linearly with noise",
    statement="As f grows Spk rises linearly with the noise taken in; f is to be chosen just before it rises sharply.",
    source="The paper's choice of the truncation (as reconstructed); docs/theory.md, sections 6.1 and 6.2.",
    expected="qualified",
    study=study,
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
    control="a graph of the same degrees without communities, asked for the same communities",
    figures=(
        Figure(
            kind="line",
            x="rank",
            y="peaks",
            hue="of",
            log="xy",
            xlabel="rank f",
            ylabel="peaks in U",
            finding="beyond the communities peaks grow as (f - K)^{growth:.1f}; the knee misses K by {knee_error:.0%}",
            points=_curves,
        ),
    ),
)
