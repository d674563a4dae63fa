"""A6. One spike, one community.

In U, rows of different communities of a full-rank block model are at right angles, so that peaks at a coverage of nearly 1
count communities. In U|Lambda| a strong background turns all rays towards the leading one: the cosine between communities
of a balanced model is c / ((1 - r)^2 + c), c = 2 r (1 - r) + r^2 K, and above 0.9 they are one spike (docs/theory.md,
section 1.7). And at a coverage of one half only the communities with the longest rows are counted. All this is judged on the
population's vectors. Samples stand beside them: noise adds peaks, and a community whose eigenvalue lies below the spectral edge
has no spike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import theory
from experiments.claims.draws import sampled_embedding, with_weakest_community
from experiments.judging.claim import Arm, Claim, Size, at
from experiments.judging.criterion import Criterion, Rule
from experiments.judging.estimand import Estimand
from experiments.judging.figure import Figure
from simulate import BlockModel, LogNormal, dcbm

COMMUNITIES, ALL = 10, 0.999
MODEL = {"model": ("n", "mixing")}


def arms(size: Size) -> tuple[Arm, ...]:
    """Population vectors of a balanced model with a weak and a strong background; one without communities as control."""
    n = at(size, quick=600, default=1500, thorough=4000)
    voting = (
        Arm("claim", [{"n": n, "mixing": mixing} for mixing in (0.05, 0.5)], trial, MODEL),
        Arm("control", [{"n": n, "mixing": 1.0}], trial, MODEL),
    )
    if size == "quick":
        return voting
    samples = ((0.05, 60.0), (0.05, 400.0), (0.5, 400.0))
    cells = [{"n": n, "mixing": mixing, "mean_degree": degree} for mixing, degree in samples]
    return (*voting, Arm("evidence", cells, sample_trial, MODEL | {"graph": ("n", "mixing", "mean_degree")}))


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Count the peaks of the population's rows."""
    model = _model(cell, 40.0, rngs["model"])
    return _counted(theory.Embedding(*model.spectrum()), model)


def sample_trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Count the peaks of a sample's rows, and the rows of a drowned community that lie along its axis."""
    model, mixing = _model(cell, cell["mean_degree"], rngs["model"]), cell["mixing"]
    counts = _counted(sampled_embedding(model, COMMUNITIES, rngs["graph"]), model)
    # the last community prefers itself to others by no more than a hundredth
    drowned = with_weakest_community(model, 0.01 * mixing / (1 - mixing))
    rows = sampled_embedding(drowned, COMMUNITIES, rngs["graph"]).vectors("unit")
    near = theory.cosines_to_axes(rows, drowned.labels) > 0.9
    visible = theory.PredictedSample(model, "poisson").n_visible
    return {
        **counts,
        "drowned": float(near[drowned.labels == COMMUNITIES - 1].mean()),
        "visible": visible / COMMUNITIES,
    }


def _model(cell: Mapping[str, Any], mean_degree: float, rng: np.random.Generator) -> BlockModel:
    n, law, mixing = cell["n"], LogNormal(0.7), cell["mixing"]
    return dcbm(n, COMMUNITIES, heterogeneity=law, mean_degree=mean_degree, mixing=mixing, rng=rng)


def _counted(embedding: theory.Embedding, model: BlockModel) -> dict[str, Any]:
    """Peaks over communities: of nearly all rows in U and in U|Lambda|, and of half of them in U."""
    unit, full = embedding.vectors("unit"), embedding.vectors("full")
    nearly_all = theory.spikiness(unit, coverage=ALL)
    return {
        "in_unit": nearly_all.n_peaks / COMMUNITIES,
        "in_full": theory.spikiness(full, coverage=ALL).n_peaks / COMMUNITIES,
        "at_half": theory.spikiness(unit).n_peaks / COMMUNITIES,
        "impure": _strangers(nearly_all.membership, model.labels),
    }


