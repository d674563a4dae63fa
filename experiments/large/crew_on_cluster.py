"""Tasks of a large analysis on the workers of a Dask cluster, each of one thread, which share a file system with the command.

A worker that imports other sources, or does not see the folder of the analysis under the same path, says so and the command ends.
The task of a worker that is lost is run again by another: files are written whole, and every run of a task writes the same bytes.
"""

from __future__ import annotations

import secrets
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, TypeVar, cast

from experiments.large.crew import Crew, Here
from experiments.running.code_identity import suite_code
from experiments.running.joined_cluster import joined_cluster
from experiments.running.one_task import one_thread
from experiments.running.waiting import WAIT_SECONDS, Waiting

T = TypeVar("T")
BETWEEN_LOOKS = 0.005
LOOK_SECONDS = 1.0  # between two looks at how many workers there are
UNDER_WAY = 4  # tasks of each worker that the scheduler knows at once


@dataclass(frozen=True)
class Witness:
    """What a worker must see: the sources of the command, and this text in this file."""

    code: str
    path: str
    text: str

    @classmethod
    def of(cls, path: Path, text: str) -> Witness:
        """Return the witness that the command itself sees."""
        return cls(suite_code(), str(path), text)

    def require(self) -> None:
        """Raise `ValueError` where it is not seen."""
        if suite_code() != self.code:
            raise ValueError(
                f"the workers must import the same sources; {socket.gethostname()} imports {suite_code()}, "
                f"this command {self.code}"
            )
        path = Path(self.path)
        if not path.is_file() or self.text not in path.read_text("utf-8"):
            raise ValueError(
                f"the workers must see the folder {path.parent} under this path, on a file system that all share; "
                f"{socket.gethostname()} does not"
            )


class OnCluster:
    """Runs tasks on the workers of a cluster."""

    def __init__(self, client: Any, address: str, witness: Witness) -> None:
        self.client, self.address, self.witness = client, address, witness
        self._name, self._sent = secrets.token_hex(6), 0  # the scheduler gives equal keys one result
        self._workers, self._looked = 1, -LOOK_SECONDS

    def run(
        self,
        function: Callable[..., T],
        tasks: Sequence[tuple[Any, ...]],
        told: Callable[[int], None] | None = None,
    ) -> list[T]:
        """Run all tasks.

        Raises
        ------
        OSError
            if the scheduler is lost, or one task has cost the cluster several workers.
        """
        from distributed.comm import CommClosedError

        results: list[Any] = [None] * len(tasks)
        pending: dict[int, Any] = {}
        begun = 0
        try:
            while begun < len(tasks) or pending:
                while begun < len(tasks) and len(pending) < UNDER_WAY * self._count_workers():
                    pending[begun] = self._submit(function, tasks[begun])
                    begun += 1
                ready = [k for k, future in pending.items() if future.done()]
                for k in ready:
                    results[k] = self._result(pending.pop(k))
                    if told is not None:
                        told(begun - len(pending))
                if self.client.status != "running":
                    self._give_up()
                if not ready:
                    time.sleep(BETWEEN_LOOKS)
        except CommClosedError:  # the scheduler was lost while it was asked something
            self._give_up()
        return results

    def _count_workers(self) -> int:
        if time.monotonic() - self._looked >= LOOK_SECONDS:
            try:
                self._workers = max(1, len(self.client.nthreads()))
            except (OSError, TimeoutError):
                self._give_up()
            self._looked = time.monotonic()
        return self._workers

    def _submit(self, function: Callable[..., T], arguments: tuple[Any, ...]) -> Any:
        self._sent += 1
        key = f"spikeproof-{self._name}-{self._sent}"
        return self.client.submit(run_by_worker, self.witness, function, arguments, key=key, pure=False)

    def _result(self, future: Any) -> Any:
        if future.cancelled():
            self._give_up()
        if future.status == "error":
            error = future.exception()
            if type(error).__name__ == "KilledWorker":
                raise OSError(
                    f"the Dask cluster at {self.address} lost several workers over one task, perhaps for want of memory; what "
                    "was written is kept, and the same command goes on from there"
                )
            raise error
        result = future.result()
        future.release()
        return result

    def _give_up(self) -> NoReturn:
        raise OSError(
            f"the Dask scheduler at {self.address} was lost; what was written is kept. Start it again and run the same command: "
            "it goes on from there"
        )


def run_by_worker(witness: Witness, function: Callable[..., T], arguments: tuple[Any, ...]) -> T:
    """Run one task on one thread, where the witness is seen."""
    witness.require()
    with one_thread():
        return function(*arguments)


@contextmanager
def crew_at(address: str | None, witness: Witness, wait: float = WAIT_SECONDS) -> Iterator[Crew]:
    """Yield who runs the tasks: this process for None, else the cluster at `address`, or one started here for "local:N".

    Raises
    ------
    ValueError
        for an address that no scheduler can have.
    OSError
        if no scheduler answers in `wait` seconds.
    """
    if address is None:
        yield Here()
        return
    with joined_cluster(address, cast(Any, _Patience(wait))) as client:
        yield OnCluster(client, address, witness)


class _Patience:
    """What `joined_cluster` asks of a queue: how many tasks there are, here never fewer than workers, and to wait."""

    def __init__(self, seconds: float) -> None:
        self.wait = Waiting(seconds)

    def __len__(self) -> int:
        return 1 << 30
