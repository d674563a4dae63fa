"""Items that an analysis leaves out are counted, and data without an item left are refused by name, wherever they are given."""

import numpy as np
import pytest
from scipy import sparse

import theory
from experiments import compare
from experiments.real.left_out import left_out
from experiments.real.own_matrices import OwnMatrix
from experiments.real.own_spikes import spikes_of
from experiments.real.own_trust import trust_of
from experiments.real.snapshots import stability_of

LOG = np.hstack([np.kron(np.eye(4), np.ones((5, 4))), np.eye(20, 3)])


def own(log, name="log.csv"):
    return OwnMatrix(name, "interactions", sparse.csr_array(log))


def test_every_analysis_says_how_many_items_it_leaves_out():
    said = "3 of 19 items are left out"
    assert said in " ".join(spikes_of(own(LOG), [2], null=0).notes)
    assert said in " ".join(trust_of(own(LOG), k=2).notes)
    snapshots = stability_of([own(LOG), own(LOG)], k=2)
    assert said in " ".join(snapshots.notes)
    found = theory.analyse(LOG[:, :16], 2, kind="interactions")
    assert left_out(16, found) == ()


def test_data_without_items_that_meet_twice_are_refused_by_name(tmp_path):
    for once in (own(np.eye(6), "once.csv"), own(np.ones((6, 5)), "once.csv")):
        for refuse, given in ((spikes_of, once), (trust_of, once), (stability_of, [once, once])):
            with pytest.raises(ValueError, match="once.csv: .* so there is nothing to embed"):
                refuse(given)
    file = tmp_path / "once.csv"
    file.write_text("user,item\n" + "".join(f"u{k},i{k}\n" for k in range(9)))
    with pytest.raises(
        ValueError, match="once.*no two of its 9 items occur together in two contexts or more"
    ):
        compare([file], out=tmp_path / "out")


def test_vectors_that_are_all_zero_and_a_rank_of_vectors():
    zero = OwnMatrix("zero.vec", "embedding", np.zeros((8, 3)))
    with pytest.raises(
        ValueError, match="zero.vec must hold vectors with a direction; all its 8 vectors are zero"
    ):
        stability_of([zero, zero])
    with pytest.raises(ValueError, match="zero.vec"):
        spikes_of(zero)
    rows = OwnMatrix("ok.vec", "embedding", np.random.default_rng(0).standard_normal((50, 6)))
    found = stability_of([rows, rows], rank=3, k=5)
    assert "vectors on the first 3 of 6 principal axes" in found.notes[1]
    assert found.notes[0].startswith("snapshots 1 and 2 are the same data")
    with pytest.raises(ValueError, match=r"got 20 \(the default\)"):
        stability_of([OwnMatrix("few.vec", "embedding", np.eye(5))] * 2)
