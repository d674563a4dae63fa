"""How do tasks run on a Dask cluster? On a scheduler that runs elsewhere, or on a local cluster that is started here.

Each worker says first which sources it imports; one with other sources gets nothing to do. Then it gets tasks in chunks of about
a second, by name, so that it is known who runs what: the chunks of a worker that is lost are sent to others. A task carries
parameters and a seed only, and comes back in any order. Files that it names are sent before it, and the outcome of a task that
writes a file counts when that is here as a whole (`cluster_files`).
"""

from __future__ import annotations

import time
import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from experiments.running.cluster_files import ClusterFiles
from experiments.running.cluster_workers import (
    BROUGHT,
    DROPPED,
    SOURCES,
    TASKS,
    Brought,
    Worker,
)
from experiments.running.code_identity import suite_code
from experiments.running.dask_worker import execute_sent, sources_of_worker
from experiments.running.joined_cluster import joined_cluster
from experiments.running.one_task import Outcome, Queue, Work, outcome
from experiments.running.sent_files import FilesToSend

CHUNK_SECONDS = 1.0
MOST_IN_CHUNK = 500
CHUNKS_PER_WORKER = 2
LOOK_SECONDS = 1.0  # between two looks at who is there
BETWEEN_LOOKS = 0.05


def run_on_cluster(
    queue: Queue, address: str, files: FilesToSend | None = None, makes: str | None = None
) -> Iterator[tuple[Work, Outcome] | None]:
    """Run `queue` on the scheduler at `address`, or on a local cluster of N processes for "local:N"; `files` go to each worker.

    `makes` is the parameter of cells that names the file which a task writes; it is brought here.

    Raises
    ------
    ValueError
        for an address that names no scheduler.
    OSError
        if the scheduler does not answer, no fit worker comes in time, or the scheduler is lost in the middle; what had come
        back is kept.
    """
    with joined_cluster(address, queue) as client:
        run = _Run(client, address, queue, files or FilesToSend({}), makes)
        try:
            yield from run.outcomes()
        finally:
            run.drop_brought()


