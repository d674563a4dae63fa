"""How large are the errors of a block model that is certified by rows placed at given angles to rays, beside their bound?

If row i lies within an angle phi_i of the ray of its spike, an entry of X J X' is within
a_i a_j sqrt(sin^2(phi_i + phi_j) + sin^2 phi_i sin^2 phi_j) of that of a block model, a the norms and J the signature
(docs/theory.md, section 2).
"""

from __future__ import annotations

from typing import Any

import numpy as np

import theory

DEPARTURES = np.geomspace(1e-6, 1e-2, 5)  # 1 - cos phi
# spikes of rows that are placed, rows per spike; rows whose pairs are tried
DIRECTIONS, PLACED, PAIRS = 3, 60, 60


def shares_of_bound(embedding: theory.Embedding, found: theory.Certificate) -> tuple[Any, Any]:
    """Return each entry's error as a share of its bound, and as a share of a_i a_j."""
    x = embedding.vectors("half")[found.rows]
    z = found.labels
    model = np.outer(found.propensities, found.propensities) * found.affinity[np.ix_(z, z)]
    error = np.abs((x * embedding.signature) @ x.T - model)
    every = np.arange(found.rows.size)
    bound = found.entry_bound(every[:, None], every[None, :])
    scale = np.outer(found.norms, found.norms)
    return error / np.maximum(bound, 1e-12 * scale.max()), error / scale


def errors_by_angle(signature: Any, rng: np.random.Generator) -> dict[str, float]:
    """Return slopes of the log error on log(1 - cos phi), between and within spikes, and the share used of the bound within."""
    directions = np.linalg.qr(rng.standard_normal((DIRECTIONS, DIRECTIONS)))[0] + 0.3
    directions /= np.linalg.norm(directions, axis=1)[:, None]
    labels = np.repeat(np.arange(DIRECTIONS), PLACED)
    along = directions[labels]
    away = rng.standard_normal(along.shape)
    away -= (away * along).sum(1)[:, None] * along
    away /= np.linalg.norm(away, axis=1)[:, None]
    norms = rng.lognormal(0.0, 0.6, (labels.size, 1))
    same = (labels[:, None] == labels) & ~np.eye(labels.size, dtype=bool)
    between, within, used = [], [], 0.0
    for departure in DEPARTURES:
        cosine = 1 - departure
        rows = norms * (cosine * along + np.sqrt(1 - cosine**2) * away)
        embedding = theory.Embedding(signature, rows)
        found = theory.certify(embedding, labels, scaling="half", certifies="M", directions=directions)
        _, error = shares_of_bound(embedding, found)
        between.append(np.sqrt(np.square(error[labels[:, None] != labels]).mean()))
        within.append(np.sqrt(np.square(error[same]).mean()))
        used = max(used, float(error[same].max() / (1 - cosine**2)))
    log = np.log(DEPARTURES)
    return {
        "slope_between": float(np.polyfit(log, np.log(between), 1)[0]),
        "slope_within": float(np.polyfit(log, np.log(within), 1)[0]),
        "used_within": used,
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
