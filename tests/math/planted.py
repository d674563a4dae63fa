"""Bugs that are planted against claims of several sections, by monkeypatching."""

import numpy as np

import theory


def rows_of_the_wrong_nodes(patch):
    original = theory.embed

    def wrong(matrix, rank, **options):
        found = original(matrix, rank, **options)
        return theory.Embedding(found.eigenvalues, np.roll(found.basis, 1, axis=0))

    patch.setattr(theory, "embed", wrong)


def equal_norms(patch):
    original = theory.Embedding.vectors

    def wrong(self, scaling="full", rank=None):
        rows = original(self, scaling, rank)
        return rows / np.maximum(np.linalg.norm(rows, axis=1), 1e-300)[:, None]

    patch.setattr(theory.Embedding, "vectors", wrong)


def positive_eigenvalues_only(patch):
    original = theory.embed

    def wrong(matrix, rank, **options):
        found = original(matrix, min(3 * rank, matrix.shape[0] - 1), **options)
        kept = np.argsort(-found.eigenvalues, kind="stable")[:rank]
        return theory.Embedding(found.eigenvalues[kept], found.basis[:, kept])

    patch.setattr(theory, "embed", wrong)
