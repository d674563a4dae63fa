"""`spikeproof stability`: snapshots of vectors and of logs, the forecast for one log, what is written, and what is refused."""

import fcntl
import os
import subprocess
import sys
from functools import partial

import numpy as np
import pandas as pd
import pytest

from experiments.running.store import Store

ODD = "=a\x1b]0;t\x07\u202e"


@pytest.fixture
def run(spikeproof):
    """Return the function that runs `spikeproof stability`."""
    return partial(spikeproof, "stability", COLUMNS="300")


def write_vectors(path, rows, names):
    np.savetxt(
        path,
        np.column_stack([names, rows]),
        fmt="%s",
        delimiter=",",
        header="item,0,1,2,3,4,5,6,7",
        comments="",
    )


@pytest.fixture
def months(tmp_path):
    """Three months of vectors of a catalogue, and their names."""
    rng = np.random.default_rng(0)
    rows = rng.standard_normal((60, 8)).round(4)
    names = np.array([f"song {k}" for k in range(60)])
    for month in range(3):
        write_vectors(tmp_path / f"m{month}.csv", rows.round(4), names)
        rows = rows + 0.2 * rng.standard_normal((60, 8))
    return tmp_path


def write_log(path, dates=True, seed=0):
    rng = np.random.default_rng(seed)
    lines = ["user,song,date"] if dates else ["user,song"]
    for user in range(400):
        for song in rng.choice(np.arange(40) * 3 + user % 3, 5, replace=False):
            lines.append(f"u{user},s{song}" + (f",2020-01-{1 + user // 20:02d}" if dates else ""))
    path.write_text("\n".join(lines) + "\n")


def test_snapshots_in_a_sentence_a_table_a_csv_and_a_figure(run, months):
    done = run("m0.csv", "m1.csv", "m2.csv", "--k", 5, "--out", "o", cwd=months)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("from m1.csv to m2.csv items keep ") and "fifth of norm 5" in done.stdout
    table = pd.read_csv(months / "o" / "stability.csv")
    assert list(zip(table["earlier"], table["later"], table["against"])) == sorted(
        zip(table["earlier"], table["later"], table["against"]), key=lambda row: row[2] == "last"
    )
    assert set(table["group"]) == {"all", "norm", "spike"} and table["overlap"].between(0, 1).all()
    figure = (months / "o" / "stability.svg").read_text()
    assert figure.startswith('<svg id="spikeproof-stability" ') and "</svg>" in figure
    again = run("m0.csv", "m1.csv", "m2.csv", "--k", 5, "--out", "o", cwd=months)
    assert again.returncode == 0 and pd.read_csv(months / "o" / "stability.csv").equals(table)
    pair = run("m0.csv", "m1.csv", "--k", 5, "--similarity", "cosine", "--out", "pair", cwd=months)
    assert pair.returncode == 0 and "nearest by cosine" in pair.stdout
    assert (months / "pair" / "stability.svg").read_text().startswith("<svg ")


