"""The rows of an adjacency embedding scatter about their latent positions like Gaussians of a known covariance.

Athreya, Priebe, Tang, Lyzinski, Marchette and Sussman, Sankhya A 78 (2016), for positive eigenvalues; Rubin-Delanchy, Cape,
Tang and Priebe, Journal of the Royal Statistical Society B 84 (2022), with a signature; read in their abstracts, with the
covariance derived here in finite samples. With U, lambda the eigenpairs of P, J the signs of lambda and X = U |lambda|^1/2,
the aligned row of a sample's embedding has

    X^_i - X_i  ~  N(0, S_i),    S_i = J (X'X)^-1 [sum_j P_ij (1 - P_ij) X_j X_j'] (X'X)^-1 J.

The alignment turns the dimensions of positive eigenvalues among themselves, and those of negative ones.
"""

import numpy as np
from scipy import linalg, stats

from spikeproof import theory
from spikeproof.experiments import Arm, Choice, Claim, Criterion, Domain, Estimand, Figure, Range, Rival, Rule
from spikeproof.simulate import LogNormal, dcbm, sample_graph

AFFINITIES = {
    "assortative": np.array([[1.0, 0.35, 0.2], [0.35, 0.8, 0.3], [0.2, 0.3, 1.2]]),
    "indefinite": np.array([[1.0, 0.3, 0.3], [0.3, 0.25, 0.9], [0.3, 0.9, 0.35]]),
}
DOMAIN = Domain(
    (
        Choice("affinity", tuple(AFFINITIES), "affinity", "all eigenvalues positive, or one negative"),
        Range("n", 1500, 3000, "nodes", "large enough for a limit, cheap to sample", whole=True),
        Range("mean_degree", 50, 110, "mean degree", "the theorem lets degrees grow"),
        Range("cv", 0.2, 0.55, "spread of popularity (CV)", "degrees differ by a factor of several"),
    ),
    "three communities of equal size, log-normal popularity, Bernoulli edges",
    allowed=lambda cell: cell["mean_degree"] <= cell["n"] / 27,
    allowed_words="one node in 27 is a neighbour at most, so that no pair has a probability above 1",
)
ROLES = {"graph": DOMAIN.names}


def arms(points):
    """Graphs of the domain; in the control, degrees so low that the smallest eigenvalue is lost in the noise."""
    sparse = [{**point, "mean_degree": 8.0} for point in points[:4]]
    return Arm("claim", points, trial, ROLES), Arm("control", sparse, trial, ROLES)


def trial(cell, rngs):
    """Squared distances of rows from their positions by each covariance: their mean, and how many lie in 95 % ellipsoids."""
    model = dcbm(
        cell["n"],
        3,
        affinity=AFFINITIES[cell["affinity"]],
        heterogeneity=LogNormal.from_cv(cell["cv"], maximum=3.0),
        mean_degree=cell["mean_degree"],
        rng=rngs["graph"],
    )
    positions, eigenvalues, signed, unsigned = population(model)
    graph = sample_graph(model, rngs["graph"], clip=True)
    embedding = theory.embed(graph, 3)
    rows, errors = embedding.vectors("half"), np.zeros_like(positions)
    for sign in (1, -1):
        seen, true = np.sign(embedding.eigenvalues) == sign, np.sign(eigenvalues) == sign
        if seen.sum() == true.sum() > 0:
            turn, _ = linalg.orthogonal_procrustes(rows[:, seen], positions[:, true])
            errors[:, true] = rows[:, seen] @ turn - positions[:, true]
        elif true.any():  # an eigenvalue of that sign was lost in the noise
            errors[:, true] = positions[:, true]
    degrees = np.asarray(graph.sum(axis=1))
    high = degrees >= np.quantile(degrees, 0.8)
    found = {}
    for name, covariances in {
        "predicted": signed,
        "pooled": np.broadcast_to(signed.mean(axis=0), signed.shape),
        "unsigned": unsigned,
    }.items():
        squared = np.einsum("ia,iab,ib->i", errors, np.linalg.inv(covariances), errors)
        inside = squared < stats.chi2.ppf(0.95, 3)
        found |= {
            f"distance_{name}": float(squared.mean() / 3),
            f"covered_{name}": float(inside.mean()),
            f"high_{name}": float(inside[high].mean()),
        }
    return found


