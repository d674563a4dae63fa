"""A log larger than memory: the analysis through files, on one and two workers, beside the analysis in memory of the same log.

The log is like the Million Playlist Dataset: 66 interactions and 2.2 items a context, geometric lengths, popularity by a shifted
Zipf law, and communities, so that the vectors have spikes. `--contexts 1000000` is its size; the table has a smaller one.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from machine import machine, record

LENGTH, ITEMS, BLOCKS, RANK, TOP_K = 66, 2.2, 100, 64, 2000
SHARD = 50_000  # contexts in a file
HERTZ = os.sysconf("SC_CLK_TCK")


def write_log(folder, contexts):
    """Write the log; return its interactions, repeats counted, and its items."""
    size = max(int(contexts * ITEMS) // BLOCKS, 50)
    share = np.cumsum(1 / (np.arange(size) + 20.0))
    folder.mkdir(parents=True)
    rows = 0
    for shard, first in enumerate(range(0, contexts, SHARD)):
        rng = np.random.default_rng([0, shard])
        number = min(SHARD, contexts - first)
        lengths = rng.geometric(1 / LENGTH, number)
        context = np.repeat(np.arange(first, first + number), lengths)
        block = np.repeat(rng.integers(0, BLOCKS, number), lengths)
        stray = rng.random(context.size) < 0.2
        block[stray] = rng.integers(0, BLOCKS, int(stray.sum()))
        place = np.searchsorted(share, rng.random(context.size) * share[-1]).clip(0, size - 1)
        table = pa.table({"context": context, "item": block * size + place})
        pq.write_table(table, folder / f"{shard:04d}.parquet", row_group_size=1 << 20)
        rows += context.size
    return rows, size * BLOCKS


IN_MEMORY = """
import sys, time, json
import numpy as np
import pyarrow.parquet as pq
from scipy import sparse
import theory
from simulate.compiled import thread_count
table = pq.read_table(sys.argv[1])
_, i = np.unique(np.asarray(table["item"]), return_inverse=True)
x = sparse.csr_array((np.ones(len(i), np.float32), (np.asarray(table["context"]), i)))
x.data[:] = 1
del table, i
found = theory.analyse(x, int(sys.argv[2]), kind="interactions", top_k=int(sys.argv[3]), dtype="float32", tol=1e-4)
spikes = theory.spikiness(found.embedding.vectors("full"))
print(json.dumps({"entries": found.matrix.nnz, "spk": spikes.value}))
"""


def watched(command, work=None):
    """Run a command; return its seconds, processor time, the most that one of its processes held, what it said, and its steps.

    Of each step, told by the newest folder in `work`, the processor time.
    """
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    most, spent, steps = {}, {}, {}
    over = threading.Event()

    def look():
        while not over.wait(0.2):
            before = sum(spent.values())
            for pid in family(process.pid):
                try:
                    status = Path(f"/proc/{pid}/status").read_text()
                    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                except OSError:
                    continue
                if "VmHWM" in status:
                    most[pid] = int(status.split("VmHWM:")[1].split()[0]) * 1024
                spent[pid] = (int(fields[11]) + int(fields[12])) / HERTZ
            step = newest(work)
            steps[step] = steps.get(step, 0.0) + sum(spent.values()) - before

    watch = threading.Thread(target=look)
    watch.start()
    said = process.communicate()[0]
    over.set()
    watch.join()
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}")
    return time.perf_counter() - begun, sum(spent.values()), max(most.values()), said, steps


def newest(work):
    """The step whose folder was made last."""
    found = [path for path in work.iterdir() if path.is_dir()] if work and work.is_dir() else []
    return max(found, key=lambda path: path.stat().st_mtime_ns).name.rsplit("-", 1)[0] if found else "start"


def family(pid):
    """The process and all its descendants."""
    found = [pid]
    for one in found:
        for thread in Path(f"/proc/{one}/task").glob("*/children"):  # a process is the child of one thread
            try:
                found.extend(int(child) for child in thread.read_text().split())
            except OSError:
                continue
    return found


def main():
    """Run at the stated or at a small size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=("small", "full"), default="full")
    parser.add_argument("--contexts", type=int, help="instead of the size; 1000000 is that of the playlists")
    parser.add_argument("--folder", type=Path, help="where log and steps go")
    parser.add_argument("--memory", type=int, default=512, help="MiB of a task")
    parser.add_argument("--workers", default="1,2", help="how many workers, one run after the other")
    parser.add_argument("--not-in-memory", action="store_true", help="without the analysis in memory")
    asked = parser.parse_args()
    contexts = asked.contexts or (2000 if asked.size == "small" else 10_000)
    print(machine(), flush=True)
    with tempfile.TemporaryDirectory(dir=asked.folder) as place:
        log = Path(place) / "log"
        rows, items = write_log(log, contexts)
        what = f"{contexts:,} contexts, {rows:,} interactions, {items:,} items, top_k {TOP_K}, f = {RANK}"
        whole = None
        if not asked.not_in_memory:
            command = [sys.executable, "-c", IN_MEMORY, str(log), str(RANK), str(TOP_K)]
            whole = watched(command)
            told = json.loads(whole[3])
            record(
                f"{what}: in memory, {told['entries']:,} entries",
                f"{whole[0]:.0f} s, {whole[1]:.0f} s of processor time, {whole[2] / 2**30:.2f} GiB",
            )
        walls = {}
        for workers in map(int, asked.workers.split(",")):
            out = Path(place) / f"out-{workers}"
            command = [sys.executable, "-m", "spikeproof", "analyse", str(log), "-o", str(out), "--single"]
            command += ["--rank", str(RANK), "--top-k", str(TOP_K), "--memory", str(asked.memory)]
            seconds, spent, most, said, steps = watched(
                [*command, "--dask", f"local:{workers}"], out / "work"
            )
            print(said, flush=True)
            walls[workers] = seconds
            print(", ".join(f"{step} {spent:.1f} s" for step, spent in steps.items()), flush=True)
            for path in sorted((out / "work").iterdir()):
                print(
                    path.name,
                    f"{sum(file.stat().st_size for file in path.iterdir()) / 2**20:.0f} MiB",
                    flush=True,
                )
            size = sum(file.stat().st_size for file in (out / "work").rglob("*") if file.is_file())
            beside = ""
            if whole:
                beside = f"; over memory {spent / whole[1]:.2f} of the processor time, {most / whole[2]:.2f} of the peak"
            record(
                f"the same through files, {workers} worker{'s' * (workers > 1)}, {asked.memory} MiB a task",
                f"{seconds:.0f} s, {spent:.0f} s of processor time, at most {most / 2**30:.2f} GiB a process, "
                f"{size / 2**30:.1f} GiB on disk{beside}",
                "6 GiB a worker",
            )
        if {1, 2} <= walls.keys():
            record("its efficiency on two workers, by the clock", f"{walls[1] / walls[2] / 2:.2f}")


if __name__ == "__main__":
    main()
