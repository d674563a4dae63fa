"""`spikeproof compare` and `report` as a user runs them."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from experiments.real.compared import comparison
from experiments.running.export import read_rows
from spikeproof.app import _register_subcommands, app

_register_subcommands()


def run(*arguments):
    return CliRunner().invoke(app, [str(a) for a in arguments])


def test_one_page_and_the_same_again_by_report(tmp_path):
    result = run("compare", "davis", "les-miserables", "--twins", 2, "--workers", 1, "--out", tmp_path)
    assert result.exit_code == 0, result.output
    said = " ".join(result.output.split())
    assert "Is it spiky beyond chance? No, it is no spikier than chance." in said  # of davis
    assert said.count("Does a block model explain it? ") == 2
    assert "davis: at f =" in result.output and "les-miserables: at f =" in result.output
    page = (tmp_path / "compare.html").read_bytes()
    again = run("report", tmp_path)
    assert again.exit_code == 0 and "compare.html" in again.output
    assert (tmp_path / "compare.html").read_bytes() == page


@pytest.mark.parametrize("blocks", ["leiden", "labels"])
def test_blocks_by_other_means(tmp_path, blocks):
    result = run(
        "compare",
        "davis" if blocks == "leiden" else "films-actors-3000",
        "--twins",
        1,
        "--blocks",
        blocks,
        "--out",
        tmp_path,
    )
    assert result.exit_code == 0, result.output


def test_rows_do_not_depend_on_the_workers(tmp_path):
    for workers in (1, 2):
        run("compare", "davis", "--twins", 3, "--workers", workers, "--out", tmp_path / str(workers))
    rank = json.loads((tmp_path / "1" / "compare.json").read_text())["ranks"]["davis"]
    for study in comparison({"davis": rank}, "spikes", 3):
        one, two = (read_rows(tmp_path / w, study.name, seed=0) for w in "12")
        assert one["measured"].tolist() == two["measured"].tolist()
        assert len(one) == study.replicates
    replayed = run("replay", tmp_path / "1", one["key"].iloc[0])
    assert replayed.exit_code == 0 and "the same as the stored row" in replayed.output


def test_a_rank_beyond_that_of_the_matrix_is_lowered_and_said(tmp_path):
    """Every leaf knows all four hubs: a matrix of rank 2."""
    pairs = "".join(f"hub{j} leaf{k}\n" for k in range(30) for j in range(4))
    (tmp_path / "two.edges").write_text(pairs)
    result = run("compare", tmp_path / "two.edges", "--rank", 9, "--twins", 1, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "the matrix has rank 2 up to rounding" in result.output
    assert list(json.loads((tmp_path / "out" / "compare.json").read_text())["ranks"].values()) == [2]


def test_the_rank_is_that_of_parallel_analysis_or_as_asked(tmp_path):
    run("compare", "les-miserables", "--twins", 1, "--out", tmp_path / "chosen")
    chosen = json.loads((tmp_path / "chosen" / "compare.json").read_text())
    assert 2 <= chosen["ranks"]["les-miserables"] <= 9 and chosen["rank"] == "chosen"  # 77 rows
    result = run("compare", "les-miserables", "--rank", 7, "--twins", 1, "--out", tmp_path / "asked")
    assert "les-miserables: at f = 7, " in result.output
    page = (tmp_path / "asked" / "compare.html").read_text("utf-8")
    assert "f was given" in page and "The spikes at f = 7" in page


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["compare", "no-such-matrix"], "no-such-matrix"),
        (["compare", "davis", "--blocks", "colours"], "blocks"),
        (["compare", "davis", "--blocks", "labels"], "has no labels"),
        (["report", "/nowhere/at/all"], "must hold a run"),
    ],
)
def test_bad_input_is_refused_before_anything_is_written(tmp_path, arguments, words):
    more = ["--out", tmp_path / "out"] if arguments[0] == "compare" else []
    result = run(*arguments, *more)
    assert isinstance(result.exception, (ValueError, OSError))
    assert words in str(result.exception)
    assert not (tmp_path / "out").exists()


def test_the_manifest_says_what_was_compared(tmp_path):
    run("compare", "davis", "--twins", 1, "--out", tmp_path, "--seed", 5)
    assert json.loads((tmp_path / "compare.json").read_text())["seed"] == 5


def test_each_of_two_commands_in_one_folder_tells_its_own_answers(tmp_path, monkeypatch):
    """The other one ends between our last row and our page, which is of whatever the folder then holds."""
    pairs = "".join(f"hub{j} leaf{k}\n" for k in range(30) for j in range(4))
    (tmp_path / "two.edges").write_text(pairs)
    arguments = ["--twins", 1, "--workers", 1, "--out", tmp_path / "o"]
    assert run("compare", tmp_path / "two.edges", *arguments).exit_code == 0
    other = (tmp_path / "o/compare.json").read_text()
    monkeypatch.setattr(
        "spikeproof.compare.tell_missing", lambda *_: (tmp_path / "o/compare.json").write_text(other)
    )
    result = run("compare", "davis", *arguments)
    said = " ".join(result.output.split())
    assert result.exit_code == 0 and "davis: at f =" in said and "two.edges: at f =" not in said
    assert "shows another comparison, which ended later in the same folder" in said
    assert "two.edges" in (tmp_path / "o/compare.html").read_text()


def test_bad_rows_are_refused_or_skipped_and_counted(tmp_path):
    log = tmp_path / "log.csv"
    rows = [f"c{k % 40},i{(7 * k + k // 40) % 25}" for k in range(400)]
    log.write_text("context,item\n" + "\n".join([*rows, "only-one-field"]) + "\n")
    refused = run("compare", log, "--twins", 1, "--out", tmp_path / "out")
    assert "402" in str(refused.exception)
    result = run("compare", log, "--twins", 1, "--skip-bad-rows", "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "skipped" in (tmp_path / "out" / "compare.html").read_text("utf-8")
    assert "contexts = context, items = item" in result.output


def test_vectors_of_ones_own_with_their_log_and_beside_each_other(tmp_path):
    rng = np.random.default_rng(0)
    names = np.array([f"song {k}" for k in range(60)])
    for name in ("svd", "als"):
        rows = np.eye(3)[np.arange(60) % 3] + 0.1 * rng.standard_normal((60, 3))
        np.savez(tmp_path / f"{name}.npz", vectors=rows * rng.lognormal(0, 0.5, (60, 1)), names=names)
    pairs = [f"user {k % 20};{names[(7 * k + k // 20) % 50]}" for k in range(200)]
    (tmp_path / "log.csv").write_text("user;song\n" + "\n".join(pairs) + "\n")
    arguments = ["--log", tmp_path / "log.csv", "--separator", ";", "--workers", 1, "--out", tmp_path / "out"]
    result = run("compare", tmp_path / "svd.npz", tmp_path / "als.npz", *arguments)
    assert result.exit_code == 0, result.output
    said = " ".join(result.output.split())
    assert "first page:" in said and "50 of 60 vectors are items of" in said
    assert "svd.npz and als.npz share 60 items" in said
    assert "svd.npz" in (tmp_path / "out" / "compare.html").read_text("utf-8")
