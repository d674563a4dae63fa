"""Sweeps from the command: continued, replayed, exported; and each bad study named in one sentence."""

import json
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace

import pandas as pd
import pytest

from experiments import stored_studies
from experiments.studies.study_file import read_study, shipped_studies

STUDY = """
trial = "spikes_of_a_block_model"
replicates = 2
[grid]
n = [60, 80]
[[zip]]
blocks = [2, 3]
mixing = [0.1, 0.05]
[fixed]
mean_degree = 10
"""


def test_a_sweep_runs_continues_replays_and_exports(spikeproof, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "300")
    (tmp_path / "mine.toml").write_text(STUDY)
    planned = spikeproof("sweep", "mine.toml", "--dry-run", "--out", "out", cwd=tmp_path)
    assert planned.returncode == 0 and "8 tasks" in planned.stdout and not (tmp_path / "out").exists()
    first = spikeproof("sweep", "mine.toml", "--out", "out", cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    table = pd.read_parquet(tmp_path / "out/results.parquet")
    assert len(table) == 8 and table["error"].isna().all()
    before = (tmp_path / "out/results.parquet").read_bytes()
    assert spikeproof("sweep", "mine.toml", "--out", "out", "--workers", "2", cwd=tmp_path).returncode == 0
    assert (tmp_path / "out/results.parquet").read_bytes() == before
    status = spikeproof("status", "out", cwd=tmp_path)
    assert status.returncode == 0 and "mine" in status.stdout and "8" in status.stdout
    key = table["key"][3]
    replayed = spikeproof("replay", "out", key, cwd=tmp_path)
    assert replayed.returncode == 0 and "the same as the stored row" in replayed.stdout
    row = json.loads(table["row"][3])
    assert str(row["peaks"]) in replayed.stdout
    once = stored_studies.replay

    def another(folder, key):
        stored, again = once(folder, key)
        return replace(stored, row={**stored.row, "peaks": stored.row["peaks"] + 1}), again

    with monkeypatch.context() as patched:
        patched.setattr(stored_studies, "replay", another)
        differs = spikeproof("replay", "out", key, cwd=tmp_path)
    assert differs.returncode == 1 and "differs from the stored row" in differs.stdout
    assert spikeproof("export", "out", "--csv", cwd=tmp_path).returncode == 0
    flat = pd.read_csv(tmp_path / "out/results.csv")
    assert len(flat) == 8 and {"study", "n", "noise", "replicate", "spk", "error", "key"} <= set(flat)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("trial = ", "expected a TOML file"),
        ("trail = 'x'", "got 'trail' (did you mean 'trial'?)"),
        ("trial = 'spikes_of_a_blok_model'", "did you mean 'spikes_of_a_block_model'"),
        ("trial = 'spikes_of_a_block_model'\n[grid]\nmean_degre = [1.0]", "did you mean 'mean_degree'"),
        ("trial = 'spikes_of_a_block_model'\n[grid]\nn = ['many']", "n must be of type int; got str 'many'"),
        ("trial = 'spikes_of_a_block_model'\n[grid]\nn = [1.5]", "n must be of type int; got float 1.5"),
        ("trial = 'spikes_of_a_block_model'\n[grid]\nn = []", "at least one cell"),
        ("trial = 'spikes_of_a_block_model'\n[grid]\nn = {from = 1, too = 3}", "got 'too'"),
        ("trial = 'spikes_of_a_block_model'\n[[zip]]\nn = [1, 2]\nblocks = [1]", "one length"),
        ("trial = 'spikes_of_a_block_model'\nreplicates = 0", "replicates must be an integer of at least 1"),
        ("trial = 'spikes_of_a_block_model'\ngrid = 3", "grid must be a table"),
        (
            "trial = 'spikes_of_a_block_model'\nreplicates = 2000000",
            "2,000,000 tasks, more than 1,000,000; add --yes",
        ),
    ],
)
def test_a_bad_study_is_one_sentence_and_exit_code_two(text, words, spikeproof, tmp_path):
    (tmp_path / "bad.toml").write_text(text)
    done = spikeproof("sweep", "bad.toml", "--out", "out", cwd=tmp_path, COLUMNS="300")
    assert done.returncode == 2 and words in done.stderr, done.stderr
    assert "Traceback" not in done.stderr and not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["sweep", "nois"], "did you mean 'noise'"),
        (["sweep", "absent.toml"], "absent.toml: No such file"),
        (["sweep", "noise", "--set", "n"], "--set takes key=value; got 'n'"),
        (["sweep", "noise", "--workers", "0"], "workers must be an integer of at least 1; got 0"),
        (["status", "nowhere"], "must be a folder that a run has written"),
        (["replay", "nowhere", "k"], "must be a folder that a run has written"),
        (["export", "nowhere"], "must be a folder that a run has written"),
    ],
)
def test_bad_arguments_are_one_sentence_and_exit_code_two(arguments, words, spikeproof, tmp_path):
    done = spikeproof(*arguments, cwd=tmp_path, COLUMNS="300")
    assert done.returncode == 2 and words in done.stderr, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", shipped_studies())
def test_every_shipped_study_runs_a_task(name):
    from experiments.running.one_task import execute, work_of

    study = read_study(name, ["n=200", "mean_degree=20"])
    tasks = list(study.tasks(0))
    assert len(tasks) == len(study.grid) * study.replicates
    outcome = execute(work_of(study, tasks[0]))
    assert outcome.error is None and outcome.row


def test_overrides_replace_a_parameter_wherever_it_stands(tmp_path):
    (tmp_path / "mine.toml").write_text(STUDY)
    study = read_study(tmp_path / "mine.toml", ["n=[5, 6, 7]", "blocks=2", "replicates=1", "scaling=half"])
    assert sorted({cell["n"] for cell in study.grid}) == [5, 6, 7]
    assert {cell["blocks"] for cell in study.grid} == {2} and {cell["scaling"] for cell in study.grid} == {
        "half"
    }
    assert {cell["mean_degree"] for cell in study.grid} == {10.0}
    assert study.replicates == 1


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_keeps_what_finished_and_the_same_command_continues(workers, tmp_path):
    command = [
        sys.executable,
        "-m",
        "spikeproof",
        "sweep",
        "noise",
        "--set",
        "n=3000",  # long enough for the signal to come before the end
        "--set",
        "replicates=3",
    ]
    command += ["--workers", str(workers), "--out", str(tmp_path / "out")]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    store = tmp_path / "out" / "store.sqlite"
    deadline = time.monotonic() + 600
    while time.monotonic() < deadline and (not store.exists() or _rows(store) < 3):
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=600)
    assert process.returncode == 130 and "interrupted" in said and "Traceback" not in said
    kept = _rows(store)
    assert 3 <= kept < 90
    assert subprocess.run(command, check=False).returncode == 0
    assert _rows(store) == 90


def _rows(store):
    try:
        with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as connection:
            return connection.execute("SELECT count(*) FROM results").fetchone()[0]
    except sqlite3.OperationalError:
        return 0
