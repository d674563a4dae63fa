"""Every command at four sizes: processor time, memory and slope, in a table and in `docs/growth.svg`.

The slope is that of the logarithm of the time beyond a start without data, between the two largest sizes: 1 is in proportion to
the data, 2 its square. `tests/end_to_end/test_growth.py` counts operations at small sizes, without a clock.
"""

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import numpy as np
from machine import machine, record, save_figure

FIGURE = Path(__file__).parents[1] / "docs" / "growth.svg"
F = 64  # numbers of a vector

GRAPH = """[model]
kind = "graph"
nodes = {n}
blocks = 20
mean_degree = 20.0
[heterogeneity]
law = "lognormal"
cv = 0.8
"""
LOG = """[model]
kind = "interactions"
contexts = {contexts}
items = {n}
blocks = 20
length = 10
[heterogeneity]
law = "lognormal"
cv = 1.0
"""
STUDY = """trial = "spikes_of_a_block_model"
replicates = {n}
[fixed]
n = 40
blocks = 2
mean_degree = 6.0
"""


def gaussian(folder, n):
    """Vectors without spikes."""
    rows = np.random.default_rng(0).standard_normal((n, F), dtype=np.float32)
    np.save(folder / "x.npy", rows)
    return n


def spiky(folder, n):
    """Vectors on 300 rays with noise."""
    from spk import rows_of

    np.save(folder / "x.npy", rows_of(n, F, 300))
    return n


def sampled(folder, model, name):
    """Draw a model into a file, and return the numbers that it holds."""
    (folder / "model.toml").write_text(model)
    spikeproof("sample", "model.toml", "-o", name, "--clip", folder=folder)


def graph(ending):
    """A graph of mean degree 20 in a file, counted in edges."""

    def make(folder, n):
        sampled(folder, GRAPH.format(n=n), f"x.{ending}")
        return 10 * n

    return make


def log(ending):
    """A log of ten items a context and ten contexts an item, counted in interactions."""

    def make(folder, n):
        sampled(folder, LOG.format(n=n, contexts=n), f"x.{ending}")
        return 10 * n

    return make


def parquet(folder, n):
    """The same log in a Parquet file."""
    import pandas as pd

    count = log("csv")(folder, n)
    pd.read_csv(folder / "x.csv").to_parquet(folder / "x.parquet")
    return count


def model(folder, n):
    """A model to sample, counted in edges."""
    (folder / "model.toml").write_text(GRAPH.format(n=n))
    return 10 * n


def study(folder, n):
    """A study of n tasks of milliseconds."""
    (folder / "study.toml").write_text(STUDY.format(n=n))
    return n


def swept(folder, n):
    """The results of such a study."""
    study(folder, n)
    spikeproof("sweep", "study.toml", "--out", "results", folder=folder)
    return n


@dataclass(frozen=True)
class Job:
    """A command in words, its arguments, what is counted, who makes its input at a size, and the sizes."""

    words: str
    arguments: tuple[str, ...]
    unit: str
    make: object
    sizes: tuple[int, ...]
    small: tuple[int, ...]


ROWS, NODES, ITEMS, TASKS = (
    (10_000, 30_000, 100_000, 300_000),
    (10_000, 30_000, 100_000, 300_000),
    (2_000, 6_000, 18_000, 54_000),
    (1_000, 3_000, 10_000, 30_000),
)
FEW = (1_000, 2_000)
ONCE = ("--null", "1", "--rank", "32")
JOBS = (
    Job("spk, vectors at random", ("spk", "x.npy", "--rank", str(F)), "rows", gaussian, ROWS, FEW),
    Job("spk, spiky vectors", ("spk", "x.npy", "--rank", str(F)), "rows", spiky, ROWS, FEW),
    Job("spk, a graph", ("spk", "x.npz", *ONCE), "edges", graph("npz"), NODES, FEW),
    Job("spk, a log", ("spk", "x.npz", *ONCE), "interactions", log("npz"), ITEMS, FEW),
    Job(
        "compare, 4 twins",
        ("compare", "x.npz", "--twins", "4", "--workers", "1", "--out", "compared"),
        "interactions",
        log("npz"),
        ITEMS,
        FEW,
    ),
    *(
        Job(f"matrices, .{ending}", ("matrices", f"x.{ending}"), "edges", graph(ending), NODES, FEW)
        for ending in ("edges", "mtx", "npz", "graphml")
    ),
    Job("matrices, .csv", ("matrices", "x.csv"), "interactions", log("csv"), NODES, FEW),
    Job("matrices, .parquet", ("matrices", "x.parquet"), "interactions", parquet, NODES, FEW),
    *(
        Job(
            f"sample, .{ending}",
            ("sample", "model.toml", "--clip", "-o", f"y.{ending}"),
            "edges",
            model,
            NODES,
            FEW,
        )
        for ending in ("npz", "edges", "graphml")
    ),
    Job("sweep", ("sweep", "study.toml", "--out", "results"), "tasks", study, TASKS, (50, 100)),
    Job("status", ("status", "results"), "rows of results", swept, TASKS, (50, 100)),
    Job("export", ("export", "results"), "rows of results", swept, TASKS, (50, 100)),
)


