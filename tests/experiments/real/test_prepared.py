"""What a process keeps of the matrices that it compares."""

import os

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

import experiments.real.prepared as room
from experiments.matrices.writers import write_matrix
from experiments.real.prepared import prepared
from simulate import Constant, dcbm, sample_graph
from simulate.compiled import thread_count


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setattr(room, "_KEPT", type(room._KEPT)())
    rng = np.random.default_rng(0)
    graph = sample_graph(dcbm(60, 2, heterogeneity=Constant(), mean_degree=20, rng=rng), rng, law="poisson")
    write_matrix(graph, tmp_path / "a.npz", graph=True)
    return tmp_path / "a.npz"


def test_it_is_read_and_analysed_once_and_again_where_the_file_has_changed(path, monkeypatch):
    reads, analyses, load, analysed = [], [], room.load, room.analysed
    monkeypatch.setattr(room, "load", lambda *a, **k: reads.append(a) or load(*a, **k))
    monkeypatch.setattr(room, "analysed", lambda *a: analyses.append(a) or analysed(*a))
    first = prepared(str(path), {}, binary=False, rank=3)
    first.found, prepared(str(path), {}, binary=False, rank=5).found
    assert len(reads) == len(analyses) == 1  # any rank up to that of the curve
    os.utime(path, ns=(1, 1))
    assert prepared(str(path), {}, binary=False, rank=3) is not first
    assert len(reads) == 2


def test_it_is_analysed_on_one_thread_whoever_asks_first(path, monkeypatch):
    """The last bits of a product depend on the threads of BLAS, and the rows of a comparison not on the number of workers."""
    threads, analysed = [], room.analysed

    def observed(*arguments):
        threads.extend(pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas")
        threads.append(thread_count())
        return analysed(*arguments)

    monkeypatch.setattr(room, "analysed", observed)
    with threadpool_limits(2, "blas"):
        found = prepared(str(path), {}, binary=False, rank=3).found
    assert len(found.items) == 60 and len(threads) > 1 and set(threads) == {1}


def test_binary_edges_are_another_matrix(path):
    weighted, binary = (prepared(str(path), {}, binary=b, rank=3) for b in (False, True))
    assert weighted.real.graph.max() > 1 and set(binary.real.graph.data) == {1.0}
    assert any("counts as 1" in note for note in binary.real.notes)


def test_a_matrix_that_is_large_is_kept_alone(path, monkeypatch):
    monkeypatch.setattr(room, "PAIRS", 10)
    first = prepared(str(path), {}, binary=False, rank=3)
    assert prepared(str(path), {}, binary=False, rank=3) is first
    prepared("davis", {}, binary=False, rank=3)
    assert [one.real.name for one in room._KEPT.values()] == ["davis"]
