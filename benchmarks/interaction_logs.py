"""Interaction logs: 10^7 interactions over 10^6 items beside NumPy drawing as many items with replacement."""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import numpy as np
from machine import line, machine, record, seconds

from simulate import InteractionModel, Zipf, sample_fixed_lengths, sample_interactions


def main():
    """Run at the stated or at a small size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=("small", "full"), default="full")
    small = parser.parse_args().size == "small"
    print(machine())
    items, pairs, length = (10**5, 10**6, 20) if small else (10**6, 10**7, 20)
    rng = np.random.default_rng(0)
    theta = Zipf(0.8).sample(items, rng)
    model = InteractionModel(theta, np.arange(items) % 20, mean_length=float(length))
    sample_interactions(model, 10, rng, clip=True)
    sample_fixed_lengths(model, [2], rng)
    share = theta / theta.sum()
    peer = line(
        "Generator.choice with replacement",
        seconds(lambda: np.random.default_rng(1).choice(items, pairs, p=share), 3),
    )
    contexts = pairs // length
    ours = line(
        "reference law",
        seconds(lambda: sample_interactions(model, contexts, np.random.default_rng(1), clip=True), 3),
    )
    lengths = np.full(contexts, length)
    fixed = line(
        "successive sampling",
        seconds(lambda: sample_fixed_lengths(model, lengths, np.random.default_rng(1)), 3),
    )
    record(
        f"{pairs:,} interactions over {items:,} items, over NumPy's `choice(p=)`",
        f"reference law {ours / peer:.2f}, successive sampling {fixed / peer:.2f}",
        "3",
    )


if __name__ == "__main__":
    main()
