"""The rows of the random walk's eigenvectors know the community and not the degree, and their error is known.

Modell and Rubin-Delanchy, "Spectral clustering under degree heterogeneity: a case for the random walk Laplacian", arXiv
2105.00987 (2021). The right eigenvectors of D^-1 A, scaled so that V' D V = I, estimate points that all nodes of a community
share: no propensity is in them, so there are no spikes. The statement was read in the abstract; the covariance below is
derived here. With t_k = sum of theta in community k, psi_k^2 = sum of theta^2, delta = B t, and h, mu the eigenpairs of
diag(t/delta)^1/2 B diag(t/delta)^1/2, the point is phi_k = h_k / sqrt(t_k delta_k), and a node of degree d_i has

    V_i - phi_k  ~  N(0, C_k / d_i - E_k),    C_k = sum_l p_kl g g',    E_k = sum_l (B_kl psi_l / delta_k)^2 g g',

where p_kl = B_kl t_l / delta_k and g = phi_l / mu - phi_k. The first column is constant and is left out.
"""

import numpy as np
from scipy import sparse, stats

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
        Range("cv", 0.3, 0.5, "spread of popularity (CV)", "degrees differ by a factor of several"),
    ),
    "three communities of equal size, log-normal popularity",
    allowed=lambda cell: cell["mean_degree"] <= cell["n"] / 27,
    allowed_words="one node in 27 is a neighbour at most, so that no pair has a probability above 1",
)
ROLES = {"graph": DOMAIN.names}


def arms(points):
    """Graphs of the domain; in the control a tenth of the nodes are said to belong to another community than they do."""
    right = [{"mislabelled": 0.0, **point} for point in points]
    wrong = [{"mislabelled": 0.1, **point} for point in points[:4]]
    return Arm("claim", right, trial, ROLES), Arm("control", wrong, trial, ROLES)


def trial(cell, rngs):
    """Squared distances of rows from their points by each covariance: their mean, and how many lie in 95 % ellipses."""
    model = dcbm(
        cell["n"],
        3,
        affinity=AFFINITIES[cell["affinity"]],
        heterogeneity=LogNormal.from_cv(cell["cv"], maximum=3.0),
        mean_degree=cell["mean_degree"],
        rng=rngs["graph"],
    )
    graph = sample_graph(model, rngs["graph"], clip=True)
    degrees = np.asarray(graph.sum(axis=1))
    root = np.sqrt(np.maximum(degrees, 1.0))  # a node without edges has a row of zero
    walk = theory.embed(sparse.diags_array(1 / root) @ graph @ sparse.diags_array(1 / root), 3)
    points, spread, second, eigenvalues = population(model)
    labels = (
        np.where(np.arange(cell["n"]) % 100 < 100 * cell["mislabelled"], model.labels + 1, model.labels) % 3
    )
    means = points[labels]
    left, _, right = np.linalg.svd((walk.basis[:, 1:] * root[:, None]).T @ (means * root[:, None]))
    errors = walk.basis[:, 1:] / root[:, None] @ left @ right - means
    found = {}
    each = spread[labels] / np.maximum(degrees, 1.0)[:, None, None] - second[labels]
    for name, covariances in {
        "predicted": each,
        "pooled": np.broadcast_to(each.mean(axis=0), each.shape),
        "unscaled": each * np.outer(eigenvalues, eigenvalues),
    }.items():
        squared = np.einsum("ia,iab,ib->i", errors, np.linalg.inv(covariances), errors)
        inside = squared < stats.chi2.ppf(0.95, 2)
        low = degrees <= np.quantile(degrees, 0.2)
        found |= {
            f"distance_{name}": float(squared.mean() / 2),
            f"covered_{name}": float(inside.mean()),
            f"low_{name}": float(inside[low].mean()),
        }
    return found


def population(model):
    """The points phi (3, 2), C and E (3, 2, 2), and the eigenvalues (2,), all without the first column, which is constant."""
    z, theta, b = model.labels, model.propensities, model.affinity
    t, psi2 = np.bincount(z, theta), np.bincount(z, theta**2)
    delta = b @ t
    weights = np.sqrt(t / delta)
    mu, h = np.linalg.eigh(weights[:, None] * b * weights[None, :])
    kept = np.argsort(-np.abs(mu))[1:]
    phi, mu = h[:, kept] / np.sqrt(t * delta)[:, None], mu[kept]
    g = phi[None, :, :] / mu - phi[:, None, :]  # from k to l
    outer = g[..., :, None] * g[..., None, :]
    steps = b * t[None, :] / delta[:, None]
    spread = np.einsum("kl,klab->kab", steps, outer)
    second = np.einsum("kl,klab->kab", (b * np.sqrt(psi2)[None, :] / delta[:, None]) ** 2, outer)
    return phi, spread, second, mu


def estimates(rows):
    """What the theorem predicts beside what was found."""
    one = rows.set_index("replicate")
    return one[["distance_predicted", "covered_predicted", "low_predicted"]].assign(
        distance_off=(one["distance_predicted"] - 1).abs()
    )


def instead(name):
    """The rows as they would be if another covariance were the prediction."""
    return lambda rows: rows.assign(
        **{f"{what}_predicted": rows[f"{what}_{name}"] for what in ("distance", "covered", "low")}
    )


def covered(column, words):
    """A criterion on a coverage."""
    return Criterion(
        Estimand(column, f"rows inside their 95 % ellipse{words}", "%"),
        ">=",
        0.92,
        asks=f"at least {{threshold}} of the rows{words} lie inside the ellipse that holds 95 % in the limit",
        origin="95 %, less what degrees of some dozens take from the limit",
        failure="the ellipses of the theorem cover too few rows",
    )


claim = Claim(
    id="random-walk-undoes-degrees",
    title="The random walk undoes degrees",
    statement="The rows of the right eigenvectors of D^-1 A scatter about one point for each community, with the "
    "covariance that the theorem gives for their degree.",
    source="Modell and Rubin-Delanchy, arXiv 2105.00987 (2021); the covariance is derived in this file.",
    expected="holds",
    domain=DOMAIN,
    arms=arms,
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                Estimand("distance_off", "mean squared distance from the point, over that predicted, less 1"),
                "<=",
                0.12,
                asks="the mean squared distance of rows from their point is within {threshold} of that predicted",
                origin="terms of the next order, which fall with the degree",
                failure="rows scatter otherwise than the theorem says",
            ),
            covered("covered_predicted", ""),
            covered("low_predicted", " in the fifth of lowest degree"),
        ),
    ),
    rivals=(
        Rival("one covariance for all degrees", instead("pooled")),
        Rival("the covariance without the eigenvalue", instead("unscaled")),
    ),
    control="a tenth of the nodes said to belong to another community",
    figures=(
        Figure(
            kind="scatter",
            x="mean_degree",
            y="covered_predicted",
            hue="affinity",
            xlabel="mean degree",
            ylabel="rows inside their 95 % ellipse",
            lines=(("limit", 0.95),),
            finding="the ellipses of the theorem cover what they should",
            points=lambda rows: rows[rows["vote"] == "claim"],
        ),
    ),
)
