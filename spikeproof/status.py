"""`spikeproof status`: what has been run in a folder, and what failed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from spikeproof.app import console, styled


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("status", short_help="List what a folder holds, and its failures.")(status)


def status(
    folder: Annotated[
        Path, typer.Argument(help="A folder that verify, sweep or compare has written.")
    ] = Path("spikeproof-results"),
) -> None:
    """List the studies in FOLDER with their rows and failures, and the commands that replay the first failures."""
    from rich.table import Table

    from experiments.running.export import provenance_words
    from experiments.running.replay import require_key
    from experiments.running.store import Store
    from simulate.plain_text import command

    with Store(folder, create=False) as store:
        table = Table("study", "version", "rows", "failed", "seconds")
        seconds = store.seconds()
        for study, version, fine, failed in store.counts():
            table.add_row(
                styled(study), str(version), f"{fine:,}", f"{failed:,}", f"{seconds.get(study, 0.0):.1f}"
            )
        failures = store.failures(limit=5)
        origins = {study: store.origin(study)[0] for _, study, _ in failures}
        unfinished, reason = store.unfinished()
    console.print(table)
    for key, study, error in failures:
        require_key(key, folder)
        again = command("spikeproof", "replay", folder, key)
        if origin := origins[study]:
            again += f", naming {command(origin)} with --claims, or with --trials for a sweep"
        console.say(f"{study}: {error}  (again: {again})")
    if unfinished:
        console.say(f"{unfinished:,} tasks without a row, which the same command tries again: {reason}")
    console.say(provenance_words(folder), wrap=True)
