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


def test_bots_are_looked_for_in_the_log_that_was_given_with_the_vectors(tmp_path):
    """Twelve contexts of the same eight items, which only they hold; two items of the vectors are not in the log."""
    rng = np.random.default_rng(0)
    names = np.array([f"i{k}" for k in range(62)])
    pairs = [f"c{c},i{i}" for c in range(80) for i in rng.choice(52, 6, replace=False)]
    pairs += [f"bot{c},i{i}" for c in range(12) for i in range(52, 60)]
    (tmp_path / "log.csv").write_text("\n".join(["context,item", *pairs]))
    np.savez(tmp_path / "x.npz", vectors=rng.standard_normal((62, 5)), names=names)
    own = read_vectors_and_log(str(tmp_path / "x.npz"), 64, {}, str(tmp_path / "log.csv"))
    (bots,) = (one for one in room.describe_vectors(own, 5, rng)["checks"] if one["check"] == "bots")
    assert bots["found"] and "12 contexts hold nearly the same 8 items" in bots["sentence"]
    assert set(bots["rows"]) == {f"i{k}" for k in range(52, 60)}
