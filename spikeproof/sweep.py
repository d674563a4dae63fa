"""`spikeproof sweep`: run a study that a TOML file describes, or continue it."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spikeproof.app import console
from spikeproof.estimates import foresee
from spikeproof.running import AcceptOtherVersion, Dask, Trials, Wait

if TYPE_CHECKING:
    from experiments.running.study import Study, Task

LONG_SECONDS = 60.0  # compiling is a small part of a task that takes as long


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("sweep", short_help="Run a study, or continue it.")(sweep)


def sweep(
    study: Annotated[
        str,
        typer.Argument(help="A TOML file, or the name of a shipped study (see --list).", show_default=False),
    ] = "",
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set", help="key=value or key=[v1, v2]: replace a parameter of the study. Repeat for several."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Random seed; the same seed gives the same results.")] = 0,
    workers: Annotated[int, typer.Option(help="Number of processes; it does not change the results.")] = 1,
    dask: Dask = None,
    out: Annotated[
        Path,
        typer.Option(help="Folder for the results. Running the same command again continues what is there."),
    ] = Path("spikeproof-results"),
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help="Print the tasks, try the first and the last, and print the memory and time of all; store nothing.",
        ),
    ] = False,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Run tasks again that failed in an earlier run.")
    ] = False,
    max_failures: Annotated[
        int | None, typer.Option(help="Stop when more tasks than this have failed.")
    ] = None,
    task_timeout: Annotated[
        float | None,
        typer.Option(help="Kill a task that runs longer than this many seconds; it counts as failed."),
    ] = None,
    wait: Wait = 300.0,
    accept_other_version: AcceptOtherVersion = False,
    trials: Trials = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Run the study even if it has more than a million tasks.")
    ] = False,
    list_: Annotated[
        bool,
        typer.Option(
            "--list",
            help="List the shipped studies, and the trials that a study file may name with their parameters.",
        ),
    ] = False,
) -> None:
    """Run every combination of the parameters in STUDY, except those already stored in the output folder."""
    from experiments.running.output_places import require_inputs_apart
    from experiments.running.store import OURS
    from experiments.studies.study_file import MOST_OF_ALL, MOST_TASKS, read_study, shipped_studies

    if list_:
        _print_studies(trials or ())
        return
    if not study:
        raise ValueError(f"sweep needs a TOML file or one of {', '.join(shipped_studies())}; got nothing")
    require_inputs_apart(out, OURS, [study, *(trials or ())])
    chosen = read_study(study, set_ or (), most_tasks=MOST_OF_ALL if yes else MOST_TASKS, trials=trials or ())
    if dry_run:
        _print_plan(chosen, seed, max(workers, 1))
        return
    options: dict[str, Any] = {
        "seed": seed,
        "workers": workers,
        "dask": dask,
        "retry_failed": retry_failed,
        "max_failures": max_failures,
        "task_timeout": task_timeout,
        "wait": wait,
        "accept_other_version": accept_other_version,
    }
    again = [part for file in trials or () for part in ("--trials", file)]
    raise typer.Exit(_run(chosen, out, options, again))


def _run(study: Study, out: Path, options: dict[str, Any], again: list[str]) -> int:
    """Run a study, say what failed and how it is run `again`, and return the exit code."""
    from experiments.running.export import export
    from experiments.running.runner import MachineFault, TooManyFailures, run
    from simulate.plain_text import command

    try:
        table = run(study, store=out, progress=True, **options)
    except TooManyFailures as error:
        console.say(("stopped:", "red"), f" {error}; {command('spikeproof', 'status', out)} names them")
        return 1
    except MachineFault as error:
        export(out)
        console.say(("unfinished:", "red"), f" {error}")
        return 1
    (path, *_) = export(out)
    failed = table[table["error"].notna()]
    for what, key in zip(failed["error"][:3], failed["key"][:3]):
        console.say(
            ("failed:", "red"), f" {what}  (again: {command('spikeproof', 'replay', out, key, *again)})"
        )
    console.say(f"{len(table) - len(failed)} rows, {len(failed)} failed; {path}")
    return int(len(failed) > 0)


def _print_studies(trials: Sequence[str]) -> None:
    """Print the shipped studies, and every trial that a study file may name with its parameters."""
    from experiments.running.entry_points import offered
    from experiments.studies.given_trials import GROUP, chosen_trials
    from experiments.studies.study_file import shipped_studies
    from experiments.studies.trials import TRIALS

    console.say("shipped studies: " + ", ".join(shipped_studies()))
    for name, registered in {**TRIALS, **chosen_trials(trials)}.items():
        declared = {**(registered.defaults or {}), **registered.optional}
        parameters = ", ".join(f"{key}={value!r}" for key, value in declared.items())
        told = parameters if registered.defaults is not None else "any parameters"
        console.say(f"trial {name}: {told}", wrap=True)
    for name, package in offered(GROUP).items():
        console.say(f"trial {name}: of the installed package {package}")


def _print_plan(plan: Study, seed: int, workers: int) -> None:
    """Print the first tasks, their number, and an estimate from running one task of the first and of the last cell."""
    from experiments.estimates.of_claims import plan_of_trials

    count = plan.count()
    tasks = list(islice(plan.tasks(seed), 20))
    first, (last,) = tasks[0], deque(plan.tasks(seed), maxlen=1)
    for task in tasks:
        console.say(f"{task.key}  replicate {task.replicate}  {dict(task.cell)}")
    if count > 20:
        console.say(f"... and {count - 20:,} more")
    tried = [_tried(plan, task) for task in (first, last)]
    seconds = sum(seconds for seconds, _ in tried) / 2
    total = seconds * count / workers
    console.say(
        f"{count:,} tasks of about {seconds:.2g} s (first and last tried): {total:.0f} s on {workers} worker(s)"
    )
    most = max(memory for _, memory in tried)
    foresee(lambda: plan_of_trials(count, seconds, most, workers), True)


def _tried(plan: Study, task: Task) -> tuple[float, float]:
    """Return the seconds of a task and the bytes of its process at most; a short one is run twice, since the first time loops
    are compiled and modules loaded."""
    from experiments.running.one_task import execute, work_of

    seconds, memory = 0.0, 0.0
    for _ in range(2):
        probe = execute(work_of(plan, task))
        if probe.error:
            raise ValueError(f"a task of this study fails: {probe.error}")
        seconds, memory = probe.seconds, probe.peak_memory_mb * 1e6
        if seconds > LONG_SECONDS:
            break
    return seconds, memory
