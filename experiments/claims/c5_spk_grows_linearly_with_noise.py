"""C5. Spk grows linearly with noise as f grows; choose f before it rises.

In the population of K communities peaks grow as f + 1 with no noise at all, until those needed for the coverage are found:
the linear part is signal (docs/theory.md, section 6.1). Noise dimensions come after the visible communities and break spikes
faster than linearly (section 6.2), so that there is a rise to stop at. The last rank before the rise is compared with the number
of communities that stand out of the noise. The elbow of the spectrum (Zhu and Ghodsi 2006) is shown beside it, and for a real
matrix, where the truth is not known, parallel analysis too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

import theory
from experiments.claims.logs import interactions_of
from experiments.judging.claim import Arm, Claim, Size, at
from experiments.judging.criterion import Criterion, Rule
from experiments.judging.estimand import Estimand
from experiments.judging.figure import Figure
from experiments.real.nulls import permuted_ppmi
from simulate import BlockModel, LogNormal, dcbm, sample_graph
from simulate.nulls import chung_lu, permuted_items

BLOCKS = 12
MOST = 200  # dimensions that parallel analysis looks at
MATRICES = ("films-actors-3000",)
RULES = {"knee": "knee of Spk", "elbow": "elbow of the spectrum", "parallel": "parallel analysis"}
RANKS = (2, 3, 4, 5, 6, 8, 10, 11, 12, 13, 14, 16, 18, 20, 24, 28, 36, 48)
SHOWN = {"claim": "sample", "control": "degrees alone", "real": "as it is", "real-permuted": "items permuted"}


def arms(size: Size, matrices: tuple[str, ...] = MATRICES) -> tuple[Arm, ...]:
    """Twelve visible communities; the same degrees without communities as the control; real matrices and their nulls."""
    graphs = [{"data": "graph", "n": at(size, quick=2000, default=2000, thorough=6000)}]
    roles = {"graph": ("data", "n"), "null": ("data", "n")}
    decide = (Arm("claim", graphs, trial, roles), Arm("control", graphs, bare_trial, roles))
    if size == "quick" and matrices == MATRICES:
        return decide
    real, draws = [{"data": name} for name in matrices], {"null": ("data",)}
    trials = {"real": real_trial, "real-permuted": permuted_trial}
    once = [Arm("evidence", real, t, draws, name, fixed=lambda cell: True) for name, t in trials.items()]
    return (*decide, *once)  # one permutation is enough to see


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Analyse a sampled graph beside its model."""
    return _of_model(*_sampled(cell["n"], rngs["graph"]))


def bare_trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Analyse a graph of the same degrees, drawn without communities, beside the same model."""
    model, graph = _sampled(cell["n"], rngs["graph"])
    return _of_model(model, chung_lu(graph, rngs["null"]))


def real_trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Analyse a real matrix."""
    return _of_interactions(interactions_of(cell["data"]), rngs["null"])


