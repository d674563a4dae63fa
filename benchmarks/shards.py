"""Graphs larger than memory: 10^9 edges in shards, beside the sampler in memory, by processor time an edge."""

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import numpy as np
from machine import machine, record

from experiments.matrices.edge_shards import read_folder, stored_degrees
from experiments.matrices.shard_writing import begin_shards, write_shards
from simulate import Pareto, ShardedGraph, dcbm, sample_graph

BLOCKS = 20


def model_of(nodes: int, mean_degree: float):
    """Return the model of the benchmark: K = 20, Pareto(2.5) cut at 60."""
    law = Pareto(2.5, maximum=60.0)
    return dcbm(
        nodes, BLOCKS, mean_degree=mean_degree, mixing=0.2, heterogeneity=law, rng=np.random.default_rng(0)
    )


def main():
    """Run at the stated or at a small size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=("small", "full"), default="full")
    parser.add_argument("--folder", type=Path, help="where the shards go: 8 bytes an edge")
    options = parser.parse_args()
    print(machine())
    small = options.size == "small"
    degree = 30.0 if small else 200.0
    whole = model_of(10**5 if small else 10**6, degree)
    sample_graph(whole, np.random.default_rng(1))  # compiled
    begun = time.process_time()
    graph = sample_graph(whole, np.random.default_rng(1))
    in_memory = (time.process_time() - begun) / (graph.nnz / 2)
    del graph, whole
    nodes, shards = (10**5, 8) if small else (10**7, 64)
    model = model_of(nodes, degree)
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        begun = time.process_time()
        sharded = ShardedGraph(model, shards, np.random.default_rng(1))
        place = begin_shards(Path(folder) / "edges", sharded)
        edges, _ = write_shards(place, sharded)
        an_edge = (time.process_time() - begun) / edges
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        record(
            f"{edges:,} edges, n = {nodes:,}, K = {BLOCKS}, Pareto(2.5), mean degree {degree:.0f}, in {shards} Parquet shards, "
            "over the sampler in memory; processor time an edge",
            f"{an_edge * 1e9:.0f} / {in_memory * 1e9:.0f} ns = {an_edge / in_memory:.2f}",
            "1.5",
        )
        record("its peak memory", f"{peak:.1f} GiB", "8 GiB")
        expected = model.expected_degrees()
        degrees, read = stored_degrees(read_folder(Path(folder) / "edges"))
        off = (edges - model.expected_edges()) / model.expected_edges() ** 0.5
        spread = float(((degrees - expected) ** 2 / expected).mean())
        record(
            "read again: edges beside what the model expects, and squared deviations of degrees over their means",
            f"{read:,} edges, {off:+.1f} standard deviations; {spread:.3f}",
            "within 5; 1",
        )


if __name__ == "__main__":
    main()
