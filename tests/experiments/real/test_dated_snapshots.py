"""Snapshots of dated interactions: the earlier pairs, all pairs, and the same items in both."""

import numpy as np

from experiments.matrices.real_matrix import RealMatrix, from_pairs
from experiments.real.dated_snapshots import LEAST, dated_snapshots


def dated(n_items=240, contexts=1500, times=True):
    rng = np.random.default_rng(0)
    block = np.arange(n_items) % 4
    rows = [
        (c, i) for c in range(contexts) for i in rng.choice(np.flatnonzero(block == c % 4), 6, replace=False)
    ]
    x = from_pairs(*map(np.array, zip(*rows)), (contexts, n_items))
    return RealMatrix("toy", interactions=x, times=np.arange(x.nnz, dtype=float) if times else None)


def cosines(v):
    v = v / np.linalg.norm(v, axis=1)[:, None]
    return v @ v.T


def test_both_snapshots_hold_the_same_items_and_the_same_communities():
    before, after = dated_snapshots(dated(), 4)
    assert before.shape == after.shape and len(before) >= LEAST
    # items of a block have one direction in each snapshot, whatever the rotation between the two
    together = cosines(after) > 0.9
    assert 0.2 < together.mean() < 0.3 and ((cosines(before) > 0.9) == together).mean() > 0.99


def test_permuting_the_items_takes_the_communities_away():
    block = np.arange(240) % 4
    same = block[:, None] == block[None]
    leads = []
    for permuted_by in (None, np.random.default_rng(0)):
        _, after = dated_snapshots(dated(), 4, permuted_by=permuted_by)
        assert len(after) == 240  # every item is left, in order
        found = cosines(after)
        leads.append(found[same].mean() - found[~same].mean())
    assert leads[0] > 0.8 and abs(leads[1]) < 0.05


def test_nothing_without_dates_or_with_too_few_items():
    assert dated_snapshots(dated(times=False), 4) is None
    assert dated_snapshots(dated(n_items=100), 4) is None
    assert dated_snapshots(RealMatrix("toy", graph=dated().interactions[:240]), 4) is None
