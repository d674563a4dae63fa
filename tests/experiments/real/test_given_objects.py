"""Objects given to `compare` are written once, under their content, with all that belongs to them."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from experiments import compare, load, read_own
from experiments.real.given_objects import as_paths
from experiments.real.options_of_inputs import options_of_each


@pytest.fixture
def x():
    return sparse.csr_array((np.random.default_rng(0).random((40, 12)) < 0.3).astype(float))


def test_an_object_becomes_a_file_under_its_content(x, tmp_path):
    real = load("davis")
    (mine, davis), _, left = as_paths({"mine": x, "davis": real}, tmp_path, {})
    assert left == {} and mine.startswith(str(tmp_path / "matrices" / "mine-"))
    assert (load(mine).interactions != x).nnz == 0
    again = load(davis)
    assert again.items.tolist() == real.items.tolist() and again.contexts.tolist() == real.contexts.tolist()
    assert as_paths([x], tmp_path, {})[0] != as_paths([x * 0 + x[::-1]], tmp_path, {})[0]
    assert as_paths(["davis"], tmp_path, {"skip_bad_rows": True}) == (["davis"], [], {"skip_bad_rows": True})


def test_names_and_labels_of_a_table_of_items_go_into_the_file(x, tmp_path):
    table = pd.DataFrame(
        {"id": range(12), "title": [f"film {k}" for k in range(12)], "genre": ["a", "b"] * 6}
    )
    (path,), _, left = as_paths([x], tmp_path, {"items": table, "label_column": "genre"})
    assert left == {} and load(path).items[3] == "film 3"
    assert load(path).labels.tolist() == [0, 1] * 6 and load(path).label_names.tolist() == ["a", "b"]
    with pytest.raises(ValueError, match="in calls of their own"):
        as_paths([x, "davis"], tmp_path, {"items": table})


def test_an_array_is_vectors_where_it_is_said_to_be(tmp_path):
    rows = np.random.default_rng(0).standard_normal((12, 3))
    (path,), (log, none), left = as_paths([rows], tmp_path, {"kind": "embedding"}, (load("davis"), None))
    assert (
        left == {"kind": "embedding"} and none is None and (load(log).matrix != load("davis").matrix).nnz == 0
    )
    np.testing.assert_array_equal(read_own(path).data, rows)
    frame = pd.DataFrame({"word": [f"w{k}" for k in range(12)], "x": rows[:, 0], "y": rows[:, 1]})
    (path,), _, _ = as_paths([frame], tmp_path, {"kind": "embedding"})
    assert read_own(path).items.tolist() == frame["word"].tolist()


def test_a_frame_is_the_log_of_vectors(tmp_path):
    rng = np.random.default_rng(0)
    np.savez(tmp_path / "x.npz", vectors=rng.standard_normal((12, 3)), names=[f"s{k}" for k in range(12)])
    frame = pd.DataFrame({"who": [k % 5 for k in range(40)], "what": [f"s{k % 9}" for k in range(40)]})
    options = {"columns": ("who", "what"), "encoding": "utf-8"}
    _, (log, _), left = as_paths([tmp_path / "x.npz"], tmp_path, options, (frame, None))
    assert left == {"encoding": "utf-8"} and load(log).items.tolist() == [f"s{k}" for k in range(9)]
    with pytest.raises(ValueError, match="give both as files, or both as objects"):
        as_paths([tmp_path / "x.npz"], tmp_path, options, (frame, "davis"))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"operator": "random-walk"}, r"needs a graph or interactions; x\.npy holds vectors"),
        ({"blocks": "leiden"}, r"blocks='leiden' is for twins; x\.npy holds vectors"),
        ({"binary": True}, "binary is for graphs"),
        ({"rank": 4}, r"rank must be at most 3 for x\.npy; got 4"),
        ({"log": "davis"}, r"x\.npy must have names to be joined with davis"),
        ({"held_out": "davis"}, "held_out needs the log"),
    ],
)
def test_what_vectors_do_not_have_is_refused_before_anything_runs(tmp_path, options, message):
    np.save(tmp_path / "x.npy", np.eye(5)[:, :3] + 1)
    with pytest.raises(ValueError, match=message):
        compare([tmp_path / "x.npy"], out=tmp_path / "out", **options)
    assert not (tmp_path / "out").exists()


def test_a_log_is_for_vectors(tmp_path):
    with pytest.raises(ValueError, match="davis holds no vectors"):
        compare(["davis"], log="davis", out=tmp_path / "out")


@pytest.mark.slow
def test_compare_takes_objects(x, tmp_path):
    compare({"mine": x}, twins=2, rank=2, out=tmp_path)
    (name,) = json.loads((tmp_path / "compare.json").read_text())["matrices"]
    assert "mine-" in name


def test_a_frame_of_vectors_and_one_of_a_log_are_told_apart(tmp_path):
    rows = np.random.default_rng(0).standard_normal((12, 2))
    vectors = pd.DataFrame({"word": range(12), "x": rows[:, 0], "y": rows[:, 1]})
    log = pd.DataFrame({"user": [k % 5 for k in range(40)], "item": [k % 9 for k in range(40)]})
    reading = {"vector_columns": ("x", "y")}
    one, other = as_paths([log, vectors], tmp_path, reading)[0]
    assert load(one).interactions.shape == (5, 9)
    np.testing.assert_array_equal(read_own(other).data, rows)
    assert options_of_each([log, vectors], reading) == [{}, reading]
