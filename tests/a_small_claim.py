"""A claim of somebody's own, small and certain: tests write it into files, whole or with something wrong."""

from spikeproof.experiments import Arm, Claim, Criterion, Domain, Estimand, Figure, Range, Rival, Rule

DOMAIN = Domain((Range("x", 1, 10, "size", "any size"),))
ROLES = {"noise": ("sign", "x")}


def arms(points):
    return (
        Arm("claim", [{"sign": 1, **point} for point in points], trial, ROLES),
        Arm("control", [{"sign": -1, **point} for point in points[:4]], trial, ROLES),
    )


def trial(cell, rngs):
    return {"y": cell["sign"] * cell["x"] + 0.1 * float(rngs["noise"].standard_normal())}


def estimates(rows):
    return rows.set_index("replicate")[["y"]]


Y = Estimand("y", "the number")

claim = Claim(
    id="tiny-1",
    title="Numbers are positive",
    statement="A number of positive size is positive.",
    source="here.",
    expected="holds",
    domain=DOMAIN,
    arms=arms,
    estimates=estimates,
    rule=Rule((Criterion(Y, ">=", 0.0, "the number is positive", "its size", "the number is negative"),)),
    rivals=(Rival("a negative number", lambda rows: rows.assign(y=-rows["y"])),),
    control="numbers of negative size",
    figures=(Figure("scatter", "x", "y", "size", "number", "numbers grow with their size", hue="sign"),),
)
