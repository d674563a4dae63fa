"""Which task runs next? Tasks are made one after another as workers ask for them, and reserved where others share the store.

Memory does not grow with the tasks that wait: only the keys of those that an earlier run finished are held. What it costs to
take a task does not depend on how many wait.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from experiments.running.faults import ATTEMPTS
from experiments.running.one_task import Outcome, Work, work_of
from experiments.running.store import Store
from experiments.running.study import Study
from experiments.running.waiting import Waiting

AHEAD_SECONDS = 1.0  # how much work is reserved before it is needed: others share the store
MEASURED_SECONDS = 0.2
BETWEEN_LOOKS = 0.2
MOST_AHEAD = 1000


class TaskQueue:
    """The tasks of `studies` that are still to run; each is taken when this coordinator has reserved it.

    Taking never waits: a task that another coordinator has reserved is passed over, so that our own outcomes are collected.
    `kept` says that results outlast the run also without a store.
    """

    def __init__(
        self,
        studies: Sequence[Study],
        seed: int,
        store: Store | None,
        retry_failed: bool = False,
        waiting: Waiting | None = None,
        kept: bool = False,
    ) -> None:
        self.store, self.kept = store, kept or store is not None
        self.waiting = waiting or Waiting()
        self.unfinished: dict[str, str] = {}  # tasks without a row after this run, and why
        self._attempts: dict[str, int] = {}
        self.total = sum(study.count() for study in studies)
        stored: dict[str, bool] = {}
        if store is not None:
            for study in studies:
                stored |= store.finished(study.name, seed)
        self._kept = {key for key, fine in stored.items() if fine or not retry_failed}
        self._retry_failed = retry_failed
        self.done = self.failed = 0
        if self._kept:
            for key in (task.key for study in studies for task in study.tasks(seed)):
                if key in self._kept:
                    self.done += 1
                    self.failed += not stored[key]
        self._left = self.total - self.done
        self._source = self._works(studies, seed)
        self._ready: deque[Work] = deque()  # reserved by us
        self._again: deque[Work] = deque()  # reserved by us, and given back
        self._passed: list[Work] = []  # reserved by another coordinator when we looked
        self._looked = -BETWEEN_LOOKS
        self._arrived, self._marked, self._ahead = 0, time.monotonic(), 1

    def _works(self, studies: Sequence[Study], seed: int) -> Iterator[Work]:
        for study in studies:
            for task in study.tasks(seed):
                if task.key not in self._kept:
                    yield work_of(study, task)

    def __len__(self) -> int:
        return self._left

    def take(self) -> Work | None:
        """Return a work that is now ours, or None if nothing is missing or others have reserved all of it."""
        while not self._ready and (batch := self._next_batch()):
            self._reserve(batch)
        if not self._ready and self._passed and time.monotonic() - self._looked >= BETWEEN_LOOKS:
            batch, self._passed, self._looked = self._passed, [], time.monotonic()
            self._reserve(batch)
        if not self._ready and self._again:
            self._ready.append(self._again.popleft())
        if not self._ready:
            return None
        self._left -= 1
        return self._ready.popleft()

    def put_back(self, work: Work) -> None:
        """Take back a work that no trial has begun; it is taken again after all others."""
        self._left += 1
        self._again.append(work)

    def wait(self, what: str = "") -> None:
        """Note that nothing can be done but wait for `what`, by default for the coordinators that hold what is left."""
        if not what and self.store is not None:
            what = f"{len(self._passed):,} tasks that {self.store.reservations.holders()} has reserved in {self.store.folder}"
        self.waiting(what)

    def after_fault(self, work: Work, outcome: Outcome) -> Outcome | None:
        """Return the failure that a fault of the machine has become after `ATTEMPTS` attempts, or None: it is tried again.

        The next run tries it. Workers of a cluster come and go, so a task that was "lost" with one is tried again in this run; so
        is any task where no store keeps it for the next run.
        """
        key, reason = work.task.key, str(outcome.error)
        if self.store is not None:
            attempts = self.store.count_attempt(key, reason)
        else:
            attempts = self._attempts[key] = self._attempts.get(key, 0) + 1
        if attempts >= ATTEMPTS:
            return replace(outcome, error=f"{reason} (tried {attempts} times)", fault=None)
        if outcome.fault == "lost" or self.store is None:
            self.put_back(work)
        else:
            self.store.reservations.release(key)
            self.unfinished[key] = reason
        return None

    def arrived(self, failed: bool) -> None:
        """Count an outcome of a work that was taken."""
        self.waiting.over()
        self.done += 1
        self.failed += failed
        self._arrived += 1

    def _next_batch(self) -> list[Work]:
        """Return new works to reserve, about as many as arrived in a second; none while many are held by others."""
        now = time.monotonic()
        if now - self._marked > MEASURED_SECONDS:
            per_second = self._arrived / (now - self._marked)
            self._ahead = min(MOST_AHEAD, max(1, int(per_second * AHEAD_SECONDS)))
            self._arrived, self._marked = 0, now
        return list(islice(self._source, self._ahead)) if len(self._passed) < MOST_AHEAD else []

    def _reserve(self, batch: list[Work]) -> None:
        if self.store is None:
            self._ready.extend(batch)
            return
        ours, finished = self.store.reserve([work.task.key for work in batch], self._retry_failed)
        for work in batch:
            key = work.task.key
            if key in ours:
                self._ready.append(work)
            elif key in finished:
                self.waiting.over()
                self._left -= 1
                self.done += 1
                self.failed += not finished[key]
            else:
                self._passed.append(work)