def test_one_log_gets_a_forecast_for_each_item_and_its_check(run, tmp_path):
    write_log(tmp_path / "log.csv")
    done = run("log.csv", "--columns", "user,song,date", "--rank", 3, "--k", 5, "--out", "o", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("log.csv: of 120 items, ") and "checked on the dates" in done.stdout
    assert "grow by new contexts, as its dates say" in done.stdout
    table = pd.read_csv(tmp_path / "o" / "trust.csv")
    assert list(table.columns) == ["item", "forecast", "low", "high", "show"] and len(table) == 120
    assert (table["low"] <= table["forecast"]).all() and (table["forecast"] <= table["high"]).all()
    assert table["show"].eq("no").equals(table["forecast"] < 0.5)
    assert not (tmp_path / "o" / "stability.csv").exists()
    other = run("log.csv", "--columns", "user,song,date", "--rank", 3, "--k", 5, "--out", "p", cwd=tmp_path)
    assert other.returncode == 0
    assert (tmp_path / "p" / "trust.csv").read_bytes() == (tmp_path / "o" / "trust.csv").read_bytes()
    options = ("--share", 0.5, "--grows", "interactions", "--draws", 2, "--seed", 1)
    more = run("log.csv", "--columns", "user,song", "--rank", 3, "--k", 5, *options, cwd=tmp_path)
    assert more.returncode == 0 and "grows by 50%" in more.stdout and "checked" not in more.stdout
    assert "in 2 random subsamples" in more.stdout and "as asked for" in more.stdout


def test_logs_as_snapshots_have_popularity(run, tmp_path):
    for seed in range(2):
        write_log(tmp_path / f"l{seed}.csv", dates=False, seed=seed)
    done = run("l0.csv", "l1.csv", "--rank", 3, "--k", 5, "--out", "o", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "popularity" in set(pd.read_csv(tmp_path / "o" / "stability.csv")["group"])


def test_names_from_data_are_shown_and_no_cell_is_a_formula(run, months):
    rows = np.random.default_rng(1).standard_normal((60, 8)).round(4)
    write_vectors(months / "m0.csv", rows, [ODD, *(f"=s{k}" for k in range(59))])
    (months / f"{ODD}.csv").write_bytes((months / "m0.csv").read_bytes())
    done = run("m0.csv", f"{ODD}.csv", "--k", 5, "--out", "o", cwd=months)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert not [c for c in said if (c < " " and c != "\n") or "\x7f" <= c <= "\x9f" or c == "\u202e"]
    write_log(months / "log.csv", dates=False)
    text = (months / "log.csv").read_text().replace(",s0\n", f",{ODD}\n")
    (months / "log.csv").write_text(text)
    done = run("log.csv", "--rank", 3, "--k", 5, "--out", "o", cwd=months)
    assert done.returncode == 0, done.stderr
    assert not [c for c in done.stdout if c in "\x1b\x07\u202e"]
    assert "'=a" in (months / "o" / "trust.csv").read_text()


def test_only_its_own_files_are_replaced_and_no_input(run, months):
    write_log(months / "trust.csv", dates=False)
    done = run("trust.csv", "--rank", 3, "--k", 5, "--out", ".", "--overwrite", cwd=months)
    assert done.returncode == 2 and "is read by this command" in done.stderr
    (months / "o").mkdir()
    for name, arguments in (
        ("trust.csv", ("trust.csv", "--rank", 3)),
        ("stability.csv", ("m0.csv", "m1.csv")),
        ("stability.svg", ("m0.csv", "m1.csv")),
    ):
        (months / "o" / name).write_text("mine\n")
        done = run(*arguments, "--k", 5, "--out", "o", cwd=months)
        assert done.returncode == 2 and "--overwrite" in done.stderr
        assert (months / "o" / name).read_text() == "mine\n"
        done = run(*arguments, "--k", 5, "--out", "o", "--overwrite", cwd=months)
        assert done.returncode == 0, done.stderr


def test_of_vectors_alone_nothing_is_forecast(run, months):
    done = run("m0.csv", "--out", "o", cwd=months)
    assert done.returncode == 2 and "holds vectors, which cannot be thinned" in done.stderr
    assert not (months / "o").exists()


def test_vectors_and_a_log_whose_columns_are_named(run, months):
    write_log(months / "log.csv", dates=False)
    names = [f"s{song}" for song in range(120)]
    write_vectors(months / "v.csv", np.random.default_rng(0).standard_normal((120, 8)).round(4), names)
    text = (months / "log.csv").read_text().replace("user,song", "who,what", 1)
    (months / "log.csv").write_text(text)
    done = run("v.csv", "log.csv", "--columns", "who,what", "--rank", 3, "--k", 5, cwd=months)
    assert done.returncode == 0, done.stderr
    assert "from v.csv to log.csv items keep " in done.stdout
    refused = run("v.csv", "v.csv", "--columns", "who,what", "--k", 5, cwd=months)
    assert refused.returncode == 2 and "columns does not apply" in refused.stderr


def test_nothing_but_the_outputs_is_left_in_the_folder(run, months):
    assert run("m0.csv", "m1.csv", "--k", 5, "--out", "o", cwd=months).returncode == 0
    assert sorted(path.name for path in (months / "o").iterdir()) == ["stability.csv", "stability.svg"]


def test_commands_at_once_in_one_folder_disturb_none(run, tmp_path, monkeypatch):
    """Another one begins and ends between the first result of a draw and its place in the store."""
    arguments = ("davis", "--k", "5", "--draws", "2", "--out")
    assert run(*arguments, "alone", cwd=tmp_path).returncode == 0
    others, kept, write = [], [], Store.write

    def written(store, task, outcome):
        if not others:
            command = [sys.executable, "-m", "spikeproof", "stability", *arguments, "o", "--seed", "1"]
            others.append(subprocess.run(command, cwd=tmp_path, capture_output=True, check=False))
        write(store, task, outcome)
        kept.append(len(list(store.rows())))

    monkeypatch.setattr(Store, "write", written)
    done = run(*arguments, "o", cwd=tmp_path)
    assert [done.returncode, others[0].returncode] == [0, 0], done.stderr
    assert kept == [3, 4]  # two of the other one, and ours
    assert [path.name for path in (tmp_path / "o").iterdir()] == ["trust.csv"]
    assert (tmp_path / "o/trust.csv").read_bytes() == (tmp_path / "alone/trust.csv").read_bytes()


def test_a_folder_in_which_another_command_writes_for_long_is_named(run, months):
    (months / "o").mkdir()
    theirs = os.open(months / "o", os.O_RDONLY)
    fcntl.flock(theirs, fcntl.LOCK_EX)
    try:
        done = run("m0.csv", "m1.csv", "--k", 5, "--out", "o", "--wait", 0, cwd=months)
    finally:
        os.close(theirs)
    said = " ".join(done.stderr.split())
    assert done.returncode == 2 and f"another command that is at work in {months / 'o'}" in said
    assert run("m0.csv", "m1.csv", "--k", 5, "--out", "o", cwd=months).returncode == 0


def test_a_log_beside_vectors_whose_columns_are_named_is_read_as_a_log(run, spikeproof, months):
    rows = np.column_stack([np.arange(60), np.random.default_rng(0).standard_normal((60, 3)).round(4)])
    np.savetxt(months / "v.csv", rows, fmt="%g", delimiter=",", header="song,x,y,z", comments="")
    log = [f"{k % 9},{k % 60},{k % 5 / 2}" for k in range(300)]
    (months / "log.csv").write_text("\n".join(["user,song,stars", *log]))
    done = run("v.csv", "log.csv", "--vector-columns", "x,y,z", "--rank", 3, "--k", 5, cwd=months)
    assert done.returncode == 0 and "vectors = 'x' to 'z' (3 columns)" in done.stdout, done.stderr
    for command in ("compare", "stability"):
        words = ("v.csv", "log.csv", "--vector-columns", "2-3", "--out", "o")
        refused = spikeproof(command, *words, cwd=months, COLUMNS="300")
        assert refused.returncode == 2 and not (months / "o").exists()
        assert "log.csv may hold vectors or a log: it has --vector-columns 2-3" in refused.stderr
