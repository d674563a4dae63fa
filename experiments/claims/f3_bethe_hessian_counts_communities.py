"""F3. The Bethe Hessian counts the communities that can be found.

H = (r^2 - 1) I - r A + D at r^2 = sum d^2 / sum d - 1 has, in a large sparse graph of a block model, as many negative
eigenvalues as the expected matrix has eigenvalues above the root of its largest (Saade, Krzakala, Zdeborova 2014 for equal
degrees; the limit of the non-backtracking matrix of a DCBM is Gulikers, Lelarge, Massoulie 2017; docs/theory.md, section
1.9). Those are the directions that any method can find. With equal sizes there is one of the mean, and one for each further
community, all of them at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

import theory
from experiments.claims.families import block_model, placed
from experiments.judging.claim import SIZES, Arm, Claim
from experiments.judging.criterion import Criterion, Rule
from experiments.judging.domain import Derived, Domain, Range
from experiments.judging.estimand import Estimand
from experiments.judging.family import Rival
from experiments.judging.figure import Figure
from experiments.running.study import Cell
from simulate import sample_graph
from simulate.nulls import chung_lu


def signal(cell: Cell) -> float:
    """Return mu_2^2 / mu_1 of the expected matrix: communities can be found above 1 (Kesten and Stigum)."""
    shared = (1 - cell["mixing"]) / (1 + (cell["blocks"] - 1) * cell["mixing"])
    return float(cell["mean_degree"] * (1 + cell["cv"] ** 2) * shared**2)


BELOW, ABOVE = 0.7, 1.75  # between, some thousands of nodes are too few for the threshold to be sharp
DOMAIN = Domain(
    (
        Range("n", 1200, 2800, "nodes", "large enough for a limit, cheap to sample", whole=True),
        Range("blocks", 2, 4, "communities", "few: all of them must be seen at once", whole=True),
        Range("mean_degree", 3, 12, "mean degree", "sparse graphs, for which the operator was made"),
        Range("cv", 0.1, 0.8, "spread of popularity (CV)", "from equal items to a heavy tail"),
        Range("mixing", 0.08, 0.8, "mixing", "from communities apart to none that can be found"),
    ),
    "communities of equal size, log-normal popularity, Poisson edges",
    allowed=lambda cell: not BELOW < signal(cell) < ABOVE,
    allowed_words=f"the squared eigenvalue of communities is at most {BELOW:g} or at least {ABOVE:g} times the largest one",
    derived=(Derived("signal", "squared eigenvalue of communities over the largest", signal, border=1.0),),
)
ROLES = {"graph": DOMAIN.names}


def arms(points: Sequence[Cell]) -> tuple[Arm, ...]:
    """Graphs of block models; the control has their degrees and no communities, where communities can be found in the model."""
    found = [point for point in points if signal(point) > 1][:4] or points[:1]
    return Arm("claim", points, trial, ROLES), Arm("control", found, null_trial, ROLES)


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Count negative eigenvalues beside what the model says."""
    model = block_model(cell, rngs["graph"])
    return _counted(cell, sample_graph(model, rngs["graph"], law="poisson"))


def null_trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Count those of a graph of the same degrees without communities beside what the model says."""
    model = block_model(cell, rngs["graph"])
    return _counted(cell, chung_lu(sample_graph(model, rngs["graph"], law="poisson"), rngs["graph"]))


def _counted(cell: Cell, graph: Any) -> dict[str, Any]:
    found = theory.embed(graph, cell["blocks"] + 2, operator="bethe-hessian", tol=1e-6)
    return {
        "negative": int((found.eigenvalues < 0).sum()),
        "predicted": cell["blocks"] if signal(cell) > 1 else 1,
        "communities": cell["blocks"],
    }


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Return whether the count is the predicted one."""
    one = rows.set_index("replicate")
    return (one["negative"] == one["predicted"]).astype(float).to_frame("right")


claim = Claim(
    id="F3",
    title="The Bethe Hessian counts communities",
    statement="The Bethe Hessian of a sparse graph has as many negative eigenvalues as the model has directions that can be "
    "found, in most graphs, where the threshold of detection is not near.",
    source="Saade, Krzakala and Zdeborova 2014; Gulikers, Lelarge and Massoulie 2017; docs/theory.md, section 1.9.",
    expected="holds",
    arms=arms,
    replicates=dict.fromkeys(SIZES, 32),
    domain=DOMAIN,
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                Estimand("right", "graphs with the predicted number of negative eigenvalues", "%"),
                ">=",
                0.5,
                asks="at least {threshold} of the graphs have the predicted number of negative eigenvalues",
                origin="most of them",
                failure="the number of negative eigenvalues is another one in most graphs",
                statistic="share",
            ),
        ),
    ),
    rivals=(
        Rival("as many as communities", lambda rows: rows.assign(predicted=rows["communities"])),
        Rival("one, whatever the communities", lambda rows: rows.assign(predicted=1)),
    ),
    control="graphs of the same degrees without communities, where more than one direction could be found",
    figures=(
        Figure(
            kind="scatter",
            x="signal",
            y="share",
            hue="blocks",
            log="x",
            xlabel="squared eigenvalue of communities over the largest",
            ylabel="mean number of negative eigenvalues, over that predicted",
            verticals=(("threshold", 1.0),),
            finding="the count is right but near the threshold",
            points=lambda rows: placed(DOMAIN)(
                rows[rows["vote"] == "claim"].assign(share=rows["negative"] / rows["predicted"])
            ),
        ),
    ),
)
