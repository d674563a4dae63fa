"""Locks on folders: one alone, many at work, none left by a process that was killed, and nothing written into the folder."""

import errno
import fcntl
import os
import signal
import subprocess
import sys

import pytest

from experiments.running import folder_locks
from experiments.running.folder_locks import alone, at_work, remove_unless_used

HOLDER = """
import sys, time
from experiments.running.folder_locks import alone
with alone(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


def another(folder, kind):
    """A lock of somebody else: it belongs to the descriptor, not to the process."""
    descriptor = os.open(folder, os.O_RDONLY)
    fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    return descriptor


@pytest.fixture(autouse=True)
def no_seconds(monkeypatch):
    monkeypatch.setattr(folder_locks, "BETWEEN_LOOKS", 0.001)


def test_the_second_is_told_which_folder_is_in_use_and_nothing_is_left_there(tmp_path):
    theirs = another(tmp_path, fcntl.LOCK_EX)
    with (
        pytest.raises(TimeoutError, match=f"another command that is at work in {tmp_path}"),
        alone(tmp_path, 0),
    ):
        raise AssertionError
    os.close(theirs)
    with alone(tmp_path, 0), alone(tmp_path, 0):  # a block inside one's own waits for nobody
        assert list(tmp_path.iterdir()) == []
        with pytest.raises(BlockingIOError):
            another(tmp_path, fcntl.LOCK_SH)
    os.close(another(tmp_path, fcntl.LOCK_EX))


def test_the_second_goes_on_when_the_first_has_ended(tmp_path, monkeypatch):
    theirs = another(tmp_path, fcntl.LOCK_EX)
    monkeypatch.setattr(folder_locks.time, "sleep", lambda seconds: os.close(theirs))
    with alone(tmp_path), pytest.raises(BlockingIOError):
        another(tmp_path, fcntl.LOCK_SH)


def test_a_process_that_is_killed_leaves_no_lock(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(TimeoutError), alone(tmp_path, 0):
            raise AssertionError
        process.send_signal(signal.SIGKILL)
        assert process.wait(600) == -signal.SIGKILL
    with alone(tmp_path, 0):
        assert list(tmp_path.iterdir()) == []


def test_a_folder_is_removed_by_the_last_who_is_at_work_in_it(tmp_path):
    folder = tmp_path / "kept"
    with at_work(folder), at_work(folder):
        (folder / "row").write_text("1")
        assert not remove_unless_used(folder) and (folder / "row").exists()
    assert remove_unless_used(folder) and not folder.exists()
    assert remove_unless_used(folder)  # there is none


def test_a_folder_that_is_removed_while_somebody_waits_is_made_again(tmp_path, monkeypatch):
    folder = tmp_path / "kept"
    folder.mkdir()
    theirs = another(folder, fcntl.LOCK_EX)

    def removed(seconds):
        folder.rmdir()
        os.close(theirs)

    monkeypatch.setattr(folder_locks.time, "sleep", removed)
    with at_work(folder):
        monkeypatch.undo()
        assert folder.is_dir() and not remove_unless_used(folder)


def test_no_link_is_removed(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "mine")
    assert not remove_unless_used(tmp_path / "link") and (tmp_path / "mine").is_dir()


def test_a_file_system_without_locks_is_told_and_the_work_done(tmp_path, monkeypatch):
    def none(descriptor, kind):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(folder_locks.fcntl, "flock", none)
    with pytest.warns(UserWarning, match="cannot be locked .No locks available."), alone(tmp_path):
        assert os.listdir(tmp_path) == []


def test_a_folder_that_is_not_there_is_told_by_whoever_writes(tmp_path):
    with alone(tmp_path / "none"):
        assert not (tmp_path / "none").exists()