def spikeproof(*arguments, folder):
    """Run the command in a process of its own; return its processor seconds and its peak memory in MiB."""
    child = subprocess.Popen(
        [sys.executable, "-m", "spikeproof", *arguments],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    said = child.stderr.read().decode()
    _, status, used = os.wait4(child.pid, 0)
    if status:
        raise RuntimeError(f"spikeproof {' '.join(arguments)} ended with {status}: {said[-2000:]}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def measured(job, sizes):
    """Return (counted, seconds, MiB) at each size, the first a start with hardly any data."""
    found = []
    for n in (min(job.small), *sizes):
        with tempfile.TemporaryDirectory() as folder:
            counted = job.make(Path(folder), n)
            found.append((counted, *spikeproof(*job.arguments, folder=Path(folder))))
    return found


def slope(found):
    """Return how the time beyond a start grows between the two largest sizes."""
    (_, start, _), *_, (n, a, _), (m, b, _) = found
    return math.log(max(b - start, 1e-3) / max(a - start, 1e-3)) / math.log(m / n)


def draw(points):
    """Write the figure: processor time and memory of each command against what it reads or makes."""
    import matplotlib

    matplotlib.use("svg")
    import matplotlib.pyplot as plt
    import pandas as pd
    import seaborn as sns

    from reports.figures.claims import style

    table = pd.DataFrame(points, columns=["command", "unit", "counted", "seconds", "MiB"])
    groups = {
        "vectors and matrices": ("spk", "compare"),
        "files": ("matrices", "sample"),
        "tasks": ("sweep", "status", "export"),
    }
    with style():
        canvas, axes = plt.subplots(2, 3, figsize=(11.0, 6.4), sharey="row", sharex="col")
        for column, (title, commands) in enumerate(groups.items()):
            chosen = table[table["command"].str.startswith(commands)]
            for row, y in enumerate(("seconds", "MiB")):
                axis = axes[row, column]
                sns.lineplot(
                    chosen,
                    x="counted",
                    y=y,
                    hue="command",
                    style="command",
                    markers=True,
                    ax=axis,
                    legend=row == 1,
                )
                axis.set(xscale="log", yscale="log", xlabel="rows, edges, interactions or tasks")
                if row:
                    sns.move_legend(
                        axis, "upper center", bbox_to_anchor=(0.5, -0.25), title="", frameon=False
                    )
            axes[0, column].set_title(title)
        axes[0, 0].set_ylabel("processor seconds")
        axes[1, 0].set_ylabel("peak memory, MiB")
        save_figure(canvas, "Processor time and memory of each command against its data", FIGURE)


def main():
    """Run every command, or those whose words begin as asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", choices=("small", "full"), default="full")
    parser.add_argument("--only", default="", help="commands whose words begin so")
    parser.add_argument(
        "--points", help="a file that keeps what was measured, and from which the rest goes on"
    )
    asked = parser.parse_args()
    print(machine(), flush=True)
    kept = Path(asked.points) if asked.points else None
    points = json.loads(kept.read_text()) if kept and kept.exists() else []
    for job in JOBS:
        if not job.words.startswith(asked.only) or any(point[0] == job.words for point in points):
            continue
        found = measured(job, job.small if asked.size == "small" else job.sizes)
        (least, fast, _), (most, slow, memory) = found[1], found[-1]
        record(
            f"{job.words}: {least:,} to {most:,} {job.unit}",
            f"{fast:.3g} to {slow:.3g} s, {memory:,.0f} MiB at most; slope {slope(found):.2f}",
            "1.1",
        )
        points += [[job.words, job.unit, *point] for point in found[1:]]
        if kept:
            kept.write_text(json.dumps(points))
    if asked.size == "full" and not asked.only:
        draw(points)


if __name__ == "__main__":
    main()
