"""Two communities of a sparse graph can be found exactly where c lambda^2 > 1, by the Bethe Hessian.

Decelle, Krzakala, Moore and Zdeborova, Physical Review E 84 (2011), and Krzakala et al., PNAS 110 (2013), the threshold of
Kesten and Stigum; Saade, Krzakala and Zdeborova, NIPS 2014, for the Bethe Hessian; abstracts read. With c/n (1 + lambda)
inside and c/n (1 - lambda) across, the non-backtracking matrix has an eigenvalue c lambda outside of its bulk of radius c^1/2
where c lambda^2 > 1. The Bethe Hessian H = (r^2 - 1) I - r A + D at r^2 = sum d^2 / sum d - 1, of the same size as A and
symmetric, then has a second negative eigenvalue, whose vector shows the communities. Below, nothing can find them. The
adjacency is weaker near the threshold, since the largest degrees have eigenvalues of their own.
"""

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import eigsh

from spikeproof.experiments import (
    Arm,
    Boundary,
    Claim,
    Criterion,
    Derived,
    Domain,
    Estimand,
    Figure,
    Range,
    Rule,
)
from spikeproof.simulate import BlockModel, sample_graph

DOMAIN = Domain(
    (
        Range("n", 2000, 5000, "nodes", "large enough for a sharp threshold", whole=True),
        Range("c", 2.5, 6, "mean degree c", "sparse graphs, where the adjacency is weaker"),
        Range("signal", 0.3, 2.4, "c lambda^2", "from well below the threshold to well above"),
    ),
    "two communities of equal size and equal degrees",
    derived=(Derived("over", "c lambda^2", lambda cell: cell["signal"], border=1.0),),
)
ROLES = {"graph": DOMAIN.names}


def arms(points):
    """Graphs of the domain; in the control the communities make no difference."""
    none = [{"shown": 0.0, **point} for point in points[:4]]
    return Arm("claim", [{"shown": 1.0, **point} for point in points], trial, ROLES), Arm(
        "control", none, trial, ROLES
    )


def trial(cell, rngs):
    """The overlap of labels with those that either matrix gives: 1 where all are right, 0 for a guess."""
    n, c = cell["n"], cell["c"]
    strength = cell["shown"] * np.sqrt(cell["signal"] / c)
    truth = np.repeat([1, -1], [n - n // 2, n // 2])
    inside, across = c * (1 + strength) / n, c * (1 - strength) / n
    model = BlockModel(np.ones(n), (truth < 0).astype(int), np.array([[inside, across], [across, inside]]))
    graph = sample_graph(model, rngs["graph"]).astype(float)
    degrees = graph.sum(axis=1)
    r = np.sqrt((degrees**2).sum() / degrees.sum() - 1)
    hessian = sparse.diags_array(r**2 - 1 + degrees) - r * graph
    found = {}
    for name, matrix, which in (("hessian", hessian, "SA"), ("adjacency", graph, "LA")):
        values, vectors = eigsh(sparse.csr_array(matrix), k=2, which=which, v0=np.linspace(1, 2, n), tol=1e-5)
        second = vectors[:, np.argmin(values) if which == "LA" else np.argmax(values)]
        found[name] = float(abs(np.mean(np.where(second >= 0, 1, -1) * truth)))
    return {**found, "overlap": found["hessian"]}


def estimates(rows):
    """The overlap."""
    return rows.set_index("replicate")[["overlap"]]


def measurements(rows):
    """The overlap where c lambda^2 is from 1 to 1.6, by the Bethe Hessian and by the adjacency, mean over the points there."""
    near = rows[(rows["vote"] == "claim") & rows["signal"].between(1, 1.6)]
    means = near.groupby("replicate")[["hessian", "adjacency"]].mean()
    words = {"hessian": "the Bethe Hessian", "adjacency": "the adjacency"}
    return means.rename(
        columns={
            name: Estimand(name, f"overlap by {how}, c lambda^2 from 1 to 1.6") for name, how in words.items()
        }
    )


claim = Claim(
    id="threshold-of-detection",
    title="The threshold of detection",
    statement="The second eigenvector of the Bethe Hessian finds the two communities of a sparse graph better than a guess.",
    source="Decelle et al. (2011), Krzakala et al. (2013), Saade et al. (2014); abstracts read.",
    expected="qualified",
    domain=DOMAIN,
    arms=arms,
    estimates=estimates,
    boundary=Boundary("c lambda^2 is at least about 0.9", {"over": 9.54}, 1.15, points=90, error=0.0),
    rule=Rule(
        (
            Criterion(
                Estimand("overlap", "overlap of the labels with the true ones"),
                ">=",
                0.1,
                asks="the overlap is at least {threshold}",
                origin="what a guess stays below at some thousands of nodes",
                failure="the communities are not found",
            ),
        ),
    ),
    measurements=measurements,
    control="a graph of the same degree in which the communities make no difference",
    figures=(
        Figure(
            kind="scatter",
            x="signal",
            y="overlap",
            hue="vote",
            xlabel="c lambda^2",
            ylabel="overlap with the true communities",
            verticals=(("Kesten-Stigum", 1.0),),
            finding="communities are found from the threshold on",
        ),
    ),
)
