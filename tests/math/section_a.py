"""Section A, Theorem 3.4: verdicts at quick size, and bugs planted by monkeypatching that must change them."""

from dataclasses import replace

import numpy as np
from planted import rows_of_the_wrong_nodes

import theory
from simulate import BlockModel

VERDICTS = {
    "A1": "holds",
    "A2": "holds",
    "A3": "qualified",
    "A4": "qualified",
    "A5": "holds",
    "A6": "qualified",
    "A7": "qualified",
}


def closed_form_without_psi(patch):
    original = theory.rays
    patch.setattr(
        theory,
        "rays",
        lambda model, **options: original(
            BlockModel(np.ones(model.n_nodes), model.labels, model.affinity), **options
        ),
    )


def psi_of_another_power(patch):
    original = BlockModel.block_sums
    patch.setattr(BlockModel, "block_sums", lambda self, power: original(self, 1 if power == 2 else power))


def norms_by_theta_squared(patch):
    original = theory.rays

    def wrong(model, **options):
        found = original(model, **options)
        return replace(found, norms=found.norms * model.propensities)

    patch.setattr(theory, "rays", wrong)


def eigenvalues_without_sign(patch):
    original = BlockModel.spectrum
    patch.setattr(BlockModel, "spectrum", lambda self: (np.abs(original(self)[0]), original(self)[1]))


def shuffled_labels(patch):
    original = theory.block_model_from_spikes

    def wrong(basis, eigenvalues, labels):
        mixed = np.asarray(labels).copy()
        mixed[:10] = np.roll(mixed[:10], 1)
        return original(basis, eigenvalues, mixed)

    patch.setattr(theory, "block_model_from_spikes", wrong)


def dropped_signature_in_recovery(patch):
    original = theory.block_model_from_spikes
    patch.setattr(
        theory,
        "block_model_from_spikes",
        lambda basis, eigenvalues, labels: original(basis, np.abs(eigenvalues), labels),
    )


def prediction_of_another_scaling(patch):
    original = theory.PredictedSample.collinear_fraction
    patch.setattr(
        theory.PredictedSample,
        "collinear_fraction",
        lambda sample, rng, **o: original(sample, rng, **{**o, "scaling": "unit"}),
    )


def prediction_without_resummation(patch):
    original = theory.PredictedSample.collinear_fraction
    patch.setattr(
        theory.PredictedSample,
        "collinear_fraction",
        lambda sample, rng, **o: original(sample, rng, **{"method": "local", **o}),
    )


def bound_of_the_wrong_angle(patch):
    original = theory.certify

    def wrong(*arguments, **options):
        found = original(*arguments, **options)
        return replace(found, angles=found.angles / 3)

    patch.setattr(theory, "certify", wrong)


def bound_doubled(patch):
    original = theory.Certificate.entry_bound
    patch.setattr(theory.Certificate, "entry_bound", lambda self, i, j: 2 * original(self, i, j))


def a_narrower_cone(patch):
    original = theory.partition_by_spikes
    patch.setattr(theory, "partition_by_spikes", lambda vectors: original(vectors, cosine=0.99))


PLANTED = [
    ("A4", bound_of_the_wrong_angle),
    ("A3", bound_of_the_wrong_angle),
    ("A3", bound_doubled),
    ("A6", a_narrower_cone),
    ("A6", rows_of_the_wrong_nodes),
    ("A1", closed_form_without_psi),
    ("A1", norms_by_theta_squared),
    ("A1", psi_of_another_power),
    ("A1", eigenvalues_without_sign),
    ("A2", shuffled_labels),
    ("A2", dropped_signature_in_recovery),
    ("A5", prediction_of_another_scaling),
    ("A5", prediction_without_resummation),
    ("A5", rows_of_the_wrong_nodes),
    ("A7", rows_of_the_wrong_nodes),
]
