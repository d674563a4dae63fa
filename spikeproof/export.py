"""`spikeproof export`: write the stored rows as Parquet or CSV files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from spikeproof.app import console


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("export", short_help="Write all rows of a store to results.parquet.")(export)


def export(
    folder: Annotated[
        Path, typer.Argument(help="A folder that verify, sweep or compare has written.")
    ] = Path("spikeproof-results"),
    csv: Annotated[
        bool,
        typer.Option(
            "--csv", help="Write results.csv as well, with one column per parameter and per result."
        ),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            help="Another folder for the files; nothing is written into FOLDER then, which may be read-only.",
            show_default=False,
        ),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace files in --out that hold something else.")
    ] = False,
) -> None:
    """Write all rows of the store in FOLDER to results.parquet, and to results.csv with --csv."""
    from experiments.running.export import export as write

    for path in write(folder, csv=csv, out=out, overwrite=overwrite):
        console.say(str(path))
