"""The first page of a log beside its PPMI, embedding and Spk alone: processor time in turns, in one process and as processes."""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import numpy as np
from machine import machine, record

import theory
from experiments import compare, load
from experiments.matrices.writers import write_matrix
from reports import write_comparison
from simulate import LogNormal, bipartite_dcbm, sample_bipartite

RANK = 64  # dimensions of `spk`, and of the analysis of a comparison
ALONE = """
import theory
from experiments import load
found = theory.analyse(load({path!r}).interactions, {rank}, kind="interactions")
print(theory.spikiness(found.embedding.vectors("full")).value)
"""


class Stopped(Exception):
    """The first page is there."""


def write_log(interactions, path):
    """A log of 20 communities, 20 interactions a context."""
    rng = np.random.default_rng(0)
    model = bipartite_dcbm(
        interactions // 20, interactions // 50, 20, heterogeneity=LogNormal(0.8), mean_length=20.0, rng=rng
    )
    write_matrix(sample_bipartite(model, rng, clip=True), path, graph=False)


def alone(path):
    """PPMI, embedding and Spk of a log that was read before."""
    found = theory.analyse(load(path).interactions, RANK, kind="interactions")
    theory.spikiness(found.embedding.vectors("full"))


def first_page(path, out):
    """The command's function up to its first page."""

    def stop():
        write_comparison(out)
        raise Stopped

    try:
        compare([path], out=out, first_look=stop)
    except Stopped:
        return
    raise AssertionError("no first page was drawn")


def in_one_process(path, repeats):
    """Seconds of processor time of both, by pairs; the analysis of the comparison is made anew each time."""
    import experiments.real.prepared as kept

    times = {"page": [], "alone": []}
    for repeat in range(repeats + 1):
        kept._KEPT.clear()
        with tempfile.TemporaryDirectory() as folder:
            for what, work in (
                ("page", lambda folder=folder: first_page(str(path), folder)),
                ("alone", lambda: alone(str(path))),
            ):
                start = time.process_time()
                work()
                if repeat:  # the first pair compiles and imports
                    times[what].append(time.process_time() - start)
    return times


def as_processes(path, repeats):
    """Seconds of processor time of the command until it says that its first page is there, and of a script of three lines."""
    times = {"page": [], "alone": []}
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    for _ in range(repeats):
        with tempfile.TemporaryDirectory() as folder:
            command = [
                sys.executable,
                "-m",
                "spikeproof",
                "compare",
                str(path),
                "--workers",
                "1",
                "--out",
                folder,
            ]
            times["page"].append(_spent(command, environment, "first page:"))
        script = [sys.executable, "-c", ALONE.format(path=str(path), rank=RANK)]
        times["alone"].append(_spent(script, environment, None))
    return times


def _spent(command, environment, until):
    """Processor time of a process, ended once it prints `until`."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        seen = any(until is not None and until in line for line in process.stdout)
        if until is not None:
            assert seen, f"{command} never said {until!r}"
            process.kill()
        process.wait()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return sum(getattr(after, key) - getattr(before, key) for key in ("ru_utime", "ru_stime"))


def main():
    """Print and record both ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=("small", "full"), default="full")
    machine()
    sizes = (100_000,) if parser.parse_args().size == "small" else (100_000, 1_000_000)
    for interactions in sizes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "log.npz"
            write_log(interactions, path)
            for how, measured in (("in one process", in_one_process), ("as processes", as_processes)):
                times = measured(path, 3)
                page, own = (statistics.median(times[what]) for what in ("page", "alone"))
                ratio = statistics.median(a / b for a, b in zip(times["page"], times["alone"]))
                print(json.dumps(times))
                record(
                    f"first page of a log of {interactions:,} interactions over its PPMI, embedding (f = {RANK}) and Spk, {how}; "
                    "processor time",
                    f"{page:.2f} s / {own:.2f} s = {ratio:.2f}",
                    "3",
                )


if __name__ == "__main__":
    main()
