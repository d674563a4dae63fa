"""Section D, uses: verdicts at quick size, and bugs planted by monkeypatching that must change them."""

import numpy as np

import theory

VERDICTS = {
    "D1": "qualified",
}


def degrees_by_squared_eigenvalues(patch):
    patch.setattr(
        theory,
        "estimate_degrees",
        lambda e: -(e.basis @ (e.eigenvalues**2 * e.basis.sum(axis=0))),
    )


def degrees_of_shuffled_nodes(patch):
    original = theory.estimate_degrees
    patch.setattr(theory, "estimate_degrees", lambda e: np.roll(original(e), 7))


def equal_norms(patch):
    original = theory.Embedding.vectors

    def wrong(self, scaling="full", rank=None):
        rows = original(self, scaling, rank)
        return rows / np.maximum(np.linalg.norm(rows, axis=1), 1e-300)[:, None]

    patch.setattr(theory.Embedding, "vectors", wrong)


PLANTED = [
    ("D1", degrees_by_squared_eigenvalues),
    ("D1", degrees_of_shuffled_nodes),
    ("D1", equal_norms),
]
