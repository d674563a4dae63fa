"""Sampling graphs: beside SciPy's COO to CSR, networkx and graspologic, in one run; time, memory, nanoseconds an edge."""

import argparse
import resource
import subprocess
import sys
import time
import warnings
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import numpy as np
from machine import line, machine, record, seconds
from scipy import sparse

from simulate import Pareto, dcbm, sample_edges, sample_graph, sbm
from simulate.optional import missing

warnings.simplefilter("ignore")


def model_of(n, mean_degree, blocks=20):
    """The benchmark's model: K = 20, Pareto(2.5), shuffled labels."""
    return dcbm(n, blocks, heterogeneity=Pareto(2.5), mean_degree=mean_degree, rng=np.random.default_rng(0))


def beside_scipy(n, mean_degree, repeats, target):
    """One DCBM graph against turning as many random entries from COO into CSR once."""
    model = model_of(n, mean_degree)
    sample_graph(model_of(1000, 5), np.random.default_rng(0), clip=True)  # compiled before it is timed
    ours = line(
        f"DCBM n = {n:,}, mean degree {mean_degree}",
        seconds(lambda: sample_graph(model, np.random.default_rng(1), clip=True), repeats),
    )
    entries = int(2 * model.expected_edges())
    rng = np.random.default_rng(2)
    i, j = (rng.integers(0, n, entries, dtype=np.int32) for _ in range(2))
    ones = np.ones(entries, dtype=np.float32)
    theirs = line(
        f"SciPy COO to CSR, {entries:,} entries",
        seconds(lambda: sparse.coo_array((ones, (i, j)), shape=(n, n)).tocsr(), repeats),
    )
    record(
        f"DCBM, n = {n:,}, K = 20, Pareto(2.5), mean degree {mean_degree}, exact Bernoulli to symmetric CSR, over SciPy's COO to "
        "CSR of as many entries",
        f"{ours:.2f} s / {theirs:.2f} s = {ours / theirs:.2f}",
        target,
    )


MEMORY = """
import sys, warnings; warnings.simplefilter("ignore"); sys.path.insert(0, {here!r})
import numpy as np
from sampling import model_of
from machine import high_water, record
from simulate import sample_graph
sample_graph(model_of(1000, 5), np.random.default_rng(0), clip=True)
model = model_of({n}, {mean_degree})
before = high_water()
graph = sample_graph(model, np.random.default_rng(1), clip=True)
peak = high_water()
size = graph.data.nbytes + graph.indices.nbytes + graph.indptr.nbytes
record("its peak memory beyond the model, over the result's", f"{{(peak - before) / size:.2f}}, of {{size / 2**20:.0f}} MiB", "2")
"""


def memory(n, mean_degree):
    """Peak memory of one graph, in a process of its own."""
    code = MEMORY.format(here=str(Path(__file__).parent), n=n, mean_degree=mean_degree)
    subprocess.run([sys.executable, "-c", code], check=True)


def nanoseconds(largest):
    """Nanoseconds an edge of the sampler alone at mean degree 100."""
    edges, rates = 10**6, []
    while edges <= largest:
        model = model_of(edges // 50, 100)
        start = time.perf_counter()
        found = sample_edges(model, np.random.default_rng(1))
        rates.append((time.perf_counter() - start) / found.n_edges * 1e9)
        print(
            f"{found.n_edges:,} edges: {rates[-1]:.0f} ns an edge, {found.candidates / found.n_edges:.2f} candidates an edge"
        )
        edges *= 10
    record(
        f"nanoseconds an edge from 10^6 to {largest:.0e} edges",
        f"{min(rates):.0f} to {max(rates):.0f} (ratio {max(rates) / min(rates):.2f})",
        "ratio 2.5",
    )


def beside_networkx():
    """SBM with n = 20,000 and 2e5 edges."""
    import networkx as nx

    model = sbm(20_000, 10, mean_degree=20, rng=np.random.default_rng(0))
    ours = line(
        "SBM n = 20,000, 2e5 edges", seconds(lambda: sample_graph(model, np.random.default_rng(1)), 5)
    )
    sizes = np.bincount(model.labels).tolist()
    theirs = line(
        "networkx.stochastic_block_model(sparse=True)",
        seconds(lambda: nx.stochastic_block_model(sizes, model.affinity.tolist(), seed=1, sparse=True), 3),
    )
    record("SBM, n = 20,000, 2e5 edges, beside networkx", f"{theirs / ours:.0f} x", "50 x")


def beside_graspologic():
    """DCBM with n = 5,000."""
    from graspologic.simulations import sbm as peer

    model = dcbm(5000, 4, heterogeneity=Pareto(2.5, maximum=20), mean_degree=18, rng=np.random.default_rng(0))
    ours = line(
        "DCBM n = 5,000", seconds(lambda: sample_graph(model, np.random.default_rng(1), clip=True), 5)
    )
    order = np.argsort(model.labels, kind="stable")
    sizes = np.bincount(model.labels).tolist()
    theta = model.propensities[order]
    starts = np.cumsum([0, *sizes])
    weights = np.concatenate([theta[a:b] / theta[a:b].sum() for a, b in pairwise(starts)])
    means = np.array([theta[a:b].mean() for a, b in pairwise(starts)])
    p = np.clip(model.affinity * np.outer(means, means), 0, 1)
    theirs = line("graspologic sbm(dc=)", seconds(lambda: peer(sizes, p, dc=weights), 1))
    record("DCBM, n = 5,000, beside graspologic", f"{theirs / ours:.0f} x", "100 x")


def main():
    """Run at the stated or at a small size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=("small", "full"), default="full")
    small = parser.parse_args().size == "small"
    print(machine())
    n = 10**5 if small else 10**6
    beside_scipy(n, 100, 3, "1.0")
    memory(n, 100)
    beside_scipy(n, 20, 3, "0.8")
    nanoseconds(10**7 if small else 10**8)
    beside_networkx()
    if sentence := missing("graspologic", "the line beside graspologic"):
        print(sentence)
    else:
        beside_graspologic()
    print(f"this process held {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.1f} GiB at most")


if __name__ == "__main__":
    main()
