"""The command as a user meets it: its output, its files, its exit codes, and one sentence for every bad input."""

import json
import subprocess
import sys

import pytest


def test_help_names_the_commands_and_loads_no_numerics(tmp_path):
    code = (
        "import sys; from spikeproof.app import _register_subcommands, app; _register_subcommands();"
        "heavy = {'numpy', 'scipy', 'pandas', 'matplotlib', 'graspologic', 'numba', 'dask'} & set(sys.modules);"
        "assert not heavy, heavy"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=False).returncode == 0
    shown = subprocess.run(
        [sys.executable, "-m", "spikeproof", "--help"], capture_output=True, text=True, check=False
    )
    assert shown.returncode == 0 and "verify" in shown.stdout


def test_verify_writes_ledger_rows_figures_and_page(spikeproof, tmp_path):
    done = spikeproof("verify", "A1", "A2", "--quick", "--out", tmp_path / "out", "--workers", "1")
    assert done.returncode == 0, done.stderr
    assert "A block model's rows lie on rays" in " ".join(done.stdout.split()) or "A1" in done.stdout
    ledger = json.loads((tmp_path / "out/ledger.json").read_text())
    assert [(entry["id"], entry["verdict"], entry["status"]) for entry in ledger["claims"]] == [
        ("A1", "holds", "ok"),
        ("A2", "holds", "ok"),
    ]
    page = (tmp_path / "out/index.html").read_text()
    assert "<script" not in page and 'http-equiv="Content-Security-Policy"' in page
    assert {"A1-1.svg", "A2-1.svg"} <= {path.name for path in (tmp_path / "out/figures").iterdir()}
    again = spikeproof(
        "verify", "A1", "--quick", "--out", tmp_path / "out", "--check", tmp_path / "out/ledger.json"
    )
    assert again.returncode == 0, again.stdout + again.stderr
    said = " ".join(again.stdout.split())
    assert "1 verdicts and rules agree with" in said
    assert "held 1 other claims, which the ledger and the page now leave out" in said


def test_a_baseline_with_another_verdict_exits_with_one(spikeproof, tmp_path):
    baseline = {"claims": [{"id": "A1", "verdict": "refuted"}]}
    (tmp_path / "baseline.json").write_text(json.dumps(baseline))
    done = spikeproof(
        *("verify", "A1", "--quick", "--workers", "1"),
        *("--out", tmp_path / "out", "--check", tmp_path / "baseline.json"),
    )
    assert done.returncode == 1
    assert "A1 was refuted, is holds" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["verify", "A77"], "got 'A77'"),
        (["verify", "--matrix", "filmsactors"], "did you mean 'films-actors'"),
        (["verify", "--seed", "-1"], "seed must be an integer from 0 to 9223372036854775807; got -1"),
        (["verify", "--workers", "0"], "workers must be an integer of at least 1; got 0"),
        (["verify", "--quick", "--thorough"], "exclude each other"),
        (["verify", "--check", "/nowhere/b.json"], "/nowhere/b.json: No such file"),
        (["verify", "A1", "--out", "FILE/below"], "Not a directory"),
        (["verify", "A1", "--out", "FILE"], "must be a folder; it is a file"),
        (["nonsense"], "No such command"),
        (["verify", "--nonsense"], "No such option"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_two(arguments, words, spikeproof, tmp_path):
    (tmp_path / "FILE").write_text("x")
    done = spikeproof(*arguments, cwd=tmp_path, COLUMNS="400")
    assert done.returncode == 2, done.stdout + done.stderr
    assert words in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr + done.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["FILE"]  # nothing half-written


def test_a_folder_of_another_seed_is_refused_and_left_as_it_was(spikeproof, tmp_path):
    first = spikeproof("verify", "A2", "--quick", "--workers", "1", "--out", tmp_path / "out")
    assert first.returncode == 0, first.stderr
    before = (tmp_path / "out/ledger.json").read_bytes()
    second = spikeproof("verify", "A2", "--quick", "--seed", "1", "--out", tmp_path / "out")
    assert second.returncode == 2 and "holds the results of seed 0; got seed 1" in " ".join(
        second.stderr.split()
    )
    assert (tmp_path / "out/ledger.json").read_bytes() == before