def population(model):
    """The positions X (n, 3), the eigenvalues of P (3,), and S (n, 3, 3) with the signs of the eigenvalues and without."""
    z, theta, b = model.labels, model.propensities, model.affinity
    lengths = np.sqrt(np.bincount(z, theta**2))
    eigenvalues, h = np.linalg.eigh(lengths[:, None] * b * lengths[None, :])
    direction = (
        h / lengths[:, None] * np.sqrt(np.abs(eigenvalues))
    )  # X_i = theta_i times that of its community
    outer = direction[:, :, None] * direction[:, None, :]
    first = np.einsum("kl,lab->kab", b * np.bincount(z, theta**3), outer)
    second = np.einsum("kl,lab->kab", b**2 * np.bincount(z, theta**4), outer)
    middle = theta[:, None, None] * first[z] - (theta**2)[:, None, None] * second[z]
    inverse = np.diag(1 / np.abs(eigenvalues))
    unsigned = inverse @ middle @ inverse
    signs = np.sign(eigenvalues)
    return theta[:, None] * direction[z], eigenvalues, unsigned * np.outer(signs, signs), unsigned


def estimates(rows):
    """What the theorem predicts beside what was found."""
    one = rows.set_index("replicate")
    return one[["covered_predicted", "high_predicted"]].assign(off=(one["distance_predicted"] - 1).abs())


def instead(name):
    """The rows as they would be if another covariance were the prediction."""
    return lambda rows: rows.assign(
        **{f"{what}_predicted": rows[f"{what}_{name}"] for what in ("distance", "covered", "high")}
    )


def covered(column, words, least, origin):
    """A criterion on a coverage."""
    return Criterion(
        Estimand(column, f"rows inside their 95 % ellipsoid{words}", "%"),
        ">=",
        least,
        asks=f"at least {{threshold}} of the rows{words} lie inside the ellipsoid that holds 95 % in the limit",
        origin=origin,
        failure="the ellipsoids of the theorem cover too few rows",
    )


claim = Claim(
    id="rows-are-gaussian",
    title="Rows are Gaussian about the truth",
    statement="The rows of U|Lambda|^1/2 of a graph scatter about their latent positions with the covariance of the "
    "central limit theorem.",
    source="Athreya et al., Sankhya A 78 (2016); Rubin-Delanchy et al., JRSS B 84 (2022); "
    "in finite samples derived in this file.",
    expected="holds",
    domain=DOMAIN,
    arms=arms,
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                Estimand("off", "mean squared distance from the position, over that predicted, less 1"),
                "<=",
                0.12,
                asks="the mean squared distance of rows from their position is within {threshold} of that predicted",
                origin="terms of the next order, which fall with the degree",
                failure="rows scatter otherwise than the theorem says",
            ),
            covered(
                "covered_predicted", "", 0.92, "95 %, less what degrees of some dozens take from the limit"
            ),
            covered(
                "high_predicted",
                " in the fifth of highest degree",
                0.88,
                "95 %, less the terms of the next order, which grow with a row's own degree",
            ),
        ),
    ),
    rivals=(
        Rival("one covariance for all rows", instead("pooled")),
        Rival("the covariance without the signs of the eigenvalues", instead("unsigned")),
    ),
    control="degrees so low that noise hides the last community",
    figures=(
        Figure(
            kind="scatter",
            x="mean_degree",
            y="covered_predicted",
            hue="affinity",
            xlabel="mean degree",
            ylabel="rows inside their 95 % ellipsoid",
            lines=(("limit", 0.95),),
            finding="the ellipsoids of the theorem cover what they should",
            points=lambda rows: rows[rows["vote"] == "claim"],
        ),
    ),
)
