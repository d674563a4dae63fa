"""Time and memory of sampling, PPMI, embedding and Spk against their size, to a million: a table and `scaling.svg`."""

import argparse
import json
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from machine import machine, record, save_figure

HERE = Path(__file__).parent

ONE = """
import json, sys, time, warnings; warnings.simplefilter("ignore"); sys.path.insert(0, {here!r})
from machine import high_water
from scaling import jobs
work = jobs({name!r}, 2000)[0]
work()
work, size = jobs({name!r}, {n})
before = high_water(reset=True)
start = time.perf_counter(); work(); seconds = time.perf_counter() - start
print(json.dumps([size, seconds, (high_water() - before) / 2**20]))
"""
NAMES = ("sampling", "PPMI", "embedding", "Spk")


def jobs(name, n):
    """What to run at n nodes, items or rows, and the edges, interactions, entries or numbers that it takes."""
    import numpy as np
    from ppmi import log
    from spk import rows_of

    import theory
    from simulate import Pareto, dcbm, sample_graph

    if name == "Spk":
        rows = rows_of(n, 32, 800)
        return lambda: theory.spikiness(rows), rows.size
    if name == "PPMI":
        x = log(10 * n, n, 20)
        return lambda: theory.ppmi(x, top_k=None), x.nnz
    model = dcbm(n, 20, heterogeneity=Pareto(2.5), mean_degree=40, rng=np.random.default_rng(0))
    graph = sample_graph(model, np.random.default_rng(1), clip=True)
    if name == "sampling":
        return lambda: sample_graph(model, np.random.default_rng(1), clip=True), graph.nnz
    return lambda: theory.embed(graph, 32, dtype="float32", tol=1e-4), graph.nnz


def draw(points):
    """Write the figure: seconds and memory against n, and against what is stored, log-log."""
    import matplotlib

    matplotlib.use("svg")
    import matplotlib.pyplot as plt
    import pandas as pd
    import seaborn as sns

    from reports.figures.claims import PALETTE, style

    table = pd.DataFrame(points, columns=["what", "n", "entries", "seconds", "MiB beyond the input"])
    with style():
        canvas, axes = plt.subplots(2, 2, figsize=(8.0, 6.0), sharey="row", sharex="col")
        for row, y in zip(axes, ("seconds", "MiB beyond the input")):
            for axis, x in zip(row, ("n", "entries")):
                sns.lineplot(
                    table,
                    x=x,
                    y=y,
                    hue="what",
                    style="what",
                    markers=True,
                    dashes=False,
                    palette=PALETTE,
                    ax=axis,
                )
                axis.set(
                    xscale="log",
                    yscale="log",
                    xlabel={"n": "nodes, items or rows", "entries": "stored numbers"}[x],
                )
                if axis is not axes[0, 0]:
                    axis.get_legend().remove()
        axes[0, 0].get_legend().set_title("")
        save_figure(canvas, "Time and memory grow in proportion to what is stored", HERE / "scaling.svg")


def main():
    """Measure each in a process of its own, record the largest, draw all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=("small", "full"), default="full")
    small = parser.parse_args().size == "small"
    print(machine(), flush=True)
    sizes = (3_000, 10_000) if small else (10_000, 31_623, 100_000, 316_228, 1_000_000)
    points = []
    for name in NAMES:
        mine = []
        for n in sizes:
            code = ONE.format(here=str(HERE), name=name, n=n)
            done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
            entries, seconds, mebibytes = json.loads(done.stdout.splitlines()[-1])
            print(
                f"{name}, n = {n:,}, {entries:,} stored numbers: {seconds:.2f} s, {mebibytes:.0f} MiB",
                flush=True,
            )
            mine.append([name, n, entries, seconds, max(mebibytes, 1.0)])
        first, last = mine[len(mine) // 2], mine[-1]
        growth = (last[3] / first[3]) / (last[2] / first[2])
        record(
            f"{name}, n = {last[1]:,}, {last[2]:,} stored numbers (scaling.svg)",
            f"{last[3]:.1f} s, {last[4]:,.0f} MiB beyond the input; {growth:.1f} x the time a number at n = {first[1]:,}",
        )
        points += mine
    if not small:
        draw(points)


if __name__ == "__main__":
    main()
