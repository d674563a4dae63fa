"""A file is there whole or not at all, whoever writes it at the same time."""

import subprocess
import sys

import pytest

from experiments.running.files import write_whole

WRITER = """
import sys
from experiments.running.files import write_whole
for _ in range(300):
    write_whole(sys.argv[1], sys.argv[2] * 50_000)
"""


def test_two_writers_of_one_file_leave_what_one_of_them_wrote(tmp_path):
    path = tmp_path / "shared.txt"
    both = [subprocess.Popen([sys.executable, "-c", WRITER, str(path), letter]) for letter in "ab"]
    assert [process.wait(60) for process in both] == [0, 0]
    assert set(path.read_text()) in ({"a"}, {"b"}) and len(path.read_text()) == 50_000
    assert list(tmp_path.iterdir()) == [path]


def test_what_cannot_be_written_leaves_the_old_file_and_no_draft(tmp_path):
    path = write_whole(tmp_path / "kept.txt", "old")

    def fails(file):
        file.write(b"ne")
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        write_whole(path, fails)
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]
