"""How large are the errors of a block model that is certified by rows placed at given angles to rays, beside their bound?

If row i lies within an angle phi_i of the ray of its spike, an entry of X J X' is within
a_i a_j sqrt(sin^2(phi_i + phi_j) + sin^2 phi_i sin^2 phi_j) of that of a block model, a the norms and J the signature
(docs/theory.md, section 2).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

import theory

PAIRS = 60  # rows on either side of the pairs that are tried for the tightness of the bound


def shares_of_bound(
    embedding: theory.Embedding, found: theory.Certificate
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return each entry's error as a share of its bound, and as a share of a_i a_j."""
    x = embedding.vectors("half")[found.rows]
    z = found.labels
    model = np.outer(found.propensities, found.propensities) * found.affinity[np.ix_(z, z)]
    error = np.abs((x * embedding.signature) @ x.T - model)
    every = np.arange(found.rows.size)
    bound = found.entry_bound(every[:, None], every[None, :])
    scale = np.outer(found.norms, found.norms)
    return error / np.maximum(bound, 1e-12 * scale.max()), error / scale


def errors_at(
    degrees: float, labels: NDArray[np.int64], signature: NDArray[np.float64], rng: np.random.Generator
) -> dict[str, float]:
    """Place a row for each label at this angle to the ray of its spike, and compare errors with their bounds.

    `used` and `used_within` are the largest shares of the bounds, of all entries and of those within a spike, where the bound
    is narrower; `largest_error` is the largest error, and `promised` the bound for two rows in spikes at right angles, both
    relative to the product of two rows' lengths.
    """
    rank, phi = len(signature), np.radians(degrees)
    directions = rng.standard_normal((int(labels.max()) + 1, rank))
    directions /= np.linalg.norm(directions, axis=1)[:, None]
    along = directions[labels]
    away = rng.standard_normal(along.shape)
    away -= (away * along).sum(1)[:, None] * along
    away /= np.linalg.norm(away, axis=1)[:, None]
    rows = rng.lognormal(0.0, 0.6, (labels.size, 1)) * (np.cos(phi) * along + np.sin(phi) * away)
    embedding = theory.Embedding(signature, rows)
    found = theory.certify(embedding, labels, scaling="half", certifies="M", directions=directions)
    share, error = shares_of_bound(embedding, found)
    same = (labels[:, None] == labels) & ~np.eye(labels.size, dtype=bool)
    return {
        "used": float(share.max()),
        "used_within": float(error[same].max() / np.sin(phi) ** 2),
        "largest_error": float(error.max()),
        "promised": promised_at(float(np.cos(phi))),
    }


def tightness(rng: np.random.Generator) -> float:
    """Return the largest share of its bound that a pair of rows reaches, over angles to their rays and a signature (1, -1)."""
    rays = rng.uniform(0, 2 * np.pi, 2 * PAIRS)
    at = rays + rng.uniform(0, 0.4, 2 * PAIRS)
    rows, directions = (np.stack([np.cos(angle), np.sin(angle)], axis=1) for angle in (at, rays))
    embedding = theory.Embedding(np.array([1.0, -1.0]), rows)
    found = theory.certify(
        embedding, np.arange(2 * PAIRS), scaling="half", certifies="M", directions=directions
    )
    return float(shares_of_bound(embedding, found)[0][:PAIRS, PAIRS:].max())


def promised_at(cosine: float) -> float:
    """Return the bound's share of a_i a_j for two rows at the edge of their cones, in two spikes at right angles.

    >>> round(promised_at(0.9), 3), round(promised_at(np.cos(np.radians(2.8))), 3)
    (0.807, 0.098)
    """
    edge = [[cosine, np.sqrt(1 - cosine**2)], [np.sqrt(1 - cosine**2), cosine]]
    embedding = theory.Embedding(np.ones(2), np.array(edge))
    certificate = theory.certify(embedding, [0, 1], scaling="unit", certifies="M", directions=np.eye(2))
    return float(certificate.entry_bound(0, 1))
