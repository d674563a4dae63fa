"""Trials and a study for the tests of running, in a module of their own so that worker processes can import them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from experiments import Study, product
from experiments.running.store import Store

# a cluster in a process of its own, which prints its address and ends with its standard input
CLUSTER = """
import sys
from distributed import LocalCluster
if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        print(cluster.scheduler_address, flush=True)
        sys.stdin.read()  # until the test kills it or ends
"""


def started_cluster(folder=None):
    """Start a scheduler and two workers, which work in `folder` and find these trials; return their process and the address.

    They end with the standard input of the process, in whose group they are alone.
    """
    paths = [str(Path(__file__).parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    process = subprocess.Popen(
        [sys.executable, "-c", CLUSTER],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    return process, process.stdout.readline().strip()


def draw(cell, rngs):
    return {"graph": float(rngs["graph"].random()), "method_draw": float(rngs["method"].random())}


def leave_a_line(cell, rngs):
    with open(cell["path"], "a") as file:
        file.write(f"{cell['k']}\n")
    return {"x": cell["k"] * 1.0}


def slow_line(cell, rngs):
    time.sleep(0.05)
    leave_a_line(cell, rngs)
    return {"x": float(rngs["r"].random())}


def fail_on_one(cell, rngs):
    if cell["k"] == 1:
        raise RuntimeError("one is not wanted")
    return {"x": 1.0}


def fail_without_file(cell, rngs):
    x = float(rngs["r"].random())
    if not Path(cell["path"]).exists():
        raise RuntimeError("no file")
    return {"x": x}


def give_nan(cell, rngs):
    return {"x": float("nan")}


def give_a_list(cell, rngs):
    return {"x": [1]}


def give_nothing(cell, rngs):
    return None


def repeat_a_parameter(cell, rngs):
    return {"k": 2}


def exit_on_one(cell, rngs):
    if cell["k"] == 1:
        os._exit(cell["code"])
    return {"x": 1.0}


def hang_on_one(cell, rngs):
    while cell["k"] == 1:
        time.sleep(1)
    return {"x": 1.0}


def kill_itself_on_one(cell, rngs):
    if cell["k"] == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return {"x": 1.0}


def fork_on_one(cell, rngs):
    if cell["k"] == 1:
        os.fork()
    return {"me": cell["k"]}


class Mute(Exception):
    def __str__(self):
        raise RuntimeError("no text")


def end_oddly(cell, rngs):
    """Each case but "none" ends or returns in a way that is hard to catch or to keep."""
    match cell["case"]:
        case "exit":
            sys.exit(0)
        case "generator":
            raise GeneratorExit
        case "interrupt":
            raise KeyboardInterrupt
        case "mute":
            raise Mute
        case "half a character":
            raise ValueError("no file bad\udcff.txt")
        case "long":
            raise ValueError("x" * 10**6)
        case "half a value":
            return {"x": "bad\udcff"}
        case "digits":
            return {"x": 10**5000}
        case "columns":
            return {1: 1.0, "1": 2.0}
    return {"x": 1.0}


def leave_things(cell, rngs):
    """The first cell changes its process; each says what it finds."""
    import random
    import warnings

    import numpy as np

    found = {
        "folder": os.getcwd(),
        "variable": os.environ.get("LEFT_BY_A_TRIAL"),
        "filters": len(warnings.filters),
        "depth": sys.getrecursionlimit(),
        "errors": np.geterr()["divide"],
        "path": "left" in sys.path,
        "numpy": float(np.random.random()),  # noqa: NPY002
        "python": random.random(),
    }
    if cell["k"] == 0:
        os.chdir("/")
        os.environ["LEFT_BY_A_TRIAL"] = "left"
        warnings.simplefilter("error")
        sys.setrecursionlimit(5000)
        sys.path.append("left")
        np.seterr(divide="raise")
        np.random.seed(0)  # noqa: NPY002
        random.seed(0)
    return found


def leave_a_thread(cell, rngs):
    import threading

    if cell["k"] == 0:
        threading.Thread(target=time.sleep, args=(0.5,), daemon=True, name="left").start()
    return {"x": 1.0}


def fail_by_the_machine(cell, rngs):
    """A full disk, until the file of that name is there."""
    import errno

    if cell["k"] == 1 and not Path(cell["path"]).exists():
        raise OSError(errno.ENOSPC, "No space left on device")
    return {"x": 1.0}


def count_threads(cell, rngs):
    from threadpoolctl import threadpool_info

    return {"threads": max(pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas")}


def long_row(cell, rngs):
    return {"text": "x" * 2000}


def held_line(cell, rngs):
    leave_a_line(cell, rngs)
    while not Path(cell["path"] + ".released").exists():
        time.sleep(0.02)
    return {"x": 1.0}


def deaf_to_ctrl_c(cell, rngs):
    with open(cell["path"], "a") as file:
        file.write(f"{os.getpid()}\n")
    while len(set(Path(cell["path"]).read_text().split())) < 2:  # until every worker has its share
        time.sleep(0.02)
    return {"deaf": signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ()), "process": os.getpid()}


def demo(n=(3, 4), method=("a", "b"), replicates=2, version=1, name="demo"):
    return Study(
        name,
        product(n=list(n), method=list(method)),
        draw,
        replicates=replicates,
        version=version,
        roles={"graph": ("n",), "method": ("method", "n")},
    )


def results(folder):
    with Store(folder, create=False) as store:
        return list(store.rows())


# a coordinator in a process of its own, to be killed: argv are the store, the log, the folder of this file and a trial
COORDINATOR = """
import sys
sys.path.insert(0, sys.argv[3])
import runner_trials as trials
from experiments import Study, product, run
if __name__ == "__main__":
    study = Study("slow", product(path=[sys.argv[2]], k=list(range(24))), getattr(trials, sys.argv[4]), roles={"r": ("k",)})
    run(study, store=sys.argv[1], workers=2)
"""
MINUTES = 600  # for what takes seconds: also a machine ten times slower, with others at work on it, passes


def coordinate(folder, log, trial="slow_line", **options):
    command = [sys.executable, "-c", COORDINATOR, str(folder), str(log), str(Path(__file__).parent), trial]
    return subprocess.Popen(command, **options)


def wait_until(happened):
    deadline = time.monotonic() + MINUTES
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def lines_of(log):
    return log.read_text().splitlines() if log.exists() else []


def workers_of(process):
    """The worker processes of a coordinator."""
    children = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=False)
    return [child for child in map(int, children.stdout.split()) if _is_worker(child)]


def _is_worker(process):
    try:
        return b"spawn_main" in Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return False


def count_pairs(cell, rngs):
    """Read the matrix that the cell names, and say where the process works."""
    from experiments.matrices import load

    real = load(cell["matrix"])
    return {"pairs": int(real.matrix.nnz), "name": real.name, "folder": os.getcwd()}
