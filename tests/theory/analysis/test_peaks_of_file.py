"""Vectors that lie in a file: the same spikes as in memory, whatever is read at a time, and memory that does not grow with f."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import simulate.pages
import theory.analysis.cones
import theory.analysis.peak_search
import theory.analysis.peaks_of_file
import theory.analysis.short_products
from simulate.pages import scratch_rows
from theory import Spikes, count_peaks, spikiness


def in_a_file(rows: np.ndarray) -> np.ndarray:
    mapped = scratch_rows(rows.shape, rows.dtype)
    mapped[:] = rows
    return mapped


def make_blocks_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks, tiles and batches of a few rows, so that small matrices need many of each."""
    for module, name, value in (
        (theory.analysis.peaks_of_file, "BLOCK", 96),
        (theory.analysis.peaks_of_file, "BATCH", 3),
        (theory.analysis.peaks_of_file, "MOST_IN_BATCH", 7),
        (theory.analysis.peaks_of_file, "CHUNK", 5),
        (theory.analysis.peaks_of_file, "SPAN", 8),
        (theory.analysis.peak_search, "LARGEST_TILE", 2),
        (theory.analysis.cones, "BLOCK", 16),
        (theory.analysis.cones, "WIDE", 4),
        (simulate.pages, "IN_USE", 200),
        (simulate.pages, "APART", 3),
    ):
        monkeypatch.setattr(module, name, value)


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    make_blocks_small(monkeypatch)


def equal(one: Spikes, other: Spikes) -> None:
    for name in ("peaks", "covered", "membership", "norms"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    assert one.n_zero == other.n_zero


@st.composite
def matrices(draw: st.DrawFn) -> np.ndarray:
    """Small integers: ties in norm, duplicates, antipodes, zero rows, cosines at exactly 0.6 and 0.8; or normal numbers."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    n, f = draw(st.integers(1, 120)), draw(st.integers(1, 6))
    rows = rng.integers(-5, 6, (n, f)) if draw(st.booleans()) else rng.standard_normal((n, f))
    rows = rows.astype(draw(st.sampled_from([np.float32, np.float64])))
    rows[rng.random(n) < 0.1] = 0
    rows[0] = 1
    return rows


@settings(max_examples=150, deadline=None)
@given(matrices(), st.sampled_from([0.6, 0.8, 0.9]), st.sampled_from([0.3, 0.5, 0.9, 1.0]), st.booleans())
def test_the_same_spikes_as_in_memory(
    rows: np.ndarray, cosine: float, coverage: float, in_order: bool
) -> None:
    expected = spikiness(rows, cosine=cosine, coverage=coverage)
    mapped = in_a_file(rows) if in_order else in_a_file(rows.T.copy()).T  # or column after column
    with pytest.MonkeyPatch.context() as patch:
        make_blocks_small(patch)
        for most in (0, 10**6):
            equal(spikiness(mapped, cosine=cosine, coverage=coverage, in_memory=most), expected)


def test_the_same_spikes_on_turned_axes_and_from_many_batches(
    small_blocks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(theory.analysis.peaks_of_file, "LONG", 0)
    monkeypatch.setattr(theory.analysis.peaks_of_file, "TURNING", 0)
    for name in ("PER_PAIR", "PER_LEFT", "PER_LEFT_COORDINATE"):
        monkeypatch.setattr(theory.analysis.short_products, name, 0)
    monkeypatch.setattr(theory.analysis.short_products, "HEADS", (2, 4))
    for seed in range(6):
        rng = np.random.default_rng(seed)
        rows = rng.standard_normal((150, 6)) * np.arange(1, 7.0) ** -0.5
        equal(spikiness(in_a_file(rows), coverage=0.8, in_memory=0), spikiness(rows, coverage=0.8))


def test_squares_that_underflow_are_compared_by_the_rule(small_blocks: None) -> None:
    rows = np.random.default_rng(0).standard_normal((60, 3)).astype(np.float32) * np.float32(1e-35)
    equal(spikiness(in_a_file(rows), in_memory=0), spikiness(rows))


def test_a_count_ends_where_it_ends_in_memory(small_blocks: None) -> None:
    rows = np.random.default_rng(0).standard_normal((300, 4))
    needed = spikiness(rows).n_peaks
    for most in (1, 5, needed - 1, needed, needed + 1):
        found, expected = (
            count_peaks(one, most, np.random.default_rng(1), in_memory=0) for one in (in_a_file(rows), rows)
        )
        assert (found.n_peaks, found.at_least) == (expected.n_peaks, expected.at_least)
        assert (found.spikes is None) == found.at_least == (most < needed)


def test_wrong_numbers_are_named_by_their_place(small_blocks: None) -> None:
    rows = np.ones((50, 3))
    rows[37, 1] = np.nan
    with pytest.raises(ValueError, match=r"entry \(37, 1\) is nan"):
        spikiness(in_a_file(rows), in_memory=0)
    with pytest.raises(ValueError, match="in_memory must be"):
        spikiness(in_a_file(np.ones((5, 2))), in_memory=-1)


MEMORY = """
import resource, sys
import numpy as np
from theory import spikiness
rows = np.load(sys.argv[1], mmap_mode="r")
spikiness(rows[:2000], in_memory=0)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
found = spikiness(rows, in_memory=0)
print(found.n_peaks, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_memory_does_not_hold_the_vectors(tmp_path: Path) -> None:
    n, f = 150_000, 256  # 154 MB
    rng = np.random.default_rng(0)
    rays = rng.standard_normal((20, f)).astype(np.float32)
    rows = np.lib.format.open_memmap(tmp_path / "x.npy", "w+", np.float32, (n, f))
    for start in range(0, n, 10_000):
        theta = rng.lognormal(0, 0.5, (10_000, 1)).astype(np.float32)
        rows[start : start + 10_000] = rays[rng.integers(20, size=10_000)] * theta
    del rows
    done = subprocess.run(
        [sys.executable, "-c", MEMORY, str(tmp_path / "x.npy")], capture_output=True, text=True, check=True
    )
    peaks, more = map(int, done.stdout.split())
    unit = 1 if sys.platform == "darwin" else 1024
    assert peaks > 5
    # a block of 64 MB as unit vectors, and as much of the file; a copy would add 150 MB to that of the file
    assert more * unit < 170e6
