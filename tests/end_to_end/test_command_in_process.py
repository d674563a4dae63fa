"""The command called in the process of the tests says and returns what a process of its own does, and leaves no trace."""

import os
import subprocess
import sys
import warnings

import pytest

from spikeproof.app import _as_typed, app

# what the script holds that an installation writes
INSTALLED = "import sys; sys.argv[0] = 'spikeproof'; from spikeproof.__main__ import main; main()"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--help"], 0),
        (["matrices", "bad.csv"], 2),
        (["sample", "dense.toml", "-o", "a.npz", "--clip"], 0),
    ],
)
def test_it_says_and_returns_what_a_process_does(arguments, code, spikeproof, tmp_path):
    (tmp_path / "bad.csv").write_text("u,i\na,x\nb\n")
    (tmp_path / "dense.toml").write_text(
        '[model]\nkind = "graph"\nnodes = 200\nblocks = 2\nmean_degree = 150.0\n'
    )
    width = {"COLUMNS": "60"}
    process = subprocess.run(
        [sys.executable, "-c", INSTALLED, *arguments],
        cwd=tmp_path,
        env={**os.environ, **width},
        capture_output=True,
        check=False,
    )
    here = spikeproof(*arguments, cwd=tmp_path, **width)
    assert process.returncode == here.returncode == code
    assert here.stdout == process.stdout.decode()
    assert here.stderr == process.stderr.decode()


def test_it_leaves_the_surroundings_as_they_were(spikeproof, tmp_path):
    def state():
        return (
            os.getcwd(), dict(os.environ), list(sys.argv), sys.stdout, sys.stderr,
            warnings.showwarning, list(warnings.filters),
        )  # fmt: skip

    before = state()
    assert spikeproof("explain", "Z9", cwd=tmp_path, COLUMNS="30", NEW="1").returncode == 2
    assert state() == before


def test_every_command_is_there_once_however_often_the_program_is_called(spikeproof):
    for _ in range(2):
        assert spikeproof("explain", "Z9").returncode == 2
    names = [command.name or command.callback.__name__ for command in app.registered_commands]
    assert len(names) > 10 and len(set(names)) == len(names)


def test_each_call_has_a_width_of_its_own(spikeproof):
    narrow, wide = (spikeproof("verify", "A77", COLUMNS=width).stderr for width in ("30", "300"))
    assert narrow.split() == wide.split()
    assert spikeproof("verify", "--nonsense", COLUMNS="30").returncode == 2


def test_a_parameter_is_called_as_it_was_typed(monkeypatch):
    monkeypatch.setattr(
        sys, "argv", ["spikeproof", "compare", "x.npy", "--held-out=held_out.csv", "--label-column", "a"]
    )
    text = _as_typed(
        "held_out must be a file; label_column 'label_column' of dir/held_out or held_out.csv, id_column"
    )
    assert (
        text
        == "--held-out must be a file; --label-column 'label_column' of dir/held_out or held_out.csv, id_column"
    )
