"""Spk: beside the authors' rule as a loop over NumPy, and as a share of the rate of a plain float32 matrix product."""

import argparse
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import numpy as np
from machine import line, machine, record, seconds

from theory import spikiness


def rows_of(n, f, rays, seed=0):
    """Noisy rays of heavy-tailed norms, float32: about half as many peaks as rays."""
    rng = np.random.default_rng(seed)
    directions = rng.standard_normal((rays, f)).astype(np.float32)
    directions /= np.linalg.norm(directions, axis=1)[:, None]
    theta = (rng.pareto(2.5, n) + 1).astype(np.float32)
    labels = rng.integers(0, rays, n)
    v = np.empty((n, f), np.float32)
    for start in range(0, n, 100_000):
        s = slice(start, start + 100_000)
        noise = rng.standard_normal(v[s].shape, dtype=np.float32)
        noise *= 0.3 / np.sqrt(f) * np.sqrt(theta[s])[:, None]
        v[s] = theta[s][:, None] * directions[labels[s]] + noise
    return v


def loop(v, cosine=0.9, coverage=0.5):
    """The rule as it is defined: (u_i * u_j).sum() in float64, for all rows at every peak."""
    v = v.astype(np.float64)
    norms = np.linalg.norm(v, axis=1)
    order, unit = np.argsort(-norms, kind="stable"), v / norms[:, None]
    covered, peaks = np.zeros(len(v), dtype=bool), 0
    for row in order:
        if covered[row]:
            continue
        covered |= (unit * unit[row]).sum(axis=1) > cosine
        peaks += 1
        if covered.sum() > coverage * len(v):
            break
    return peaks


def beside_the_loop(n, f, rays):
    """Seconds of both."""
    v = rows_of(n, f, rays)
    found = spikiness(v)
    ours = line(f"Spk n = {n:,}, f = {f}, {found.n_peaks} peaks", seconds(lambda: spikiness(v), 5))
    peaks = []
    theirs = line("the loop", seconds(lambda: peaks.append(loop(v)), 1 if n > 50_000 else 3))
    assert peaks[0] == found.n_peaks
    record(
        f"Spk, n = {n:,}, f = {f}, {found.n_peaks} peaks, beside the rule as a loop of `(u * u[i]).sum(1)` in float64",
        f"{theirs / ours:.0f} x",
        "50 x",
    )


RATE = """
import sys; sys.path.insert(0, {here!r})
import time
import numpy as np
from spk import rows_of
from machine import high_water, record
from theory import spikiness
v = rows_of({n}, {f}, {rays})
spikiness(v[:20000])
before = high_water(reset=True)
times = []
for _ in range(3):
    start = time.perf_counter(); found = spikiness(v); times.append(time.perf_counter() - start)
memory = (high_water() - before + v.nbytes) / v.nbytes
left = np.concatenate([[found.membership.size], found.membership.size - found.covered[:-1]]).sum()
rate = 2 * {f} * left / np.median(times)
best = 0.0
for tile in (2048, 4096, 8192, 16384):
    a, b = v[:tile], np.ascontiguousarray(v[:256].T)
    repeats = max(3, int(2e10 / (2 * tile * {f} * 256)))
    a @ b
    start = time.perf_counter()
    for _ in range(repeats):
        a @ b
    best = max(best, 2 * tile * {f} * 256 * repeats / (time.perf_counter() - start))
record(f"Spk, n = {n:,}, f = {f}, {{found.n_peaks}} peaks; share of a plain float32 product's rate",
       f"{{np.median(times):.2f}} s, {{rate / 1e9:.0f}} of {{best / 1e9:.0f}} Gflop/s = {{rate / best:.0%}}", "40 %")
record("its memory, input included, over the float32 vectors", f"{{memory:.2f}}", "2.5")
"""


def main():
    """Run at the stated or at a small size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=("small", "full"), default="full")
    small = parser.parse_args().size == "small"
    print(machine(), flush=True)
    for n in (20_000,) if small else (100_000, 200_000):
        beside_the_loop(n, 64, 1600)
    for f in (64, 128):
        code = RATE.format(here=str(Path(__file__).parent), n=10**5 if small else 10**6, f=f, rays=2800)
        subprocess.run([sys.executable, "-c", code], check=True)


if __name__ == "__main__":
    main()
