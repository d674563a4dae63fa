"""A real scheduler and two workers as processes of their own, for tests of `--dask`.

They share the installed sources with the command and nothing else: each process works in a folder of its own, and a worker that
opens, lists or makes anything in the folder of the command or of the other worker raises an error there.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

MINUTES = 600  # for what takes seconds: also a machine ten times slower, with others at work on it, passes
CLOSED = """
import os, sys, threading, time

closed = [folder for folder in os.environ.get("CLOSED_FOLDERS", "").split(os.pathsep) if folder]

def end_with(parent):
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)  # the tests were ended from outside

os.fsync = lambda handle: None  # a process that is killed loses nothing that it has written
threading.Thread(target=end_with, args=(os.getppid(),), daemon=True).start()

def look(event, arguments):
    if event == "open" or event.split(".")[0] in ("os", "shutil", "sqlite3"):
        for given in arguments:
            if isinstance(given, (str, bytes)):
                path = os.path.join(os.getcwd(), os.fsdecode(given))
                if any(os.path.commonpath([path, folder]) == folder for folder in closed):
                    raise PermissionError(f"this worker opened {path}, which it does not have")

sys.addaudithook(look)
"""

MODEL = """
[model]
kind = "graph"
nodes = 3000
blocks = 3
mean_degree = 30.0
"""
STUDY = """
trial = "spikes_of_a_block_model"
replicates = 3
[grid]
n = [60, 80]
mixing = [0.1, 0.05]
[fixed]
mean_degree = 10
blocks = 2
"""


def wait_until(happened, *processes):
    """Return what `happened()` returns once it is true; fail where one of the processes has ended before."""
    deadline = time.monotonic() + MINUTES
    while not (found := happened()):
        assert time.monotonic() < deadline, "it did not happen"
        for process in processes:
            assert process.poll() is None, f"ended with {process.returncode} before it happened"
        time.sleep(0.01)
    return found


def write_inputs(folder):
    """Write a model, a study, two logs, vectors with names and vectors without, which the tests give to commands."""
    (folder / "model.toml").write_text(MODEL)
    (folder / "study.toml").write_text(STUDY)
    rng = np.random.default_rng(0)
    for name, users in (("log.csv", 300), ("later.csv", 340)):
        pairs = [
            f"u{user},s{song},2020-01-{1 + user // 20:02d}"
            for user in range(users)
            for song in rng.choice(np.arange(40) * 3 + user % 3, 5, replace=False)
        ]
        (folder / name).write_text("\n".join(["user,song,date", *pairs]))
    names = np.array([f"s{song}" for song in range(120)])
    np.savez(folder / "own.npz", vectors=rng.standard_normal((120, 5)), names=names)
    np.save(folder / "large.npy", rng.standard_normal((300, 8), dtype=np.float32))


def without_time(content):
    """A page without its last line, which says when the last trial was started; anything else as it is."""
    return re.sub(rb"<footer>.*?</footer>", b"", content, flags=re.DOTALL)


@dataclass
class TwoWorkers:
    """`mine` is the folder of the command; `address` of the scheduler; `workers` are processes, `places` their folders."""

    base: Path
    address: str = ""
    scheduler: subprocess.Popen = None
    workers: list = field(default_factory=list)
    places: list = field(default_factory=list)

    @property
    def mine(self):
        return self.base / "mine"

    def start(self):
        self.mine.mkdir(parents=True)
        write_inputs(self.mine)
        (self.base / "closed.py").write_text(CLOSED)
        told = self.base / "scheduler.json"
        self.scheduler = self._process("scheduler", self.base, "--port", "0", "--scheduler-file", told)
        wait_until(told.exists, self.scheduler)
        self.address = _address(told)
        for _ in range(2):
            self.add_worker()
        self.processes()

    def add_worker(self):
        """Start a worker, which ends when it is killed."""
        place = self.base / f"worker-{len(self.places)}"
        place.mkdir()
        others = [str(self.mine), *map(str, self.places)]
        self.places.append(place)
        more = ("--nthreads", 1, "--no-nanny", "--local-directory", place)
        self.workers.append(
            self._process("worker", place, self.address, *more, CLOSED_FOLDERS=os.pathsep.join(others))
        )

    def processes(self):
        """Wait until two workers have joined the scheduler, and return the number of the process of each by its address."""
        from distributed import Client

        with Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(len(self.workers))
            return client.run(os.getpid)

    def forget_files(self):
        """Remove what workers keep of files that they were sent before."""
        for place in self.places:
            for kept in place.rglob("spikeproof-files"):
                shutil.rmtree(kept)

    def replace_worker(self, number):
        """Start a worker in place of the one that was killed, whose process had this number."""
        (killed,) = (process for process in self.workers if process.pid == number)
        assert killed.wait() == -signal.SIGKILL
        self.workers.remove(killed)
        self.add_worker()

    def _process(self, what, folder, *arguments, **environment):
        command = [
            sys.executable,
            "-m",
            f"distributed.cli.dask_{what}",
            *map(str, arguments),
            *("--no-dashboard", "--preload", str(self.base / "closed.py")),
        ]
        return subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=(self.base / f"{what}.log").open("a"),
            start_new_session=True,
        )

    def close(self):
        for process in (*self.workers, self.scheduler):
            if process is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _address(told):
    """The address in a scheduler file, which appears before it is whole."""
    import json

    return wait_until(lambda: _json(told, json), *())["address"]


def _json(path, json):
    with contextlib.suppress(ValueError):
        return json.loads(path.read_text())
    return None


@contextlib.contextmanager
def two_workers(base):
    """Start a scheduler and two workers in folders below `base`; they end with the block."""
    cluster = TwoWorkers(Path(base))
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.close()
