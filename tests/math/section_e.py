"""Section E, the pipeline: verdicts at quick size, and bugs planted by monkeypatching that must change them."""

import theory

VERDICTS = {
    "E3": "refuted",
}


def positive_eigenvalues_only(patch):
    original = theory.embed

    def wrong(matrix, rank, **options):
        found = original(matrix, 3 * rank, **options)
        kept = (-found.eigenvalues).argsort()[:rank]
        return theory.Embedding(found.eigenvalues[kept], found.basis[:, kept])

    patch.setattr(theory, "embed", wrong)


PLANTED = [
    ("E3", positive_eigenvalues_only),
]
