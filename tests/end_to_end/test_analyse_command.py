"""The command `analyse`: what it says, and what it refuses."""

import os
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "experiments" / "large"))
from logs_in_parquet import communities, write_log


@pytest.fixture
def log(tmp_path):
    return write_log(tmp_path / "log", *communities())


def test_it_says_spk_and_leaves_vectors_that_spk_reads(spikeproof, log, tmp_path):
    done = spikeproof("analyse", "log", "-o", "out", "--rank", 5, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Spk = ") and "at f = 5:" in done.stdout
    vectors, items = (np.load(tmp_path / "out" / name) for name in ("vectors.npy", "items.npy"))
    assert vectors.shape == (len(items), 5)
    whole = spikeproof("spk", "out/vectors.npy", "--all-columns", "--null", 0, cwd=tmp_path)
    assert done.stdout.split()[2] in whole.stdout


def test_the_columns_may_be_named_and_one_file_be_given(spikeproof, tmp_path):
    contexts, items = communities(200, 60)
    write_log(tmp_path / "log", contexts, items, 1, names=("who", "what"))
    one = tmp_path / "log" / "part-0.parquet"
    done = spikeproof("analyse", one, "-o", "out", "--rank", 3, "--columns", "who,what", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "contexts = who, items = what" in done.stdout


def folder_without_parquet(base):
    (base / "bad").mkdir()
    (base / "bad" / "log.csv").write_text("context,item\n1,2\n")


def table(base, **columns):
    (base / "bad").mkdir(exist_ok=True)
    pq.write_table(pa.table(columns), base / "bad" / "a.parquet")


def damaged(base):
    contexts, items = communities(50, 30)
    write_log(base / "bad", contexts, items, 1)
    path = base / "bad" / "part-0.parquet"
    path.write_bytes(path.read_bytes()[:-20])


def damaged_inside(base):
    table(base, context=np.arange(3000), item=np.arange(3000))
    path = base / "bad" / "a.parquet"
    content = bytearray(path.read_bytes())
    content[100:200] = bytes(100)
    path.write_bytes(bytes(content))


BAD_LOGS = {
    "nothing of that name": lambda base: None,
    "no file of that ending": folder_without_parquet,
    "whole numbers": lambda base: table(base, context=[0.5, 1.0], item=[1, 2]),
    "found -3": lambda base: table(base, context=[0, 1], item=[1, -3]),
    "1 missing": lambda base: table(base, context=[0, None], item=[1, 2]),
    "context and item": lambda base: table(base, x=[1, 2], y=[1, 2], z=[3, 4]),
    "no row": lambda base: table(base, context=pa.array([], pa.int64()), item=pa.array([], pa.int64())),
    "found 9223372036854775807": lambda base: table(base, context=[2**63 - 1, 0], item=[1, 2]),
    "together in 2 contexts or more": lambda base: table(base, context=[0, 0, 1], item=[1, 2, 3]),
    "part-0.parquet": damaged,
    "a.parquet": damaged_inside,
}


@pytest.mark.parametrize("said", BAD_LOGS)
def test_bad_logs_are_refused_in_one_sentence(said, spikeproof, tmp_path):
    BAD_LOGS[said](tmp_path)
    done = spikeproof("analyse", "bad", "-o", "out", "--rank", 2, cwd=tmp_path)
    assert done.returncode == 2, done.stdout
    assert said in done.stderr and done.stderr.startswith("error: ") and done.stderr.count("\n") == 1
    assert not (tmp_path / "out" / "vectors.npy").exists()


def a_file(base):
    (base / "out").write_text("mine")


def my_folder(base):
    (base / "out").mkdir()
    (base / "out" / "thesis.tex").write_text("mine")


def foreign_about(base):
    (base / "out").mkdir()
    (base / "out" / "analysis.json").write_text("[]")


def link_of_work(base):
    (base / "out").mkdir()
    (base / "out" / "analysis.json").write_text("{}")
    (base / "elsewhere").mkdir()
    os.symlink(base / "elsewhere", base / "out" / "work")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (a_file, "it is a file"),
        (my_folder, "it holds thesis.tex"),
        (foreign_about, "must be what an analysis wrote"),
        (link_of_work, "it holds work"),
    ],
)
def test_foreign_folders_are_refused_and_left_alone(make, said, spikeproof, log, tmp_path):
    make(tmp_path)
    before = sorted(str(path) for path in (tmp_path / "out").rglob("*"))
    done = spikeproof("analyse", "log", "-o", "out", cwd=tmp_path)
    assert done.returncode == 2 and said in done.stderr
    assert sorted(str(path) for path in (tmp_path / "out").rglob("*")) == before


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--smoothing", 0), "smoothing"),
        (("--shift", -1), "shift"),
        (("--dask", "http://nobody"), "the address of a Dask scheduler"),
        (("--memory", 3), "--memory"),
        (("--columns", "context,nothing"), "nothing"),
    ],
)
def test_options_out_of_range(options, said, spikeproof, log, tmp_path):
    done = spikeproof("analyse", "log", "-o", "out", *options, cwd=tmp_path)
    assert done.returncode == 2 and said in done.stderr


def test_another_analysis_in_the_folder_is_kept_unless_that_is_asked_for(spikeproof, log, tmp_path):
    arguments = ("analyse", "log", "-o", "out", "--rank")
    assert spikeproof(*arguments, 4, cwd=tmp_path).returncode == 0
    before = (tmp_path / "out" / "vectors.npy").read_bytes()
    refused = spikeproof(*arguments, 5, cwd=tmp_path)
    assert refused.returncode == 2 and "rank=4" in refused.stderr and "--overwrite" in refused.stderr
    assert (tmp_path / "out" / "vectors.npy").read_bytes() == before
    assert spikeproof(*arguments, 5, "--overwrite", cwd=tmp_path).returncode == 0
    assert np.load(tmp_path / "out" / "vectors.npy").shape[1] == 5


def test_the_log_may_not_lie_in_the_folder_of_the_result(spikeproof, log, tmp_path):
    done = spikeproof("analyse", "log", "-o", "log", cwd=tmp_path)
    assert done.returncode == 2 and "log" in done.stderr
    assert sorted(path.name for path in log.iterdir()) == [f"part-{k}.parquet" for k in range(3)]


def test_a_damaged_file_of_a_step_is_told_and_made_again(spikeproof, log, tmp_path):
    arguments = ("analyse", "log", "-o", "out", "--rank", 4)
    assert spikeproof(*arguments, cwd=tmp_path).returncode == 0
    vectors = tmp_path / "out" / "vectors.npy"
    before = vectors.read_bytes()
    (victim,) = (tmp_path / "out" / "work").glob("rows-*/000000.arrays")
    for path in (victim, vectors):
        content = bytearray(path.read_bytes())
        content[-200] ^= 1
        path.write_bytes(bytes(content))
    done = spikeproof(*arguments, cwd=tmp_path)
    assert done.returncode == 0 and vectors.read_bytes() == before
    said = " ".join(done.stderr.split())
    assert all(
        f"{path} did not hold what was written there, and is made again" in said for path in (victim, vectors)
    )
