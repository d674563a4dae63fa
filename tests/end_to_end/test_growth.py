"""Cost follows the data: operations are counted at two sizes, so that no clock and no machine decides.

Operations are pairs of rows that are multiplied, calls of functions (a loop over rows or tasks makes some for each), and
readings of a file. `benchmarks/growth.py` measures the same in seconds and at sizes that matter.
"""

import math
import sys

import numpy as np
import pandas as pd
import pytest
from scipy import io, sparse

from experiments import Study, product, run
from experiments.matrices import columns, formats, loading
from experiments.real import peaks_beside_nulls
from experiments.real.faults import given_rows
from simulate import sample_graph, sbm
from theory.analysis.cones import Directions

SMALL, LARGE = 1_000, 4_000


def slope(small, large):
    """How operations grow with the size: 1 in proportion to it, 2 with its square."""
    return math.log(large / small) / math.log(LARGE / SMALL)


def calls(work):
    """How many calls of functions, compiled ones included, `work` makes."""
    count = 0

    def counted(frame, event, argument):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.fixture
def pairs(monkeypatch):
    """A list to which every product of rows adds how many pairs it makes."""
    made = []

    def counting(name, of):
        whole = getattr(Directions, name)

        def method(self, *arguments):
            made.append(of(*arguments))
            return whole(self, *arguments)

        monkeypatch.setattr(Directions, name, method)

    counting("first_cover", lambda rows, peaks, *_: rows.ranks.size * peaks.ranks.size)
    counting("peaks_among", lambda candidates, *_: candidates.ranks.size**2)
    return made


def vectors(n, rays):
    """Vectors (n, 32), on rays or at random."""
    rng = np.random.default_rng(0)
    if not rays:
        return rng.standard_normal((n, 32))
    axes, length = rng.standard_normal((rays, 32)), 1 + rng.pareto(2.5, (n, 1))
    return length * (axes[rng.integers(0, rays, n)] + 0.1 * rng.standard_normal((n, 32)))


def test_pairs_that_spk_multiplies(pairs, spikeproof, tmp_path, monkeypatch):
    monkeypatch.setattr(peaks_beside_nulls, "ALWAYS_EXACT", 0)
    monkeypatch.setattr(
        given_rows, "SAMPLE", 500
    )  # checks of vectors look at the pairs of so many rows, whatever n is
    found = {}
    for rays in (0, 20):
        for n in (SMALL, LARGE):
            np.save(tmp_path / "x.npy", vectors(n, rays))
            pairs.clear()
            done = spikeproof("spk", "x.npy", "--rank", 16, cwd=tmp_path)
            assert done.returncode == 0, done.stderr
            found[rays, n] = sum(pairs)
    assert slope(found[20, SMALL], found[20, LARGE]) <= 1.1, found
    # three nulls and the matrix: a tenth of the rows at most are peaks before a bound says enough
    assert found[0, LARGE] <= 4 * 0.15 * LARGE**2, found


def write(ending, entries, folder):
    """A graph or a log with so many entries among 500 names."""
    rng = np.random.default_rng(0)
    path = folder / f"x{entries}.{ending}"
    if ending in ("csv", "parquet"):
        table = pd.DataFrame(rng.integers(0, 500, (entries, 2)), columns=["user", "item"])
        table.to_csv(path, index=False) if ending == "csv" else table.to_parquet(path)
        return path
    graph = sample_graph(sbm(500, 4, mean_degree=entries / 250, rng=rng), rng)
    if ending == "npz":
        sparse.save_npz(path, graph)
    elif ending == "mtx":
        io.mmwrite(path, sparse.coo_array(graph), symmetry="symmetric")
    else:
        ends = sparse.coo_array(sparse.triu(graph)).coords
        pd.DataFrame(np.column_stack(ends)).to_csv(path, sep=" ", index=False, header=False)
    return path


@pytest.mark.parametrize("ending", ["csv", "parquet", "npz", "mtx", "edges"])
def test_files_are_read_by_columns(ending, tmp_path, monkeypatch):
    monkeypatch.setattr(columns, "SMALL", 0)
    paths = [write(ending, 4 * n, tmp_path) for n in (SMALL // 2, SMALL, LARGE)]
    loading.load(paths[0])  # what is imported and compiled once is not counted
    small, large = (calls(lambda path=path: loading.load(path)) for path in paths[1:])
    assert large <= 1.2 * small, (small, large)


def test_calls_for_each_task_of_a_study():
    def trial(cell, rngs):
        return {"x": rngs["draw"].random()}

    def study(n):
        return Study("many", product(k=list(range(n))), trial, roles={"draw": ("k",)})

    run(study(10))
    made = [calls(lambda n=n: run(study(n))) for n in (SMALL, LARGE)]
    assert slope(*made) <= 1.05


def test_compare_reads_a_file_once_whatever_the_twins(spikeproof, tmp_path, monkeypatch):
    readings = []
    whole = formats.read_path

    def counted(path, *options):
        readings.append(path)
        return whole(path, *options)

    monkeypatch.setattr(loading, "read_path", counted)
    path = write("csv", 4_000, tmp_path)
    done = spikeproof("compare", path, "--twins", 3, "--workers", 1, "--out", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert len(readings) == 1
