"""`--operator` of spk and compare, and `operator` of study files: what is taken, told, stored, replayed and refused."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import theory
from experiments import OwnMatrix, spikes_of, stored_studies
from experiments.matrices import load
from experiments.real.compared import comparison
from experiments.real.comparison import compare
from experiments.running.export import read_rows
from experiments.studies.study_file import read_study
from reports import write_comparison
from reports.analyses import read_analyses, read_manifest
from simulate import LogNormal, dcbm, sample_graph


@pytest.fixture(scope="module")
def graph():
    rng = np.random.default_rng(0)
    model = dcbm(150, 3, heterogeneity=LogNormal(0.5), mean_degree=14, mixing=0.1, rng=rng)
    return sample_graph(model, rng, law="poisson", dtype=np.float64)


@pytest.mark.parametrize("name", theory.OPERATORS)
def test_spk_takes_every_operator_of_a_graph(name, graph):
    found = spikes_of(OwnMatrix("mine", "graph", graph), [2, 3], operator=name, null=1)
    vectors = theory.embed(graph, 3, operator=name).vectors("full", 3)
    assert found.curve["peaks"].iloc[-1] == theory.spikiness(vectors).n_peaks
    assert any(note.startswith(f"operator {name}: ") for note in found.notes) == (name != "adjacency")


def test_the_usual_operator_by_name_is_none(graph):
    own = OwnMatrix("mine", "graph", graph)
    plain, named = (spikes_of(own, [3], operator=operator, null=1) for operator in (None, "adjacency"))
    pd.testing.assert_frame_equal(plain.curve, named.curve, check_exact=True)
    assert plain.notes == named.notes


def test_the_walk_makes_no_spikes_of_varying_norm(graph):
    own = OwnMatrix("mine", "graph", graph)
    spread = {
        name: spikes_of(own, [3], operator=name, null=0).curve["norm_cv"].iloc[0]
        for name in ("adjacency", "random-walk")
    }
    assert spread["random-walk"] < spread["adjacency"] / 1.5


def test_spk_of_a_file_says_the_operator_and_refuses_what_is_not_possible(spikeproof, graph, tmp_path):
    sparse.save_npz(tmp_path / "graph.npz", graph)
    np.save(tmp_path / "vectors.npy", np.random.default_rng(0).standard_normal((30, 4)))
    (tmp_path / "log.csv").write_text("context,item\n" + "".join(f"c{k % 9},i{k % 7}\n" for k in range(63)))
    done = spikeproof("spk", "graph.npz", "--operator", "non-backtracking", "--null", 1, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "operator non-backtracking" in done.stdout and "real eigenvalues outside the circle" in done.stdout
    for file, operator, words in (
        ("vectors.npy", "random-walk", "vectors have no operator"),
        (
            "log.csv",
            "random-walk",
            "the operator random-walk needs a graph; interactions have ppmi and counts",
        ),
        ("graph.npz", "random-wlk", "did you mean 'random-walk'?"),
    ):
        refused = spikeproof("spk", file, "--operator", operator, cwd=tmp_path)
        assert refused.returncode == 2 and words in " ".join(refused.stderr.split())
    counts = spikeproof("spk", "log.csv", "--operator", "counts", "--rank", 2, "--null", 1, cwd=tmp_path)
    assert counts.returncode == 0 and "operator counts" in counts.stdout


def test_a_tree_has_no_real_eigenvalue_outside_the_circle(tmp_path):
    path = sparse.diags_array([np.ones(9), np.ones(9)], offsets=[1, -1], format="csr")
    with pytest.raises(
        ValueError,
        match="mine must have an eigenvalue to have vectors; the non-backtracking matrix has 0 real",
    ):
        spikes_of(OwnMatrix("mine", "graph", path), [2], operator="non-backtracking")


def test_compare_keeps_operators_apart_and_tells_them(tmp_path):
    folder = tmp_path / "out"
    for operator in (None, "random-walk"):
        compare(["les-miserables"], twins=2, rank=4, operator=operator, out=folder)
        manifest = read_manifest(folder)
        assert manifest.get("operator") == operator
        (found,), failures = read_analyses(folder, manifest)
        assert not failures and len(found.measured["twin"]) == 2 and len(found.measured["real"]) == 1
        if operator:
            assert found.real["spectrum"][0] == pytest.approx(1) and found.described["advice"] == []
            assert found.real["estimated_degree"] is None and found.described["shape"] is None
            assert any(note.startswith("operator random-walk: D^-1 A") for note in found.described["notes"])
    rows = read_rows(folder, "compare-twin", seed=0)
    assert len(rows) == 4 and sorted(rows["operator"].fillna("").unique()) == ["", "random-walk"]
    key = rows.loc[rows["operator"] == "random-walk", "key"].iloc[0]
    stored, again = stored_studies.replay(folder, key)
    assert stored.row == again.row


def test_the_page_leaves_out_rows_of_another_way_of_reading(graph, tmp_path):
    edges, upper = tmp_path / "mine.edges", sparse.triu(graph, 1).tocoo()
    pairs = zip(*upper.coords, range(upper.nnz), strict=True)
    edges.write_text("".join(f"{i} {j} {1 + k % 3}\n" for i, j, k in pairs))
    for options in ({}, {"binary": True}, {"reading": {"encoding": "latin-1"}}):
        compare([str(edges)], twins=1, rank=2, out=tmp_path / "out", **options)
        (found,), failures = read_analyses(tmp_path / "out", read_manifest(tmp_path / "out"))
        assert not failures and len(found.measured["real"]) == len(found.measured["twin"]) == 1
    assert len(read_rows(tmp_path / "out", "compare-twin", seed=0)) == 3


def test_the_usual_operator_by_name_has_the_keys_of_the_rows_without(tmp_path):
    compare(["davis"], twins=1, rank=3, operator="ppmi", out=tmp_path)
    (plain, *_) = comparison({"davis": 3}, twins=1)
    assert read_rows(tmp_path, "compare-real", seed=0)["key"].tolist() == [
        task.key for task in plain.tasks(0)
    ]
    assert "operator" not in json.loads((tmp_path / "compare.json").read_text())


def test_the_page_of_another_operator_tells_it(tmp_path):
    compare(["les-miserables"], twins=1, operator="bethe-hessian", binary=True, out=tmp_path)
    page = write_comparison(tmp_path).read_text("utf-8")
    assert "operator bethe-hessian: " in page and "eigenvalues, smallest first" in page
    assert (
        "A node&#39;s norm follows its degree" not in page and "A node's norm follows its degree" not in page
    )


def test_interactions_are_compared_by_their_counts(tmp_path):
    compare(["davis"], twins=1, operator="counts", out=tmp_path)
    (found,), failures = read_analyses(tmp_path, read_manifest(tmp_path))
    assert not failures and found.described["operator"] == "counts" and found.described["retrieval"] is None
    assert found.real["spectrum"][0] == pytest.approx(
        theory.analyse(load("davis").matrix, 3, kind="interactions", operator="counts").embedding.eigenvalues[
            0
        ],
        rel=1e-6,
    )


@pytest.mark.parametrize(
    ("matrix", "operator", "words"),
    [
        ("les-miserables", "non-backtracking", "compare takes no operator non-backtracking"),
        ("davis", "modularity", "the operator modularity needs a graph"),
        ("davis", "walk", "operator must be one of"),
        ("les-miserables", "counts", "needs a graph of equal weights to be compared.*--binary"),
    ],
)
def test_what_compare_cannot_do_is_refused_before_anything_is_written(matrix, operator, words, tmp_path):
    with pytest.raises(ValueError, match=words):
        compare([matrix], twins=1, operator=operator, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


STUDY = """
trial = "{trial}"
[grid]
{grid}
[fixed]
n = 120
mean_degree = 20
"""


def study(tmp_path, grid, trial="spikes_of_a_block_model", overrides=()):
    path = tmp_path / "mine.toml"
    path.write_text(STUDY.format(grid=grid, trial=trial))
    return read_study(path, overrides)


def test_a_study_sweeps_operators_on_the_same_graphs(tmp_path):
    plain = study(tmp_path, "sigma = [0.8]")
    both = study(tmp_path, "sigma = [0.8]\noperator = ['adjacency', 'random-walk']")
    rows = {task.cell["operator"]: both.trial(task.cell, both.generators(task)) for task in both.tasks(0)}
    (task,) = plain.tasks(0)
    assert "operator" not in task.cell and plain.trial(task.cell, plain.generators(task)) == rows["adjacency"]
    assert (
        rows["random-walk"]["cv_theta"] == rows["adjacency"]["cv_theta"]
        and rows["random-walk"] != rows["adjacency"]
    )


@pytest.mark.parametrize("given", ["operator = 'adjacency'", "operator = ['adjacency']"])
def test_the_usual_operator_keeps_the_keys_of_a_study(given, tmp_path):
    keys = [task.key for task in study(tmp_path, "sigma = [0.8]").tasks(0)]
    assert [task.key for task in study(tmp_path, f"sigma = [0.8]\n{given}").tasks(0)] == keys
    over = study(tmp_path, "sigma = [0.8]\noperator = 'modularity'", overrides=["operator=adjacency"])
    assert [task.key for task in over.tasks(0)] == keys


def test_a_growing_graph_takes_an_operator_and_a_row_is_replayed(spikeproof, tmp_path):
    (tmp_path / "mine.toml").write_text(
        STUDY.format(grid="operator = ['modularity']", trial="spikes_of_a_growing_graph")
        + "k = 5\nqueries = 20\n"
    )
    done = spikeproof("sweep", "mine.toml", "--out", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    key = pd.read_parquet(tmp_path / "out/results.parquet")["key"][0]
    again = spikeproof("replay", "out", key, cwd=tmp_path)
    assert again.returncode == 0 and "the same as the stored row" in again.stdout
    listed = spikeproof("sweep", "--list", cwd=tmp_path)
    assert "operator='adjacency'" in " ".join(listed.stdout.split())


@pytest.mark.parametrize(
    ("trial", "grid", "words"),
    [
        ("spikes_of_a_block_model", "operator = [3]", "operator must be of type str"),
        (
            "visibility_of_a_block_model",
            "operator = ['modularity']",
            "parameter must be one of .*; got 'operator'",
        ),
    ],
)
def test_an_operator_that_a_study_cannot_have_is_refused(trial, grid, words, tmp_path):
    with pytest.raises(ValueError, match=words):
        study(tmp_path, grid, trial)
