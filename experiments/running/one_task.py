"""What does one task give? A row of scalars from its trial, run on one thread with its own generators, or the error raised."""

from __future__ import annotations

import math
import resource
import socket
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Protocol

import numba  # loaded before any trial, whose limit of one thread it must know and whose time it must not take
import numpy as np

from experiments.running.study import Study, Task, Trial, generators_of

RESERVED = ("study", "replicate", "error", "key")


@dataclass(frozen=True)
class Work:
    """What an engine sends to a worker: the trial by reference, the roles, and the task. Never a matrix."""

    trial: Trial
    roles: Mapping[str, tuple[str, ...]]
    task: Task
    draws: str = ""


@dataclass(frozen=True)
class Outcome:
    """What came of a task: its row, or the error with its traceback; and where and how it ran."""

    key: str
    row: Mapping[str, Any] | None
    error: str | None
    traceback: str | None
    host: str
    started: float
    seconds: float
    peak_memory_mb: float
    versions: str


class Queue(Protocol):
    """Where engines take work from: `take` never waits, and `len` counts what is still to be run by anybody."""

    done: int
    total: int

    def take(self) -> Work | None:
        """Return a work, or None where none is free now."""
        ...

    def __len__(self) -> int: ...


def work_of(study: Study, task: Task) -> Work:
    """Return what a worker needs for `task` of `study`."""
    return Work(study.trial, study.roles, task, study.draws)


def execute(work: Work, begin: Callable[[], None] = lambda: None) -> Outcome:
    """Run the trial on one thread; a failure becomes an outcome with the exception and its traceback.

    `begin` is called right before the trial, when everything that a process loads for it is loaded.
    """
    task = work.task
    started, clock = time.time(), time.perf_counter()
    row, error, trace = None, None, None
    try:
        with _one_blas_thread(), _one_numba_thread():
            begin()
            rngs = generators_of(task, work.roles, work.draws)
            row = _scalars(work.trial(dict(task.cell), rngs), task.cell)
    except Exception as caught:
        error = f"{type(caught).__name__}: {caught}"
        trace = traceback.format_exc()
    return outcome(task.key, row, error, trace, started, time.perf_counter() - clock)


def outcome(
    key: str,
    row: Mapping[str, Any] | None,
    error: str | None,
    trace: str | None,
    started: float,
    seconds: float,
) -> Outcome:
    """Return an outcome with this process's host, memory and package versions."""
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Outcome(key, row, error, trace, socket.gethostname(), started, seconds, memory, _versions())


def _scalars(row: Any, cell: Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise TypeError(f"a trial must return a dict of scalars; got {type(row).__name__}")
    clean: dict[str, Any] = {}
    for name, value in row.items():
        if name in cell or name in RESERVED:
            raise ValueError(
                f"a trial's column must not repeat a parameter or one of {RESERVED}; got {name!r}"
            )
        if isinstance(value, np.generic):
            value = value.item()
        if not isinstance(value, str | int | float | bool | type(None)):
            raise TypeError(f"column {name!r} must be a scalar; got {type(value).__name__}")
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError(
                f"column {name!r} must be finite; got {value}. Return None where there is no value"
            )
        clean[str(name)] = value
    return clean


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
def _one_numba_thread() -> Iterator[None]:
    """Limit numba to one thread and give the threads back."""
    before = numba.get_num_threads()
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
