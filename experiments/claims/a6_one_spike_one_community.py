"""A6. One spike, one community.

In U, rows of different communities of a full-rank block model are at right angles, so that peaks at a coverage of nearly 1
count communities. In U|Lambda| a strong background turns all rays towards the leading one: the cosine between communities
of a balanced model is c / ((1 - r)^2 + c), c = 2 r (1 - r) + r^2 K, and above 0.9 they are one spike (docs/theory.md,
section 1.7). And at a coverage of a half only the loudest communities are counted. Samples are beside the population: noise
adds peaks in U and takes none in U|Lambda|, and a community whose eigenvalue lies below the spectral edge has no spike.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import theory
from experiments.judging.claim import Claim, Size, at
from experiments.judging.criterion import Rule
from experiments.judging.figure import Figure
from experiments.judging.transition import Criterion, from_study
from experiments.running.study import Study
from simulate import BlockModel, LogNormal, dcbm, sample_graph

COMMUNITIES = 10


def study(size: Size) -> Study:
    """Population vectors of a balanced model with a weak and a strong background; one without communities as control."""
    n = at(size, quick=600, default=1500, thorough=4000)
    arms = {0.05: "claim", 0.5: "claim", 1.0: "control"}
    cells = [{"arm": arm, "n": n, "mixing": mixing, "mean_degree": 0.0} for mixing, arm in arms.items()]
    if size != "quick":
        samples = ((0.05, 60.0), (0.05, 400.0), (0.5, 400.0))
        cells += [{"arm": "evidence", "n": n, "mixing": r, "mean_degree": degree} for r, degree in samples]
    return Study(
        f"A6-{size}",
        cells,
        trial,
        replicates=at(size, quick=5, default=10, thorough=30),
        version=3,
        roles={"model": ("n", "mixing"), "graph": ("n", "mixing", "mean_degree")},
    )


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Count peaks of the rows, of the population (mean degree 0) or of a sample: almost all in U and in U|Lambda|, and half."""
    model = dcbm(
        cell["n"],
        COMMUNITIES,
        heterogeneity=LogNormal(0.7),
        mean_degree=cell["mean_degree"] or 40.0,
        mixing=cell["mixing"],
        rng=rngs["model"],
    )
    extra: dict[str, float | None] = {"drowned": None, "visible": None}
    if cell["mean_degree"]:
        drowned = _with_a_drowned_community(model)
        rows = theory.embed(sample_graph(model, rngs["graph"], law="poisson"), COMMUNITIES)
        other = theory.embed(sample_graph(drowned, rngs["graph"], law="poisson"), COMMUNITIES)
        near = theory.cosines_to_axes(other.vectors("unit"), drowned.labels, COMMUNITIES) > 0.9
        extra["drowned"] = float(near[drowned.labels == COMMUNITIES - 1].mean())
        extra["visible"] = theory.outliers(model, "poisson").n_visible / COMMUNITIES
    else:
        rows = theory.Embedding(*model.spectrum())
    unit, full = rows.vectors("unit"), rows.vectors("full")
    return {
        "in_unit": theory.spikiness(unit, coverage=0.999).n_peaks / COMMUNITIES,
        "in_full": theory.spikiness(full, coverage=0.999).n_peaks / COMMUNITIES,
        "at_half": theory.spikiness(unit).n_peaks / COMMUNITIES,
        "impure": _strangers(theory.spikiness(unit, coverage=0.999).membership, model.labels),
        **extra,
    }


def _strangers(spike: NDArray[np.int64], labels: NDArray[np.int64]) -> float:
    """The share of rows on spikes that belong to another community than most of their spike."""
    counts = np.zeros((spike.max() + 1, labels.max() + 1))
    np.add.at(counts, (spike[spike >= 0], labels[spike >= 0]), 1)
    return float(1 - counts.max(axis=1).sum() / counts.sum())


def _with_a_drowned_community(model: BlockModel) -> BlockModel:
    """The same model, but that the last community prefers itself to others by no more than a hundredth."""
    affinity = model.affinity.copy()
    affinity[-1, -1] = 1.01 * affinity[-1, 0]
    return BlockModel(model.propensities, model.labels, affinity)


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


def measurements(rows: pd.DataFrame) -> pd.DataFrame:
    """What samples show: peaks over communities, and the share of a drowned community's rows along its axis."""
    rows = rows[rows["arm"] == "evidence"]
    names = {
        "visible": "directions above the spectral edge over communities, predicted",
        "in_unit": "peaks over communities in U, coverage 0.999",
        "in_full": "peaks over communities in U|Lambda|, coverage 0.999",
        "at_half": "peaks over communities in U, coverage 0.5",
        "impure": "rows on a spike of another community, U, coverage 0.999",
        "drowned": "rows of a drowned community within cosine 0.9 of its axis, U",
    }
    found = {
        f"sample of mean degree {degree:g}, background {mixing:g}: {words}": part.set_index("replicate")[name]
        for (mixing, degree), part in rows.groupby(["mixing", "mean_degree"])
        for name, words in names.items()
    }
    return pd.DataFrame(found).astype(float)


claim = Claim(
    id="A6",
    title="One spike, one community",
    statement="Each spike is one community, and each community one spike.",
    source="The paper's reading of its Theorem 3.4 (as reconstructed); docs/theory.md, sections 1.2, 1.7 and 8.3.",
    expected="qualified",
    **from_study(study),
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                "off_in_unit",
                "<=",
                0.0,
                "rows of different communities are at right angles in U, so the count is exact",
                statistic="max",
            ),
            Criterion(
                "strangers",
                "<=",
                0.0,
                "no row on a spike in U is of another community than the rest of it",
                statistic="max",
            ),
            Criterion(
                "in_full",
                ">=",
                1.0,
                "the same count in the paper's scaling",
                otherwise="qualified",
                condition="U|Lambda| merges communities that share a strong background",
                statistic="min",
            ),
            Criterion(
                "at_half",
                ">=",
                1.0,
                "the same count at the paper's coverage",
                otherwise="qualified",
                condition="at a coverage of a half only the loudest communities are counted",
                statistic="min",
            ),
        ),
        control=("refuted",),
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
            points=lambda rows: rows[rows["mean_degree"] == 0],
        ),
    ),
)
