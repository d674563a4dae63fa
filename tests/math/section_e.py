"""Section E, the pipeline: verdicts at quick size, and bugs planted by monkeypatching that must change them."""

from dataclasses import replace

import numpy as np
from planted import positive_eigenvalues_only, rows_of_the_wrong_nodes

import theory
from experiments.claims import e6_block_model_is_the_right_twin as block_model_is_the_right_twin
from theory.analysis import pipeline

VERDICTS = {
    "E4": "qualified",
    "E1": "qualified",
    "E2": "qualified",
    "E3": "qualified",
}


def dropped_signature(patch):
    original = theory.embed

    def wrong(matrix, rank, **options):
        found = original(matrix, rank, **options)
        return theory.Embedding(np.abs(found.eigenvalues), found.basis)

    patch.setattr(theory, "embed", wrong)


def training_stopped_early(patch):
    original = theory.factorize

    def wrong(matrix, rank, method, *, iterations, **options):
        return original(matrix, rank, method, iterations=max(iterations // 15, 1), **options)

    patch.setattr(theory, "factorize", wrong)


def spectra_of_another_power(patch):
    original = theory.analyse

    def wrong(data, rank, **options):
        found = original(data, rank, **options)
        raised = theory.Embedding(np.abs(found.embedding.eigenvalues) ** 1.25, found.embedding.basis)
        return replace(found, embedding=raised)

    patch.setattr(theory, "analyse", wrong)


def filter_off(patch):
    original = pipeline.ppmi
    patch.setattr(pipeline, "ppmi", lambda log, **o: original(log, **{**o, "top_k": None}))


def counts_instead_of_pmi(patch):
    original = pipeline.ppmi

    def wrong(log, **options):
        found = original(log, **options)
        counts = theory.cooccurrence(log).counts[found.items][:, found.items]
        return theory.PPMI(counts.tocsr(), found.items)

    patch.setattr(pipeline, "ppmi", wrong)


def half_of_the_blocks(patch):
    original = block_model_is_the_right_twin.find_item_blocks
    patch.setattr(block_model_is_the_right_twin, "find_item_blocks", lambda *a, **o: original(*a, **o) // 2)


PLANTED = [
    ("E4", rows_of_the_wrong_nodes),
    ("E6", half_of_the_blocks),
    ("E1", counts_instead_of_pmi),
    ("E2", filter_off),
    ("E3", positive_eigenvalues_only),
    ("E3", dropped_signature),
    ("E5", training_stopped_early),
    ("E7", spectra_of_another_power),
]
