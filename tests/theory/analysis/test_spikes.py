"""Spk against a plain float64 double loop: the same peaks, order, counts and stopping point on every input."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

import theory.analysis.cones
import theory.analysis.peak_search
import theory.analysis.short_products
from theory import Spikes, spikiness
from theory.analysis.cones import Directions
from theory.analysis.peak_search import PeakSearch
from theory.analysis.spikes import spikes_of_search


def double_loop(vectors: Any, cosine: float, coverage: float) -> tuple[list[int], list[int], list[int]]:
    """The rule, one pair of rows at a time."""
    v = np.ascontiguousarray(vectors, dtype=np.float64)
    norm = np.sqrt((v * v).sum(1))
    order = [int(i) for i in np.argsort(-norm, kind="stable") if norm[i] > 0]
    u = np.zeros_like(v)
    u[order] = v[order] / norm[order][:, None]
    membership, peaks, covered = [-1] * len(v), [], []
    for i in order:
        if membership[i] >= 0:
            continue
        for j in order:
            if membership[j] < 0 and (j == i or (u[i] * u[j]).sum() > cosine):
                membership[j] = len(peaks)
        peaks.append(i)
        covered.append(sum(m >= 0 for m in membership))
        if covered[-1] > float(coverage * len(order)) or covered[-1] == len(order):
            break
    return peaks, covered, membership


def awkward(seed: int) -> np.ndarray:
    """Small integers: ties in norm, duplicates, antipodes, zero rows, cosines exactly at 0.6 and 0.8."""
    rng = np.random.default_rng(seed)
    n, f = int(rng.integers(1, 150)), int(rng.integers(1, 7))
    v = rng.integers(-5, 6, (n, f)) if seed % 2 else rng.standard_normal((n, f))
    v = np.asarray(v, dtype=np.float64)
    v[rng.random(n) < 0.1] = 0
    v[0] = 1
    return v


@pytest.mark.parametrize("block", range(20))
def test_equals_the_double_loop(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(block * 50, block * 50 + 50):
        # small blocks and tiles, so that small matrices meet the paths of large ones
        monkeypatch.setattr(theory.analysis.cones, "BLOCK", (8192, 7, 16)[seed % 3])
        monkeypatch.setattr(theory.analysis.peak_search, "SMALLEST_TILE", (64, 1, 3)[seed // 3 % 3])
        v = awkward(seed)
        v = v.astype(np.float32) if seed % 5 == 0 else np.asfortranarray(v) if seed % 5 == 1 else v
        cosine, coverage = (0.6, 0.8, 0.9)[seed % 3], (0.5, 0.9, 1.0)[seed // 3 % 3]
        spikes = spikiness(v, cosine=cosine, coverage=coverage)
        peaks, covered, membership = double_loop(v, cosine, coverage)
        assert spikes.peaks.tolist() == peaks, seed
        assert spikes.covered.tolist() == covered, seed
        assert spikes.membership.tolist() == membership, seed
        assert spikes.value == len(peaks) / (len(v) - spikes.n_zero)


@pytest.mark.parametrize("block", range(4))
def test_equals_the_double_loop_with_products_of_few_coordinates(
    block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every head is worth taking, and from the second tile on, whatever it costs."""
    monkeypatch.setattr(theory.analysis.peak_search, "SMALLEST_TILE", 4)
    monkeypatch.setattr(theory.analysis.peak_search, "LARGEST_TILE", 4)
    monkeypatch.setattr(theory.analysis.peak_search, "LONG", 0)
    monkeypatch.setattr(theory.analysis.peak_search, "TURNING", 0)
    monkeypatch.setattr(theory.analysis.short_products, "PER_PAIR", 0)
    monkeypatch.setattr(theory.analysis.short_products, "PER_LEFT", 0)
    monkeypatch.setattr(theory.analysis.short_products, "PER_LEFT_COORDINATE", 0)
    shortened = 0
    for seed in range(block * 50, block * 50 + 50):
        monkeypatch.setattr(theory.analysis.short_products, "HEADS", (seed % 5 + 1,))
        monkeypatch.setattr(theory.analysis.cones, "STRIP", (512, 7)[seed % 2])
        v = awkward(seed)
        cosine, coverage = (0.6, 0.8, 0.9)[seed % 3], (0.5, 0.9, 1.0)[seed // 3 % 3]
        search = PeakSearch.of(Directions.of(v), cosine)
        search.run(coverage)
        spikes = spikes_of_search(search)
        shortened += search.directions.axes is not None
        peaks, covered, membership = double_loop(v, cosine, coverage)
        assert spikes.peaks.tolist() == peaks, seed
        assert spikes.covered.tolist() == covered, seed
        assert spikes.membership.tolist() == membership, seed
    assert shortened >= 10


def test_a_long_search_is_shortened_without_a_change(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = np.random.default_rng(0).standard_normal((12_000, 32)).astype(np.float32)
    directions = Directions.of(rows)
    search = PeakSearch.of(directions, 0.9)
    search.run(0.5)
    assert directions.head < 32
    monkeypatch.setattr(theory.analysis.peak_search, "LONG", np.inf)
    plain = spikiness(rows)
    assert plain.peaks.tolist() == directions.order[search.peaks].tolist()
    assert plain.covered.tolist() == search.covered


@pytest.mark.parametrize("scale", [1e-161, 1e-40, 1e40, 1e160])
def test_equals_the_double_loop_where_squares_under_and_overflow(scale: float) -> None:
    rng = np.random.default_rng(0)
    with np.errstate(all="raise"):
        for _ in range(20):
            whole = rng.integers(-3, 4, (40, 5))
            v = np.ldexp(whole, round(np.log2(scale)))  # a power of two changes no direction
            spikes = spikiness(v, cosine=0.6, coverage=0.8)
            peaks, covered, membership = double_loop(whole, 0.6, 0.8)
            assert spikes.peaks.tolist() == peaks
            assert spikes.covered.tolist() == covered
            assert spikes.membership.tolist() == membership


@pytest.mark.parametrize("gap", [1e-6, 1e-8, 1e-10, 1e-13])
def test_equals_the_double_loop_at_a_cosine_that_is_1_in_single_precision(gap: float) -> None:
    rng = np.random.default_rng(0)
    rays = rng.standard_normal((4, 8))
    v = np.vstack(
        [rng.standard_normal((30, 8)), rays[np.arange(60) % 4] * rng.lognormal(0, 0.5, 60)[:, None]]
    )
    spikes = spikiness(v, cosine=1 - gap, coverage=1.0)
    peaks, covered, membership = double_loop(v, 1 - gap, 1.0)
    assert spikes.peaks.tolist() == peaks and spikes.membership.tolist() == membership
    assert spikes.covered.tolist() == covered


def test_tau_counterexample_of_the_greedy_rule() -> None:
    """A, B and sixty C_j: fewer peaks at cosine .90 and .80 than between them."""
    cos, sin = (lambda d: np.cos(np.deg2rad(d))), (lambda d: np.sin(np.deg2rad(d)))
    v = np.zeros((62, 62))
    v[0, :2] = 3 * sin(30), 3 * cos(30)
    v[1, 1] = 2
    for j in range(60):
        v[j + 2, 1], v[j + 2, j + 2] = cos(25), sin(25)
    assert [spikiness(v, cosine=c).n_peaks for c in (0.9, 0.85, 0.8)] == [2, 31, 2]


def test_sizes_and_singletons() -> None:
    spikes = spikiness([[3.0, 0.0], [0.0, 2.0], [1.0, 0.1], [0.0, 0.0]], coverage=1.0)
    assert spikes.sizes.tolist() == [2, 1]
    assert spikes.n_singletons == 1


@pytest.mark.parametrize("bad", [{"cosine": 0.0}, {"cosine": 1.0}, {"coverage": 0.0}, {"coverage": 1.1}])
def test_refuses_thresholds_out_of_range(bad: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(bad))):
        spikiness(np.eye(3), **bad)


def test_refuses_rows_that_are_all_zero() -> None:
    with pytest.raises(ValueError, match="all norms are 0"):
        spikiness(np.zeros((3, 2)))


def test_spikes_show_themselves_by_sums_and_not_by_rows():
    n = 1_000_000
    found = Spikes(np.arange(n // 2), np.arange(1, n // 2 + 1), np.zeros(n, np.int64), 0, np.ones(n // 2))
    assert repr(found) == "Spikes(500,000 peaks hold 500,000 of 1,000,000 rows: Spk 50.000%)"
    card = found._repr_html_()
    assert len(card) < 5000 and "499,990 more rows" in card
    axis = found.plot(Figure().subplots())
    assert axis.lines[0].get_xdata().size <= 1000 and axis.lines[0].get_ydata()[-1] == 50.0


def test_a_frame_has_a_row_for_each_spike():
    rows = np.array([[3.0, 0.0], [0.0, 2.0], [1.0, 0.1], [0.0, 0.0]])
    found = spikiness(rows, coverage=1.0)
    frame = found.to_frame()
    assert frame.columns.tolist() == ["peak", "norm", "size", "covered", "covered_share"]
    assert frame.to_numpy().tolist() == [[0, 3.0, 2, 2, 2 / 3], [1, 2.0, 1, 3, 1.0]]
    assert frame.index.name == "spike" and found.n_rows == 3
    assert "rows of norm 0" in found._repr_html_()
    axis = found.plot(Figure().subplots())
    assert axis.lines[0].get_ydata().tolist() == [200 / 3, 100.0]
