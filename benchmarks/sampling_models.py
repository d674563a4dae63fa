"""Sampling other models than the block model: processor time an edge beside it, in turn in one run."""

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import numpy as np
from machine import machine, record

from simulate import (
    DotProductModel,
    GaussianWeights,
    LogNormal,
    NegativeBinomialWeights,
    as_dot_product,
    dcbm,
    directed_dcbm,
    moving_labels,
    pabm,
    sample_directed,
    sample_dot_product,
    sample_graph,
    sample_pabm,
    sample_snapshots,
    sample_weighted,
)


def other_models(n, mean_degree, repeats):
    """Processor time an edge of the other models, matrix included, in turn with the DCBM's."""
    rng = np.random.default_rng(0)
    spread = {"heterogeneity": LogNormal(0.5), "mean_degree": mean_degree, "rng": rng}
    blocks = dcbm(n, 5, **spread)
    models = {
        "DCBM": (sample_graph, blocks, {}),
        "popularity-adjusted": (sample_pabm, pabm(n, 5, **spread), {}),
        "directed": (sample_directed, directed_dcbm(n, 5, **spread), {}),
        "dot product, a block model's": (sample_dot_product, as_dot_product(blocks), {}),
        "dot product, a cone of 3 dimensions": (sample_dot_product, cone(n, 3, mean_degree, rng), {}),
        "dot product, a cone of 8 dimensions": (sample_dot_product, cone(n, 8, mean_degree, rng), {}),
        "negative binomial": (sample_weighted, blocks, {"weights": NegativeBinomialWeights(3.0)}),
        "Gaussian": (sample_weighted, blocks, {"weights": GaussianWeights(2.0, 0.5)}),
        "two snapshots": (sample_snapshots, moving_labels(blocks, 2, rng, move=0.1), {"persistence": 0.5}),
    }
    times = {name: [] for name in models}
    for turn in range(repeats + 1):
        for name, (sample, model, options) in models.items():
            start = time.process_time()
            found = sample(model, np.random.default_rng(turn), **options)
            graphs = found if isinstance(found, list) else [found]
            edges = sum(graph.nnz for graph in graphs) / (1 if name == "directed" else 2)
            if turn:  # the first compiles
                times[name].append((time.process_time() - start) / edges * 1e9)
    usual = float(np.median(times["DCBM"]))
    for name, rates in times.items():
        rate = float(np.median(rates))
        record(
            f"{name}, n = {n:,}, mean degree {mean_degree}: processor time an edge, matrix included",
            f"{rate:.0f} ns, {rate / usual:.1f} x the DCBM's",
            "2 x" if name in ("popularity-adjusted", "directed") else "",
        )


def cone(n, d, mean_degree, rng):
    """Positions whose directions fill a cone of d dimensions around the first axis, some 24 degrees from it; P is above 0."""
    across = rng.uniform(-0.8, 0.8, (n, d - 1)) / (d - 1) ** 0.5
    x = rng.lognormal(0, 0.5, n)[:, None] * np.column_stack([np.ones(n), across])
    signature = np.where(np.arange(d) % 3 == 2, -1, 1)
    degree = DotProductModel(x, signature).expected_degrees().mean()
    return DotProductModel(x * (mean_degree / degree) ** 0.5, signature)


def main():
    """Run at the stated or at a small size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=("small", "full"), default="full")
    small = parser.parse_args().size == "small"
    print(machine())
    other_models(10**4 if small else 10**5, 50, 3)


if __name__ == "__main__":
    main()
