"""Section B, mechanisms: verdicts at quick size, and bugs planted by monkeypatching that must change them."""

import numpy as np
from planted import positive_eigenvalues_only, rows_of_the_wrong_nodes

import theory
from experiments.claims import b5_low_spk_means_hard_communities as b5
from experiments.claims import draws
from simulate import BlockModel

VERDICTS = {
    "B1": "holds",
    "B2": "refuted",
    "B3": "refuted",
    "B4": "qualified",
    "B5": "qualified",
    "B6": "refuted",
    "B7": "holds",
}


def optimum_by_norm(patch):
    patch.setattr(theory, "max_coverage_greedy", lambda rows, **options: theory.spikiness(rows, **options))


def edges_by_the_square_of_propensities(patch):
    original = draws.sample_graph

    def wrong(model, rng, **options):
        squared = BlockModel(model.propensities**2, model.labels, model.affinity)
        return original(draws.of_mean_degree(squared, model.expected_degrees().mean()), rng, **options)

    patch.setattr(draws, "sample_graph", wrong)


def cones_of_half_the_cosine(patch):
    original = theory.spikiness
    patch.setattr(theory, "spikiness", lambda rows, **options: original(rows, **{"cosine": 0.45} | options))


def quietest_for_loudest(patch):
    original = theory.embed

    def wrong(matrix, rank, **options):
        found = original(matrix, rank, **options)
        lengths = np.maximum(np.linalg.norm(found.basis, axis=1), 1e-300)[:, None]
        return theory.Embedding(found.eigenvalues, found.basis / lengths**2)

    patch.setattr(theory, "embed", wrong)


def mixed_members_stay_hard(patch):
    original = b5.mixed_membership
    patch.setattr(b5, "mixed_membership", lambda model, fraction, rng: original(model, 0.0, rng))


PLANTED = [
    ("B5", mixed_members_stay_hard),
    ("B4", optimum_by_norm),
    ("B7", quietest_for_loudest),
    ("B6", rows_of_the_wrong_nodes),
    ("B1", rows_of_the_wrong_nodes),
    ("B1", edges_by_the_square_of_propensities),
    ("B2", cones_of_half_the_cosine),
    ("B3", rows_of_the_wrong_nodes),
    ("B3", positive_eigenvalues_only),
]
