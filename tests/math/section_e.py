"""Section E, the pipeline: verdicts at quick size, and bugs planted by monkeypatching that must change them."""

import numpy as np

import theory
from experiments.claims import block_model_is_the_right_twin

VERDICTS = {
    "E4": "refuted",
    "E6": "qualified",
    "E1": "qualified",
    "E2": "qualified",
    "E3": "refuted",
}


def positive_eigenvalues_only(patch):
    original = theory.embed

    def wrong(matrix, rank, **options):
        found = original(matrix, 3 * rank, **options)
        kept = (-found.eigenvalues).argsort()[:rank]
        return theory.Embedding(found.eigenvalues[kept], found.basis[:, kept])

    patch.setattr(theory, "embed", wrong)


def filter_off(patch):
    original = theory.ppmi
    patch.setattr(theory, "ppmi", lambda log, **o: original(log, **{**o, "top_k": None}))


def counts_instead_of_pmi(patch):
    original = theory.ppmi

    def wrong(log, **options):
        found = original(log, **options)
        counts = theory.cooccurrence(log).counts[found.items][:, found.items]
        return theory.PPMI(counts.tocsr(), found.items)

    patch.setattr(theory, "ppmi", wrong)


def rows_of_the_wrong_nodes(patch):
    original = theory.embed

    def wrong(matrix, rank, **options):
        found = original(matrix, rank, **options)
        return theory.Embedding(found.eigenvalues, np.roll(found.basis, 1, axis=0))

    patch.setattr(theory, "embed", wrong)


def twins_without_blocks(patch):
    original = block_model_is_the_right_twin.find_item_blocks
    patch.setattr(
        block_model_is_the_right_twin, "find_item_blocks", lambda *a, **o: np.zeros_like(original(*a, **o))
    )


PLANTED = [
    ("E4", rows_of_the_wrong_nodes),
    ("E6", twins_without_blocks),
    ("E1", counts_instead_of_pmi),
    ("E2", filter_off),
    ("E3", positive_eigenvalues_only),
]
