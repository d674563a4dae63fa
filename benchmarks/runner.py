"""The runner's overhead a task, its speed-up on two workers and on a local Dask cluster, and a store of a million rows."""

import argparse
import json
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from machine import line, machine, record, seconds

from experiments import Study, product, run
from experiments.running.export import export
from experiments.running.seeds import canonical
from experiments.running.store import COLUMNS, FILE, Store, row_checksum


def trivial(cell, rngs):
    """One draw."""
    return {"x": float(rngs["r"].random())}


def busy(cell, rngs):
    """About one second of one core."""
    end = time.process_time() + cell["seconds"]
    while time.process_time() < end:
        pass
    return {"x": 1.0}


def overhead(count):
    """Seconds a task of trivial tasks, store included."""
    for workers, target in ((1, 1.0), (2, 3.0)):
        times = []
        for repeat in range(3):
            study = Study(f"trivial-{repeat}", product(k=list(range(count))), trivial, roles={"r": ("k",)})
            with tempfile.TemporaryDirectory() as folder:
                times += seconds(
                    lambda study=study, folder=folder, workers=workers: run(
                        study, store=folder, workers=workers
                    ),
                    1,
                )
        middle = line(f"{count:,} trivial tasks, {workers} worker(s)", times, 1000 / count, "ms a task")
        record(
            f"{count:,} trivial tasks, {workers} worker(s), store included, a task",
            f"{middle:.2g} ms",
            f"{target:g} ms",
        )


def speed_up(count, length):
    """Ratio of one process to two workers and to a local cluster of two."""
    study = Study("busy", product(k=list(range(count)), seconds=[length]), busy, roles={})
    alone = line("one process", seconds(lambda: run(study), 1))
    two = line("two workers", seconds(lambda: run(study, workers=2), 1))
    record(f"{count} tasks of {length:g} s on two workers", f"{alone / two:.2f} x", "1.8 x")
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        run(
            Study("warm", product(k=[1, 2, 3, 4], seconds=[0.1]), busy, roles={}),
            dask=cluster.scheduler_address,
        )
        dask = line(
            "local Dask cluster of two", seconds(lambda: run(study, dask=cluster.scheduler_address), 1)
        )
    record(f"{count} tasks of {length:g} s on a local Dask cluster of two", f"{alone / dask:.2f} x", "1.7 x")


def million(rows):
    """Status and export of a large store."""
    with tempfile.TemporaryDirectory() as folder:
        Store(folder, seed=0).close()
        with sqlite3.connect(Path(folder) / FILE) as connection:
            connection.executemany(
                f"INSERT INTO results ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    (*content, row_checksum(content))
                    for k in range(rows)
                    for content in [
                        (
                            f"{k:016x}",
                            "large",
                            1,
                            0,
                            canonical({"k": k}),
                            0,
                            json.dumps({"x": k / 7}),
                            None,
                            None,
                        )
                    ]
                ),
            )
            connection.execute("INSERT INTO environments VALUES (1, 'host', 'versions', 'sources', '')")
            connection.executemany(
                "INSERT INTO provenance VALUES (?, 'large', 1, 0.0, 0.1, 100.0)",
                ((f"{k:016x}",) for k in range(rows)),
            )

        def status():
            with Store(folder, create=False) as store:
                return store.counts(), store.seconds(), store.failures(5), store.provenance()

        record(f"store of {rows:,} rows: status", f"{statistics.median(seconds(status)):.2f} s", "1 s")
        record(
            f"store of {rows:,} rows: export, every checksum looked at",
            f"{seconds(lambda: export(folder), 1)[0]:.1f} s",
            "20 s",
        )


def main():
    """Run at the stated or at a small size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=("small", "full"), default="full")
    small = parser.parse_args().size == "small"
    print(machine())
    overhead(500 if small else 10_000)
    speed_up(4 if small else 40, 0.2 if small else 1.0)
    million(10_000 if small else 1_000_000)


if __name__ == "__main__":
    main()
