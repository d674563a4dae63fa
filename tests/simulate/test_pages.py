"""Large arrays in pages of their own, and mapped files whose pages are let go."""

import mmap
from pathlib import Path

import numpy as np
import pytest

from simulate import pages
from simulate.pages import empty_pages, forget_pages

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
