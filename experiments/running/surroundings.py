"""What may a trial not change for the next one? Everything in its process that Python lets it change for all.

A row depends on its study, cell, replicate and seed alone only if each trial finds the process as the first one did: the working
folder, the environment, warning filters and so on are put back after each. The global generators of numpy and Python are seeded
from the task's key, so that a library which uses them gives the same numbers on every worker and in every order. What cannot be
put back, such as a thread that still runs, is told.
"""

from __future__ import annotations

import decimal
import gc
import locale
import os
import random
import signal
import socket
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGALRM, signal.SIGUSR1, signal.SIGUSR2)
_TRIALS_OWN = np.random.MT19937()  # behind numpy's global functions while a trial runs


@dataclass(frozen=True)
class Kept:
    """Something that is put back: its name, how it is read, and how it is set."""

    name: str
    get: Callable[[], Any]
    put: Callable[[Any], object]


def _folder() -> str | None:
    try:
        return os.getcwd()
    except OSError:  # it was deleted
        return None


def _go_to(folder: str | None) -> None:
    if folder is not None:
        os.chdir(folder)


def _environment() -> dict[bytes, bytes]:
    """Return the environment as the bytes that Python holds: decoding each name and value takes as long as a short trial."""
    held = getattr(os.environb, "_data", None)
    return dict(os.environb if held is None else held)


def _set_environment(values: dict[bytes, bytes]) -> None:
    for name in os.environb.keys() - values.keys():
        del os.environb[name]
    os.environb.update(values)


def _set_filters(filters: list[Any]) -> None:
    warnings.filters[:] = filters  # type: ignore[index]
    with warnings.catch_warnings():  # makes Python look at the filters again
        pass


def _handlers() -> dict[int, Any]:
    return {number: signal.getsignal(number) for number in SIGNALS}


def _set_handlers(handlers: dict[int, Any]) -> None:
    if threading.current_thread() is threading.main_thread():
        for number, handler in handlers.items():
            if handler is not None:  # one that was not set from Python
                signal.signal(number, handler)


def _mask() -> int:
    held = os.umask(0o077)  # it can be read only by setting it
    os.umask(held)
    return held


def _end_timer(running: bool) -> None:
    if not running:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _set_streams(streams: tuple[Any, Any, Any]) -> None:
    sys.stdin, sys.stdout, sys.stderr = streams


KEPT = (
    Kept("working folder", _folder, _go_to),
    Kept("environment", _environment, _set_environment),
    Kept("warning filters", lambda: list(warnings.filters), _set_filters),
    Kept("display of warnings", lambda: warnings.showwarning, lambda v: setattr(warnings, "showwarning", v)),
    Kept("recursion limit", sys.getrecursionlimit, sys.setrecursionlimit),
    Kept("digits of integers", sys.get_int_max_str_digits, sys.set_int_max_str_digits),
    Kept("errors of numpy", np.geterr, lambda v: np.seterr(**v)),
    Kept("search path", lambda: list(sys.path), lambda v: sys.path.__setitem__(slice(None), v)),
    Kept(
        "locale",
        lambda: locale.setlocale(locale.LC_ALL),
        lambda v: locale.setlocale(locale.LC_ALL, v),
    ),
    Kept("signal handlers", _handlers, _set_handlers),
    Kept("mask of new files", _mask, os.umask),
    Kept("time zone", lambda: (time.tzname, time.timezone), lambda _: time.tzset()),  # after the environment
    Kept("digits that numpy prints", np.get_printoptions, lambda v: np.set_printoptions(**v)),
    Kept("decimal numbers", lambda: decimal.getcontext().copy(), decimal.setcontext),
    Kept("time limit of sockets", socket.getdefaulttimeout, socket.setdefaulttimeout),
    Kept("switching of threads", sys.getswitchinterval, sys.setswitchinterval),
    Kept("collection of garbage", gc.isenabled, lambda on: gc.enable() if on else gc.disable()),
    Kept("timer", lambda: signal.getitimer(signal.ITIMER_REAL)[0] > 0, _end_timer),
    Kept("streams", lambda: (sys.stdin, sys.stdout, sys.stderr), _set_streams),
)


@contextmanager
def kept_as_found(key: str) -> Iterator[list[str]]:
    """Seed the global generators for the task `key`; afterwards put everything back, and list what could not be.

    >>> import os
    >>> with kept_as_found("00000000000000ff") as left:
    ...     os.environ["LEFT"] = "by a trial"
    >>> "LEFT" in os.environ, left
    (False, [])
    """
    left: list[str] = []
    before = [(kept, kept.get()) for kept in KEPT]
    threads = set(threading.enumerate())
    python, numpy = random.getstate(), np.random.get_bit_generator()
    np.random.set_bit_generator(_TRIALS_OWN)
    np.random.seed([int(key[:8], 16), int(key[8:16], 16)])  # noqa: NPY002
    random.seed(key)
    try:
        yield left
    finally:
        np.random.set_bit_generator(numpy)
        random.setstate(python)
        for kept, value in before:
            try:
                if kept.get() != value:
                    kept.put(value)
            except Exception as error:
                left.append(f"its {kept.name} ({error})")
        running = [thread.name for thread in threading.enumerate() if thread not in threads]
        # on a worker of a cluster, which runs trials in a thread, new threads may be the cluster's own
        if running and threading.current_thread() is threading.main_thread():
            left.append(f"{len(running)} running threads ({', '.join(running[:3])})")
