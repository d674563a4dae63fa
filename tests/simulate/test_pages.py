"""Large arrays in pages of their own, and mapped files whose pages are let go."""

import mmap
from pathlib import Path

import numpy as np
import pytest

from simulate import pages
from simulate.pages import PagesInUse, empty_pages, forget_pages, is_mapped, parts_of, scratch_rows
from simulate.validation import require_finite

STATM = Path("/proc/self/statm")


def resident():
    return int(STATM.read_text().split()[1]) * mmap.PAGESIZE


def test_an_array_like_any_other():
    for shape in ((2, 3), (1 << 10, 1 << 9)):
        array = empty_pages(shape, np.float32)
        array[:] = 1
        assert array.shape == shape and array.dtype == np.float32 and array.flags.c_contiguous
        assert array.sum() == array.size


@pytest.mark.skipif(not STATM.exists(), reason="the system does not say how much memory is in use")
def test_memory_is_returned(tmp_path):
    np.save(tmp_path / "x.npy", np.ones(1 << 22))
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r")
    before = resident()
    array = empty_pages((1 << 22,), np.float64)
    array[:] = 1
    assert mapped.sum() == 1 << 22
    assert resident() - before > 60e6
    del array
    forget_pages(mapped)
    assert resident() - before < 10e6
    assert mapped.sum() == 1 << 22  # read again


def test_what_is_written_to_a_mapped_file_is_kept(tmp_path):
    np.save(tmp_path / "x.npy", np.ones(1 << 12))
    own = np.load(tmp_path / "x.npy", mmap_mode="c")
    own[0] = 5
    forget_pages(own)
    forget_pages(np.ones(3))
    assert own[0] == 5


def test_no_room_is_a_memory_error(monkeypatch):
    def refused(*_, **__):
        raise OSError("Cannot allocate memory")

    monkeypatch.setattr(pages.mmap, "mmap", refused)
    with pytest.raises(MemoryError, match="no room for an array of 8,000,000 bytes"):
        empty_pages((1_000_000,), np.float64)


def test_a_scratch_file_has_no_name_and_is_gone_with_the_array(tmp_path, monkeypatch):
    monkeypatch.setattr(pages.tempfile, "gettempdir", lambda: str(tmp_path))
    rows = scratch_rows((1000, 5), np.float32)
    rows[:] = np.arange(5000).reshape(1000, 5)
    assert list(tmp_path.iterdir()) == [] and is_mapped(rows)
    forget_pages(rows)
    assert rows.sum() == 5000 * 4999 / 2  # what was written is kept


def test_a_full_disk_is_told_before_anything_is_written(monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pages.os, "posix_fallocate", full, raising=False)
    with pytest.raises(OSError, match=r"room for 8,000 bytes of temporary data \(No space.*TMPDIR"):
        scratch_rows((1000,), np.float64)


@pytest.mark.skipif(not STATM.exists(), reason="the system does not say how much memory is in use")
def test_reading_in_parts_and_by_places_holds_little_of_a_file(tmp_path):
    np.save(tmp_path / "x.npy", np.ones((300_000, 64)))  # 154 MB
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r")
    before, most = resident(), 0
    for part in parts_of(mapped):
        assert part.start % pages.ALIGNED == 0
        assert mapped[part].sum() == mapped[part].size
        most = max(most, resident())
    reader = PagesInUse(mapped)
    rng = np.random.default_rng(0)
    for places in (
        np.arange(1000),
        np.sort(rng.choice(300_000, 4000, replace=False)),
        rng.integers(300_000, size=4000),
    ):
        assert (reader.rows(places) == 1).all()
        most = max(most, resident())
    assert require_finite(mapped, "x") is mapped
    assert most - before < 110e6  # a part, and pages around places


def test_parts_hold_whole_rows_of_the_file_also_where_few_columns_are_taken(tmp_path):
    np.save(tmp_path / "x.npy", np.ones((300_000, 64)))
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r")
    assert list(parts_of(mapped[:, :2])) == list(parts_of(mapped))


def test_wrong_numbers_of_a_file_are_named_by_their_place(tmp_path, monkeypatch):
    monkeypatch.setattr(pages, "IN_USE", 200)
    wrong = np.ones((40, 3))
    wrong[31, 2] = np.inf
    np.save(tmp_path / "x.npy", wrong)
    with pytest.raises(ValueError, match=r"x must hold finite numbers only; entry \(31, 2\) is inf"):
        require_finite(np.load(tmp_path / "x.npy", mmap_mode="r"), "x")