def permuted_trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Analyse a real matrix whose items are permuted among the contexts."""
    return _of_interactions(permuted_items(interactions_of(cell["data"]), rngs["null"]), rngs["null"])


def _sampled(n: int, rng: np.random.Generator) -> tuple[BlockModel, Any]:
    model = dcbm(n, BLOCKS, heterogeneity=LogNormal(0.4), mean_degree=60, mixing=0.03, rng=rng)
    return model, sample_graph(model, rng, law="poisson")


def _of_model(model: BlockModel, graph: Any) -> dict[str, Any]:
    """What is found in a graph, the peaks of the population, and how many communities stand out of the noise."""
    few = [rank for rank in RANKS if rank <= BLOCKS]
    population = theory.spikiness_curve(theory.Embedding(*model.spectrum()), few, "unit").n_peaks.tolist()
    visible = theory.outliers(model, "poisson").n_visible
    peaks = {f"population_{rank}": count for rank, count in zip(few, population)}
    return {**_found(theory.analyse(graph, max(RANKS), kind="graph")), **peaks, "visible": visible}


def _of_interactions(interactions: Any, rng: np.random.Generator) -> dict[str, Any]:
    """What is found in interactions, and how many dimensions pass parallel analysis."""
    found = theory.analyse(interactions, max(RANKS), kind="interactions")
    passing = theory.parallel_analysis(found.matrix, MOST, rng, null=permuted_ppmi(interactions))[0]
    return {**_found(found), "parallel": passing}


def _found(analysed: theory.Analysed) -> dict[str, Any]:
    """Peaks in U at every rank, and the ranks that two rules choose from the matrix alone."""
    peaks = theory.spikiness_curve(analysed.embedding, RANKS, "unit").n_peaks.tolist()
    return {
        **{f"peaks_{rank}": count for rank, count in zip(RANKS, peaks)},
        "knee": theory.spikiness_knee(RANKS, peaks),
        "elbow": int(theory.zhu_ghodsi_elbows(analysed.embedding.eigenvalues, 2)[-1]),
    }


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """The gap of sample to population while f counts communities, the growth beyond, and the error of the knee."""
    by = rows.set_index("replicate")
    few = [rank for rank in RANKS if rank <= BLOCKS // 2]
    signal = sum((by[f"peaks_{r}"] - by[f"population_{r}"]).abs() / (r + 1) for r in few) / len(few)
    beyond = [rank for rank in RANKS if BLOCKS < rank <= 3 * BLOCKS]
    extra = [np.log(np.maximum(by[f"peaks_{r}"] - by[f"peaks_{BLOCKS}"], 1)) for r in beyond]
    growth = np.polyfit(np.log([rank - BLOCKS for rank in beyond]), np.array(extra), 1)[0]
    error = (by["knee"] - by["visible"]).abs() / by["visible"]
    return pd.DataFrame({"signal_gap": signal, "growth": growth, "knee_error": error}, index=by.index)


def measurements(rows: pd.DataFrame) -> pd.DataFrame:
    """What each rule chooses: beside the communities that stand out, and on real matrices."""
    graphs = rows[rows["vote"] == "claim"].set_index("replicate")
    less = graphs[["knee", "elbow"]].sub(graphs["visible"], axis=0)
    found = {f"{RULES[rule]} less visible communities": values for rule, values in less.items()}
    for (data, arm), part in rows[rows["vote"] == "evidence"].groupby(["data", "arm"]):
        words = f"{data}, {SHOWN[arm]}"
        found |= {f"{RULES[rule]}, {words}": part.set_index("replicate")[rule] for rule in RULES}
    return pd.DataFrame({Estimand(words, words, "dimensions"): values for words, values in found.items()})


def _curves(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows.assign(of=rows["arm"].map(SHOWN), where=rows["data"].replace("graph", "twelve communities"))
    population = rows[rows["vote"] == "claim"].assign(of="population")
    parts = [rows.assign(rank=r, peaks=rows[f"peaks_{r}"]) for r in RANKS]
    parts += [population.assign(rank=r, peaks=population[f"population_{min(r, BLOCKS)}"]) for r in RANKS]
    return pd.concat(parts)[["rank", "peaks", "of", "where"]]


claim = Claim(
    id="C5",
    title="Spk grows linearly with noise",
    statement="As f grows Spk rises linearly with the noise taken in; f is to be chosen just before it rises sharply.",
    source="The paper's choice of the truncation (as reconstructed); docs/theory.md, sections 6.1 and 6.2.",
    expected="qualified",
    arms=arms,
    replicates={"quick": 10, "default": 24, "thorough": 40},
    version=2,
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                Estimand(
                    "knee_error",
                    "distance of the rank before the rise from the number of visible communities",
                    "%",
                ),
                "<=",
                0.3,
                asks="the rank just before Spk rises differs by at most {threshold} from the number of visible communities",
                origin="an error of about three of the twelve communities",
                failure="the rise of Spk does not tell how many communities stand out of the noise",
            ),
            Criterion(
                Estimand("growth", "exponent with which peaks grow in the dimensions beyond the communities"),
                "<=",
                1.25,
                asks="beyond the communities, peaks grow with f - K to the power {threshold} at most",
                origin="linear growth is an exponent of 1, and a quarter is allowed for",
                failure="in the dimensions beyond the communities, which are noise, peaks grow faster than linearly",
                condition="f is at most half the number of communities, the range in which the rise was compared with a line",
            ),
            Criterion(
                Estimand(
                    "signal_gap",
                    "difference of the peaks in samples and in the population without noise",
                    "%",
                ),
                ">=",
                0.3,
                asks="while f counts communities, the peaks of samples and population differ by at least {threshold}",
                origin="if the linear rise were noise, the population, which has none, would lack it",
                failure="the population without noise has the same linear rise",
                condition="the linear rise is attributed to the communities instead of to noise",
            ),
        ),
    ),
    matrices=MATRICES,
    measurements=measurements,
    control="a graph of the same degrees without communities, in which the same communities are looked for",
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
