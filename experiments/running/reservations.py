"""Which coordinator runs a task when several share one store? The one that reserves it first.

A reservation is a row of the table `claims` in the store's file: the task's key, its owner, and when the owner last renewed it.
Another coordinator may take it over when its owner was a process of this host that has ended, or when it has seen the owner
silent for `STALE_SECONDS` by its own clock: moments of two hosts are never compared. A thread renews the reservations, since a
trial that runs in the coordinator's own process can take longer than that.
"""

from __future__ import annotations

import os
import socket
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from experiments.running.store_file import LOCKED_SECONDS, told

BEAT_SECONDS = 5.0
STALE_SECONDS = 240.0  # many missed beats, and less than a run waits for another


class Reservations:
    """The reservations of one coordinator in the store at `path`; errors are those of `Store`."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection, self._path = connection, path
        self._owner = f"{_host()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        self._heard: dict[
            str, tuple[float, float]
        ] = {}  # of each other owner: its last beat, and when we first saw that

    def reserve(self, keys: Iterable[str]) -> list[str]:
        """Reserve those of `keys` that no other coordinator holds; return the ones that are now ours."""
        now, reserved = time.time(), []
        with told(self._path):
            self._connection.execute("BEGIN IMMEDIATE")
            for key in keys:
                holder = self._connection.execute(
                    "SELECT owner, beat FROM claims WHERE key = ?", (key,)
                ).fetchone()
                if (
                    holder
                    and holder[0] != self._owner
                    and _is_alive(holder[0])
                    and not self._is_silent(*holder)
                ):
                    continue
                self._connection.execute(
                    "INSERT OR REPLACE INTO claims VALUES (?, ?, ?)", (key, self._owner, now)
                )
                reserved.append(key)
            self._connection.execute("COMMIT")
        return reserved

    def _is_silent(self, owner: str, beat: float) -> bool:
        """Tell whether an owner's beat has stayed the same while we looked on for `STALE_SECONDS`."""
        now = time.monotonic()
        known = self._heard.get(owner)
        if known is None or known[0] < beat:
            self._heard[owner] = known = (beat, now)
        return now - known[1] > STALE_SECONDS

    def holders(self) -> str:
        """Return in words who was seen to hold reservations."""
        names = [owner.rsplit(":", 2) for owner in self._heard]
        words = [f"process {process} on {host.partition('/')[0]}" for host, process, _ in names]
        return " and ".join(words[:3]) or "another run"

    def release(self, key: str) -> None:
        """Give back the reservation of `key`."""
        with told(self._path):
            self._connection.execute("DELETE FROM claims WHERE key = ? AND owner = ?", (key, self._owner))

    def release_all(self) -> None:
        """Give back what this coordinator still holds; where the file cannot be written its reservations go stale."""
        try:
            with self._connection:
                self._connection.execute("DELETE FROM claims WHERE owner = ?", (self._owner,))
        except sqlite3.Error:
            pass  # a full disk or a lost file

    @contextmanager
    def renewed(self) -> Iterator[None]:
        """Say every `BEAT_SECONDS`, until the block ends, that this coordinator is still at work."""
        ended = threading.Event()
        beating = threading.Thread(target=self._beat, args=(ended,), daemon=True)
        beating.start()
        try:
            yield
        finally:
            ended.set()
            beating.join()

    def _beat(self, ended: threading.Event) -> None:
        while not ended.wait(BEAT_SECONDS):
            # a connection belongs to one thread; a file that cannot be written is told by the thread that writes rows
            with (
                suppress(sqlite3.Error),
                closing(sqlite3.connect(self._path, timeout=LOCKED_SECONDS)) as connection,
                connection,
            ):
                connection.execute("UPDATE claims SET beat = ? WHERE owner = ?", (time.time(), self._owner))


def _host() -> str:
    """Return this host's name, and the space in which numbers of processes mean something: containers share neither."""
    try:
        return f"{socket.gethostname()}/{os.stat('/proc/self/ns/pid').st_ino}"
    except OSError:  # no Linux
        return socket.gethostname()


def _is_alive(owner: str) -> bool:
    host, _, process = owner.rpartition(":")[0].rpartition(":")
    if host != _host() or not process.isdecimal():
        return True
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
