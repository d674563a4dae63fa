"""How does a run join a Dask cluster? As a client of a scheduler that runs elsewhere, or of one that is started here for it.

A cluster that is started here is closed to others (`closed_cluster`); to one that runs elsewhere the client shows the credentials
that the user's own Dask configuration names (`distributed.comm.tls`).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from experiments.running.awaiting_scheduler import await_scheduler
from experiments.running.one_task import Queue

CONNECT_SECONDS = 60
# they would print how they lose a scheduler, which the command says in a sentence
TALKATIVE = ("distributed.client", "tornado.application")


@contextmanager
def joined_cluster(address: str, queue: Queue) -> Iterator[Any]:
    """Yield a client of the scheduler at `address`, or for "local:N" of a cluster of N processes that ends with the block.

    Raises
    ------
    ValueError
        for an address that names no scheduler.
    OSError
        if no scheduler answers for as long as the `queue` waits.
    """
    from distributed import Client

    with _cluster(address, len(queue)) as target:
        if target == address:
            await_scheduler(address, queue)
        with _silent(TALKATIVE), _client(Client, target, address) as client:
            yield client


@contextmanager
def _silent(names: tuple[str, ...]) -> Iterator[None]:
    """Let these loggers say nothing inside the block."""
    levels = {name: logging.getLogger(name).level for name in names}
    try:
        for name in names:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        yield
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


def _cluster(address: str, tasks: int) -> Any:
    if not address.startswith("local"):
        return nullcontext(address)
    count = address.partition(":")[2] or "2"
    if not count.isdecimal() or len(count) > 9 or int(count) < 1:
        raise ValueError(f"a local cluster is named local:N with N of at least 1; got {address!r}")
    from experiments.running.closed_cluster import closed_cluster

    return closed_cluster(min(int(count), max(1, tasks)))


def _client(client: Any, target: Any, address: str) -> Any:
    try:
        return client(target, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise ValueError(
            f"the Dask scheduler at {address} must answer within {CONNECT_SECONDS} s, and did not ({error}); "
            "start one with `dask scheduler`, or give local:2"
        ) from None
