"""Section D, uses: verdicts at quick size, and bugs planted by monkeypatching that must change them."""

from dataclasses import replace

import numpy as np
from planted import equal_norms

import theory
from experiments.claims import snapshots
from simulate import BlockModel

VERDICTS = {
    "D3": "holds",
    "D1": "holds",
}


def degrees_by_squared_eigenvalues(patch):
    patch.setattr(
        theory,
        "estimate_degrees",
        lambda e: e.basis @ (e.eigenvalues**2 * e.basis.sum(axis=0)),
    )


def degrees_of_squared_propensities(patch):
    original = BlockModel.expected_degrees

    def wrong(self, **options):
        return original(self, **options) * self.propensities

    patch.setattr(BlockModel, "expected_degrees", wrong)


def degrees_a_fifth_too_high(patch):
    original = theory.estimate_degrees
    patch.setattr(theory, "estimate_degrees", lambda e: 1.2 * original(e))


def degrees_of_shuffled_nodes(patch):
    original = theory.estimate_degrees
    patch.setattr(theory, "estimate_degrees", lambda e: np.roll(original(e), 7))


def error_of_first_order_without_bias(patch):
    original = theory.PredictedSample.degree_error

    def wrong(self, **options):
        found = original(self, **options)
        return replace(found, mse=found.variance_observed)

    patch.setattr(theory.PredictedSample, "degree_error", wrong)


def always_by_dot(patch):
    original = theory.top_k
    patch.setattr(
        theory, "top_k", lambda rows, k, **options: original(rows, k, **{**options, "similarity": "dot"})
    )


def similarities_exchanged(patch):
    # cosine and dot product exchanged at the source: each finds what the other should
    original = theory.top_k
    other = {"cosine": "dot", "dot": "cosine"}
    patch.setattr(
        theory,
        "top_k",
        lambda rows, k, **options: original(
            rows, k, **{**options, "similarity": other[options["similarity"]]}
        ),
    )


def noise_of_norms_doubled(patch):
    original = theory.PredictedSample.low_degree_norm_bias
    patch.setattr(
        theory.PredictedSample, "low_degree_norm_bias", lambda self, **options: 2 * original(self, **options)
    )


def edges_thinned_twice(patch):
    original = snapshots.thin_graph
    patch.setattr(snapshots, "thin_graph", lambda graph, keep, rng: original(graph, keep**2, rng))


def fifths_from_the_largest_norm(patch):
    original = theory.stability

    def wrong(a, b, k, **options):
        found = original(a, b, k, **options)
        return replace(found, jaccard=found.jaccard[::-1], overlap=found.overlap[::-1])

    patch.setattr(theory, "stability", wrong)


def knee_at_both_signs(patch):
    original = theory.spikiness_knee
    patch.setattr(theory, "spikiness_knee", lambda ranks, peaks: 2 * original(ranks, peaks))


def columns_of_the_smallest_eigenvalues(patch):
    original = theory.spikiness
    patch.setattr(theory, "spikiness", lambda rows, **options: original(rows[:, -1:], **options))


def stability_by_dot(patch):
    original = theory.stability
    patch.setattr(
        theory, "stability", lambda a, b, k, **options: original(a, b, k, **{**options, "similarity": "dot"})
    )


def neighbours_of_another_item(patch):
    original = theory.shared_neighbours
    patch.setattr(theory, "shared_neighbours", lambda one, other: np.roll(original(one, other), 7))


PLANTED = [
    ("D8", neighbours_of_another_item),
    ("D2", error_of_first_order_without_bias),
    ("D3", always_by_dot),
    ("D3", similarities_exchanged),
    ("D2", noise_of_norms_doubled),
    ("D5", edges_thinned_twice),
    ("D5", fifths_from_the_largest_norm),
    ("D6", stability_by_dot),
    ("D1", degrees_by_squared_eigenvalues),
    ("D1", degrees_of_squared_propensities),
    ("D4", equal_norms),
    ("D7", knee_at_both_signs),
    ("D7", columns_of_the_smallest_eigenvalues),
    ("D1", degrees_of_shuffled_nodes),
    ("D1", degrees_a_fifth_too_high),
    ("D1", equal_norms),
]
