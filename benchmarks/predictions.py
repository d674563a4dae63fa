"""Predictions for a block model of a million nodes and fifty blocks: seconds and memory, no n x n and no n x K x K object."""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import numpy as np
from machine import high_water, machine, record, seconds

import theory
from simulate import LogNormal, dcbm


def main() -> None:
    """Print seconds and memory of each prediction."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=("small", "full"), default="full")
    n = 1_000_000 if parser.parse_args().size == "full" else 200_000
    print(machine())
    rng = np.random.default_rng(0)
    model = dcbm(n, 50, heterogeneity=LogNormal(0.5), mean_degree=60, mixing=0.002, rng=rng)
    for name, work in {
        "outliers, Poisson": lambda: theory.outliers(model, "poisson"),
        "outliers, Bernoulli": lambda: theory.outliers(model, "bernoulli"),
        "visibility, Bernoulli": lambda: theory.visibility(model, "bernoulli"),
        "expected sine": lambda: theory.expected_squared_sine(model, law="poisson"),
        "error of degrees": lambda: theory.degree_error(model, law="poisson"),
        "P(cos > 0.9), with its fresh graph": lambda: theory.collinear_fraction(model, rng, law="poisson"),
    }.items():
        took = seconds(work, 1)[0]
        record(
            f"{name}, n = {n:,}, K = 50, lognormal(0.5), mean degree 60",
            f"{took:.1f} s, {high_water() / 2**30:.1f} GiB so far",
            "60 s, 2 GB",
        )


if __name__ == "__main__":
    main()
