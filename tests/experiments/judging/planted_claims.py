"""Claims made for the tests of judging: a number that follows from the point, with a little noise."""

import math

import pandas as pd

from experiments import Arm, Claim, Criterion, Estimand, Rule
from experiments.judging.domain import Derived, Domain, Range

X = Estimand("x", "the planted number", "edges")
DEGREE = Range("mean_degree", 10, 1000, "mean degree", "planted")
BLOCKS = Range("blocks", 2, 30, "communities", "planted", whole=True)
SIGNAL = Derived(
    "signal", "degree over communities", lambda point: point["mean_degree"] / point["blocks"], border=10.0
)
DOMAIN = Domain((DEGREE, BLOCKS), "nothing else", derived=(SIGNAL,))
ROLES = {"r": ("mean_degree", "blocks")}


def above(cell, rngs):
    """Met exactly where the degree is at least ten times the number of communities."""
    return {"x": math.log(SIGNAL.function(cell) / 10) + 1e-6 * float(rngs["r"].normal()), "rival": 1.0}


def below(cell, rngs):
    return {"x": -1.0 + 1e-6 * float(rngs["r"].normal()), "rival": 1.0}


def met(cell, rngs):
    return {"x": 1.0 + 1e-6 * float(rngs["r"].normal()), "rival": -1.0}


def planted(trial=above, opposite=below, domain=DOMAIN, **options):
    """A claim "x is at least 0" on the planted domain."""

    def arms(points):
        return Arm("claim", points, trial, ROLES), Arm("control", points[:4], opposite, ROLES)

    rule = Rule((Criterion(X, ">=", 0.0, "x is not negative", "planted", "x is negative"),))
    return Claim(
        id="Z1",
        title="Planted",
        statement="Planted.",
        source="here",
        expected="holds",
        arms=arms,
        estimates=lambda rows: rows.set_index("replicate")[["x"]],
        rule=rule,
        control="planted",
        domain=domain,
        **options,
    )


def with_rival(rows):
    return pd.DataFrame(rows).assign(x=rows["rival"])
