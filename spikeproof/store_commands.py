"""`spikeproof status`, `replay` and `export`: what a store holds, one task again, and its tables."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from spikeproof.app import console

Folder = Annotated[Path, typer.Argument(help="A folder that verify, sweep or compare has written.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("status")(status)
    app.command("replay")(replay)
    app.command("export")(export)


def status(folder: Folder = Path("spikeproof-results")) -> None:
    """Say what a store holds: studies, rows, failures with the commands that replay them."""
    from rich.table import Table

    from experiments.running.export import provenance_words
    from experiments.running.store import Store

    with Store(folder, create=False) as store:
        table = Table("study", "version", "rows", "failed", "seconds")
        seconds = store.seconds()
        for study, version, fine, failed in store.counts():
            table.add_row(study, str(version), f"{fine:,}", f"{failed:,}", f"{seconds.get(study, 0.0):.1f}")
        failures = store.failures(limit=5)
    console.print(table)
    for key, study, error in failures:
        console.print(
            f"{study}: {error}  (again: spikeproof replay {folder} {key})", markup=False, soft_wrap=True
        )
    console.print(provenance_words(folder), markup=False)


def replay(
    folder: Folder,
    key: Annotated[str, typer.Argument(help="The key of a task, as a failure or the table names it.")],
) -> None:
    """Run one stored task again, in this process, and compare its row with the stored one; nothing is written."""
    import json

    from experiments.running.replay import replay_task

    stored, again = replay_task(folder, key)
    console.print_json(json.dumps({"row": again.row, "error": again.error}))
    if again.traceback:
        console.print(again.traceback, markup=False)
    same = stored.row == again.row and stored.error == again.error
    console.print("the same as the stored row" if same else "[yellow]differs from the stored row[/]")
    raise typer.Exit(0 if again.error is None else 1)


def export(
    folder: Folder = Path("spikeproof-results"),
    csv: Annotated[
        bool, typer.Option("--csv", help="Write results.csv too, a column for each parameter and result.")
    ] = False,
) -> None:
    """Write the rows of a store as Parquet, and as CSV on request."""
    from experiments.running.export import export as write

    for path in write(folder, csv=csv):
        console.print(str(path), markup=False, soft_wrap=True)
