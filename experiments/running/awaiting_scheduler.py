"""Is there a Dask scheduler at an address? It is asked who it is, again and again until it answers or the wait is over.

Dask's own client says nothing while it tries, and its threads go on after it has given up; so it is made only where a scheduler
has answered.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from experiments.running.one_task import Queue

ANSWER_SECONDS = 5.0
BETWEEN_TRIES = 0.2
SCHEMES = ("tcp", "tls", "ws", "wss")


def require_address(address: str) -> None:
    """Raise `ValueError` where no scheduler can have this address.

    >>> require_address("tcp://scheduler:8786")
    >>> require_address("http://scheduler")
    Traceback (most recent call last):
    ...
    ValueError: the address of a Dask scheduler must be as tcp://HOST:PORT (or tls, ws, wss), or local:N for one that is started \
here; got 'http://scheduler'
    """
    scheme, found, rest = address.rpartition("://")
    host, _, port = rest.strip("/").rpartition(":")
    if (found and scheme not in SCHEMES) or not host or not port.isdecimal() or not 0 < int(port[:6]) < 65536:
        raise ValueError(
            f"the address of a Dask scheduler must be as tcp://HOST:PORT (or {', '.join(SCHEMES[1:])}), or local:N for one that "
            f"is started here; got {address!r}"
        )


def await_scheduler(address: str, queue: Queue) -> None:
    """Return when a scheduler answers at `address`; until then the `queue` is told what is awaited.

    Raises
    ------
    ValueError
        where no scheduler can have this address.
    TimeoutError
        if none answers for as long as the queue waits.
    """
    require_address(address)
    log = logging.getLogger("distributed")
    level = log.level
    log.setLevel(logging.CRITICAL)  # it would print every try
    try:
        with ThreadPoolExecutor(1) as thread:  # the caller may have a loop of its own
            while error := thread.submit(asyncio.run, _trouble(address)).result():
                queue.wait(
                    f"a Dask scheduler at {address}, where none answers ({error}); start one with `dask scheduler`, or give "
                    "local:2"
                )
                time.sleep(BETWEEN_TRIES)
    finally:
        log.setLevel(level)


async def _trouble(address: str) -> str:
    """Return why no scheduler answers, or nothing."""
    from distributed import rpc
    from distributed.security import Security

    async def ask() -> Any:
        arguments = Security().get_connection_args("client")
        async with rpc(address, timeout=ANSWER_SECONDS, connection_args=arguments) as asked:
            return await asked.identity()

    try:
        found = await asyncio.wait_for(ask(), ANSWER_SECONDS)
    except TimeoutError:
        return f"nothing came within {ANSWER_SECONDS:g} s"
    except Exception as error:  # whatever a library makes of what is not spoken as Dask speaks
        return re.sub("in <[^>]*>: ", "", str(error.__cause__ or error)) or type(error).__name__
    return "" if isinstance(found, dict) and found.get("type") == "Scheduler" else "it is no scheduler"
