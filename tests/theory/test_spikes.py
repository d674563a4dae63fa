"""Spk against a plain float64 double loop: the same peaks, order, counts and stopping point on every input."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from theory import spikiness


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


@pytest.mark.parametrize("block", range(10))
def test_equals_the_double_loop(block: int) -> None:
    for seed in range(block * 30, block * 30 + 30):
        v = awkward(seed)
        cosine, coverage = (0.6, 0.8, 0.9)[seed % 3], (0.5, 0.9, 1.0)[seed // 3 % 3]
        spikes = spikiness(v, cosine=cosine, coverage=coverage)
        peaks, covered, membership = double_loop(v, cosine, coverage)
        assert spikes.peaks.tolist() == peaks, seed
        assert spikes.covered.tolist() == covered, seed
        assert spikes.membership.tolist() == membership, seed
        assert spikes.value == len(peaks) / (len(v) - spikes.n_zero)


@pytest.mark.parametrize("bad", [{"cosine": 0.0}, {"cosine": 1.0}, {"coverage": 0.0}, {"coverage": 1.1}])
def test_refuses_thresholds_out_of_range(bad: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(bad))):
        spikiness(np.eye(3), **bad)


def test_refuses_rows_that_are_all_zero() -> None:
    with pytest.raises(ValueError, match="all norms are 0"):
        spikiness(np.zeros((3, 2)))
