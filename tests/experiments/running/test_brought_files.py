"""A file that a task has written on a worker arrives whole, whatever the order of its pieces, or not at all."""

from pathlib import Path

import pytest

from experiments.running import brought_files
from experiments.running.brought_files import Bringing, Made, made_at, made_in, making_in, piece_of


@pytest.fixture
def made(tmp_path, monkeypatch):
    """Return a function that writes a file as a task does, and returns what the worker says of it, and its folder."""
    monkeypatch.setattr(brought_files, "PIECE", 7)

    def make(content):
        folder = tmp_path / "worker" / "task"
        with making_in(folder):
            made_at("out/part.bin").write_bytes(content)
            return made_in(folder), folder

    return make


def pieces_of(file, folder):
    offsets = iter(file.next_offset, None)
    return [(offset, piece_of(folder / file.made.name, offset)) for offset in offsets]


@pytest.mark.parametrize("content", [b"", b"1234567", b"a longer one than three pieces"])
def test_pieces_in_any_order_make_the_file(content, made, tmp_path):
    said, folder = made(content)
    file = Bringing(said, tmp_path / "part.bin")
    *before, last = [file.take(*piece) for piece in reversed(pieces_of(file, folder))]
    assert last and not any(before) and not (tmp_path / "part.bin").exists()
    assert file.finish() and (tmp_path / "part.bin").read_bytes() == content
    assert sorted(path.name for path in tmp_path.iterdir()) == ["part.bin", "worker"]


def test_what_is_not_what_was_made_or_is_given_up_leaves_the_old_file_and_no_draft(made, tmp_path):
    (tmp_path / "part.bin").write_bytes(b"old")
    said, folder = made(b"0123456789")
    wrong = Bringing(Made(said.name, said.size, "0" * 64), tmp_path / "part.bin")
    for piece in pieces_of(wrong, folder):
        wrong.take(*piece)
    assert not wrong.finish()
    half = Bringing(said, tmp_path / "part.bin")
    half.take(*pieces_of(half, folder)[0])
    half.drop()
    assert (tmp_path / "part.bin").read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["part.bin", "worker"]


def test_a_task_that_fails_leaves_no_folder_and_one_that_writes_nothing_made_nothing(tmp_path):
    with pytest.raises(OSError, match="half"), making_in(tmp_path / "a"):
        (made_at("x").parent / "half").read_bytes()
    assert not (tmp_path / "a").exists() and made_at("x") == Path("x")
    with making_in(tmp_path / "b"):
        assert made_in(tmp_path / "b") is None


def test_a_link_in_the_folder_of_a_worker_is_not_followed(tmp_path):
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "link").symlink_to(tmp_path / "secret")
    with pytest.raises(OSError, match="link"):
        piece_of(tmp_path / "link", 0)
