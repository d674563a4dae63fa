"""The progress bar of every command that runs tasks: how many are done and failed, the rate, the time left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from spikeproof.app import errors


@contextmanager
def task_progress(description: str) -> Iterator[Callable[..., None]]:
    """Show a bar on the terminal and yield `advance(done, total, failed)`; a pipe or a file gets nothing."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TaskProgressColumn(show_speed=True),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("[red]{task.fields[failures]}"),
    )
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as bar:
        task = bar.add_task(description, total=None, failures="")

        def advance(done: int, total: int, failed: int = 0) -> None:
            bar.update(task, completed=done, total=total, failures=f"{failed} failed" if failed else "")

        yield advance
