"""Spk: beside the authors' rule as a loop over NumPy, and beside a plain float32 product: of the same pairs, and of all."""

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import numpy as np
from machine import high_water, line, machine, record, seconds

from experiments import OwnMatrix, spikes_of
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


def gaussian(n, f, power, seed=0):
    """Rows without spikes, float32: normal coordinates of standard deviations k^power."""
    rng = np.random.default_rng(seed)
    return (rng.standard_normal((n, f)) * np.arange(1, f + 1.0) ** power).astype(np.float32)


def plain_product(f):
    """Processor seconds of a float32 product per pair of rows, by tiles of the best of four sizes."""
    rng = np.random.default_rng(0)
    best = np.inf
    for rows in (512, 2048, 8192, 16384):
        a = rng.standard_normal((rows, f), dtype=np.float32)
        b = np.ascontiguousarray(rng.standard_normal((256, f), dtype=np.float32).T)
        out = a @ b
        repeats = max(3, int(5e7 / out.size))
        start = time.process_time()
        for _ in range(repeats):
            np.matmul(a, b, out=out)
        best = min(best, (time.process_time() - start) / (repeats * out.size))
    return best


def pairs_of(found):
    """Pairs of a peak and a row not covered when the peak is taken."""
    n = found.membership.size
    return float(np.concatenate([[n], n - found.covered[:-1]]).sum())


def rate(what, v, target, repeats=3):
    """Processor time of Spk beside that of a plain product of the same pairs, one measured before and after the other."""
    f = v.shape[1]
    spikiness(v[:20_000])
    before = high_water(reset=True)
    products, times = [plain_product(f)], []
    for _ in range(repeats):
        start = time.process_time()
        found = spikiness(v)
        times.append(time.process_time() - start)
        products.append(plain_product(f))
    memory = (high_water() - before + v.nbytes) / v.nbytes
    product = np.median(products) * pairs_of(found)
    measured = f"{np.median(times):.2f} s, {100 * product / np.median(times):.0f} % of the rate of a product"
    record(f"Spk, n = {len(v):,}, f = {f}, {what}, {found.n_peaks:,} peaks; processor time", measured, target)
    if len(v) >= 10**6:  # of fewer rows, what the process holds besides weighs more
        record("its memory, input included, over the float32 vectors", f"{memory:.2f}", "2.5")


def default_search(what, v, target):
    """All that `spikeproof spk` does with vectors by default, in units of one product of all pairs."""
    own = OwnMatrix("vectors", "embedding", v)
    product = plain_product(v.shape[1])
    start = time.process_time()
    found = spikes_of(own)
    spent = time.process_time() - start
    product = (product + plain_product(v.shape[1])) / 2 * len(v) ** 2
    bounds = int(found.curve["at_least"].sum())
    record(
        f"`spk` at 11 ranks with 3 nulls, n = {len(v):,}, f = {v.shape[1]}, {what}, a bound at {bounds} ranks",
        f"{spent:.0f} s, {spent / product:.2f} of a product of all pairs ({product:.0f} s)",
        target,
    )


def main():
    """Run at the stated or at a small size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=("small", "full"), default="full")
    small = parser.parse_args().size == "small"
    print(machine(), flush=True)
    for n in (20_000,) if small else (100_000, 200_000):
        beside_the_loop(n, 64, 1600)
    for f in (64, 128):
        rate("noisy rays", rows_of(10**5 if small else 10**6, f, 2800), "45 %" if f == 64 else "40 %")
        for power in (0.0, -0.25, -0.5):
            rows = gaussian(20_000 if small else 100_000, f, power)
            rate(f"spectrum k^{power:g}", rows, "150 %" if f == 64 else "200 %", 1)
    for n, target in ((20_000, ""),) if small else ((100_000, "1"), (1_000_000, "0.25")):
        default_search("without spikes", gaussian(n, 64, 0.0), target)
        default_search("noisy rays", rows_of(n, 64, 300), target)


if __name__ == "__main__":
    main()
