"""Two analyses of the same items by their names, and the pairs of a comparison."""

import numpy as np
import pytest

from experiments import compare
from experiments.real.named_side_by_side import NamedSide, beside_each_other, drift, shared_rows
from experiments.real.pairs import pairs_of
from reports.analyses import read_analyses, read_manifest, read_pairs


def side(names, rows):
    return NamedSide(names, rows, np.arange(len(rows)) % 3, rows)


@pytest.fixture
def rows():
    return np.random.default_rng(0).standard_normal((90, 5))


def test_the_same_vectors_turned_and_in_another_order_agree_wholly(rows):
    rng = np.random.default_rng(1)
    turn, order = np.linalg.qr(rng.standard_normal((5, 5)))[0], rng.permutation(90)
    names = [f"item {k}" for k in range(90)]
    first = side(names, rows)
    second = NamedSide([names[k] for k in order], rows[order] @ turn, first.parts[order], rows[order] @ turn)
    found = beside_each_other(first, second, rng)
    assert found["shared"] == 90 and found["k"] == 20 and found["chance"] == 20 / 89
    assert found["overlap"]["cosine"]["value"] == found["overlap"]["dot"]["value"] == 1.0
    assert found["agreement"]["nmi"] == pytest.approx(1)
    assert found["drift"]["turned"] < 1e-12 < 0.5 < found["drift"]["as_is"]
    assert found["drift"]["found"] and "The basis drifted" in found["drift"]["sentence"]
    assert found["questions"] == []


def test_one_spike_that_holds_all_agrees_with_nothing_and_is_not_compared(rows):
    names = [f"item {k}" for k in range(90)]
    one = NamedSide(names, rows, np.zeros(90, dtype=np.int64), rows)
    assert beside_each_other(side(names, rows), one, np.random.default_rng(0))["agreement"] is None


def test_vectors_that_have_nothing_to_do_with_each_other_agree_by_chance(rows):
    """Five standard errors of the mean overlap, with at least 90 items whose lists are nearly independent: below 1e-6."""
    rng = np.random.default_rng(2)
    names = [f"item {k}" for k in range(90)]
    found = beside_each_other(side(names, rows), side(names, rng.standard_normal((90, 3))), rng)
    overlap = found["overlap"]["cosine"]
    error = (overlap["high"] - overlap["low"]) / 4
    assert abs(overlap["value"] - found["chance"]) < 5 * error
    assert overlap["low"] < overlap["value"] < overlap["high"] and found["drift"] is None


def test_only_items_that_both_name_are_compared(rows):
    first = side([f"a{k}" for k in range(40)] + [f"b{k}" for k in range(50)], rows)
    second = side([f"b{k}" for k in range(50)] + [f"c{k}" for k in range(40)], rows[::-1])
    one, two = shared_rows(first.names, second.names)
    assert [first.names[k] for k in one] == [second.names[k] for k in two] == [f"b{k}" for k in range(50)]
    assert beside_each_other(first, second, np.random.default_rng(0))["k"] == 16  # a third of 49 others


def test_columns_of_another_scale_have_not_drifted(rows):
    rng, names = np.random.default_rng(0), [str(k) for k in range(90)]
    same = drift(rows, 3 * rows, names, rng)
    assert same["as_is"] == pytest.approx(0, abs=1e-12) and not same["found"]
    assert drift(np.zeros((90, 5)), rows, names, rng) is None


def test_inputs_without_names_make_no_pair():
    few = [f"s{k}" for k in range(8)]
    assert pairs_of(["a", "b", "c"], {"a": few, "b": None, "c": few}) == [("a", "c")]


def test_vectors_of_one_catalogue_stand_beside_each_other_and_answer_the_same_questions(tmp_path):
    rng = np.random.default_rng(3)
    names = np.array([f"song {k}" for k in range(90)])
    taste = np.repeat(np.arange(3), 200)
    held = [rng.choice(np.flatnonzero(np.arange(90) % 3 == t), 8, replace=False) for t in taste]
    pairs = [f"user {u},{names[s]}\n" for u, songs in enumerate(held) for s in songs]
    (tmp_path / "log.csv").write_text("user,song\n" + "".join(pairs))
    good = np.eye(3)[np.arange(90) % 3] + 0.1 * rng.standard_normal((90, 3))
    np.savez(tmp_path / "good.npz", vectors=good, names=names)
    np.savez(tmp_path / "noise.npz", vectors=rng.standard_normal((90, 4)), names=names[::-1])
    inputs = [tmp_path / "good.npz", tmp_path / "noise.npz"]
    compare(inputs, log=tmp_path / "log.csv", out=tmp_path / "out")
    manifest = read_manifest(tmp_path / "out")
    analyses, failures = read_analyses(tmp_path / "out", manifest)
    assert len(analyses) == 2 and not failures
    ((pair,), failures) = read_pairs(tmp_path / "out", manifest)
    assert not failures and [pair["first"], pair["second"]] == list(map(str, inputs))
    assert pair["shared"] == 90 and pair["drift"] is None
    asked = pair["questions"][0]
    assert asked["best"] == "first" and asked["decided"] and asked["beside_best"]["second"]["low"] > 0
    assert asked["seen"]


def test_vectors_of_two_methods_are_not_said_to_be_those_of_before(rows):
    rng = np.random.default_rng(1)
    names = [f"item {k}" for k in range(90)]
    found = drift(rows + 0.5 * rng.standard_normal(rows.shape), rows, names, rng)
    assert found["sentence"].startswith("The second's vectors are no rotation of the first's")
    assert "before" not in found["sentence"] and not found["found"]
