"""`spikeproof compare`: real matrices beside their twins and nulls."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated, cast

import typer

from spikeproof.app import console
from spikeproof.reading import Columns, Encoding, NoHeader, Separator, SkipBadRows, reading


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("compare")(compare)


def compare(
    matrix: Annotated[
        list[str],
        typer.Argument(help="Names of `spikeproof matrices`, or files.", show_default=False),
    ],
    blocks: Annotated[
        str, typer.Option(help="How the twins' blocks are found: spikes, leiden or labels.")
    ] = "spikes",
    twins: Annotated[int, typer.Option(min=1, help="Samples of the fitted block model.")] = 40,
    rank: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="f at which spikes are described; by parallel analysis, up to 32, without.",
            show_default=False,
        ),
    ] = None,
    columns: Columns = None,
    separator: Separator = None,
    no_header: NoHeader = False,
    encoding: Encoding = "utf-8",
    skip_bad_rows: SkipBadRows = False,
    seed: Annotated[int, typer.Option(min=0, help="Every number follows from it.")] = 0,
    workers: Annotated[
        int, typer.Option(min=1, help="Processes; the numbers are the same whatever their number.")
    ] = 2,
    out: Annotated[Path, typer.Option(help="Folder for the store, the figures and the page.")] = Path(
        "spikeproof-results"
    ),
) -> None:
    """Set each MATRIX beside samples of a block model fitted to it and beside nulls, and write one page."""
    from experiments.real.comparison import compare as run
    from experiments.real.twins import By
    from reports.pages.comparison import write_comparison
    from spikeproof.progress import task_progress

    started = time.monotonic()
    with task_progress(f"{len(matrix)} matri{'x' if len(matrix) == 1 else 'ces'}") as progress:
        run(
            matrix,
            blocks=cast("By", blocks),
            twins=twins,
            rank=rank,
            reading=reading(columns, separator, no_header, encoding, skip_bad_rows),
            seed=seed,
            workers=workers,
            out=out,
            progress=progress,
        )
    with console.status("drawing the page"):
        page = write_comparison(out)
    raise typer.Exit(_tell(out, page, started))


def _tell(out: Path, page: Path, started: float) -> int:
    """Print one line a matrix and what failed; return the exit code."""
    import json

    from reports.pages.analyses import MANIFEST, read_analyses
    from reports.sentences import overview

    analyses, failures = read_analyses(out, json.loads((out / MANIFEST).read_text(encoding="utf-8")))
    for one in analyses:
        console.print(overview(one.name, one.real, one.measured, one.described), markup=False, soft_wrap=True)
    for failure in failures:
        console.print(f"failed: {failure}", markup=False, soft_wrap=True)
    console.print(f"{page}  ({time.monotonic() - started:.0f} s in all)", markup=False, soft_wrap=True)
    return int(bool(failures))
