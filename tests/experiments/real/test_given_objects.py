"""Objects given to `compare` are written once, under their content, with all that belongs to them."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from experiments import compare, load
from experiments.real.given_objects import as_paths


@pytest.fixture
def x():
    return sparse.csr_array((np.random.default_rng(0).random((40, 12)) < 0.3).astype(float))


def test_an_object_becomes_a_file_under_its_content(x, tmp_path):
    real = load("davis")
    (mine, davis), left = as_paths({"mine": x, "davis": real}, tmp_path, {})
    assert left == {} and mine.startswith(str(tmp_path / "matrices" / "mine-"))
    assert (load(mine).interactions != x).nnz == 0
    again = load(davis)
    assert again.items.tolist() == real.items.tolist() and again.contexts.tolist() == real.contexts.tolist()
    assert as_paths([x], tmp_path, {})[0] != as_paths([x * 0 + x[::-1]], tmp_path, {})[0]
    assert as_paths(["davis"], tmp_path, {"skip_bad_rows": True}) == (["davis"], {"skip_bad_rows": True})


def test_names_and_labels_of_a_table_of_items_go_into_the_file(x, tmp_path):
    table = pd.DataFrame(
        {"id": range(12), "title": [f"film {k}" for k in range(12)], "genre": ["a", "b"] * 6}
    )
    (path,), left = as_paths([x], tmp_path, {"items": table, "label_column": "genre"})
    assert left == {} and load(path).items[3] == "film 3"
    assert load(path).labels.tolist() == [0, 1] * 6 and load(path).label_names.tolist() == ["a", "b"]
    with pytest.raises(ValueError, match="in calls of their own"):
        as_paths([x, "davis"], tmp_path, {"items": table})


def test_compare_refuses_vectors_before_anything_runs(tmp_path):
    np.save(tmp_path / "x.npy", np.eye(3))
    with pytest.raises(ValueError, match=r"x\.npy holds vectors \(`spikeproof spk` takes them\)"):
        compare([tmp_path / "x.npy"], out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_compare_takes_objects(x, tmp_path):
    compare({"mine": x}, twins=2, rank=2, out=tmp_path)
    (name,) = json.loads((tmp_path / "compare.json").read_text())["matrices"]
    assert "mine-" in name
