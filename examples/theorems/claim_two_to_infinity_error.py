"""The largest error of a row of eigenvectors, and what is left of it after one product with the graph, fall at known rates.

Cape, Tang and Priebe, Annals of Statistics 47 (2019) and Biometrika 106 (2019); Abbe, Fan, Wang and Zhong, Annals of
Statistics 48 (2020); abstracts read, rates reconstructed. With |.| the largest norm of a row and W the rotation that aligns
best,

    |U^ W - U| = O((log n / degree)^1/2) |U|,    U^ W = A U Lambda^-1 + rest,    |rest| = O(log n / degree) |U|.

Where the degree is a fixed share of the nodes, |U| falls like n^-1/2, so that from n to 2n the error falls by about 2^1 and
the rest by about 2^3/2, less what the logarithms keep: some hundredths of these powers.
"""

import numpy as np
from scipy import linalg

from spikeproof import theory
from spikeproof.experiments import Arm, Claim, Criterion, Domain, Estimand, Figure, Range, Rival, Rule
from spikeproof.simulate import LogNormal, dcbm, sample_graph

AFFINITY = np.array([[1.0, 0.35, 0.2], [0.35, 0.8, 0.3], [0.2, 0.3, 1.2]])
GRAPHS = 8  # of a replicate, at each size: a largest row varies
DOMAIN = Domain(
    (
        Range("n", 500, 1000, "nodes of the smaller graph", "large enough for rates", whole=True),
        Range("density", 0.05, 0.09, "mean degree over nodes", "degrees of some dozens"),
        Range("cv", 0.1, 0.3, "spread of popularity (CV)", "nearly equal degrees, to a factor of four"),
    ),
    "three communities of equal size, one affinity of three different eigenvalues, log-normal popularity, Bernoulli edges",
)
ROLES = {"graphs": DOMAIN.names}


def arms(points):
    """Graphs of n and of 2n nodes; in the control the mean degree is 5 at both, where noise hides communities."""
    hidden = [{**point, "density": 0.0} for point in points[:4]]
    return Arm("claim", points, trial, ROLES), Arm("control", hidden, trial, ROLES)


def trial(cell, rngs):
    """The largest norm of a row of the error and of the rest at both sizes, mean over graphs."""
    rng, found = rngs["graphs"], {}
    for times in (1, 2):
        n = times * cell["n"]
        errors = np.mean([largest_rows(cell, n, rng) for _ in range(GRAPHS)], axis=0)
        found |= {f"error_{times}": float(errors[0]), f"rest_{times}": float(errors[1])}
    return found


def largest_rows(cell, n, rng):
    """The largest row of U^ W - U and of U^ W - A U Lambda^-1."""
    model = dcbm(
        n,
        3,
        affinity=AFFINITY,
        heterogeneity=LogNormal.from_cv(cell["cv"], maximum=2.0),
        mean_degree=max(cell["density"] * n, 5.0),
        rng=rng,
    )
    values, truth = model.spectrum()
    graph = sample_graph(model, rng, clip=True)
    basis = theory.embed(graph, 3).basis
    turn, _ = linalg.orthogonal_procrustes(basis, truth)
    once = graph @ truth / values
    errors = (basis @ turn - truth, basis @ turn - once)
    return [np.linalg.norm(error, axis=1).max() for error in errors]


def estimates(rows):
    """The powers of n with which the error and the rest fall."""
    one = rows.set_index("replicate")
    power = {name: np.log2(one[f"{name}_1"] / one[f"{name}_2"]) for name in ("error", "rest")}
    return one[[]].assign(**power)


def criterion(name, words, relation, threshold, origin):
    """A bound on a power."""
    return Criterion(
        Estimand(name, f"power of n with which {words} falls"),
        relation,
        threshold,
        asks=f"{words} falls with a power of n of at {'least' if relation == '>=' else 'most'} {{threshold}}",
        origin=origin,
        failure=f"{words} falls at another rate than the theorem's",
    )


claim = Claim(
    id="two-to-infinity-error",
    title="Errors of rows fall at known rates",
    statement="At a fixed density the largest error of a row of the eigenvectors falls like one over n, and what "
    "one product with the graph leaves of it like n^-3/2, up to logarithms.",
    source="Cape, Tang and Priebe (2019); Abbe, Fan, Wang and Zhong (2020); rates reconstructed.",
    expected="holds",
    domain=DOMAIN,
    arms=arms,
    estimates=estimates,
    rule=Rule(
        (
            criterion("error", "the largest error of a row", ">=", 0.75, "1, less logarithms and noise"),
            criterion("error", "the largest error of a row", "<=", 1.25, "1, and as much above"),
            criterion("rest", "what one product leaves", ">=", 1.15, "3/2, less logarithms and noise"),
        ),
    ),
    rivals=(
        Rival(
            "what one product leaves is of the order of the error",
            lambda rows: rows.assign(rest_2=rows["rest_1"] * rows["error_2"] / rows["error_1"]),
        ),
    ),
    control="a mean degree of 5 at both sizes, where noise hides communities",
    figures=(
        Figure(
            kind="scatter",
            x="error_1",
            y="error_2",
            hue="vote",
            log="xy",
            xlabel="largest error of a row, n nodes",
            ylabel="the same, 2n nodes",
            finding="twice the nodes at the same density halve the largest error",
        ),
    ),
)
