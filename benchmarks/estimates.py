"""Estimates over what is measured: memory and processor time of each step, and of whole commands.

A step runs in a process of its own, whose high water is compared with the program and the step's memory. Commands are compared
with the plan that `--dry-run` prints.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import numpy as np
from machine import high_water, machine, record
from threadpoolctl import threadpool_limits

TARGET = "memory 0.75 to 1.25; time 0.5 to 2"


def sampling(n, mean_degree):
    """A DCBM graph."""
    from sampling import model_of

    from experiments.estimates.sampling import drawing
    from simulate import sample_graph

    sample_graph(model_of(60_000, 50), np.random.default_rng(0), clip=True)
    model = model_of(n, mean_degree)
    step = drawing("graph", model.expected_edges(), n)
    return step, lambda: sample_graph(model, np.random.default_rng(1), clip=True)


def counting(interactions, items, top_k):
    """PPMI of a log."""
    from ppmi import log

    import theory
    from experiments import OwnMatrix
    from experiments.estimates.counting import counting, pairs_of
    from experiments.estimates.looking import Looked

    theory.ppmi(log(20_000, 1000, 10), top_k=5)
    theory.ppmi(log(20_000, 1000, 10))
    x = log(interactions, items, 66)
    squares = float((np.diff(x.indptr).astype(float) ** 2).sum())
    own = OwnMatrix("log", "interactions", x)
    looked = Looked("log", "interactions", ".npz", *x.shape, float(x.nnz), "memory", squares=squares, own=own)
    step = counting(looked, pairs_of(looked, top_k), 12.0 * x.nnz)
    return step, lambda: theory.ppmi(x, top_k=top_k)


def embedding(which, n, rank, dtype, tol):
    """Eigenpairs of a graph."""
    from embedding import GRAPHS

    import theory
    from experiments.estimates.embedding import embedding

    make, _ = GRAPHS[which]
    theory.embed(make(2000), 8)
    theory.embed(make(30_000), 41, dtype="float32", tol=1e-4)
    graph = make(n)
    step = embedding(n, graph.nnz, rank, 8.0 * graph.nnz, tol, dtype=dtype)

    def work():
        with threadpool_limits(1, user_api="blas"):  # a second thread that waits takes processor time too
            theory.embed(graph, rank, dtype=dtype, tol=tol)

    return step, work


def search(n, f, rays):
    """Spk of rows on noisy rays."""
    from spk import rows_of

    import theory
    from experiments.estimates.searching import pilot, searching

    theory.spikiness(rows_of(20_000, f, 200))
    rows = rows_of(n, f, rays)
    peaks = pilot(lambda places: rows[places].astype(float), n, 0.9)
    step = searching(n, [f], rows.nbytes, peaks, "peaks as of 8,000 of the rows", exact=True)
    return step, lambda: theory.spikiness(rows)


STEPS = {"sampling": sampling, "counting": counting, "embedding": embedding, "search": search}
SIZES = {
    "small": (
        ("sampling", (10**5, 100)),
        ("counting", (660_000, 22_000, 2000)),
        ("embedding", ("hubs", 20_000, 64, "float64", 0.0)),
        ("search", (10**5, 64, 2800)),
    ),
    "full": (
        ("sampling", (10**6, 20)),
        ("sampling", (10**6, 100)),
        ("counting", (4_000_000, 100_000, None)),
        ("counting", (6_600_000, 220_000, 2000)),
        ("embedding", ("no gap", 100_000, 64, "float32", 1e-4)),
        ("embedding", ("hubs", 200_000, 128, "float32", 1e-4)),
        ("embedding", ("hubs", 60_000, 64, "float64", 0.0)),
        ("search", (10**6, 64, 2800)),
        ("search", (10**6, 128, 2800)),
    ),
}


def one_step(name, sizes):
    """In a process of its own: estimate, run, and print both."""
    from experiments.estimates.calibration import slowness
    from experiments.estimates.plan import seconds_of
    from simulate.available_memory import PROGRAM

    step, work = STEPS[name](*sizes)
    seconds = seconds_of(step, slowness([step.work]))
    high_water(reset=True)
    start = time.process_time()
    work()
    spent, held = time.process_time() - start, high_water()
    told = f"{step.name}, {step.size}"
    record(
        told,
        f"memory {size(PROGRAM + step.memory)} / {size(held)} = {(PROGRAM + step.memory) / held:.2f}; "
        f"time {seconds:.2g} / {spent:.2g} s = {seconds / spent:.2f}",
        TARGET,
    )


def size(count):
    """A number of bytes."""
    return f"{count / 2**30:.2f} GiB"


def commands(small, folder):
    """Whole commands beside their plans."""
    from ppmi import log
    from scipy import sparse
    from spk import gaussian, rows_of

    from experiments.estimates.looking import look
    from experiments.estimates.of_spk import Asked, plan_of_spk
    from experiments.estimates.of_stability import plan_of_stability

    n = 20_000 if small else 100_000
    np.save(folder / "rays.npy", rows_of(n, 64, 300))
    np.save(folder / "gaussian.npy", gaussian(n, 64, 0.0))
    x = log(200_000 if small else 1_500_000, n // 4, 60)
    sparse.save_npz(folder / "log.npz", x)
    for name in ("rays.npy", "gaussian.npy"):
        beside_its_plan(["spk", folder / name], plan_of_spk(look(str(folder / name))))
    beside_its_plan(
        ["spk", folder / "log.npz", "--null", "1", "--rank", "16"],
        plan_of_spk(look(str(folder / "log.npz")), Asked((16,), null=1)),
    )
    beside_its_plan(["stability", folder / "log.npz"], plan_of_stability([look(str(folder / "log.npz"))]))
    other_commands(small, folder)


def other_commands(small, folder):
    """Commands that write into a folder: an analysis through files, a comparison, and a run of claims."""
    from larger_than_memory import write_log
    from ppmi import log
    from scipy import sparse

    from experiments.claims import registry
    from experiments.estimates.looking import look
    from experiments.estimates.of_analyse import plan_of_analysis
    from experiments.estimates.of_claims import plan_of_claims
    from experiments.estimates.of_compare import Asked, plan_of_compare
    from experiments.large.options import LargeOptions

    write_log(folder / "plays", 3000 if small else 30_000)
    beside_its_plan(
        ["analyse", folder / "plays", "-o", folder / "a", "--single", "--top-k", "2000", "--rank", "32"],
        plan_of_analysis(folder / "plays", LargeOptions(32, top_k=2000, dtype="float32")),
    )
    sparse.save_npz(folder / "plays.npz", log(30_000 if small else 150_000, 1000 if small else 4000, 30))
    beside_its_plan(
        ["compare", folder / "plays.npz", "--twins", "6", "--workers", "1", "--out", folder / "c"],
        plan_of_compare([look(str(folder / "plays.npz"))], Asked(twins=6)),
    )
    claims = ("B2", "D1") if small else ("A3", "B2", "C4", "D1")
    beside_its_plan(
        ["verify", *claims, "--quick", "--workers", "1", "--out", folder / "v"],
        plan_of_claims([registry()[name] for name in claims], size="quick"),
    )


def beside_its_plan(words, plan):
    """Run a command without threads of BLAS, which take processor time while they wait; record its plan over what it took."""
    from experiments.estimates.calibration import slowness
    from experiments.estimates.plan import works_of

    seconds = plan.seconds(slowness(works_of(plan.steps)))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    code = (
        "import json, resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL); "
        "print(json.dumps(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, sys.executable, "-m", "spikeproof", *map(str, words)],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    held = json.loads(done.stdout) * 1024
    told = " ".join(Path(word).name if isinstance(word, Path) else word for word in words)
    record(
        f"`spikeproof {told}`, {plan.steps[0].size}",
        f"memory {size(plan.peak)} / {size(held)} = {plan.peak / held:.2f}; time {seconds:.2g} / {spent:.2g} s = "
        f"{seconds / spent:.2f}",
        TARGET,
    )


def main():
    """Run at the stated or at a small size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=("small", "full"), default="full")
    parser.add_argument("--step", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.step:
        one_step(*json.loads(asked.step))
        return
    print(machine(), flush=True)
    for step in SIZES[asked.size]:
        subprocess.run([sys.executable, __file__, "--step", json.dumps(step)], check=True)
    with tempfile.TemporaryDirectory() as folder:
        commands(asked.size == "small", Path(folder))


if __name__ == "__main__":
    main()
