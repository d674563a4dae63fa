"""Ratios of eigenvectors (SCORE) recover the communities of a degree-corrected block model at the rate of their theorem.

Jin, "Fast community detection by SCORE", Annals of Statistics 43 (2015), 57-89; the abstract was read, the rate is
reconstructed: the share of nodes that k-means puts wrong on the ratios u_2/u_1, ..., u_K/u_1 is at most of the order of

    (sum theta^3 / (sum theta^2)^2) sum 1/theta / n,

which falls like 1 over the mean degree. So from one degree to its double the share must fall by a half at least. What
`theory.PredictedSample.surrogate` says of the rows of a sample predicts the share itself: far fewer than the rate allows.
"""

import warnings

import numpy as np
from scipy.cluster.vq import kmeans2
from scipy.optimize import linear_sum_assignment

from spikeproof import theory
from spikeproof.experiments import Arm, Claim, Criterion, Domain, Estimand, Figure, Range, Rival, Rule
from spikeproof.simulate import LogNormal, dcbm, sample_graph

AFFINITY = np.array([[1.0, 0.35, 0.2], [0.35, 0.8, 0.3], [0.2, 0.3, 1.2]])
DOMAIN = Domain(
    (
        Range("n", 900, 1800, "nodes", "cheap to sample", whole=True),
        Range(
            "mean_degree", 26, 40, "mean degree of the sparser graph", "some per cent of the nodes are wrong"
        ),
        Range("cv", 0.2, 0.6, "spread of popularity (CV)", "equal degrees, to a factor of six"),
    ),
    "three communities of equal size, one affinity of three different eigenvalues, log-normal popularity, Poisson edges",
)
ROLES = {"graphs": DOMAIN.names}


def arms(points):
    """A degree and its double; in the control both are so low that noise hides the communities."""
    hidden = [{**point, "mean_degree": 3.0} for point in points[:4]]
    return Arm("claim", points, trial, ROLES), Arm("control", hidden, trial, ROLES)


def trial(cell, rngs):
    """The share of nodes put wrong at the degree and at its double, and what the theory says of both."""
    rng, found = rngs["graphs"], {}
    for name, times in (("", 1), ("_double", 2)):
        model = dcbm(
            cell["n"],
            3,
            affinity=AFFINITY,
            heterogeneity=LogNormal.from_cv(cell["cv"], maximum=8.0),
            mean_degree=times * cell["mean_degree"],
            rng=rng,
        )
        graph = sample_graph(model, rng, law="poisson")
        found[f"wrong{name}"] = wrong(theory.embed(graph, 3).basis, model.labels)
        rows = theory.PredictedSample(model, "poisson").surrogate(rng)
        found[f"predicted{name}"] = wrong(rows, model.labels) if rows.shape[1] == 3 else 2 / 3
    return found


def wrong(rows, labels):
    """The share of nodes that k-means on the ratios puts wrong, but half a node at least; isolated nodes are wrong."""
    n = len(labels)
    connected = np.abs(rows[:, 0]) > 0
    ratios = np.zeros((n, 2))
    ratios[connected] = rows[connected, 1:] / rows[connected, :1]
    ratios = np.clip(ratios, -np.log(n), np.log(n))
    starts = np.array(
        [np.median(ratios[labels == k], axis=0) for k in range(3)]
    )  # a search that is not stuck
    with warnings.catch_warnings():  # of a cluster without members, where noise hides the communities
        warnings.simplefilter("ignore", UserWarning)
        _, parts = kmeans2(ratios[connected], starts, iter=30, minit="matrix")
    counts = np.zeros((3, 3))
    np.add.at(counts, (parts, labels[connected]), 1)
    right = counts[linear_sum_assignment(-counts)].sum()
    return float(max(n - right, 0.5) / n)


def estimates(rows):
    """The power of the degree with which the share falls, and how far it is from the predicted one, as a share of all nodes."""
    one = rows.set_index("replicate")
    power = np.log2(one["wrong"] / one["wrong_double"])
    return power.to_frame("power").assign(off=(one["wrong"] - one["predicted"]).abs())


claim = Claim(
    id="score-recovers-communities",
    title="SCORE recovers the communities",
    statement="The share of nodes that SCORE puts wrong falls at least like one over the degree, and is "
    "what the rows of the sample predict.",
    source="Jin, Annals of Statistics 43 (2015), with the rate reconstructed; docs/theory.md, section 6.2, for the rows.",
    expected="holds",
    domain=DOMAIN,
    arms=arms,
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                Estimand("power", "power of the degree with which the share of wrong nodes falls"),
                ">=",
                1.0,
                asks="the share of wrong nodes falls with a power of the degree of at least {threshold}",
                origin="the rate of the theorem",
                failure="the share of wrong nodes falls more slowly than the theorem says",
            ),
            Criterion(
                Estimand("off", "difference between the found and the predicted share of wrong nodes", "%"),
                "<=",
                0.05,
                asks="the share of wrong nodes is within {threshold} of that predicted",
                origin="a sixth of what guessing would give to one community",
                failure="rows scatter otherwise than predicted",
            ),
        ),
    ),
    rivals=(
        Rival(
            "a fall with the square root of the degree",
            lambda rows: rows.assign(wrong_double=rows["wrong"] / np.sqrt(2)),
        ),
    ),
    control="degrees so low that noise hides the communities",
    figures=(
        Figure(
            kind="scatter",
            x="predicted",
            y="wrong",
            hue="vote",
            log="xy",
            xlabel="share of wrong nodes, predicted",
            ylabel="share of wrong nodes, found",
            identity=True,
            finding="SCORE errs as the rows of the sample predict",
        ),
    ),
)
