"""Claims as regression tests of the mathematics: each keeps its verdict at quick size, and planted bugs flip it.

The verdicts are those of the quick size at seed 0, which is deterministic: there is no false alarm to state.
"""

from dataclasses import replace

import numpy as np
import pytest

import theory
from experiments import run
from experiments.claims import registry
from simulate import BlockModel

VERDICTS = {
    "A1": "holds",
    "A2": "holds",
    "A5": "holds",
    "B1": "holds",
    "B2": "qualified",
    "B3": "refuted",
    "C2": "qualified",
    "D1": "qualified",
}


def verdict_of(name):
    """The claim's verdict at quick size, and the control's."""
    claim = registry()[name]
    judgement, control = claim.judge(run(claim.study_at("quick")))
    return judgement.verdict, control.verdict


@pytest.mark.parametrize("name", VERDICTS)
def test_every_claim_keeps_its_verdict_and_its_control_opposes_it(name):
    verdict, control = verdict_of(name)
    assert verdict == VERDICTS[name]
    assert control in registry()[name].rule.control


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


def closed_form_without_psi(patch):
    original = theory.rays
    patch.setattr(
        theory,
        "rays",
        lambda model, **options: original(
            BlockModel(np.ones(model.n_nodes), model.labels, model.affinity), **options
        ),
    )


def norms_by_theta_squared(patch):
    original = theory.rays

    def wrong(model, **options):
        found = original(model, **options)
        return replace(found, norms=found.norms * model.propensities)

    patch.setattr(theory, "rays", wrong)


def eigenvalues_without_sign(patch):
    original = BlockModel.spectrum
    patch.setattr(BlockModel, "spectrum", lambda self: (np.abs(original(self)[0]), original(self)[1]))


def prediction_of_another_scaling(patch):
    original = theory.collinear_fraction
    patch.setattr(
        theory, "collinear_fraction", lambda model, rng, **o: original(model, rng, **{**o, "scaling": "unit"})
    )


def prediction_without_noise_of_partners(patch):
    original = theory.collinear_fraction
    patch.setattr(
        theory, "collinear_fraction", lambda model, rng, **o: replace(original(model, rng, **o), value=1.0)
    )


def positive_eigenvalues_only(patch):
    original = theory.embed

    def wrong(matrix, rank, **options):
        found = original(matrix, min(3 * rank, matrix.shape[0] - 1), **options)
        kept = np.argsort(-found.eigenvalues, kind="stable")[:rank]
        return theory.Embedding(found.eigenvalues[kept], found.basis[:, kept])

    patch.setattr(theory, "embed", wrong)


def rows_of_the_wrong_nodes(patch):
    original = theory.embed

    def wrong(matrix, rank, **options):
        found = original(matrix, rank, **options)
        return theory.Embedding(found.eigenvalues, np.roll(found.basis, 1, axis=0))

    patch.setattr(theory, "embed", wrong)


def one_dimension_too_few(patch):
    original = theory.embed

    def wrong(matrix, rank, **options):
        found = original(matrix, rank, **options)
        basis = found.basis.copy()
        basis[:, -1] = 0.0
        return theory.Embedding(found.eigenvalues, basis)

    patch.setattr(theory, "embed", wrong)


def equal_norms(patch):
    original = theory.Embedding.vectors

    def wrong(self, scaling="full", rank=None):
        rows = original(self, scaling, rank)
        return rows / np.maximum(np.linalg.norm(rows, axis=1), 1e-300)[:, None]

    patch.setattr(theory.Embedding, "vectors", wrong)


def one_peak_too_many(patch):
    original = theory.spikiness

    def wrong(vectors, **options):
        found = original(vectors, **options)
        return replace(found, peaks=np.append(found.peaks, found.peaks[-1]))

    patch.setattr(theory, "spikiness", wrong)


def degrees_by_squared_eigenvalues(patch):
    patch.setattr(
        theory,
        "estimate_degrees",
        lambda e: -(e.basis @ (e.eigenvalues**2 * e.basis.sum(axis=0))),
    )


def degrees_of_shuffled_nodes(patch):
    original = theory.estimate_degrees
    patch.setattr(theory, "estimate_degrees", lambda e: np.roll(original(e), 7))


PLANTED = [
    ("A1", closed_form_without_psi),
    ("A1", norms_by_theta_squared),
    ("A1", eigenvalues_without_sign),
    ("A2", shuffled_labels),
    ("A2", dropped_signature_in_recovery),
    ("A5", prediction_of_another_scaling),
    ("A5", prediction_without_noise_of_partners),
    ("A5", rows_of_the_wrong_nodes),
    ("B1", rows_of_the_wrong_nodes),
    ("B2", equal_norms),
    ("B3", rows_of_the_wrong_nodes),
    ("B3", positive_eigenvalues_only),
    ("C2", one_peak_too_many),
    ("D1", degrees_by_squared_eigenvalues),
    ("D1", degrees_of_shuffled_nodes),
    ("D1", equal_norms),
]


@pytest.mark.parametrize(
    ("name", "plant"), PLANTED, ids=[f"{name}-{plant.__name__}" for name, plant in PLANTED]
)
def test_planted_bugs_change_the_verdict_or_break_the_claim(name, plant, monkeypatch):
    plant(monkeypatch)
    verdict, control = verdict_of(name)
    assert verdict != VERDICTS[name] or control not in registry()[name].rule.control
