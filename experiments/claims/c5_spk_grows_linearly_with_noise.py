"""C5. Spk grows linearly with f, and rises sharply where noise begins: choose f before it rises.

In the population of K communities peaks grow as f + 1 with no noise at all, until those needed for the coverage are found:
the linear part is signal (docs/theory.md, section 6.1). Noise dimensions come after the visible communities; in U they weigh as
much as these, in U Sigma less (section 6.3). The last rank before the peaks exceed one and a half times f + 1 is compared with
the number of communities; how peaks grow beyond is measured, in U Sigma and in U.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

import theory
from experiments.claims.families import DEGREE, MIXING, SPREAD, VISIBILITY, block_model, visibility
from experiments.judging.claim import Arm, Claim
from experiments.judging.criterion import Criterion, Rule
from experiments.judging.domain import Domain, Range
from experiments.judging.estimand import Estimand
from experiments.judging.family import Rival
from experiments.judging.figure import Figure
from experiments.running.study import Cell
from simulate import sample_graph

VISIBLE = 1.2
DOMAIN = Domain(
    (
        Range("n", 500, 1000, "nodes", "small catalogues, cheap to sample", whole=True),
        Range("blocks", 6, 16, "communities", "enough of them for a line to show", whole=True),
        DEGREE,
        SPREAD,
        MIXING,
    ),
    "dimensions up to three times the communities, communities of equal size, log-normal popularity, rows of U Sigma",
    allowed=lambda cell: visibility(cell) >= VISIBLE,
    allowed_words="the eigenvalues of the communities are at least 1.2 times the spectral edge",
    derived=(VISIBILITY,),
)
ROLES = {"graph": DOMAIN.names}
SCALINGS: dict[theory.Scaling, str] = {"full": "U Sigma", "unit": "U"}


def arms(points: Sequence[Cell]) -> tuple[Arm, ...]:
    """Visible communities; rays with loud noise as the control."""
    return Arm("claim", points, trial, ROLES), Arm("control", points[:4], loud_noise_trial, ROLES)


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Find the rank before the rise of Spk, and how it grows beyond, in a graph with communities."""
    graph = sample_graph(block_model(cell, rngs["graph"]), rngs["graph"], law="poisson")
    return _found(theory.embed(graph, 3 * cell["blocks"]), cell["blocks"])


def loud_noise_trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Look for the rise in the population's rays with coordinates of noise, each as large as the row itself."""
    eigenvalues, basis = block_model(cell, rngs["graph"]).spectrum()
    rays = basis * np.abs(eigenvalues)
    noise = rngs["graph"].standard_normal((cell["n"], 2 * cell["blocks"]))
    rows = np.hstack([rays, noise * np.linalg.norm(rays, axis=1)[:, None]])
    return _found(theory.Embedding(np.ones(rows.shape[1]), rows), cell["blocks"])


def _found(embedding: theory.Embedding, blocks: int) -> dict[str, Any]:
    """The last rank before Spk rises, and the exponent with which peaks grow beyond the communities, in two scalings."""
    ranks = [*range(2, 2 * blocks), *range(2 * blocks, 3 * blocks + 1, 2)]
    row: dict[str, Any] = {}
    for scaling in SCALINGS:
        peaks = theory.spikiness_curve(embedding, ranks, scaling).n_peaks
        beyond = [k for k, rank in enumerate(ranks) if rank > blocks]
        extra = np.log(np.maximum(peaks[beyond] - peaks[ranks.index(blocks)], 1))
        steps = np.log([ranks[k] - blocks for k in beyond])
        row |= {
            f"knee_{scaling}": theory.spikiness_knee(ranks, peaks.tolist()),
            f"growth_{scaling}": float(np.polyfit(steps, extra, 1)[0]),
        }
    return row


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the relative error of the rank before the rise."""
    one = rows.set_index("replicate")
    error = (one["knee_full"] - one["blocks"]).abs() / one["blocks"]
    return pd.DataFrame({"knee_error": error})


def measurements(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the same in both scalings, mean over points."""
    claimed = rows[rows["vote"] == "claim"]
    shown: dict[Any, pd.Series[Any]] = {}
    for scaling, where in SCALINGS.items():
        error = (claimed[f"knee_{scaling}"] - claimed["blocks"]).abs() / claimed["blocks"]
        for name, words, unit, values in (
            ("knee", "distance of the rank before the rise from the number of communities", "%", error),
            (
                "growth",
                "exponent with which peaks grow beyond the communities",
                "",
                claimed[f"growth_{scaling}"],
            ),
        ):
            head = Estimand(f"{name}_{scaling}", f"{words}, in {where}, mean over points", unit)
            shown[head] = values.groupby(claimed["replicate"]).mean()
    return pd.DataFrame(shown)


def _knees(rows: pd.DataFrame) -> pd.DataFrame:
    claimed = rows[rows["vote"] == "claim"]
    return pd.concat(
        claimed[["blocks"]].assign(knee=claimed[f"knee_{scaling}"], scaling=where)
        for scaling, where in SCALINGS.items()
    )


claim = Claim(
    id="C5",
    title="Spk grows linearly, and rises where noise begins",
    statement="In U Sigma, Spk grows linearly with f while communities are taken in and rises sharply where noise begins, so "
    "that the last f before the rise is the number of communities that stand out.",
    source="The paper's choice of the truncation (as reconstructed); docs/theory.md, sections 6.1 and 6.2.",
    expected="qualified",
    arms=arms,
    version=3,
    domain=DOMAIN,
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                Estimand(
                    "knee_error",
                    "distance of the rank before the rise from the number of communities",
                    "%",
                ),
                "<=",
                0.3,
                asks="the rank just before Spk rises differs by at most {threshold} from the number of communities",
                origin="an error of about three of ten communities",
                failure="the rise of Spk does not tell how many communities there are",
            ),
        ),
        control=("holds",),
    ),
    measurements=measurements,
    control="the rays of the population with noise as large as the rows in each further dimension: Spk must rise where it begins",
    rivals=(Rival("ten communities in every graph", lambda rows: rows.assign(knee_full=10)),),
    figures=(
        Figure(
            kind="scatter",
            x="blocks",
            y="knee",
            hue="scaling",
            xlabel="communities, which stand out of the noise",
            ylabel="last rank before Spk rises",
            finding="the rank before the rise misses the communities by up to {knee_error:.0%}",
            identity=True,
            points=_knees,
        ),
    ),
)
