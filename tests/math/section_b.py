"""Section B, mechanisms: verdicts at quick size, and bugs planted by monkeypatching that must change them."""

import numpy as np
from planted import equal_norms, positive_eigenvalues_only, rows_of_the_wrong_nodes

import theory
from experiments.claims import b5_low_spk_means_hard_communities as b5

VERDICTS = {
    "B1": "holds",
    "B2": "qualified",
    "B3": "refuted",
    "B4": "qualified",
    "B5": "qualified",
    "B6": "refuted",
    "B7": "qualified",
}


def optimum_by_norm(patch):
    patch.setattr(theory, "optimal_cover", lambda rows, **options: theory.spikiness(rows, **options))


def quietest_for_loudest(patch):
    original = theory.embed

    def wrong(matrix, rank, **options):
        found = original(matrix, rank, **options)
        lengths = np.maximum(np.linalg.norm(found.basis, axis=1), 1e-300)[:, None]
        return theory.Embedding(found.eigenvalues, found.basis / lengths**2)

    patch.setattr(theory, "embed", wrong)


def mixed_members_stay_hard(patch):
    original = b5.SOFT["mixed"]
    patch.setitem(b5.SOFT, "mixed", lambda model, fraction, rng: original(model, 0.0, rng))


PLANTED = [
    ("B5", mixed_members_stay_hard),
    ("B4", optimum_by_norm),
    ("B7", quietest_for_loudest),
    ("B6", rows_of_the_wrong_nodes),
    ("B1", rows_of_the_wrong_nodes),
    ("B2", equal_norms),
    ("B3", rows_of_the_wrong_nodes),
    ("B3", positive_eigenvalues_only),
]
