"""A5. Spikes appear in samples, as often as predicted.

The share of sampled rows within a cone of the axis of their community is compared with the resummed local law, which knows
the model and not the sample. The domain holds the models in which the share can be wrong: it is neither small nor nearly all.
The axis is the leading right singular vector of the community's rows, in the sample and in the prediction.
Beside it stand the paper's own objects, for which no such prediction is known: M M*, PPMI and the interactions themselves,
of logs whose communities are known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

import theory
from experiments.claims.families import BLOCKS
from experiments.claims.logs import decompositions
from experiments.claims.shares_on_rays import (
    CONE,
    DEGREE,
    LAW,
    MIXING,
    REPLICATES,
    RIVALS,
    SPREAD,
    STANDS_OUT,
    allowed_words,
    can_be_wrong,
    compared,
    estimates,
    within,
)
from experiments.judging.claim import Arm, Claim
from experiments.judging.criterion import Rule
from experiments.judging.domain import Choice, Domain, Range
from experiments.judging.estimand import Estimand
from experiments.judging.figure import Figure
from experiments.running.study import Cell, product
from simulate import InteractionModel, LogNormal, sample_interactions

OBJECTS = ("M M*", "PPMI", "interactions")
DOMAIN = Domain(
    (
        Range("n", 1000, 2400, "nodes", "enough for shares to one in a hundred", whole=True),
        BLOCKS,
        DEGREE,
        SPREAD,
        MIXING,
        LAW,
        Choice("scaling", theory.SCALINGS, "scaling", "U, U|Λ|^(1/2) and the paper's U|Λ|"),
        CONE,
    ),
    "as many dimensions as communities, communities of equal size, Poisson edges",
    can_be_wrong,
    allowed_words(),
)
ROLES = {"graph": DOMAIN.names, "prediction": DOMAIN.names}
LOG = ("n", "blocks", "concentration", "sigma", "contexts_per_item")


def arms(points: Sequence[Cell]) -> tuple[Arm, ...]:
    """A model at each point; graphs in which half of the communities are drowned as control; logs as evidence."""
    logs = product(n=[600], blocks=[6], concentration=[0.3], sigma=[0.8], contexts_per_item=(20.0, 60.0))
    return (
        Arm("claim", points, trial, ROLES),
        Arm("control", points[:4], drowned_trial, ROLES),
        Arm("evidence", logs, log_trial, {"log": LOG}),
    )


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Measure the share of rows within the cone of their axis, and predict it."""
    return compared(cell, rngs)


def drowned_trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Do the same where half of the communities of the graph prefer themselves to others no more."""
    return compared(cell, rngs, drowned=cell["blocks"] // 2)


def log_trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Measure the shares of rows within cosine 0.9 of their axis, for M M*, PPMI and the interactions of one log."""
    n, k, rng = cell["n"], cell["blocks"], rngs["log"]
    labels = rng.permutation(np.arange(n) % k)
    theta = LogNormal(cell["sigma"], maximum=6.0).sample(n, rng)
    model = InteractionModel(theta, labels, mean_length=8.0, concentration=cell["concentration"])
    contexts = int(cell["contexts_per_item"] * n / model.mean_length)
    found = decompositions(sample_interactions(model, contexts, rng, clip=True)[0], k)
    cosines = {name: theory.cosines_to_axes(one.vectors, labels[one.items], k) for name, one in found.items()}
    return {name: float((cosines[name] > 0.9).mean()) for name in OBJECTS}


def measurements(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the share of rows in the cone of their community's axis, for the paper's objects."""
    logs = rows[rows["vote"] == "evidence"]
    table = logs.pivot_table(index="replicate", columns="contexts_per_item", values=list(OBJECTS))
    words = "rows within cosine 0.9 of their community's axis, {}, {:g} contexts per item"
    return pd.DataFrame(
        {
            Estimand(name, words.format(name, per_item), "%"): table[name, per_item]
            for name in OBJECTS
            for per_item in table[name]
        }
    )


def _cases(rows: pd.DataFrame) -> pd.DataFrame:
    words = {"claim": "all communities stand out", "control": "half of them drowned (control)"}
    return rows[rows["vote"].isin(words)].assign(case=lambda found: found["vote"].map(words))


claim = Claim(
    id="A5",
    title="Spikes appear in samples as predicted",
    statement="In graphs sampled from a DCBM whose communities, of equal size, all stand out of the noise (eigenvalues of at "
    f"least {STANDS_OUT} times its spectral edge), the rows of an embedding with a dimension for each community line up in "
    "spikes: the share of rows within a cone of the axis of their community is what the fluctuation theory predicts from the "
    "model alone.",
    source="Theorem 3.4 (as reconstructed) in finite samples; docs/theory.md, sections 4.4 and 4.5.",
    expected="holds",
    arms=arms,
    replicates=REPLICATES,
    version=5,
    domain=DOMAIN,
    estimates=estimates,
    rule=Rule(within(0.025, "one row in forty: a smaller difference of shares is not seen in a figure")),
    rivals=RIVALS,
    measurements=measurements,
    control="graphs in which half of the communities do not prefer themselves, predicted as if they did",
    figures=(
        Figure(
            kind="scatter",
            x="predicted",
            y="measured",
            hue="case",
            xlabel="predicted share of rows in the cone of their community",
            ylabel="measured share",
            identity=True,
            finding="measured and predicted shares differ by {gap:.3f} at the worst of the models",
            points=_cases,
        ),
    ),
    headline=True,
)
