"""Spk of vectors that are read from their file in blocks, beside the same search with a copy in memory; and its memory."""

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import numpy as np
from machine import high_water, machine, record
from spk import rows_of

from theory import spikiness


def spent(rows, in_memory):
    """Processor seconds of a search, and what it found."""
    start = time.process_time()
    found = spikiness(rows, in_memory=in_memory)
    return time.process_time() - start, found


def beside_memory(path, n, f, rays, repeats):
    """Searches of one file, held in memory and read in blocks by turns; the numbers must be equal."""
    np.save(path, rows_of(n, f, rays))
    mapped = np.load(path, mmap_mode="r")
    spent(mapped[:20_000], 0)
    ratios, memory, blocks = [], [], []
    for _ in range(repeats):
        held, one = spent(mapped, 2**62)
        before = high_water(reset=True)
        read, other = spent(mapped, 0)
        memory.append(high_water() - before)
        blocks.append(read)
        ratios.append(read / held)
        assert one.peaks.tolist() == other.peaks.tolist() and (one.membership == other.membership).all()
    record(
        f"Spk, n = {n:,}, f = {f}, {one.n_peaks:,} peaks, read from a file in blocks over held in memory; processor time",
        f"{statistics.median(ratios):.2f} ({statistics.median(blocks):.2g} s)",
        "1.5",
    )
    if n >= 10**6:  # of fewer rows, the blocks weigh more
        record(
            "its memory beyond the process, over the float32 vectors",
            f"{max(memory) / mapped.nbytes:.2f}",
            "0.6",
        )


def main():
    """Run at the stated or at a small size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=("small", "full"), default="full")
    small = parser.parse_args().size == "small"
    print(machine(), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.npy"
        for rays in (300, 2800):
            beside_memory(path, 10**5 if small else 10**6, 128, rays, 1 if small else 3)


if __name__ == "__main__":
    main()
