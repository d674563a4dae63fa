"""How far is a long computation? A bar on a terminal, one line every half minute on standard error elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TextIO, TypeVar

from simulate.plain_text import printable

Progress = Callable[[int, int, int], None]  # done, total, failed
Told = TypeVar("Told", bound=Callable[..., None])
SECONDS = 30.0  # between two lines


@contextmanager
def shown(
    progress: Told | bool | None, what: str, unit: str = "tasks"
) -> Iterator[Told | Callable[..., None] | None]:
    """Yield the function that a computation calls with (done, total): the caller's own, a display for True, None for False.

    A run whose tasks can fail calls it with (done, total, failed).

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
        yield ProgressLines(what, unit=unit)


@contextmanager
def told_steps(progress: Callable[[str], None] | bool | None, what: str) -> Iterator[Callable[[str], None]]:
    """Yield the function that is called with what is being done: the caller's own, a display for True, one that is silent else.

    >>> with told_steps(print, "davis") as say:
    ...     say("f = 8")
    f = 8
    """
    if callable(progress):
        yield progress
    elif not progress:
        yield lambda step: None
    elif sys.stderr.isatty():
        from rich.console import Console
        from rich.text import Text

        with Console(stderr=True, highlight=False).status(Text(printable(what))) as status:
            yield lambda step: status.update(Text(printable(f"{what}: {step}")))
    else:
        yield StepLines(what)


class StepLines:
    """Prints what is being done when half a minute has passed since the last line, whenever it is called."""

    def __init__(self, what: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.what, self.clock = what, clock
        self.started = self.last = clock()

    def __call__(self, step: str) -> None:
        """Print the step, if it is time."""
        now = self.clock()
        if now - self.last < SECONDS:
            return
        self.last = now
        with suppress(OSError):
            print(
                printable(f"{self.what}: {step}, after {_time(now - self.started)}"),
                file=sys.stderr,
                flush=True,
            )


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
    unit
        what is counted.

    Examples
    --------
    >>> seconds = iter([0, 10, 45])
    >>> tell = ProgressLines("3 claims", sys.stdout, lambda: next(seconds))
    >>> tell(0, 6, 0)
    >>> tell(3, 6, 0)
    3 claims: 3 of 6 tasks done, 0 failed, after 45 s; about 45 s left
    """

    def __init__(
        self,
        what: str,
        stream: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
        unit: str = "tasks",
    ) -> None:
        self.what, self.stream, self.clock, self.unit = what, stream, clock, unit
        self.started = self.last = clock()
        self.kept: int | None = None

    def __call__(self, done: int, total: int, failed: int | None = None) -> None:
        """Print where the computation is, if it is time; `failed` is None where nothing can fail."""
        if self.kept is None:
            self.kept = done  # by an earlier run: these took no time of this one
        now = self.clock()
        if now - self.last < SECONDS:
            return
        self.last, took, fresh = now, now - self.started, done - self.kept
        failures = "" if failed is None else f", {failed:,} failed"
        left = f"; about {_time(took / fresh * (total - done))} left" if fresh else ""
        with suppress(OSError):  # whoever read it has gone; the run goes on
            print(
                f"{printable(self.what)}: {done:,} of {total:,} {self.unit} done{failures}, after {_time(took)}{left}",
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
