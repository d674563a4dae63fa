"""What does one task give? A row of scalars from its trial, run on one thread with its own generators, or the error raised."""

from __future__ import annotations

import os
import resource
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from multiprocessing.reduction import ForkingPickler
from typing import Any, Protocol

import numba  # loaded before any trial, whose limit of one thread it must know and whose time it must not take

from experiments.running.brought_files import Made
from experiments.running.code_identity import code_of, given_with, require_code
from experiments.running.faults import is_machines, told_error
from experiments.running.given_modules import install
from experiments.running.row_values import checked_row
from experiments.running.study import Study, Task, Trial, generators_of
from experiments.running.surroundings import kept_as_found


@dataclass(frozen=True)
class Work:
    """What an engine sends to a worker: the trial by reference, the roles, the task, and the hash of the code. Never a matrix.

    With a trial of a module that the caller named go the sources of that module.
    """

    trial: Trial
    roles: Mapping[str, tuple[str, ...]] | None
    task: Task
    draws: str = ""
    code: str = ""

    def __reduce_ex__(self, protocol: Any) -> Any:
        """Let the module be importable where this is opened, before the trial is looked for in it."""
        module = given_with(self.trial)
        if module is None:
            return super().__reduce_ex__(protocol)
        content = (self.trial, self.roles, self.task, self.draws, self.code)
        return _opened, (module.name, module.digest, module.packed, bytes(ForkingPickler.dumps(content)))


def _opened(name: str, digest: str, packed: bytes, content: bytes) -> Work:
    install(name, digest, packed)
    return Work(*ForkingPickler.loads(content))


@dataclass(frozen=True)
class Outcome:
    """What came of a task: its row, or the error with its traceback; and where and how it ran.

    `fault` says that the error is none of the trial's: "machine" where disk or memory failed or the process was killed
    from outside, "lost" where a worker of a cluster went away.
    `left` is what the trial changed in its process and could not be put back. `made` is the file that it wrote on a worker of a
    cluster, if any.
    """

    key: str
    row: Mapping[str, Any] | None
    error: str | None
    traceback: str | None
    host: str
    started: float
    seconds: float
    peak_memory_mb: float
    versions: str
    code: str = ""
    fault: str | None = None
    left: tuple[str, ...] = ()
    made: Made | None = None


class Queue(Protocol):
    """Where engines take work from: `take` never waits, and `len` counts what is still to be run by anybody."""

    done: int
    total: int
    kept: bool  # whether what has finished outlasts the run

    def take(self) -> Work | None:
        """Return a work, or None where none is free now."""
        ...

    def put_back(self, work: Work) -> None:
        """Give back a work that no trial has begun."""
        ...

    def wait(self, what: str = "") -> None:
        """Note that nothing can be done but wait for `what`, by default for the coordinators that hold what is left."""
        ...

    def __len__(self) -> int: ...


def work_of(study: Study, task: Task) -> Work:
    """Return what a worker needs for `task` of `study`."""
    return Work(study.trial, study.roles, task, study.draws, code_of(study.trial))


def execute(work: Work, begin: Callable[[], None] = lambda: None) -> Outcome:
    """Run the trial on one thread; whatever it raises becomes an outcome with the error and its traceback.

    `begin` is called right before the trial, when everything that a process loads for it is loaded. Only Ctrl-C where Python
    handles it itself ends the caller.

    Raises
    ------
    OtherCode
        if this process would run the trial with other sources than the one that made the work.
    """
    task = work.task
    require_code(work.trial, work.code)
    started, clock, process = time.time(), time.perf_counter(), os.getpid()
    row, error, trace, fault = None, None, None, None
    left: list[str] = []
    try:
        with one_thread(), kept_as_found(task.key) as left:
            begin()
            rngs = generators_of(task, work.roles, work.draws)
            try:
                returned = work.trial(dict(task.cell), rngs)
            finally:
                if os.getpid() != process:
                    os._exit(0)  # the trial forked: only the process that was given the task may answer
            row = checked_row(returned, task.cell)
    except BaseException as caught:
        if (
            isinstance(caught, KeyboardInterrupt)
            and signal.getsignal(signal.SIGINT) is signal.default_int_handler
        ):
            raise
        error, trace = told_error(caught)
        fault = "machine" if is_machines(caught) else None
    seconds = time.perf_counter() - clock
    return outcome(work, row, error, trace, started, seconds, fault=fault, left=tuple(left))


def outcome(
    work: Work,
    row: Mapping[str, Any] | None,
    error: str | None,
    trace: str | None,
    started: float,
    seconds: float,
    *,
    fault: str | None = None,
    left: tuple[str, ...] = (),
) -> Outcome:
    """Return an outcome with this process's host, memory and package versions."""
    unit = 1024**2 if sys.platform == "darwin" else 1024  # macOS counts bytes, others KiB
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    return Outcome(
        *(work.task.key, row, error, trace, socket.gethostname(), started, seconds, memory, _versions()),
        code=work.code,
        fault=fault,
        left=left,
    )


_controllers: dict[int, Any] = {}  # by the number of loaded modules: a new library needs a new look


def _one_blas_thread() -> Any:
    import sys

    import scipy.linalg  # noqa: F401  loads its BLAS now: a limit reaches only libraries that are loaded
    from threadpoolctl import ThreadpoolController

    loaded = len(sys.modules)
    if loaded not in _controllers:
        _controllers.clear()
        _controllers[loaded] = ThreadpoolController()
    return _controllers[loaded].limit(limits=1)


@contextmanager
def one_thread() -> Iterator[None]:
    """Limit BLAS and numba to one thread, as every trial is, and give the threads back.

    Also for what a process computes before its trials and shares with them: the last bits of a sum depend on the number of
    threads.

    >>> with one_thread():
    ...     numba.get_num_threads()
    1
    """
    before = numba.get_num_threads()
    with _one_blas_thread():
        numba.set_num_threads(1)
        try:
            yield
        finally:
            numba.set_num_threads(before)


@cache
def _versions() -> str:
    names = ("spikeproof", "numpy", "scipy", "numba", "networkx", "scikit-learn", "pandas")
    import platform

    known = [f"python {platform.python_version()}"]
    for name in names:
        with suppress(PackageNotFoundError):  # an extra is not installed, or this tree itself is not
            known.append(f"{name} {version(name)}")
    return ", ".join(known)
