"""A file is there whole or not at all, whoever writes it at the same time."""

import os
import re
import stat
import subprocess
import sys
import threading

import pytest

from experiments.running import files, folder_locks
from experiments.running.files import file_name, write_new, write_together, write_whole

WRITER = """
import sys
from experiments.running.files import write_whole
for _ in range(300):
    write_whole(sys.argv[1], sys.argv[2] * 50_000)
"""


def test_two_writers_of_one_file_leave_what_one_of_them_wrote(tmp_path):
    path = tmp_path / "shared.txt"
    both = [subprocess.Popen([sys.executable, "-c", WRITER, str(path), letter]) for letter in "ab"]
    assert [process.wait(600) for process in both] == [0, 0]
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


def test_drafts_are_exclusive_random_and_closed_to_links(tmp_path, monkeypatch):
    """A link under the draft's name, however it was guessed, is neither followed nor replaced."""
    mine = tmp_path / "mine"
    mine.write_text("mine")
    seen = []
    for _ in range(2):
        write_whole(tmp_path / "a.txt", lambda file: seen.extend(tmp_path.glob(".*.unfinished")))
    assert len(seen) == len(set(seen)) == 2
    monkeypatch.setattr(files.secrets, "token_hex", lambda _: "guessed")
    (tmp_path / ".guessed.unfinished").symlink_to(mine)
    with pytest.raises(FileExistsError, match=r"a\.txt"):
        write_whole(tmp_path / "a.txt", "x")
    assert mine.read_text() == "mine"


def test_a_link_is_replaced_not_followed_and_modes_stay(tmp_path):
    mine = write_whole(tmp_path / "mine", "mine")
    mine.chmod(0o600)
    link = tmp_path / "page.html"
    link.symlink_to(mine)
    write_whole(link, "page")
    assert not link.is_symlink() and link.read_text() == "page" and mine.read_text() == "mine"
    assert stat.S_IMODE(write_whole(mine, "more").stat().st_mode) == 0o600
    assert stat.S_IMODE(write_whole(tmp_path / "new", "").stat().st_mode) == 0o666 & ~_umask()


def _umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_new_files_are_written_all_or_none_and_never_over_others(tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    assert write_new({one: "1", other: "2"}) == [one, other]
    assert write_new({one: "1", other: "2"}) == [one, other]  # the same again
    other.write_text("notes")
    with pytest.raises(ValueError, match="other exists and is not what this command wrote there before"):
        write_new({one: "1", other: "2"})
    one.unlink()
    with pytest.raises(ValueError, match="other exists"):
        write_new({one: "1", other: "2"})
    assert not one.exists()
    one.write_text("1")
    assert (one.read_text(), other.read_text()) == ("1", "notes")
    assert write_new({one: "11", other: "2"}, overwrite=True) == [one, other]
    assert (one.read_text(), other.read_text()) == ("11", "2")
    one.unlink()
    one.symlink_to(other)
    with pytest.raises(ValueError, match="one exists"):
        write_new({one: "2"})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "other"]


@pytest.mark.parametrize(
    "name", ["x/../../../victim/logo", "..", "/etc/passwd", "a\x00b", "ü" * 300, "", "-rf", "a\nb"]
)
def test_a_name_from_data_is_one_plain_name(name):
    made = file_name(name, ".svg")
    assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,59}\.svg", made)


def test_an_error_names_the_file_that_was_asked_for_and_leaves_no_draft(tmp_path):
    (tmp_path / "taken.csv").mkdir()
    (tmp_path / "file").write_text("mine")
    for path in (tmp_path / "taken.csv", tmp_path / "file" / "x.csv", tmp_path / "none" / "x.csv"):
        with pytest.raises(OSError, match=str(path)):
            write_whole(path, "text")
    assert sorted(found.name for found in tmp_path.iterdir()) == ["file", "taken.csv"]


def test_a_link_that_leads_nowhere_is_called_one(tmp_path):
    (tmp_path / "a.csv").symlink_to(tmp_path / "nowhere")
    with pytest.raises(ValueError, match=r"a\.csv is a link to .*nowhere, which does not exist"):
        write_new({tmp_path / "a.csv": "text"})


def test_files_that_belong_together_take_their_places_together(tmp_path, monkeypatch):
    """Another command that writes the same files in the middle comes before all of ours or after them."""
    one, other = tmp_path / "one", tmp_path / "other"
    place, threads = files.Draft.take_place, []

    def theirs():
        write_together({one: "theirs", other: "theirs"})

    def placed(draft):
        if not threads:
            threads.append(threading.Thread(target=theirs))
            monkeypatch.setattr(folder_locks, "BETWEEN_LOOKS", 0.001)
            waits = folder_locks.Waiting.__call__
            seen = threading.Event()

            def waiting(self, what):
                seen.set()
                waits(self, what)

            monkeypatch.setattr(folder_locks.Waiting, "__call__", waiting)
            threads[0].start()
            assert seen.wait(600)  # they wait for us
        place(draft)
        if draft.path == other and threading.current_thread() is threading.main_thread():
            assert (one.read_text(), other.read_text()) == ("ours", "ours")

    monkeypatch.setattr(files.Draft, "take_place", placed)
    write_together({one: "ours", other: "ours"})
    threads[0].join(600)
    assert (one.read_text(), other.read_text()) == ("theirs", "theirs")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "other"]
