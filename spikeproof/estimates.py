"""A clear word before it is too late: `--dry-run`, and the refusal of what memory would not hold, that commands share."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from spikeproof.app import console, errors, one_line

if TYPE_CHECKING:
    from experiments.estimates.plan import Plan

DryRun = Annotated[
    bool,
    typer.Option(
        "--dry-run",
        help="Print the memory and the time that each large step would take, and do nothing else.",
    ),
]


def foresee(plan: Callable[[], Plan], dry_run: bool) -> bool:
    """Print what a command will need, if only that is asked for, and refuse what does not fit; return `dry_run`.

    Input that cannot be looked at is left to the command, which says what is wrong with it in its own words. Where the estimate
    itself fails, one sentence says so and the command goes on; a dry run ends.

    Raises
    ------
    ValueError
        where a step needs more memory than there is (`DoesNotFit`), or, of a dry run, where the estimate fails.
    """
    from experiments.estimates.plan import DoesNotFit, says_of_input

    try:
        with console.status("estimating"):
            known = plan()
        if dry_run:
            _print(known)
        known.require_room()
    except DoesNotFit:
        raise
    except Exception as error:
        if says_of_input(error):
            if dry_run:
                raise
            return False
        failed = (
            f"memory and time of this command cannot be estimated ({type(error).__name__}: {one_line(error)})"
        )
        if dry_run:
            raise ValueError(failed) from error
        errors.say(
            ("warning:", "yellow"),
            f" {failed}; it goes on, and a step that memory does not hold is not refused beforehand",
        )
    return dry_run


def instead(option: str, value: object, *, out: Path | None = None) -> str:
    """Return the command that is being run with another value of an option, as somebody may copy it.

    With `out` its output, a file, becomes a folder.
    """
    from simulate.plain_text import command

    words, given = ["spikeproof"], iter(sys.argv[1:])
    for word in given:
        name, has_value, _ = word.partition("=")
        if name == option and not has_value:
            next(given, None)
        elif name not in (option, "--dry-run"):
            words.append(str(_folder_of(out)) if out is not None and word == str(out) else word)
    return command(*words, option, value)


def _folder_of(out: Path) -> Path:
    return out.with_name(f"{out.name.partition('.')[0]}-shards") if out.suffix else out


def _print(plan: Plan) -> None:
    from rich.table import Table

    from experiments.estimates.calibration import slowness
    from experiments.estimates.plan import seconds_of, size_told, works_of
    from simulate.available_memory import PROGRAM, memory_in_all
    from spikeproof.app import styled

    with console.status("timing a small piece of each kind of work"):
        slower = slowness(works_of(plan.steps))
    table = Table(box=None, pad_edge=False)
    table.add_column("step")
    table.add_column("memory", justify="right", no_wrap=True)
    table.add_column("time", justify="right", no_wrap=True)
    table.add_column("size")
    for step in plan.steps:
        memory = f"{'at most ' * step.bound}{size_told(PROGRAM + step.memory)}"
        table.add_row(styled(step.name), memory, _time_told(seconds_of(step, slower)), styled(step.size))
    console.print(table)
    for note in plan.notes:
        console.say(f"- {note}", wrap=True)
    seconds, room = plan.seconds(slower), memory_in_all()
    fits = "does not fit" if plan.refused(room) else "fits"
    console.say(
        f"{size_told(plan.peak)} of memory at most, the program's {size_told(PROGRAM)} included, and "
        f"{_time_told(seconds)} of processor time; there are {size_told(room)}: it {fits}",
        wrap=True,
    )


def _time_told(seconds: float | None) -> str:
    if seconds is None:
        return "not known"
    if seconds < 1:
        return "less than 1 s"
    return (
        f"{seconds:.2g} s"
        if seconds < 100
        else f"{seconds / 60:.2g} min"
        if seconds < 6000
        else f"{seconds / 3600:.2g} h"
    )
