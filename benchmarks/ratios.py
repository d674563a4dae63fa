"""Ratios to a peer against size, in processor time of one thread, ours and theirs in turns: a table and `ratios.svg`.

Sampling beside SciPy's COO to CSR, PPMI beside DuckDB, eigenpairs beside scikit-learn and SciPy, Spk beside a plain product.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from machine import machine, record, save_figure

HERE = Path(__file__).parent
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1"
)
ONE = """
import json, sys, time, warnings; warnings.simplefilter("ignore"); sys.path.insert(0, {here!r})
import ratios
warm = getattr(ratios, {name!r})({least})
for work in warm.values(): work()
works = getattr(ratios, {name!r})({n})
times = {{who: [] for who in works}}
for _ in range({repeats}):
    for who, work in works.items():
        start = time.process_time(); work(); times[who].append(time.process_time() - start)
print(json.dumps(times))
"""


def sampling(n):
    """Draw a graph of mean degree 20; turn as many random entries into CSR."""
    import numpy as np
    from sampling import model_of
    from scipy import sparse

    from simulate import sample_graph

    model = model_of(n, 20)
    entries = int(2 * model.expected_edges())
    rng = np.random.default_rng(2)
    i, j = (rng.integers(0, n, entries, dtype=np.int32) for _ in range(2))
    ones = np.ones(entries, dtype=np.float32)
    return {
        "ours": lambda: sample_graph(model, np.random.default_rng(1), clip=True),
        "SciPy's COO to CSR": lambda: sparse.coo_array((ones, (i, j)), shape=(n, n)).tocsr(),
    }


def ppmi(n):
    """PPMI of 50 interactions an item; the same definition in SQL."""
    import duckdb
    import numpy as np
    import pandas as pd
    from ppmi import SQL, log
    from scipy import sparse

    import theory

    x = log(50 * n, n, 60)
    ends = sparse.coo_array(x)
    connection = duckdb.connect()
    connection.execute("set threads = 1")
    connection.execute("set enable_progress_bar = false")
    connection.register("pairs", pd.DataFrame({"c": np.array(ends.coords[0]), "i": np.array(ends.coords[1])}))
    connection.execute("create table log as select * from pairs")
    return {
        "ours": lambda: theory.ppmi(x, top_k=None, min_count=2),
        "DuckDB": lambda: connection.execute(SQL).fetchnumpy(),
    }


def eigenpairs(n):
    """128 eigenpairs within 1e-4 of a graph with a gap; scikit-learn's and SciPy's."""
    from embedding import solvers, with_hubs

    a = with_hubs(n)
    rank = min(128, n // 20)
    return {
        name.replace("theory.embed", "ours"): (lambda solve=solve: solve(a, rank))
        for name, solve in solvers().items()
        if not name.startswith("graspologic")
    }


def spk(n):
    """Spk of spiky vectors, f = 64; a plain product of the pairs that it compares."""
    import numpy as np
    from spk import rows_of

    from theory import spikiness

    v = rows_of(n, 64, 2800)
    found = spikiness(v)
    rows = found.membership.size
    pairs = int(np.concatenate([[rows], rows - found.covered[:-1]]).sum())
    tile = 8192
    a, b = v[:tile], np.ascontiguousarray(v[:256].T)
    repeats = max(1, round(pairs / (min(tile, len(v)) * 256)))
    return {
        "ours": lambda: spikiness(v),
        "a product of the same pairs": lambda: [a @ b for _ in range(repeats)],
    }


# what is measured, its sizes, repeats, and the unit of its size; the target of ours against the first peer
JOBS = {
    "sampling": ((10_000, 31_623, 100_000, 316_228, 1_000_000), 3, "nodes", "at most 0.8 of COO to CSR"),
    "ppmi": ((10_000, 31_623, 100_000), 1, "items", "DuckDB at least 8 x"),
    "eigenpairs": ((6_325, 20_000, 63_246), 1, "nodes", "faster than each"),
    "spk": ((31_623, 100_000, 316_228, 1_000_000), 3, "rows", "product at least 0.45 x"),
}
TITLES = {
    "sampling": "Sampling a graph",
    "ppmi": "PPMI",
    "eigenpairs": "128 eigenpairs",
    "spk": "Spk of spiky vectors, f = 64",
}


def measured(name, n, repeats):
    """Return for each peer the median over the repeats of its processor time over ours, and our time."""
    code = ONE.format(here=str(HERE), name=name, n=n, repeats=repeats, least=2000)
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, **ONE_THREAD},
    )
    times = json.loads(done.stdout.splitlines()[-1])
    ours = times.pop("ours")
    return {
        peer: statistics.median(t / mine for t, mine in zip(theirs, ours)) for peer, theirs in times.items()
    }, statistics.median(ours)


def draw(points):
    """Write the figure: a panel for each, how many times our processor time a peer takes, against size."""
    import matplotlib

    matplotlib.use("svg")
    import matplotlib.pyplot as plt
    import pandas as pd
    import seaborn as sns

    from reports.figures.claims import PALETTE, style

    table = pd.DataFrame(points, columns=["what", "peer", "size", "ratio"])
    with style():
        canvas, axes = plt.subplots(2, 2, figsize=(9.0, 6.6))
        for axis, (name, title) in zip(axes.flat, TITLES.items()):
            chosen = table[table["what"] == name]
            sns.lineplot(
                chosen,
                x="size",
                y="ratio",
                hue="peer",
                style="peer",
                markers=True,
                dashes=False,
                ax=axis,
                palette=PALETTE,
            )
            axis.axhline(1, color="0.6", linewidth=0.8)
            axis.set(
                xscale="log", yscale="log", xlabel=JOBS[name][2], ylabel="its time over ours", title=title
            )
            axis.get_legend().set_title("")
        save_figure(canvas, "Processor time of others over ours, one thread", HERE / "ratios.svg")


def main():
    """Measure each size in a process of its own, record it, draw all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", choices=("small", "full"), default="full")
    small = parser.parse_args().size == "small"
    print(machine(), flush=True)
    points = []
    for name, (sizes, repeats, unit, target) in JOBS.items():
        for n in (4000,) if small else sizes:
            found, ours = measured(name, n, repeats)
            beside = ", ".join(f"{peer} {ratio:.2f} x" for peer, ratio in found.items())
            record(f"{TITLES[name]}, {n:,} {unit}, processor time over ours ({ours:.3g} s)", beside, target)
            points += [[name, peer, n, ratio] for peer, ratio in found.items()]
    if not small:
        draw(points)


if __name__ == "__main__":
    main()
