"""`spikeproof sweep`: run a study that a TOML file describes, or continue it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from spikeproof.app import console

if TYPE_CHECKING:
    from experiments.running.study import Study


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
    dask: Annotated[
        str | None,
        typer.Option(
            help="Address of a Dask scheduler, or local:N for a local cluster of N processes; replaces --workers."
        ),
    ] = None,
    out: Annotated[
        Path,
        typer.Option(help="Folder for the results. Running the same command again continues what is there."),
    ] = Path("spikeproof-results"),
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run", help="Print the tasks and estimate the time from two of them; store nothing."
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
    from experiments.running.export import export
    from experiments.running.files import require_inputs_apart
    from experiments.running.runner import TooManyFailures, run
    from experiments.running.store import OURS
    from experiments.studies.study_file import MOST_OF_ALL, MOST_TASKS, read_study, shipped_studies
    from simulate.plain_text import command

    if list_:
        from experiments.studies.trials import TRIALS

        console.say("shipped studies: " + ", ".join(shipped_studies()))
        for name, registered in TRIALS.items():
            parameters = ", ".join(f"{key}={value!r}" for key, value in registered.defaults.items())
            console.say(f"trial {name}: {parameters}", wrap=True)
        return
    if not study:
        raise ValueError(f"sweep needs a TOML file or one of {', '.join(shipped_studies())}; got nothing")
    require_inputs_apart(out, OURS, [study])
    chosen = read_study(study, set_ or (), most_tasks=MOST_OF_ALL if yes else MOST_TASKS)
    if dry_run:
        _print_plan(chosen, seed, max(workers, 1))
        return
    try:
        table = run(
            chosen,
            seed=seed,
            workers=workers,
            dask=dask,
            store=out,
            progress=True,
            retry_failed=retry_failed,
            max_failures=max_failures,
            task_timeout=task_timeout,
        )
    except TooManyFailures as error:
        console.say(("stopped:", "red"), f" {error}; {command('spikeproof', 'status', out)} names them")
        raise typer.Exit(1) from None
    (path, *_) = export(out)
    failed = table[table["error"].notna()]
    for what, key in zip(failed["error"][:3], failed["key"][:3]):
        console.say(("failed:", "red"), f" {what}  (again: {command('spikeproof', 'replay', out, key)})")
    console.say(f"{len(table) - len(failed)} rows, {len(failed)} failed; {path}")
    raise typer.Exit(1 if len(failed) else 0)


def _print_plan(plan: Study, seed: int, workers: int) -> None:
    """Print the first tasks, their number, and an estimate from running one task of the first and of the last cell."""
    from experiments.running.one_task import execute, work_of

    tasks = list(plan.tasks(seed))
    for task in tasks[:20]:
        console.say(f"{task.key}  replicate {task.replicate}  {dict(task.cell)}")
    if len(tasks) > 20:
        console.say(f"... and {len(tasks) - 20:,} more")
    probes = [
        execute(work_of(plan, task)) for task in {tasks[0].key: tasks[0], tasks[-1].key: tasks[-1]}.values()
    ]
    for probe in probes:
        if probe.error:
            raise ValueError(f"a task of this study fails: {probe.error}")
    seconds = sum(probe.seconds for probe in probes) / len(probes)
    total = seconds * len(tasks) / workers
    console.say(
        f"{len(tasks):,} tasks of about {seconds:.2g} s (first and last tried): {total:.0f} s on {workers} worker(s)"
    )
