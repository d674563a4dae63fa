"""The runner's overhead a task, its speed-up on two workers and on a local Dask cluster, and a store of a million rows."""

import argparse
import json
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from machine import line, machine, seconds

from experiments import Study, product, run
from experiments.export import export
from experiments.store import FILE, Store


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
        line(
            f"{count:,} trivial tasks, {workers} worker(s), a task (target {target} ms)",
            times,
            1000 / count,
            "ms",
        )


def speed_up(count, length):
    """Ratio of one process to two workers and to a local cluster of two."""
    study = Study("busy", product(k=list(range(count)), seconds=[length]), busy, roles={})
    alone = line("one process", seconds(lambda: run(study), 1))
    two = line("two workers", seconds(lambda: run(study, workers=2), 1))
    print(f"speed-up on two workers: {alone / two:.2f} (target 1.8)")
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        run(
            Study("warm", product(k=[1, 2, 3, 4], seconds=[0.1]), busy, roles={}),
            dask=cluster.scheduler_address,
        )
        dask = line(
            "local Dask cluster of two", seconds(lambda: run(study, dask=cluster.scheduler_address), 1)
        )
    print(f"speed-up on the cluster: {alone / dask:.2f} (target 1.7)")


def million(rows):
    """Status and export of a large store."""
    with tempfile.TemporaryDirectory() as folder:
        Store(folder, seed=0).close()
        with sqlite3.connect(Path(folder) / FILE) as connection:
            connection.executemany(
                "INSERT INTO results VALUES (?, 'large', 1, 0, ?, 0, ?, NULL, NULL)",
                ((f"{k:016x}", json.dumps({"k": k}), json.dumps({"x": k / 7, "y": k})) for k in range(rows)),
            )
            connection.executemany(
                "INSERT INTO provenance VALUES (?, 'large', 1, 0.0, 0.1, 100.0)",
                ((f"{k:016x}",) for k in range(rows)),
            )

        def status():
            with Store(folder, create=False) as store:
                return store.counts(), store.seconds(), store.failures(5), store.provenance()

        line(f"status of {rows:,} rows (target 1 s)", seconds(status))
        line(f"export of {rows:,} rows (target 20 s)", seconds(lambda: export(folder), 1))


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
