"""`spikeproof matrices`: which data sets are known by name, or what one matrix holds."""

from __future__ import annotations

from typing import Annotated

import typer

from spikeproof.app import console
from spikeproof.reading import Columns, Encoding, NoHeader, Separator, SkipBadRows, UnpackLimit, reading


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("matrices", short_help="List the known data sets.")(matrices)


def matrices(
    matrix: Annotated[
        str | None,
        typer.Argument(
            help="A data set by name, a file or a folder to describe. Without it, all known data sets are listed.",
            show_default=False,
        ),
    ] = None,
    columns: Columns = None,
    separator: Separator = None,
    no_header: NoHeader = False,
    encoding: Encoding = "utf-8",
    skip_bad_rows: SkipBadRows = False,
    unpack_limit: UnpackLimit = None,
) -> None:
    """List the known data sets with their owners, licences and files, or read one matrix and say what it holds."""
    if matrix is None:
        _print_catalogue()
        return
    from rich.markup import escape

    from experiments.matrices import load

    loaded = load(matrix, **reading(columns, separator, no_header, encoding, skip_bad_rows, unpack_limit))
    kind = "contexts x items" if loaded.interactions is not None else "nodes, symmetric"
    rows, items = loaded.matrix.shape
    console.print(
        f"[bold]{escape(loaded.name)}[/]: {rows:,} x {items:,} {kind}, {loaded.matrix.nnz:,} stored pairs"
    )
    if loaded.labels is not None and loaded.label_names is not None:
        known = int((loaded.labels >= 0).sum())
        console.print(f"labels: {len(loaded.label_names):,} names, known for {known:,} items")
    if loaded.times is not None:
        import numpy as np

        first, last = (np.datetime64(int(day), "D") for day in (loaded.times.min(), loaded.times.max()))
        console.print(f"times: {first} to {last}")
    for note in loaded.notes:
        console.print(f"- {escape(note)}", soft_wrap=True)


def _print_catalogue() -> None:
    from experiments.matrices import DATASETS, data_folders
    from simulate.optional import missing

    for dataset in DATASETS:
        here = "[green]here[/]" if dataset.present() else "[dim]not here[/]"
        console.print(f"[bold]{dataset.name}[/]  {here}  {dataset.what}", soft_wrap=True)
        console.print(f"    owners: {dataset.owner}", soft_wrap=True)
        console.print(f"    licence: {dataset.licence}", soft_wrap=True)
        if dataset.package:
            console.print(f"    in the package {dataset.package}", soft_wrap=True)
            if dataset.extra and (sentence := missing(dataset.extra, dataset.name)):
                console.print(f"    {sentence}", markup=False, soft_wrap=True)
        else:
            files = "; or ".join(", ".join(alternative) for alternative in dataset.files)
            console.print(f"    files: {files}", soft_wrap=True)
    folders = " or ".join(map(str, data_folders()))
    console.print(
        f"Files are looked for in {folders} and the folders below (set SPIKEPROOF_DATA to use another). Nothing is downloaded.",
        soft_wrap=True,
        markup=False,
    )
