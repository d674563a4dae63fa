"""How do tasks run on processes of this machine? Each worker has a pipe of its own, so it is always known who runs what.

A worker that dies or hangs costs its own task only. The time limit of a task counts from the moment at which its worker says
that the trial starts: loading a process and its modules can take long, and is not the trial's time. Workers are spawned, run on
one thread, and end by themselves when the coordinator ends, for whatever reason.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from typing import Any

from experiments.running.child_path import SAFE_PATH, without_working_folder
from experiments.running.one_task import Outcome, Queue, Work, execute, outcome

POLL_SECONDS = 0.5
BETWEEN_LOOKS = 0.05
# where tasks have a time limit, a process that has not loaded the modules of its trial after this time never will
LOADING_SECONDS = 600.0
ENDING_SECONDS = 60.0
READY, STARTED = "ready", "started"


class _Worker:
    """A spawned process, its pipe, and the work it has in hand."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        arguments = (theirs, os.getpid(), os.environ.get(SAFE_PATH))
        self.process = context.Process(target=_serve, args=arguments, daemon=True)
        # a worker inherits what is blocked: Ctrl-C is the coordinator's, also while the worker is still being loaded;
        # the tracker, which the first worker would start, unblocks it
        with without_working_folder():
            resource_tracker.ensure_running()
            before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
            try:
                self.process.start()
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, before)
        theirs.close()
        self.ready = False
        self.work: Work | None = None
        self.given = 0.0
        self.started: float | None = None  # when the trial in hand started

    def give(self, work: Work) -> None:
        self.work, self.given, self.started = work, time.monotonic(), None
        self.pipe.send(work)

    def overdue(self, timeout: float | None) -> str | None:
        """Return an error if the work in hand takes too long."""
        now = time.monotonic()
        if self.work is None or timeout is None:
            return None
        if self.started is not None:
            late = now - self.started > timeout
            return f"TimeoutError: the task took more than {timeout:g} s and was killed" if late else None
        most = max(timeout, LOADING_SECONDS)
        late = now - self.given > most
        return f"TimeoutError: the task was not loaded within {most:g} s and was killed" if late else None

    def stop(self, *, kill: bool = False) -> None:
        if kill:
            self.process.kill()
        else:
            try:
                self.pipe.send(None)
            except OSError:
                self.process.kill()
        self.pipe.close()
        self.process.join(ENDING_SECONDS)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


def run_on_workers(
    queue: Queue, workers: int, timeout: float | None = None
) -> Iterator[tuple[Work, Outcome] | None]:
    """Run `queue` on `workers` processes; yield outcomes as they come, and None now and then while waiting.

    Work is taken only when a worker is free for it. A task whose trial takes longer than `timeout` seconds is killed with its
    worker; that, or a worker that died, is an outcome with an error, and a fresh worker takes over.
    """
    if getattr(multiprocessing.current_process(), "_inheriting", False):
        raise SystemExit(1)  # a worker that imports an unguarded script; the coordinator says so
    pool: list[_Worker] = []
    try:
        while True:
            while len(queue) and (idle := _idle(pool, workers)) is not None and (work := queue.take()):
                idle.give(work)
            busy: dict[Any, _Worker] = {worker.pipe: worker for worker in pool if worker.work is not None}
            if not busy and not len(queue):
                return
            if not busy:
                time.sleep(BETWEEN_LOOKS)  # other coordinators run all that is left
            ready = wait(list(busy), timeout=BETWEEN_LOOKS if len(queue) else POLL_SECONDS) if busy else []
            for pipe in ready:
                yield _collect(busy[pipe], pool)
            for worker in list(pool):
                if error := worker.overdue(timeout):
                    yield _abandon(worker, pool, error)
            if not ready:
                yield None
    finally:
        for worker in pool:
            worker.stop(kill=worker.work is not None)


def _idle(pool: list[_Worker], workers: int) -> _Worker | None:
    for worker in pool:
        if worker.work is None:
            return worker
    if len(pool) < workers:
        pool.append(_Worker())
        return pool[-1]
    return None


def _collect(worker: _Worker, pool: list[_Worker]) -> tuple[Work, Outcome] | None:
    try:
        result = worker.pipe.recv()
    except (EOFError, OSError):
        worker.process.join(ENDING_SECONDS)
        if not worker.ready:
            raise RuntimeError(
                "worker processes cannot start: each imports the script that runs the study, so a script must call it "
                'under `if __name__ == "__main__":`'
            ) from None
        code = worker.process.exitcode
        return _abandon(worker, pool, f"RuntimeError: the worker process ended with exit code {code}")
    if result == READY:
        worker.ready = True
        return None
    if result == STARTED:
        worker.started = time.monotonic()
        return None
    work, worker.work = worker.work, None
    assert work is not None
    return work, result


def _abandon(worker: _Worker, pool: list[_Worker], error: str) -> tuple[Work, Outcome]:
    work = worker.work
    assert work is not None
    seconds = time.monotonic() - (worker.given if worker.started is None else worker.started)
    pool.remove(worker)
    worker.stop(kill=True)
    return work, outcome(work.task.key, None, error, None, time.time() - seconds, seconds)


def _serve(pipe: Connection, coordinator: int, safe_path: str | None) -> None:
    if (
        safe_path is None
    ):  # a trial that starts Python finds the environment that it would find in the coordinator
        os.environ.pop(SAFE_PATH, None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the coordinator's to handle
    threading.Thread(target=_follow, args=(coordinator,), daemon=True).start()
    pipe.send(READY)
    while True:
        try:
            work = pipe.recv()
        except (EOFError, OSError):
            return
        except Exception as caught:  # the trial's module cannot be imported here
            raise SystemExit(f"a worker cannot load its task: {caught}") from caught
        if work is None:
            return
        pipe.send(execute(work, begin=lambda: pipe.send(STARTED)))


# a worker imports this function by name: through the root, which finds our rooms also beside folders of the same names
_serve.__module__ = f"spikeproof.{__name__}"


def _follow(coordinator: int) -> None:
    while os.getppid() == coordinator:
        time.sleep(0.5)
    os._exit(1)


def in_this_process(queue: Queue) -> Iterator[tuple[Work, Outcome] | None]:
    """Run `queue` in this process, task by task; Ctrl-C ends the run and is never stored as a failure of a trial."""
    with _noticing_interrupts() as interrupted:
        while len(queue):
            if work := queue.take():
                result = execute(work)
                if interrupted:
                    raise KeyboardInterrupt
                yield work, result
            elif len(queue):
                time.sleep(BETWEEN_LOOKS)
                yield None


@contextmanager
def _noticing_interrupts() -> Iterator[list[int]]:
    """Yield a list that is no longer empty after Ctrl-C: compiled code may turn the exception into another one."""
    seen: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield seen
        return

    def notice(number: int, frame: object) -> None:
        seen.append(number)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, notice)
    try:
        yield seen
    finally:
        signal.signal(signal.SIGINT, before)
