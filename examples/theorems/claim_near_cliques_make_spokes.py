"""Near-cliques in a sparse graph make spokes along the axes of its eigenvectors.

Prakash, Sridharan, Seshadri, Machiraju and Faloutsos, "EigenSpokes", PAKDD 2010: in plots of one eigenvector against another,
nodes lie on lines along the axes, which the authors tie to near-cliques. It is an observation; the form tested here is
derived. A near-clique of m nodes, of which a share q of the pairs are joined, in a graph of mean degree c has with a = (m -
1) q

    eigenvalue a + (1 - q) + c/a,        squared length of its vector on the clique 1 - c/a^2,

and its members' rows lie on the axis of that vector, where no other eigenvalue is near: the sizes must differ.
"""

import numpy as np

from spikeproof import theory
from spikeproof.experiments import Arm, Claim, Criterion, Domain, Estimand, Figure, Range, Rival, Rule
from spikeproof.simulate import BlockModel, sample_graph

CLIQUES = 4
DOMAIN = Domain(
    (
        Range("n", 1500, 4000, "nodes", "most of them in no clique", whole=True),
        Range("background", 1, 4, "mean degree of the background", "sparse: cliques stand out"),
        Range("largest", 36, 60, "nodes of the largest clique", "tight communities", whole=True),
        Range("ratio", 0.7, 0.8, "size of a clique over the next larger one", "sizes that differ", log=False),
        Range("filled", 0.75, 1.0, "share of a clique's pairs that are joined", "nearly all", log=False),
    ),
    f"{CLIQUES} near-cliques in a random graph, as many dimensions",
)
ROLES = {"graph": DOMAIN.names}


def arms(points):
    """Near-cliques of different sizes; in the control all have four nodes, which hubs and chance outweigh."""
    return Arm("claim", points, trial, ROLES), Arm("control", points[:4], small_trial, ROLES)


def trial(cell, rngs):
    """What the eigenvectors show of cliques of different sizes."""
    sizes = [round(cell["largest"] * cell["ratio"] ** k) for k in range(CLIQUES)]
    return spokes(cell, sizes, rngs["graph"])


def small_trial(cell, rngs):
    """What they show of cliques of four nodes."""
    return spokes(cell, [4] * CLIQUES, rngs["graph"])


def spokes(cell, sizes, rng):
    """The share of members on the axis of their vector; eigenvalue and length beside predictions and rivals."""
    n, c = cell["n"], cell["background"]
    labels = np.repeat(np.arange(CLIQUES + 1), [*sizes, n - sum(sizes)])
    affinity = np.full((CLIQUES + 1, CLIQUES + 1), c / n)
    affinity[range(CLIQUES), range(CLIQUES)] = cell["filled"]
    graph = sample_graph(BlockModel(np.ones(n), labels, affinity), rng)
    embedding = theory.embed(graph, CLIQUES)
    rows, measured = embedding.vectors("unit"), []
    for k, m in enumerate(sizes):
        members = np.flatnonzero(labels == k)
        q = graph[members][:, members].sum() / (m * (m - 1))  # what was drawn: it moves the eigenvalue
        a = (m - 1) * q
        value = a + (1 - q) + c / a
        axis = int(np.argmin(np.abs(embedding.eigenvalues - value)))
        cosines = np.abs(rows[members, axis]) / np.maximum(np.linalg.norm(rows[members], axis=1), 1e-300)
        outside = 1 - (rows[members, axis] ** 2).sum()
        found = float(embedding.eigenvalues[axis])
        measured.append(
            [(cosines > 0.9).mean(), abs(found - value), abs(found - a), outside, c / a**2, 1 / m]
        )
    names = ("on_axis", "off", "off_bare", "outside", "outside_predicted", "outside_even")
    return dict(zip(names, map(float, np.mean(measured, axis=0)), strict=True))


def estimates(rows):
    """The share on the axis, the error of the eigenvalue, and the part of the vector outside over that predicted."""
    one = rows.set_index("replicate")
    outside = np.log(one["outside"] / one["outside_predicted"]).abs()
    return one[["on_axis", "off"]].assign(outside_off=outside)


claim = Claim(
    id="near-cliques-make-spokes",
    title="Near-cliques make spokes",
    statement="Each near-clique of a sparse graph lies on the axis of one eigenvector, with the eigenvalue and the "
    "length that its size, its density and the background give.",
    source="Prakash et al., PAKDD 2010, an observation; the formulas are derived in this file.",
    expected="holds",
    domain=DOMAIN,
    arms=arms,
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                Estimand("on_axis", "members of a near-clique within cosine 0.9 of its axis", "%"),
                ">=",
                0.95,
                asks="at least {threshold} of the members lie along the axis of their near-clique",
                origin="all, but for members that chance has joined to others",
                failure="members leave the axis of their near-clique",
            ),
            Criterion(
                Estimand("off", "distance of the eigenvalue from that predicted"),
                "<=",
                0.08,
                asks="eigenvalues are within {threshold} of those predicted",
                origin="terms of the next order, of the size of (1 - q)/m and c^2/a^3",
                failure="eigenvalues are others than predicted",
            ),
            Criterion(
                Estimand(
                    "outside_off", "log ratio of the part outside of the clique, found to predicted, in size"
                ),
                "<=",
                0.25,
                asks="the part of a vector outside of its clique is within a log ratio of {threshold} of that predicted",
                origin="a quarter: the next order of c/a^2, and the chance of a few hundred edges",
                failure="vectors leave their near-clique by another part than predicted",
            ),
        ),
    ),
    rivals=(
        Rival("the eigenvalue of the clique alone", lambda rows: rows.assign(off=rows["off_bare"])),
        Rival("a part of 1/m outside", lambda rows: rows.assign(outside_predicted=rows["outside_even"])),
    ),
    control="cliques of four nodes, which hubs and chance outweigh",
    figures=(
        Figure(
            kind="scatter",
            x="outside_predicted",
            y="outside",
            hue="vote",
            log="xy",
            xlabel="part of a vector outside of its near-clique, predicted",
            ylabel="the same, found",
            identity=True,
            finding="vectors of near-cliques end at their members",
        ),
    ),
)
