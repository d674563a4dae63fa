"""A product with the normalised Laplacian of a graph beside one with its adjacency matrix, in processor time.

The Laplacian is a copy of the graph with scaled entries, so that the two should cost the same. What it adds in memory is told
too.
"""

import argparse
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import numpy as np
from machine import high_water, machine, record

import theory
from simulate import LogNormal, dcbm, sample_graph


def main() -> None:
    """Print the ratio of products with one vector, in pairs, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=("small", "full"), default="full")
    n = 1_000_000 if parser.parse_args().size == "full" else 100_000
    print(machine())
    rng = np.random.default_rng(0)
    model = dcbm(n, 20, heterogeneity=LogNormal(0.5), mean_degree=50, rng=rng)
    graph = sample_graph(model, rng, law="poisson", dtype=np.float64)
    before = high_water(reset=True)
    start = time.process_time()
    scaled = theory.operator_matrix(graph, "normalised-laplacian")
    made = time.process_time() - start
    added = high_water() - before
    x = rng.standard_normal(n)
    spent: dict[str, list[float]] = {"graph": [], "scaled": []}
    for _ in range(7):
        for name, matrix in (("graph", graph), ("scaled", scaled)):
            start = time.process_time()
            matrix @ x
            spent[name].append(time.process_time() - start)
    ratio = statistics.median(b / a for a, b in zip(spent["graph"], spent["scaled"], strict=True))
    record(
        f"product with the normalised Laplacian over one with the graph, n = {n:,}, nnz = {graph.nnz:,}, processor time",
        f"{statistics.median(spent['scaled']):.2f} s / {statistics.median(spent['graph']):.2f} s = {ratio:.2f}; made once in "
        f"{made:.1f} s, {added / (8 * graph.nnz):.1f} times the graph's values at most",
        "1.2",
    )


if __name__ == "__main__":
    main()
