"""What is a run waiting for? After ten seconds without an outcome it says so once, and after `seconds` it gives up."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable

TELL_SECONDS = 10.0
WAIT_SECONDS = 300.0


class Waiting:
    """Called with what is awaited whenever nothing can be done; `over` when something has happened.

    `kept` says whether what has finished outlasts the run.

    Raises
    ------
    TimeoutError
        when `seconds` have passed since something last happened; it says what was awaited.

    Examples
    --------
    >>> moments = iter([0.0, 400.0])
    >>> wait = Waiting(300, lambda: next(moments))
    >>> wait("a worker")
    >>> wait("a worker")
    Traceback (most recent call last):
    ...
    TimeoutError: waited 400 s for a worker; what had finished is kept, and the same run continues it
    """

    def __init__(
        self,
        seconds: float = WAIT_SECONDS,
        clock: Callable[[], float] = time.monotonic,
        *,
        kept: bool = True,
    ) -> None:
        self.seconds, self.kept, self._clock = seconds, kept, clock
        self._since: float | None = None
        self._told = ""

    def over(self) -> None:
        """Note that something has happened."""
        self._since, self._told = None, ""

    def __call__(self, what: str) -> None:
        """Note that `what` is awaited and nothing else can be done."""
        now = self._clock()
        self._since = now if self._since is None else self._since
        waited = now - self._since
        if waited > self.seconds:
            kept = (
                "what had finished is kept, and the same run continues it" if self.kept else "nothing is kept"
            )
            raise TimeoutError(f"waited {waited:.0f} s for {what}; {kept}")
        if waited >= TELL_SECONDS and not self._told:
            self._told = what
            rest = f"waiting at most {self.seconds:.0f} s (--wait, or wait=)"
            warnings.warn(f"waiting for {what}; {rest}", stacklevel=2)
