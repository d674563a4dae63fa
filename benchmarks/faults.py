"""How often does each check of an embedding find a planted fault, and how often one that is not there?

Four kinds of sound vectors at three sizes; in each, every fault is planted by itself. Writes the table of `docs/faults.md`.
"""

import argparse
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import numpy as np
from machine import machine

import theory
from experiments.real.faults.bots import bots
from experiments.real.faults.check import Check
from experiments.real.faults.columns_without_axis import columns_without_axis
from experiments.real.faults.common_mean import common_mean
from experiments.real.faults.drift_of_basis import drift_of_basis
from experiments.real.faults.given_rows import GivenRows
from experiments.real.faults.hubs import hubs
from experiments.real.faults.near_duplicates import duplicate_groups, near_duplicates
from experiments.real.faults.noise_axes import noise_axes
from experiments.real.faults.popularity_in_direction import popularity_in_direction
from experiments.real.faults.zero_rows import zero_rows
from simulate import LogNormal, bipartite_dcbm, dcbm, sample_bipartite, sample_graph
from simulate.changes import planted_faults as planted
from simulate.sound_vectors import SHAPES, sound_vectors

PAGE = Path(__file__).parents[1] / "docs/faults.md"
BEGIN, END = "<!-- rates -->", "<!-- end of rates -->"
SIZES = ((300, 8), (1000, 32), (4000, 64))
BLOCKS = "SVD of a block model"
KINDS = (*SHAPES, BLOCKS)
Outcome = tuple[str, bool, Check]  # the fault, whether it was planted, and what was said


def vectors_of(kind: str, n: int, f: int, rng: np.random.Generator) -> np.ndarray:
    """Return sound vectors: of the shapes, or the embedding of a graph of f communities with popularity."""
    if kind != BLOCKS:
        return sound_vectors(kind, n, f, rng, rays=2 * f)
    model = dcbm(n, f, heterogeneity=LogNormal(0.5), mean_degree=min(4.0 * f, n / 5), mixing=0.05, rng=rng)
    graph = sample_graph(model, rng, law="poisson", dtype=np.float64)
    return theory.analyse(graph, f, kind="graph").embedding.vectors("full")


def outcomes(kind: str, n: int, f: int, rng: np.random.Generator) -> Iterator[Outcome]:
    """Yield what each check says of sound vectors and of these with its fault."""
    x = vectors_of(kind, n, f, rng)
    x = x[np.linalg.norm(x, axis=1) > 0]
    n, f = x.shape

    def given(rows: np.ndarray) -> GivenRows:
        return GivenRows.of(rows, None, rng)

    def duplicates(rows: np.ndarray) -> Check:
        mine = given(rows)
        return near_duplicates(mine, duplicate_groups(mine, rng))

    def copies(rows: np.ndarray) -> Check:
        mine = given(rows)
        return bots(mine, duplicate_groups(mine, rng), None, rng)

    pairs: dict[str, tuple[Callable[[np.ndarray], Check], np.ndarray]] = {
        "rows of zeros": (lambda r: zero_rows(given(r)), planted.plant_zero_rows(x, rng).vectors),
        "columns that add no axis": (
            lambda r: columns_without_axis(given(r)),
            planted.plant_dependent_columns(x).vectors,
        ),
        "as many axes of noise": (
            lambda r: noise_axes(given(r), rng),
            planted.plant_noise_columns(x, rng, count=f).vectors,
        ),
        "a common mean": (
            lambda r: common_mean(given(r), rng),
            planted.plant_common_mean(x, rng).vectors,
        ),
        "a hub": (lambda r: hubs(given(r), rng), planted.plant_hub(x, rng).vectors),
        "five pairs of near-duplicates": (duplicates, planted.plant_near_duplicates(x, rng).vectors),
        "20 copies of a row": (copies, planted.plant_copies(x, rng).vectors),
    }
    for fault, (check, bad) in pairs.items():
        if fault != "as many axes of noise" or kind in ("on rays", BLOCKS):
            yield fault, False, check(x)
            yield fault, True, check(bad)
    unit = x / np.linalg.norm(x, axis=1)[:, None]
    along = unit @ rng.standard_normal(f)
    noise = rng.standard_normal(n)
    told = along / along.std() + noise
    yield "popularity in the direction", False, popularity_in_direction(given(x), np.exp(noise))
    yield "popularity in the direction", True, popularity_in_direction(given(x), np.exp(told))
    before = x + 0.2 * np.abs(x).mean() * rng.standard_normal(x.shape)
    turn = np.linalg.qr(rng.standard_normal((f, f)))[0]
    yield "a basis that turned", False, drift_of_basis(given(x), before, rng)
    yield "a basis that turned", True, drift_of_basis(given(x), before @ turn, rng)


def of_logs(n: int, rng: np.random.Generator) -> Iterator[Outcome]:
    """Yield what the check for bots says of a log of ten communities, and of it with twenty contexts of the same twelve items."""
    model = bipartite_dcbm(n, n // 2, 10, heterogeneity=LogNormal(0.8), mean_length=10.0, rng=rng)
    log = sample_bipartite(model, rng, clip=True)
    for bad in (False, True):
        held = planted.plant_biclique(log, rng, missing=0.05)[0] if bad else log
        given = GivenRows.of(rng.standard_normal((held.shape[1], 2)), None, rng)
        yield "bots in a log", bad, bots(given, duplicate_groups(given, rng), held, rng)


def table(replicates: int) -> str:
    """Return the table: of each fault, kind and size, how many of the replicates were found with it and without."""
    seen: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for number, (n, f) in enumerate(SIZES):
        count = max(2, replicates // (10 if n > 2000 else 1))
        for kind in (*KINDS, "log"):
            found: dict[tuple[str, bool], int] = {}
            for seed in range(count):
                rng = np.random.default_rng([seed, n, f, (*KINDS, "log").index(kind)])
                for fault, bad, check in of_logs(n, rng) if kind == "log" else outcomes(kind, n, f, rng):
                    found[fault, bad] = found.get((fault, bad), 0) + check.found
            print(n, f, kind, found, flush=True)
            for fault in dict.fromkeys(name for name, _ in found):
                row = seen.setdefault((fault, kind), [(0, 0)] * len(SIZES))
                row[number] = (found[fault, True], found[fault, False])
    counts = [max(2, replicates // (10 if n > 2000 else 1)) for n, _ in SIZES]
    head = [f"{n:,} x {f}, {count} each" for (n, f), count in zip(SIZES, counts)]
    lines = [
        "| fault | vectors | " + " | ".join(f"{size}: found with, without" for size in head) + " |",
        "|---|---|---|---|---|",
    ]
    order = sorted(seen, key=lambda key: list(dict.fromkeys(fault for fault, _ in seen)).index(key[0]))
    for fault, kind in order:
        cells = " | ".join(f"{hit}, {alarm}" for hit, alarm in seen[fault, kind])
        lines.append(f"| {fault} | {kind} | {cells} |")
    return "\n".join(lines)


def main() -> None:
    """Run and, at full size, write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=("small", "full"), default="full")
    full = parser.parse_args().size == "full"
    print(machine())
    found = table(30 if full else 2)
    print(found)
    if full:
        text = PAGE.read_text("utf-8")
        PAGE.write_text(
            re.sub(f"{BEGIN}.*{END}", lambda _: f"{BEGIN}\n{found}\n{END}", text, flags=re.S), "utf-8"
        )


if __name__ == "__main__":
    main()
