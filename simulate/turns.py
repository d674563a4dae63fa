"""Whose turn is it to compile a loop? A lock on a file that the processes of one user share, where the system has such locks.

It saves work and decides nothing: whoever cannot take its turn in time, or at all, compiles by itself.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

LONGEST = 120.0  # seconds to wait for another process, which may have stopped in the middle
BETWEEN_LOOKS = 0.05


class Turn:
    """One thing that one process at a time should do, named by a file in a folder of the user's own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def take(self) -> bool:
        """Wait for our turn; return whether another process had it before, so that its work may be there."""
        if self._descriptor is not None:
            return False
        try:
            import fcntl

            self._descriptor = os.open(
                self.path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600
            )
        except (ImportError, OSError):
            return False
        waited, until = False, time.monotonic() + LONGEST
        while True:
            try:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return waited
            except OSError:
                if time.monotonic() > until:
                    self.leave()
                    return True
            waited = True
            time.sleep(BETWEEN_LOOKS)

    def leave(self) -> None:
        """Let the others go on; closing the file, as the end of a process does, gives up its lock."""
        if self._descriptor is not None:
            with suppress(OSError):
                os.close(self._descriptor)
            self._descriptor = None
