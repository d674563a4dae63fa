"""How do tasks run on processes of this machine? Each worker has a pipe of its own, so it is always known who runs what.

A worker that dies or hangs costs its own task only. A message of a worker names its process and its task, and counts only where
both are as they should be: a process that a trial has forked cannot answer for another task. The time limit of a task counts from
the moment at which its worker says that the trial starts: loading a process and its modules can take long, and is not the trial's
time. Workers are spawned, run on one thread, and end by themselves when the coordinator ends, for whatever reason.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.reduction import ForkingPickler
from typing import Any

from experiments.running.child_path import SAFE_PATH, without_working_folder
from experiments.running.code_identity import OtherCode, suite_code
from experiments.running.faults import told_error, was_killed
from experiments.running.one_task import Outcome, Queue, Work, execute, outcome

POLL_SECONDS = 0.5
BETWEEN_LOOKS = 0.05
# where tasks have a time limit, a process that has not loaded the modules of its trial after this time never will
LOADING_SECONDS = 600.0
ENDING_SECONDS = 60.0
READY, STARTED, ENDED, OTHER = "ready", "started", "ended", "other code"
# Ctrl-C and the end of a terminal are the coordinator's to handle
COORDINATORS = {signal.SIGINT, signal.SIGHUP}


class _Worker:
    """A spawned process, its pipe, and the work it has in hand."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        arguments = (theirs, os.getpid(), os.environ.get(SAFE_PATH))
        self.process = context.Process(target=_serve, args=arguments, daemon=True)
        # a worker inherits what is blocked, also while it is still being loaded; the tracker, which the first worker would
        # start, unblocks it
        with without_working_folder():
            resource_tracker.ensure_running()
            before = signal.pthread_sigmask(signal.SIG_BLOCK, COORDINATORS)
            try:
                self.process.start()
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, before)
        theirs.close()
        self.ready = False
        self.work: Work | None = None
        self.given = time.monotonic()
        self.started: float | None = None  # when the trial in hand started

    def give(self, work: Work) -> bool:
        """Send a work; False if the process has ended meanwhile."""
        self.given, self.started = time.monotonic(), None
        sent = ForkingPickler.dumps(work)  # opened where a failure to open it can be told
        try:
            self.pipe.send((work.task.key, bytes(sent)))
        except OSError:
            return False
        self.work = work
        return True

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

    def read(self) -> tuple[str, Any] | None:
        """Return the kind and the content of the next message, or None for one that is not this process's about its task.

        Raises
        ------
        EOFError, OSError
            when the process has ended.
        """
        kind, process, key, content = self.pipe.recv()
        if process != self.process.pid or (self.work is None) != (key is None):
            return None
        return None if self.work is not None and key != self.work.task.key else (kind, content)

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
    worker; that, or a worker that died, is an outcome with an error, and a fresh worker takes over. That of a worker which was
    killed from outside is the machine's, not the trial's.

    Raises
    ------
    OtherCode
        if a worker imports other sources than this process, which has imported them before they were changed.
    RuntimeError
        if worker processes end before they are ready.
    """
    if getattr(multiprocessing.current_process(), "_inheriting", False):
        raise SystemExit(1)  # a worker that imports an unguarded script; the coordinator says so
    pool: list[_Worker] = []
    try:
        while len(queue) or any(worker.work is not None for worker in pool):
            nothing_free = _supply(pool, workers, queue)
            watched: dict[Any, _Worker] = {
                worker.pipe: worker for worker in pool if worker.work is not None or not worker.ready
            }
            ready = (
                wait(list(watched), timeout=BETWEEN_LOOKS if len(queue) else POLL_SECONDS) if watched else []
            )
            for pipe in ready:
                yield _collect(watched[pipe], pool)
            for worker in list(pool):
                if worker.pipe not in ready and not worker.process.is_alive():
                    yield _ended(worker, pool)  # also where a process that it left behind holds its pipe open
                elif error := worker.overdue(timeout):
                    yield _abandon(worker, pool, error)
            if not watched and nothing_free:
                time.sleep(BETWEEN_LOOKS)
                queue.wait()
            if not ready:
                yield None
    finally:
        for worker in pool:
            worker.stop(kill=worker.work is not None or not worker.ready)


def _supply(pool: list[_Worker], workers: int, queue: Queue) -> bool:
    """Give work to all that are free, and start processes while there is more; return whether there was none to give."""
    for worker in [worker for worker in pool if worker.ready and worker.work is None]:
        work = queue.take()
        if work is None:
            return True
        if not worker.give(work):
            queue.put_back(work)
            pool.remove(worker)
            worker.stop(kill=True)
    starting = sum(not worker.ready for worker in pool)
    while len(pool) < workers and starting < len(queue):
        pool.append(_Worker())
        starting += 1
    return False


def _collect(worker: _Worker, pool: list[_Worker]) -> tuple[Work, Outcome] | None:
    try:
        message = worker.read()
    except (EOFError, OSError):
        worker.process.join(ENDING_SECONDS)
        return _ended(worker, pool)
    if message is None:
        return None
    kind, content = message
    if kind == READY:
        if content != suite_code():
            raise OtherCode(
                f"worker processes import sources of spikeproof with the hash {content}, this process {suite_code()}: "
                "they were changed after it had started. Start it again"
            )
        worker.ready = True
    elif kind == STARTED:
        worker.started = time.monotonic()
    elif kind == OTHER:
        raise OtherCode(
            f"the trial's module was changed after this process had imported it: a worker says {content}"
        )
    elif worker.work is not None:
        work, worker.work = worker.work, None
        if not isinstance(content, Outcome):  # the error of a trial that could not be loaded
            error, trace = content
            content = outcome(work, None, error, trace, time.time(), 0.0)
        return work, content
    return None


def _ended(worker: _Worker, pool: list[_Worker]) -> tuple[Work, Outcome] | None:
    """Take a worker that has ended out of the pool; its work, if any, is a failure or was lost."""
    code = worker.process.exitcode
    if not worker.ready and was_killed(code):
        raise OSError(
            f"a worker process was ended from outside by signal {-(code or 0)} while it started; what had finished is kept, "
            "and the same run continues it"
        )
    if not worker.ready:
        raise RuntimeError(
            "worker processes cannot start: each imports the script that runs the study, so a script must call it "
            'under `if __name__ == "__main__":`'
        ) from None
    if worker.work is None:
        pool.remove(worker)
        worker.stop(kill=True)
        return None
    killed = was_killed(code)
    why = f"was ended from outside by signal {-(code or 0)}" if killed else f"ended with exit code {code}"
    return _abandon(worker, pool, f"RuntimeError: the worker process {why}", "machine" if killed else None)


def _abandon(
    worker: _Worker, pool: list[_Worker], error: str, fault: str | None = None
) -> tuple[Work, Outcome]:
    work = worker.work
    assert work is not None
    seconds = time.monotonic() - (worker.given if worker.started is None else worker.started)
    pool.remove(worker)
    worker.stop(kill=True)
    return work, outcome(work, None, error, None, time.time() - seconds, seconds, fault=fault)


def _serve(pipe: Connection, coordinator: int, safe_path: str | None) -> None:
    if (
        safe_path is None
    ):  # a trial that starts Python finds the environment that it would find in the coordinator
        os.environ.pop(SAFE_PATH, None)
    for number in COORDINATORS:
        signal.signal(number, signal.SIG_IGN)
    threading.Thread(target=_follow, args=(coordinator,), daemon=True).start()
    process = os.getpid()
    with suppress(
        EOFError, OSError
    ):  # a coordinator that is gone, or has closed the pipe, waits for no answer
        pipe.send((READY, process, None, suite_code()))
        while (sent := pipe.recv()) is not None:
            key, work = sent
            pipe.send(_answer(pipe, process, key, work))


def _answer(pipe: Connection, process: int, key: str, sent: bytes) -> tuple[str, int, str, Any]:
    """Open a work and run it; return the message that says what came of it."""
    try:
        work: Work = ForkingPickler.loads(sent)
    except BaseException as caught:  # the trial's module cannot be imported here
        return ENDED, process, key, told_error(caught)
    try:
        found = execute(work, begin=lambda: pipe.send((STARTED, process, key, None)))
    except OtherCode as refused:
        return OTHER, process, key, str(refused)
    return ENDED, process, key, found


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
                queue.wait()
                yield None


@contextmanager
def _noticing_interrupts() -> Iterator[list[int]]:
    """Yield a list that is no longer empty after a signal that is to end the run.

    Compiled code may turn the exception of a handler into another one, and a trial may catch it. Handled are Ctrl-C, and those
    other signals for which the caller has a handler of its own.
    """
    seen: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield seen
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}

    def notice(number: int, frame: Any) -> None:
        seen.append(number)
        handler = before[signal.Signals(number)]
        if callable(handler):
            handler(number, frame)
        raise KeyboardInterrupt

    for number, handler in before.items():
        if callable(handler):
            signal.signal(number, notice)
    try:
        yield seen
    finally:
        for number, handler in before.items():
            if callable(handler):
                signal.signal(number, handler)
