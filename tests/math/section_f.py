"""Section F, operators: verdicts at quick size, and bugs planted by monkeypatching that must change them."""

from dataclasses import replace

from planted import rows_of_the_wrong_nodes

import theory

VERDICTS = {"F1": "holds", "F2": "qualified", "F3": "holds"}


def the_adjacency_whatever_is_asked_for(patch):
    original = theory.embed

    def wrong(matrix, rank, *, operator=None, **options):
        return original(matrix, rank, **options)

    patch.setattr(theory, "embed", wrong)


def no_regularisation(patch):
    original = theory.embed

    def wrong(matrix, rank, *, operator=None, **options):
        return original(matrix, rank, operator=operator.replace("regularised", "normalised"), **options)

    patch.setattr(theory, "embed", wrong)


def shifted_eigenvalues(patch):
    original = theory.embed

    def wrong(matrix, rank, **options):
        found = original(matrix, rank, **options)
        return replace(found, eigenvalues=found.eigenvalues - 1.0)

    patch.setattr(theory, "embed", wrong)


PLANTED = [
    ("F1", the_adjacency_whatever_is_asked_for),
    ("F1", rows_of_the_wrong_nodes),
    ("F2", no_regularisation),
    ("F3", shifted_eigenvalues),
]
