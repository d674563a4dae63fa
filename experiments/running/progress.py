"""How far is a run? A bar on a terminal, one line every half minute on standard error elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

from simulate.plain_text import printable

Progress = Callable[[int, int, int], None]
SECONDS = 30.0  # between two lines


@contextmanager
def shown(progress: Progress | bool | None, what: str) -> Iterator[Progress | None]:
    """Yield the function that a run calls with (done, total, failed): the caller's own, a display for True, None for False.

    >>> with shown(None, "3 claims") as told:
    ...     print(told)
    None
    """
    if not isinstance(progress, bool):
        yield progress
    elif not progress:
        yield None
    elif sys.stderr.isatty():
        with _bar(what) as advance:
            yield advance
    else:
        yield ProgressLines(what)


class ProgressLines:
    """Prints a line when half a minute has passed since the last one, whenever it is called.

    Parameters
    ----------
    what
        what is running, in words.
    stream
        where lines go; standard error without it.
    clock
        returns seconds from a fixed moment on.

    Examples
    --------
    >>> seconds = iter([0, 10, 45])
    >>> tell = ProgressLines("3 claims", sys.stdout, lambda: next(seconds))
    >>> tell(0, 6, 0)
    >>> tell(3, 6, 0)
    3 claims: 3 of 6 tasks done, 0 failed, after 45 s; about 45 s left
    """

    def __init__(
        self, what: str, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.what, self.stream, self.clock = what, stream, clock
        self.started = self.last = clock()
        self.kept: int | None = None

    def __call__(self, done: int, total: int, failed: int = 0) -> None:
        """Print where the run is, if it is time."""
        if self.kept is None:
            self.kept = done  # by an earlier run: these took no time of this one
        now = self.clock()
        if now - self.last < SECONDS:
            return
        self.last, took, fresh = now, now - self.started, done - self.kept
        left = f"; about {_time(took / fresh * (total - done))} left" if fresh else ""
        with suppress(OSError):  # whoever read it has gone; the run goes on
            print(
                f"{printable(self.what)}: {done:,} of {total:,} tasks done, {failed:,} failed, after {_time(took)}{left}",
                file=self.stream or sys.stderr,
                flush=True,
            )


def _time(seconds: float) -> str:
    """Return a time in words.

    >>> _time(45), _time(610), _time(7260)
    ('45 s', '10 min', '2 h 1 min')
    """
    if seconds < 120:
        return f"{seconds:.0f} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


@contextmanager
def _bar(what: str) -> Iterator[Progress]:
    from rich import progress as parts
    from rich.console import Console

    columns = (
        parts.TextColumn("{task.description}", markup=False),
        parts.BarColumn(),
        parts.MofNCompleteColumn(),
        parts.TaskProgressColumn(show_speed=True),
        parts.TimeElapsedColumn(),
        parts.TimeRemainingColumn(),
        parts.TextColumn("[red]{task.fields[failures]}"),
    )
    with parts.Progress(*columns, console=Console(stderr=True, highlight=False), transient=True) as bar:
        task = bar.add_task(printable(what), total=None, failures="")

        def advance(done: int, total: int, failed: int = 0) -> None:
            bar.update(task, completed=done, total=total, failures=f"{failed} failed" if failed else "")

        yield advance
