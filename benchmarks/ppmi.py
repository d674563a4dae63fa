"""PPMI from interactions beside the same definition in SQL on DuckDB, and at the size of the Million Playlist Dataset."""

import argparse
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import numpy as np
from machine import line, machine, record, seconds
from scipy import sparse

import theory

SQL = """
with n as (select count(distinct c) as total from log),
     k as (select i, count(*) as held from log group by i),
     p as (select a.i as i, b.i as j, count(*) as together
           from log a join log b on a.c = b.c and a.i < b.i group by a.i, b.i having count(*) >= 2)
select p.i, p.j, ln(total * together / (ki.held * kj.held::double)) as pmi
from p, n, k ki, k kj where p.i = ki.i and p.j = kj.i and total * together > ki.held * kj.held::double
"""


def log(interactions, items, mean):
    """Geometric lengths, items by Zipf(1.0) with replacement, repeats inside a context dropped."""
    rng = np.random.default_rng(0)
    lengths = rng.geometric(1 / mean, int(interactions / mean))
    share = 1 / np.arange(1, items + 1)
    found = np.searchsorted(np.cumsum(share / share.sum()), rng.random(lengths.sum())).clip(0, items - 1)
    context = np.repeat(np.arange(lengths.size), lengths)
    x = sparse.csr_array((np.ones(found.size, np.float32), (context, found)), shape=(lengths.size, items))
    x.data[:] = 1
    return x


def beside_duckdb(interactions, items, mean):
    """Seconds of both, and whether the outputs are equal."""
    import duckdb
    import pandas as pd

    x = log(interactions, items, mean)
    theory.ppmi(x[:100], top_k=None, min_count=1)
    found = []
    ours = line(
        f"PPMI of {x.nnz:,} interactions",
        seconds(lambda: found.append(theory.ppmi(x, top_k=None, min_count=2)), 3),
    )
    ends = sparse.coo_array(x)
    connection = duckdb.connect()
    connection.execute("set threads = 2")
    connection.register("pairs", pd.DataFrame({"c": ends.coords[0], "i": ends.coords[1]}))
    connection.execute("create table log as select * from pairs")
    answers = []
    theirs = line("DuckDB", seconds(lambda: answers.append(connection.execute(SQL).fetchnumpy()), 1))
    answer, ppmi = answers[0], found[0]
    upper = sparse.coo_array(sparse.triu(ppmi.matrix))
    mine = np.column_stack([ppmi.items[upper.coords[0]], ppmi.items[upper.coords[1]], upper.data])
    his = np.column_stack([answer["i"], answer["j"], answer["pmi"]])
    mine, his = (a[np.lexsort((a[:, 1], a[:, 0]))] for a in (mine, his))
    same = mine.shape == his.shape and np.array_equal(mine[:, :2], his[:, :2])
    gap = np.abs(mine[:, 2] - his[:, 2]).max() if same else np.inf
    record(
        f"PPMI of {x.nnz:,} interactions, {len(mine):,} pairs, beside DuckDB; largest difference {gap:.0e}",
        f"{ours:.1f} s / {theirs:.1f} s: {theirs / ours:.1f} x",
        "8 x",
    )


LARGE = """
import sys, time; sys.path.insert(0, {here!r})
import numpy as np
import theory
from ppmi import log
from machine import high_water, record
theory.ppmi(log(2000, 100, 10), top_k=5)
x = log({interactions}, {items}, 66)
high_water(reset=True)
start = time.perf_counter(); found = theory.ppmi(x, min_count=2, top_k=2000); seconds = time.perf_counter() - start
squares = float((np.diff(x.indptr).astype(float) ** 2).sum())
record(f"{{x.shape[0]:,}} contexts, {{x.nnz:,}} interactions, {{x.shape[1]:,}} items, top_k 2000",
       f"{{seconds:.0f}} s, {{high_water() / 2**30:.1f}} GiB at most, {{seconds / squares * 1e9:.1f}} ns a squared length",
       "12 GiB, linear")
"""


def main():
    """Run at the stated or at a small size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=("small", "full"), default="full")
    small = parser.parse_args().size == "small"
    print(machine(), flush=True)
    beside_duckdb(*((500_000, 20_000, 60) if small else (5_000_000, 100_000, 60)))
    for scale in (0.02,) if small else (0.1, 0.3, 1.0):
        code = LARGE.format(
            here=str(Path(__file__).parent), interactions=int(66e6 * scale), items=int(2.2e6 * scale)
        )
        subprocess.run([sys.executable, "-c", code], check=True)


if __name__ == "__main__":
    main()