def _strangers(spike: NDArray[np.int64], labels: NDArray[np.int64]) -> float:
    """The share of rows on spikes that belong to another community than most of their spike."""
    counts = np.zeros((spike.max() + 1, labels.max() + 1))
    np.add.at(counts, (spike[spike >= 0], labels[spike >= 0]), 1)
    return float(1 - counts.max(axis=1).sum() / counts.sum())


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Peaks over communities in the worst cell of each replicate, and how far U is from one each."""
    by = rows.groupby("replicate")
    return pd.DataFrame(
        {
            "off_in_unit": by["in_unit"].agg(lambda values: float(np.abs(values - 1).max())),
            "strangers": by["impure"].max(),
            "in_full": by["in_full"].min(),
            "at_half": by["at_half"].min(),
        }
    )


SHOWN = (
    Estimand("visible", "directions above the spectral edge, predicted, as a share of the communities", "%"),
    Estimand("in_unit", "peaks in U at coverage 0.999, as a multiple of the communities", "times"),
    Estimand("in_full", "peaks in U|Λ| at coverage 0.999, as a multiple of the communities", "times"),
    Estimand("at_half", "peaks in U at coverage 0.5, as a multiple of the communities", "times"),
    Estimand("impure", "rows on a spike of another community, in U at coverage 0.999", "%"),
    Estimand("drowned", "rows of a drowned community within cosine 0.9 of its axis, in U", "%"),
)


def measurements(rows: pd.DataFrame) -> pd.DataFrame:
    """What samples show: peaks over communities, and the share of a drowned community's rows along its axis."""
    samples = rows[rows["vote"] == "evidence"]
    if samples.empty:
        return pd.DataFrame()
    found = {}
    for (mixing, degree), part in samples.groupby(["mixing", "mean_degree"]):
        for shown in SHOWN:
            words = f"samples of mean degree {degree:g}, mixing {mixing:g}: {shown.words}"
            found[replace(shown, words=words)] = part.set_index("replicate")[shown.name]
    return pd.DataFrame(found).astype(float)


OFF_IN_UNIT = Estimand("off_in_unit", "peaks too many or too few in U, as a share of the communities", "%")
STRANGERS = Estimand("strangers", "rows on a spike of another community, in U", "%")
IN_FULL = Estimand(
    "in_full", "peaks in U|Λ|, as a share of the communities, at the worse of two mixings", "%"
)
AT_HALF = Estimand("at_half", "peaks that cover half of the rows in U, as a share of the communities", "%")

claim = Claim(
    id="A6",
    title="One spike, one community",
    statement="Where sampling adds no noise, each spike is one community, and each community one spike.",
    source="The paper's reading of its Theorem 3.4 (as reconstructed); docs/theory.md, sections 1.2, 1.7 and 8.3.",
    expected="qualified",
    arms=arms,
    replicates={"quick": 5, "default": 10, "thorough": 30},
    version=3,
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                OFF_IN_UNIT,
                "<=",
                0.0,
                asks="in U the number of peaks differs from that of the communities by {threshold}",
                origin="rows of different communities are at right angles in U, so that the count is exact",
                failure="in U there are not as many peaks as communities",
                statistic="max",
            ),
            Criterion(
                STRANGERS,
                "<=",
                0.0,
                asks="in U {threshold} of the rows on a spike are of another community than most of its rows",
                origin="rows at right angles cannot share a spike",
                failure="spikes in U mix communities",
                statistic="max",
            ),
            Criterion(
                IN_FULL,
                ">=",
                1.0,
                asks="in U|Λ|, the paper's scaling, there are peaks for {threshold} of the communities at either mixing",
                origin="the same count in the paper's scaling",
                failure="in U|Λ| the rays of ten communities at a mixing of 0.5 merge into fewer spikes",
                condition="the rays of different communities are more than 25.8 degrees apart, as they always are in U",
                statistic="min",
            ),
            Criterion(
                AT_HALF,
                ">=",
                1.0,
                asks="the peaks that cover half of the rows in U are those of {threshold} of the communities",
                origin="the same count at the paper's coverage",
                failure="at a coverage of one half only the communities with the longest rows are counted",
                condition="peaks are taken until nearly all rows are covered, not half of them",
                statistic="min",
            ),
        )
    ),
    measurements=measurements,
    control="the same labels with one affinity for all pairs: there are no communities to count, and one ray",
    figures=(
        Figure(
            kind="strip",
            x="mixing",
            y="in_full",
            xlabel="affinity between communities over that within",
            ylabel="peaks over communities, U|Λ|, coverage 0.999",
            finding="U|Λ| shows {in_full:.0%} of the communities in the worst case",
            lines=(("one each", 1.0),),
            points=lambda rows: rows[rows["vote"] != "evidence"],
        ),
    ),
)
