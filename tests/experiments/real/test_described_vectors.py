"""The null of many vectors is counted up to a bound, with the keys of the others."""

import numpy as np

import experiments.real.described_vectors as room
from experiments.real.own_vectors import read_vectors_and_log


def test_of_many_vectors_a_null_has_the_same_keys_and_a_bound(tmp_path, monkeypatch):
    rng = np.random.default_rng(0)
    rows = np.eye(8)[np.arange(12_000) % 8] + 0.02 * rng.standard_normal((12_000, 8))
    np.save(tmp_path / "x.npy", rows * rng.lognormal(0, 0.5, (12_000, 1)))
    own = read_vectors_and_log(str(tmp_path / "x.npy"), 64, {})
    whole = room.measure_null(own, 8, np.random.default_rng(1))
    monkeypatch.setattr(room, "EXACT", 10_000)
    found = room.measure_null(own, 8, np.random.default_rng(1))
    assert set(found) == set(whole)
    real = room.measure_vectors(own.embedding, 8)["peaks_at_rank"]
    assert real < found["peaks_at_rank"] <= whole["peaks_at_rank"]
    assert any(
        "at least as many" in note for note in room.describe_vectors(own, 8, rng, whole=False)["notes"]
    )
