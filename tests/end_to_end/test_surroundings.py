"""Where the command runs: pipes that close, disks that are full, no terminal, no colour, no UTF-8, and Ctrl-C at any moment."""

import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-m", "spikeproof"]
COLOUR = re.compile(rb"\x1b\[(?:\d+;)*[34][0-7][;m]")


def process_of(*arguments, **options):
    environment = {**os.environ, **options.pop("env", {})}
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        **{"capture_output": True, "timeout": 1200, "check": False, "env": environment, **options},
    )


def on_a_terminal(*arguments, **environment):
    """What the command writes to a terminal, as bytes."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        stdout=theirs,
        stderr=theirs,
        stdin=theirs,
        env={**os.environ, "TERM": "xterm-256color", **environment},
    )
    os.close(theirs)
    said = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # the other end has closed
            break
        if not piece:
            break
        said += piece
    os.close(ours)
    return process.wait(600), said


@pytest.mark.parametrize(
    "arguments", [["claims"], ["explain", "A1"], ["--help"], ["verify", "A2", "--quick", "--workers", "1"]]
)
def test_a_reader_that_goes_away_is_no_error(arguments, tmp_path):
    process = subprocess.Popen(
        [*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path
    )
    process.stdout.close()
    said = process.stderr.read()
    assert process.wait(600) == 0 and said == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, which Linux has")
@pytest.mark.parametrize("arguments", [["claims"], ["explain", "A1"], ["matrices"]])
def test_an_output_that_cannot_be_written_is_told(arguments, tmp_path):
    with open("/dev/full", "wb") as full:
        done = process_of(*arguments, capture_output=False, stdout=full, stderr=subprocess.PIPE, cwd=tmp_path)
    assert done.returncode == 2
    assert b"No space left on device" in done.stderr and b"Traceback" not in done.stderr


def test_colour_is_for_terminals_and_gives_way_to_no_color(tmp_path):
    wrong = ("verify", "A77")
    code, coloured = on_a_terminal(*wrong)
    assert code == 2 and COLOUR.search(coloured)
    code, plain = on_a_terminal(*wrong, NO_COLOR="1")
    assert code == 2 and not COLOUR.search(plain) and b"A77" in plain
    piped = process_of(*wrong, cwd=tmp_path, stdin=subprocess.DEVNULL, env={"TERM": "dumb"})
    assert piped.returncode == 2 and b"\x1b" not in piped.stdout + piped.stderr


@pytest.mark.parametrize("width", ["20", "40", "400"])
def test_any_width_of_the_terminal_will_do(width, spikeproof, tmp_path):
    for arguments in (["claims"], ["explain", "A1"], ["matrices"], ["--help"]):
        done = spikeproof(*arguments, cwd=tmp_path, COLUMNS=width)
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "locale",
    [
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "latin-1"},
        {"PYTHONIOENCODING": "ascii"},
    ],
)
def test_a_locale_without_utf_8_loses_signs_but_not_the_run(locale, tmp_path):
    ran = process_of("verify", "A2", "--quick", "--workers", "1", "--out", tmp_path / "o", env=locale)
    assert ran.returncode == 0 and b"holds" in ran.stdout, ran.stderr
    assert "U|Λ|" in (tmp_path / "o" / "index.html").read_text("utf-8")
    (tmp_path / "log.csv").write_text(
        "context,item\n" + "1,Bjørk\n1,Sigur Rós\n2,Bjørk\n2,東京\n" * 3, "utf-8"
    )
    for arguments in (["claims"], ["explain", "A6"], ["matrices", tmp_path / "log.csv"]):
        done = process_of(*arguments, env=locale, cwd=tmp_path)
        assert done.returncode == 0 and b"Traceback" not in done.stderr, done.stderr
    absent = process_of("spk", "Bjørk.npy", env=locale, cwd=tmp_path)
    assert absent.returncode == 2 and b"rk.npy" in absent.stderr and b"Traceback" not in absent.stderr


def test_two_runs_at_once_share_a_folder_and_write_what_one_writes(tmp_path):
    arguments = ["verify", "A1", "A2", "--quick", "--workers", "1", "--out"]
    both = [subprocess.Popen([*COMMAND, *arguments, str(tmp_path / "o")]) for _ in range(2)]
    assert [process.wait(600) for process in both] == [0, 0]
    assert process_of(*arguments, tmp_path / "alone").returncode == 0
    ledgers = [(tmp_path / name / "ledger.json").read_bytes() for name in ("o", "alone")]
    assert ledgers[0] == ledgers[1]


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("uninterrupted")
    assert process_of(*INTERRUPTED, folder / "o").returncode == 0
    return (folder / "o" / "ledger.json").read_bytes()


INTERRUPTED = ("verify", "A1", "A2", "A4", "--quick", "--workers", "2", "--out")


@pytest.mark.slow
@pytest.mark.parametrize("moment", [0.0, 0.1, 0.3, 0.6, 1.0, 1.5, 2.0, 3.0, 4.0, 5.5])
def test_ctrl_c_at_any_moment_loses_nothing(moment, uninterrupted, tmp_path):
    """Seconds after the store was made: what had finished is kept, no traceback is shown, the same command ends as ever."""
    out = tmp_path / "o"
    process = subprocess.Popen(
        [*COMMAND, *INTERRUPTED, str(out)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    deadline = time.monotonic() + 600
    while not (out / "store.sqlite").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(moment)
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the workers too
    _, said = process.communicate(timeout=600)
    assert b"Traceback" not in said, said.decode()
    if process.returncode == -signal.SIGINT:  # the interpreter was on its way out and takes no more signals
        assert (out / "index.html").exists()
    elif process.returncode != 0:
        assert process.returncode == 130 and b"interrupted" in said
    assert process_of(*INTERRUPTED, out).returncode == 0
    assert (out / "ledger.json").read_bytes() == uninterrupted
