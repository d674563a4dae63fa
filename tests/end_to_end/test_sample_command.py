"""`spikeproof sample` on the models of its documentation, and on what users get wrong."""

import fcntl
import os
import re
from functools import partial
from pathlib import Path

import pytest

from experiments.matrices import load

DOCS = Path(__file__).parents[2] / "docs" / "models.md"
MODELS = re.findall(r"```toml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.S)


@pytest.fixture
def run(spikeproof):
    """Return the function that runs `spikeproof sample`."""
    return partial(spikeproof, "sample")


@pytest.mark.parametrize(
    ("model", "ending"),
    [(MODELS[0], ".graphml"), (MODELS[1], ".csv"), (MODELS[2], ".npz"), (MODELS[3], ".tsv")],
)
def test_models_of_the_documentation_are_sampled_and_read_again(model, ending, run, tmp_path):
    (tmp_path / "model.toml").write_text(model)
    first = run("model.toml", "-o", f"a{ending}", cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    assert "->" in first.stdout
    run("model.toml", "-o", f"b{ending}", cwd=tmp_path)
    assert (tmp_path / f"a{ending}").read_bytes() == (tmp_path / f"b{ending}").read_bytes()
    found = load(str(tmp_path / f"a{ending}"))
    assert found.matrix.nnz > 1000
    assert (found.times is not None) == ("[growth]" in model)


def test_a_dated_log_is_read_with_its_dates(run, tmp_path):
    (tmp_path / "model.toml").write_text(MODELS[2])
    assert run("model.toml", "-o", "log.csv", cwd=tmp_path).returncode == 0
    log = load(str(tmp_path / "log.csv"), columns=("context", "item", "time"))
    assert log.times.min() >= 0 and 300 < log.times.max() < 365
    refused = run("model.toml", "-o", "log.mtx", cwd=tmp_path)
    assert (
        refused.returncode == 2
        and "interactions with dates must end in one of .csv, .tsv, .npz" in refused.stderr
    )


def test_bad_input_exits_with_2_and_leaves_nothing(run, tmp_path):
    (tmp_path / "model.toml").write_text(MODELS[0].replace("15.0", "1500.0"))
    too_dense = run("model.toml", "-o", "a.npz", cwd=tmp_path)
    assert too_dense.returncode == 2
    assert "P must be at most 1" in too_dense.stderr
    assert run("model.toml", "-o", "a.csv", cwd=tmp_path).returncode == 2
    assert run("none.toml", "-o", "a.npz", cwd=tmp_path).returncode == 2
    assert run("model.toml", "-o", "a.npz", "--law", "gauss", cwd=tmp_path).returncode == 2
    assert [path.name for path in tmp_path.iterdir()] == ["model.toml"]
    clipped = run("model.toml", "-o", "a.npz", "--clip", cwd=tmp_path)
    assert clipped.returncode == 0, clipped.stderr
    assert "are lost" in clipped.stdout


def test_a_graph_in_shards_is_continued_and_read_as_a_graph(run, spikeproof, tmp_path):
    (tmp_path / "model.toml").write_text(MODELS[0])
    first = run("model.toml", "-o", "edges", "--shards", "3", cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    assert "in 3 shards -> edges; the model expects 15,000" in first.stdout
    before = (tmp_path / "edges" / "edges-00001-of-00003.parquet").read_bytes()
    (tmp_path / "edges" / "edges-00001-of-00003.parquet").unlink()
    assert "2 of them there already" in run("model.toml", "-o", "edges", "--shards", "3", cwd=tmp_path).stdout
    assert (tmp_path / "edges" / "edges-00001-of-00003.parquet").read_bytes() == before
    other = run("model.toml", "-o", "edges", "--shards", "3", "--seed", "1", cwd=tmp_path)
    assert other.returncode == 2 and "holds another graph in shards" in other.stderr
    told = spikeproof("matrices", "edges", cwd=tmp_path)
    assert told.returncode == 0 and "2,000" in told.stdout, told.stdout + told.stderr


def test_a_folder_that_another_command_fills_with_shards_is_left_to_it(run, tmp_path):
    """Not even its drafts are removed, and no other graph is begun beside it."""
    (tmp_path / "model.toml").write_text(MODELS[0])
    folder = tmp_path / "edges"
    folder.mkdir()
    (folder / f".{'0' * 16}.unfinished").write_text("theirs")
    theirs = os.open(folder, os.O_RDONLY)
    fcntl.flock(theirs, fcntl.LOCK_EX)
    command = partial(run, "model.toml", "-o", "edges", "--shards", "3", "--wait", "0", cwd=tmp_path)
    done = command(COLUMNS="500")
    assert done.returncode == 2 and f"another command that is at work in {folder}" in done.stderr
    assert [path.read_text() for path in folder.iterdir()] == ["theirs"]
    os.close(theirs)
    assert command().returncode == 0
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []
