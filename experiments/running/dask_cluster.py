"""How do tasks run on a Dask cluster? On a scheduler that runs elsewhere, or on a local cluster that is started here.

Each task has an explicit key, carries parameters and a seed only, and comes back in any order. A cluster that is started here
is closed to others (`closed_cluster`); to one that runs elsewhere the client shows the credentials that the user's own Dask
configuration names (`distributed.comm.tls`).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from typing import Any

from experiments.running.one_task import Outcome, Queue, Work, execute

CONNECT_SECONDS = 60
IN_FLIGHT_PER_THREAD = 4
BETWEEN_LOOKS = 0.05


def run_on_cluster(queue: Queue, address: str) -> Iterator[tuple[Work, Outcome] | None]:
    """Run `queue` on the scheduler at `address`, or on a local cluster of N processes for "local:N".

    Raises
    ------
    ValueError
        if the scheduler does not answer within a minute.
    OSError
        if the scheduler is lost in the middle; what had come back is kept.
    """
    from distributed import Client, as_completed
    from distributed.protocol.pickle import dumps

    with _cluster(address) as target, _connect(Client, target, address) as client:
        capacity = IN_FLIGHT_PER_THREAD * max(1, sum(client.nthreads().values()))
        works: dict[str, Work] = {}
        stream = as_completed([], loop=client.loop)
        while len(queue) or works:
            while len(works) < capacity and (work := queue.take()):
                works[work.task.key] = work
                key = f"spikeproof-{work.task.key}"
                stream.add(client.submit(_execute_sent, dumps(work), key=key, pure=True, retries=2))
            if not works:
                time.sleep(BETWEEN_LOOKS)  # other coordinators hold all that is left
                yield None
                continue
            while not stream.has_ready() and client.status == "running":
                time.sleep(BETWEEN_LOOKS / 10)
            future = next(stream) if stream.has_ready() else None
            if future is None or future.cancelled() or client.status != "running":
                logging.getLogger("distributed.client").setLevel(
                    logging.CRITICAL
                )  # it would print how it gives up
                raise OSError(
                    f"the Dask scheduler at {address} was lost; {queue.done} of {queue.total} tasks are kept. "
                    "Start it again and run the same command: only the rest runs"
                )
            work = works.pop(future.key.removeprefix("spikeproof-"))
            yield work, _result(future, work)
            future.release()


def _execute_sent(sent: bytes) -> Outcome:
    """Run a pickled work. It is opened here: a trial that this worker cannot import fails its own task, and stops no worker."""
    from distributed.protocol.pickle import loads

    return execute(loads(sent))


# a worker imports this function by name: through the root, which finds our rooms also beside folders of the same names
_execute_sent.__module__ = f"spikeproof.{__name__}"


def _result(future: Any, work: Work) -> Outcome:
    from experiments.running.one_task import outcome

    try:
        result: Outcome = future.result()
    except Exception as lost:  # the worker died, three times
        return outcome(
            work.task.key, None, f"RuntimeError: the cluster lost this task: {lost}", None, 0.0, 0.0
        )
    return result


def _cluster(address: str) -> Any:
    from contextlib import nullcontext

    if not address.startswith("local"):
        return nullcontext(address)
    count = address.partition(":")[2] or "2"
    if not count.isdigit() or int(count) < 1:
        raise ValueError(f"a local cluster is named local:N with N of at least 1; got {address!r}")
    from experiments.running.closed_cluster import closed_cluster

    return closed_cluster(int(count))


def _connect(client: Any, target: Any, address: str) -> Any:
    try:
        return client(target, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise ValueError(
            f"the Dask scheduler at {address} must answer within {CONNECT_SECONDS} s, and did not ({error}); "
            "start one with `dask scheduler`, or give local:2"
        ) from None