class _Run:
    """One run of a queue on a cluster."""

    def __init__(
        self, client: Any, address: str, queue: Queue, files: FilesToSend, makes: str | None
    ) -> None:
        from distributed import as_completed

        self.client, self.address, self.queue, self.makes = client, address, queue, makes
        self.name = uuid.uuid4().hex[:12]  # the scheduler gives equal keys one result, whoever asks
        self.files = ClusterFiles(self.name, files, self._submit)
        # results come here without being waited for: a worker that dies then would never send the one that was asked for
        self.stream = as_completed([], loop=client.loop, with_results=True, raise_errors=False)
        self.workers: dict[str, Worker] = {}
        self.places: dict[
            str, tuple[str, Any, str]
        ] = {}  # by key of a future: the worker that has it, the future, and what it is for
        self.alone: set[str] = set()  # tasks that were in a chunk whose worker was lost
        self.mean = CHUNK_SECONDS  # seconds a task, lately
        self.sent, self.looked = 0, -LOOK_SECONDS

    def outcomes(self) -> Iterator[tuple[Work, Outcome] | None]:
        """Yield outcomes as they come, and None now and then while waiting."""
        while len(self.queue) or any(worker.busy for worker in self.workers.values()):
            yield from self._look()
            for address, worker in self.workers.items():
                self.files.send(address, worker)
                self.files.bring(address, worker)
            self._supply()
            if self.client.status != "running":
                self._give_up()
            if self.stream.has_ready():
                yield from self._collect(*next(self.stream))
                continue
            if not any(worker.busy for worker in self.workers.values()):
                self.queue.wait(self._awaited())
            time.sleep(BETWEEN_LOOKS / 5)
            yield None

    def _look(self) -> Iterator[tuple[Work, Outcome]]:
        """Ask workers that have come for their sources, and take back what those had that are gone."""
        if time.monotonic() - self.looked < LOOK_SECONDS:
            return
        try:
            there = set(self.client.nthreads())
        except (OSError, TimeoutError):
            self._give_up()
        self.looked = time.monotonic()
        for address in there - self.workers.keys():
            self.workers[address] = Worker()
            self._submit(address, SOURCES, sources_of_worker)
        for address in self.workers.keys() - there:
            lost = self.workers.pop(address)
            for key, works in lost.chunks.items():
                self.places.pop(key)[1].cancel()
                yield from self._lost(works, f"the worker {address} was lost")
            for brought in lost.made.values():
                brought.file.drop()
                self.queue.put_back(brought.work)
            for work in lost.waits:
                self.queue.put_back(work)

    def _submit(self, address: str, what: str, function: Any, *arguments: Any) -> str:
        self.sent += 1
        key = f"spikeproof-{self.name}-{what}-{self.sent}"
        future = self.client.submit(
            function,
            *arguments,
            key=key,
            workers=[address],
            allow_other_workers=False,
            pure=False,
            priority=int(what == BROUGHT),  # before the chunks that wait there
        )
        self.places[key] = (address, future, what)
        self.stream.add(future)
        return key

    def _supply(self) -> None:
        """Give each fit worker two chunks, of as many tasks as take about a second, fewer near the end."""
        fit = {address: worker for address, worker in self.workers.items() if worker.fit}
        for _ in range(CHUNKS_PER_WORKER):
            for address, worker in fit.items():
                if worker.waits or worker.in_hand >= CHUNKS_PER_WORKER:
                    continue
                share = -(-len(self.queue) // (2 * len(fit)))
                works = self._take(max(1, min(int(CHUNK_SECONDS / self.mean), MOST_IN_CHUNK, share)))
                if not works:
                    return
                if self.files.lacking(worker, works):
                    worker.waits = works
                else:
                    self._submit_chunk(address, worker, works)

    def _submit_chunk(self, address: str, worker: Worker, works: list[Work]) -> None:
        from distributed.protocol.pickle import dumps

        sent = [(work.task.key, dumps(work)) for work in works]
        roots = {name: root for name, root in self.files.files.roots.items() if name in worker.has}
        made = self.name if self.makes else None
        worker.chunks[self._submit(address, TASKS, execute_sent, sent, roots, made)] = works

    def drop_brought(self) -> None:
        """Leave nothing of files that are not here as a whole."""
        for worker in self.workers.values():
            for brought in worker.made.values():
                brought.file.drop()

    def _take(self, count: int) -> list[Work]:
        works: list[Work] = []
        while len(works) < count and (work := self.queue.take()) is not None:
            works.append(work)
            if work.task.key in self.alone:
                break
        return works

    def _collect(self, future: Any, result: Any) -> Iterator[tuple[Work, Outcome]]:
        address, _, what = self.places.pop(future.key, ("", None, ""))
        worker = self.workers.get(address)
        if worker is None:
            return  # of a worker that is gone
        works = worker.chunks.pop(future.key, None)
        if future.cancelled():
            self._give_up()
        error = future.exception() if future.status == "error" else None
        if what == SOURCES:
            self._note_sources(address, worker, error, result)
        elif what == BROUGHT:
            if brought := self.files.note_piece(address, worker, error, future.key, result):
                yield from self._brought(*brought)
        elif what == DROPPED:
            pass
        elif works is None:
            self._note_files(address, worker, what, error, result)
        elif error is not None:
            yield from self._lost(works, f"the cluster lost this task: {error}")
        else:
            yield from self._results(address, worker, works, result)
        future.release()

    def _note_sources(self, address: str, worker: Worker, error: Any, code: Any) -> None:
        found = (
            f"cannot say what it imports ({error})"
            if error is not None
            else f"imports sources of hash {code}"
        )
        worker.fit = error is None and code == suite_code()
        if not worker.fit:
            self._refuse(address, worker, f"it {found}, this command {suite_code()}")

    def _note_files(self, address: str, worker: Worker, what: str, error: Any, missing: Any) -> None:
        """Take an answer about files that were sent; when all are there, the chunk that waits for them is submitted."""
        why = self.files.note_sent(worker, what, error, missing)
        if why and worker.fit:
            why = f"it could not take the files of this run ({why})"
            self._refuse(address, worker, why, "Make room for them there")
        works = worker.waits
        if why:
            worker.waits, worker.pieces = [], None
            for work in works:
                self.queue.put_back(work)
        elif works and not self.files.lacking(worker, works):
            worker.waits = []
            self._submit_chunk(address, worker, works)

    def _refuse(
        self,
        address: str,
        worker: Worker,
        why: str,
        do: str = "Install the same version of everything there",
    ) -> None:
        worker.fit = False
        warnings.warn(f"the worker {address} gets no tasks: {why}. {do}", stacklevel=2)

    def _results(
        self, address: str, worker: Worker, works: list[Work], results: list[tuple[str, Any]]
    ) -> Iterator[tuple[Work, Outcome]]:
        """Yield the outcomes of a chunk; each is taken for the task that it names."""
        asked = {work.task.key: work for work in works}
        seconds = 0.0
        for key, found in results:
            work = asked.pop(key)
            if isinstance(found, str):  # refused before it ran
                if worker.fit:
                    self._refuse(address, worker, found)
                self.queue.put_back(work)
                continue
            if not isinstance(found, Outcome):
                found = outcome(work, None, found[0], found[1], time.time(), 0.0)
            seconds += found.seconds
            if self.makes is None or found.error is not None:
                yield work, found
            elif found.made is None:
                error = f"RuntimeError: the task wrote no file at made_at({work.task.cell[self.makes]!r})"
                yield work, outcome(work, None, error, None, found.started, found.seconds)
            else:
                self.files.begin(worker, work, found, Path(str(work.task.cell[self.makes])))
        if seconds:
            self.mean = max(1e-3, (self.mean + seconds / len(works)) / 2)

    def _brought(self, brought: Brought, why: str) -> Iterator[tuple[Work, Outcome]]:
        """Yield the outcome of a task whose file is here, or let the task run again."""
        if why:
            yield from self._lost([brought.work], why)
        else:
            yield brought.work, brought.outcome

    def _lost(self, works: list[Work], why: str) -> Iterator[tuple[Work, Outcome]]:
        """Send the tasks of a lost chunk again, each alone; one that was alone already counts as an attempt."""
        for work in works:
            if len(works) == 1:
                yield work, outcome(work, None, f"RuntimeError: {why}", None, time.time(), 0.0, fault="lost")
            else:
                self.alone.add(work.task.key)
                self.queue.put_back(work)

    def _awaited(self) -> str:
        """Return what is awaited while no worker has anything in hand."""
        known = [worker.fit for worker in self.workers.values()]
        if not known:
            return (
                f"workers at {self.address}: none is there. Start one with `dask worker ADDRESS --nthreads 1`"
            )
        if any(known):
            return ""
        if None in known:
            return f"{known.count(None)} workers at {self.address} to say which sources they import"
        return f"a worker at {self.address} that imports the same sources: {len(known)} import others"

    def _give_up(self) -> NoReturn:
        if self.queue.kept:
            kept = f"{self.queue.done} of {self.queue.total} tasks are kept. "
            kept += "Start it again and run the same command: only the rest runs"
        else:
            kept = "nothing is kept of this run. Start it again and run the same command"
        raise OSError(f"the Dask scheduler at {self.address} was lost; {kept}")
