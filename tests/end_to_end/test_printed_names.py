"""Names from data are printed as they are: never markup, never a command to the terminal, never a line of a shell."""

import json
import shlex
import sqlite3

import pytest

from experiments import Study, product
from experiments import run as run_study

ODD = "a[bold]:x:[link=b]\x1b]0;t\x07\x1b[2J\x9bd\u202e[/x] e"
SHOWN = r"a[bold]:x:[link=b]\x1b]0;t\x07\x1b[2J\x9bd\u202e[/x] e"


def text_of(done, code):
    said = done.stdout + done.stderr
    assert done.returncode == code, said
    assert not [c for c in said if (c < " " and c != "\n") or "\x7f" <= c <= "\x9f" or c == "\u202e"]
    assert "fault of" not in said
    return said


def write_log(path):
    pairs = [f"c{k % 40},i{(7 * k + k // 40) % 20}" for k in range(240)]
    path.write_text("context,item\n" + "\n".join(pairs) + "\n")


def test_names_of_files_are_shown(spikeproof, tmp_path):
    (tmp_path / f"{ODD}.csv").parent.mkdir()
    write_log(tmp_path / f"{ODD}.csv")
    for arguments in (("matrices", f"{ODD}.csv"), ("spk", f"{ODD}.csv", "--null", 0, "--rank", 2)):
        assert "x] e" in text_of(spikeproof(*arguments, cwd=tmp_path, COLUMNS="400"), 0)
    for arguments in (
        ("matrices", f"{ODD}.npz"),
        ("spk", "a", f"{ODD}"),
        (ODD,),
        ("sample", f"{ODD}.toml", "-o", "a.csv"),
    ):
        assert SHOWN in text_of(spikeproof(*arguments, cwd=tmp_path, COLUMNS="400"), 2)


def fails(cell, rngs):
    raise ValueError(ODD + "\nagain: spikeproof replay x; touch y")


def test_what_a_store_says_is_shown_on_one_line_and_its_commands_are_quoted(spikeproof, tmp_path):
    folder = tmp_path / "my; touch pwned #[/x]"
    run_study(Study(ODD, product(k=[1]), fails, roles={"r": ()}), store=folder, progress=True)
    said = text_of(spikeproof("status", folder, COLUMNS="400"), 0)
    (line,) = [line for line in said.splitlines() if "(again: " in line]
    assert line.startswith(f"{SHOWN}: ValueError: {SHOWN}")
    assert shlex.split(line.rpartition("(again: ")[2][:-1])[:3] == ["spikeproof", "replay", str(folder)]


def test_a_key_that_no_task_has_is_refused(spikeproof, tmp_path):
    run_study(Study("s", product(k=[1]), fails, roles={"r": ()}), store=tmp_path)
    with sqlite3.connect(tmp_path / "store.sqlite") as store:
        store.execute("UPDATE results SET key = '$(touch pwned)'")
    store.close()
    assert "which no task of ours has" in text_of(spikeproof("status", tmp_path), 2)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("seed", "0; touch pwned #"),
        ("seed", -1),
        ("seed", True),
        ("size", "quick; touch pwned"),
        ("matrices", "$(id)"),
        ("matrices", [1]),
        ("claims", [{"id": "A1", "verdict": "holds"}]),
        ("claims", 3),
    ],
)
def test_a_ledger_that_no_run_writes_is_refused(key, value, judged, spikeproof, tmp_path):
    (tmp_path / "ledger.json").write_text(json.dumps({**judged, key: value}))
    said = text_of(spikeproof("explain", "A1", "--out", tmp_path), 2)
    assert "ledger.json" in said and "spikeproof verify" in said


def test_names_of_matrices_in_a_ledger_are_quoted(judged, spikeproof, tmp_path):
    names = ["$(touch pwned)", "my log.csv", "--help"]
    (tmp_path / "ledger.json").write_text(json.dumps({**judged, "matrices": names}))
    said = text_of(spikeproof("explain", "A1", "--out", tmp_path, COLUMNS="400"), 0)
    (line,) = [line for line in said.splitlines() if line.startswith("Reproduce: ")]
    words = shlex.split(line.removeprefix("Reproduce: "))
    assert words[5:] == ["--quick", *(word for name in names for word in ("--matrix", name))]


@pytest.fixture(scope="module")
def judged(spikeproof, tmp_path_factory):
    """The ledger of a run."""
    folder = tmp_path_factory.mktemp("judged")
    assert spikeproof("verify", "A1", "--quick", "--workers", 1, "--out", folder).returncode == 0
    return json.loads((folder / "ledger.json").read_text())
