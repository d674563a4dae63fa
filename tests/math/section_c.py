"""Section C, the metric: verdicts at quick size, and bugs planted by monkeypatching that must change them."""

from dataclasses import replace

import numpy as np

import theory
from experiments.claims import c1_half_under_one_per_cent as half_under_one_per_cent
from theory.prediction import spikiness as predicted_spikes

VERDICTS = {
    "C2": "qualified",
    "C3": "refuted",
    "C4": "refuted",
    "C5": "refuted",
    "C6": "holds",
    "C7": "qualified",
    "C8": "refuted",
    "C9": "inconclusive",
}


def coverage_met_is_enough(patch):
    """The paper's rule, `at least rho n`, for the code's `more than rho n`: off by one where rho n is whole."""
    original = theory.spikiness

    def wrong(vectors, *, coverage=0.5, **options):
        found = original(vectors, coverage=coverage, **options)
        wanted = coverage * (len(vectors) - found.n_zero)
        enough = int(np.argmax(found.covered >= wanted)) + 1
        return replace(found, peaks=found.peaks[:enough], covered=found.covered[:enough])

    patch.setattr(theory, "spikiness", wrong)


def cones_too_wide(patch):
    original = theory.spikiness
    patch.setattr(theory, "spikiness", lambda vectors, **o: original(vectors, **{**o, "cosine": 0.6}))


def null_that_permutes_nothing(patch):
    patch.setattr(half_under_one_per_cent, "permuted_items", lambda interactions, rng: interactions)


def cones_too_narrow(patch):
    original = theory.spikiness
    patch.setattr(theory, "spikiness", lambda vectors, **o: original(vectors, **{**o, "cosine": 0.999}))


def order_by_index(patch):
    original = theory.spikiness

    def wrong(vectors, **options):
        rows = np.asarray(vectors)
        return original(rows / np.maximum(np.linalg.norm(rows, axis=1), 1e-300)[:, None], **options)

    patch.setattr(theory, "spikiness", wrong)


def cosine_ignored(patch):
    original = theory.spikiness
    patch.setattr(theory, "spikiness", lambda vectors, **o: original(vectors, **{**o, "cosine": 0.9}))


def knee_at_the_first_rank(patch):
    patch.setattr(theory, "spikiness_knee", lambda ranks, peaks, **options: ranks[0])


def noise_in_mean_field_only(patch):
    def wrong(graph, sample, count, rng, scaling):
        return rng.standard_normal((graph.shape[0], count)) * sample.edge / np.sqrt(graph.shape[0])

    patch.setattr(predicted_spikes, "noise_rows_on", wrong)


def every_embedding_is_stable(patch):
    original = theory.stability
    patch.setattr(theory, "stability", lambda a, b, k, **options: original(a, a, k, **options))


def share_of_a_fixed_number(patch):
    patch.setattr(theory.Spikes, "value", property(lambda spikes: spikes.n_peaks / 1000))


PLANTED = [
    ("C9", share_of_a_fixed_number),
    ("C5", knee_at_the_first_rank),
    ("C6", noise_in_mean_field_only),
    ("C8", every_embedding_is_stable),
    ("C4", cosine_ignored),
    ("C3", cones_too_narrow),
    ("C7", order_by_index),
    ("C2", cones_too_wide),
    ("C2", coverage_met_is_enough),
    ("C1", null_that_permutes_nothing),
]
