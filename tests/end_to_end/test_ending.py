"""How a command ends: by signals, with closed streams, in a folder that is gone; and every word that it then says is true."""

import os
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

COMMAND = [sys.executable, "-m", "spikeproof"]
LONG = "from spikeproof.__main__ import main; main()"


def rows(store):
    try:
        with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as connection:
            return connection.execute("SELECT count(*) FROM results").fetchone()[0]
    except sqlite3.OperationalError:
        return 0


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_sweep_ended_by_a_signal_keeps_what_finished_and_says_so(number, workers, tmp_path):
    command = [*COMMAND, "sweep", "noise", "--set", "n=3000", "--set", "replicates=3"]
    command += ["--workers", str(workers), "--out", str(tmp_path / "out")]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 600
    while time.monotonic() < deadline and rows(tmp_path / "out/store.sqlite") < 3:
        time.sleep(0.05)
    process.send_signal(number)
    _, said = process.communicate(timeout=600)
    assert process.returncode == 128 + number
    assert f"ended by {number.name}; what had finished is kept" in said and "Traceback" not in said
    assert 3 <= rows(tmp_path / "out/store.sqlite") < 90


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("sweep noise", True),
        ("verify A1", True),
        ("compare davis", True),
        ("sweep noise --dry-run", False),
        ("spk x.csv", False),
        ("sample m.toml -o g.edges", False),
        ("sample m.toml -o g --shards 4", True),
        ("stability log.csv", False),
        ("stability log.csv --out=o", True),
        ("matrices davis", False),
    ],
)
def test_only_what_is_kept_is_said_to_be_kept(line, kept, monkeypatch, capsys):
    from spikeproof import app

    def interrupted(**options):
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(60)

    monkeypatch.setattr(sys, "argv", ["spikeproof", *line.split()])
    monkeypatch.setattr(app, "app", interrupted)
    monkeypatch.setattr(app, "_register_subcommands", lambda: None)
    monkeypatch.setattr(app, "errors", app.Screen(stderr=True))
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit) as ended:
        app.main()
    said = capsys.readouterr().err
    assert ended.value.code == 128 + signal.SIGTERM and "ended by SIGTERM" in said
    assert ("what had finished is kept" in said) == kept and ("nothing is kept" in said) != kept
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.parametrize("closed", [">&-", ">&- 2>&-", "<&-"])
def test_closed_streams_change_no_exit_code(closed, tmp_path):
    line = f"{sys.executable} -m spikeproof status nowhere {closed}"
    done = subprocess.run(["bash", "-c", line], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "Traceback" not in done.stderr + done.stdout
    assert ("must be a folder that a run has written" in done.stderr) == ("2>&-" not in closed)


def test_a_working_folder_that_is_gone_is_named(tmp_path):
    line = f'mkdir gone; cd gone; rmdir ../gone; {sys.executable} -c "{LONG}" status x'
    done = subprocess.run(["bash", "-c", line], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "the working folder has been deleted" in done.stderr


def test_an_output_folder_that_is_a_dangling_link_is_named(spikeproof, tmp_path):
    (tmp_path / "out").symlink_to(tmp_path / "absent")
    for line in ("sweep noise", "verify A1 --quick", "compare davis --twins 1 --workers 1"):
        done = spikeproof(*line.split(), "--out", tmp_path / "out")
        assert done.returncode == 2 and "which does not exist" in " ".join(done.stderr.split()), line
    assert not (tmp_path / "absent").exists()
