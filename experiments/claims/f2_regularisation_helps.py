"""F2. Regularisation helps the normalised Laplacian.

In sparse graphs of uneven degrees a few nodes of low degree that are joined to each other have eigenvalues of D^-1/2 A D^-1/2
of their own, above those of communities, and their vectors take the place of a community's. Adding tau, the mean degree, to
every degree takes their weight (Qin and Rohe 2013; docs/theory.md, section 1.9). What is measured is how much of the
population's eigenvectors lies within those of the sample: the mean squared cosine between the two subspaces, for both
operators of one graph.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import theory
from experiments.claims.families import VISIBILITY, block_model, placed
from experiments.judging.boundary import Boundary
from experiments.judging.claim import Arm, Claim
from experiments.judging.criterion import Criterion, Rule
from experiments.judging.domain import Domain, Range
from experiments.judging.estimand import Estimand
from experiments.judging.figure import Figure
from experiments.running.study import Cell
from simulate import sample_graph

DOMAIN = Domain(
    (
        Range("n", 600, 1600, "nodes", "from a small catalogue on, cheap to sample", whole=True),
        Range("blocks", 2, 4, "communities", "few enough to be seen in sparse graphs", whole=True),
        Range("mean_degree", 2.5, 30, "mean degree", "sparse graphs, to where low degrees are rare"),
        Range("cv", 0.2, 1.2, "spread of popularity (CV)", "from equal items to a heavy tail"),
        Range("mixing", 0.01, 0.1, "mixing", "communities that sparse graphs can show"),
    ),
    "communities of equal size, log-normal popularity, Poisson edges, as many dimensions as communities",
    derived=(VISIBILITY,),
)
ROLES = {"graph": DOMAIN.names}
SPARSE = 3.0  # mean degree at which the two operators differ the most
PLAIN, REGULARISED = "normalised-laplacian", "regularised-laplacian"


def arms(points: Sequence[Cell]) -> tuple[Arm, ...]:
    """The regularised beside the plain operator; in the control they change places, in sparse graphs."""
    turned = [{**point, "with": PLAIN, "mean_degree": SPARSE} for point in points[:4]]
    return (
        Arm("claim", [{"with": REGULARISED, **point} for point in points], trial, ROLES),
        Arm("control", turned, trial, ROLES),
    )


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Measure how much of the population either operator shows."""
    model = block_model(cell, rngs["graph"])
    graph = sample_graph(model, rngs["graph"], law="poisson")
    shown = {}
    for name in (PLAIN, REGULARISED):
        truth: NDArray[Any] = theory.population(name, model).basis
        found: NDArray[Any] = theory.embed(graph, cell["blocks"], operator=name).basis
        shown[name] = float(np.square(truth.T @ found).sum() / cell["blocks"])
    other = PLAIN if cell["with"] == REGULARISED else REGULARISED
    return {"shown": shown[cell["with"]], "other": shown[other]}


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Return by how much more of the population is shown."""
    one = rows.set_index("replicate")
    return (one["shown"] - one["other"]).to_frame("gain")


claim = Claim(
    id="F2",
    title="Regularisation helps the normalised Laplacian",
    statement="With the mean degree added to every degree, the eigenvectors of the normalised Laplacian show at least a "
    "twentieth more of the communities.",
    source="Qin and Rohe 2013, in words of this suite; docs/theory.md, section 1.9.",
    expected="qualified",
    arms=arms,
    domain=DOMAIN,
    estimates=estimates,
    boundary=Boundary(
        "graphs are sparse: the mean degree is at most about 7.2 times the CV of popularity to the power 0.36",
        {"mean_degree": -8.39, "cv": 3.01},
        16.6,
        points=94,
        error=0.0,
    ),
    rule=Rule(
        (
            Criterion(
                Estimand("gain", "gain of the mean squared cosine with the population's eigenvectors", "%"),
                ">=",
                0.05,
                asks="the mean squared cosine between sample and population is at least {threshold} larger",
                origin="what a reader would call a gain: a twentieth of all that there is to show",
                failure="regularisation shows hardly more of the communities, or less",
            ),
        ),
    ),
    control="the plain operator in the place of the regularised one, in sparse graphs, which must show no more",
    figures=(
        Figure(
            kind="scatter",
            x="mean_degree",
            y="gain",
            hue="vote",
            log="x",
            xlabel="mean degree",
            ylabel="gain of the mean squared cosine",
            lines=(("threshold", 0.05),),
            finding="regularisation shows more where graphs are sparse",
            points=lambda rows: placed(DOMAIN)(rows.assign(gain=rows["shown"] - rows["other"])),
        ),
    ),
)
