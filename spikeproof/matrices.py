"""`spikeproof matrices`: which data sets are known by name, or what one matrix holds."""

from __future__ import annotations

from typing import Annotated

import typer

from spikeproof.app import console
from spikeproof.reading import (
    Columns,
    Encoding,
    Format,
    Kind,
    NoHeader,
    Separator,
    SkipBadRows,
    TimeUnit,
    UnpackLimit,
    reading,
)


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
    time_unit: TimeUnit = None,
    format: Format = None,
    kind: Kind = None,
) -> None:
    """List the known data sets with their owners, licences and files, or read one matrix and say what it holds."""
    if matrix is None:
        _print_catalogue()
        return
    from experiments.matrices import load

    loaded = load(
        matrix,
        **reading(
            columns, separator, no_header, encoding, skip_bad_rows, unpack_limit, time_unit, format, kind
        ),
    )
    held = "contexts x items" if loaded.interactions is not None else "nodes, symmetric"
    rows, items = loaded.matrix.shape
    console.say(
        (loaded.name, "bold"), f": {rows:,} x {items:,} {held}, {loaded.matrix.nnz:,} stored pairs", wrap=True
    )
    if loaded.labels is not None and loaded.label_names is not None:
        known = int((loaded.labels >= 0).sum())
        console.say(f"labels: {len(loaded.label_names):,} names, known for {known:,} items")
    if loaded.times is not None:
        import numpy as np

        first, last = (np.datetime64(int(day), "D") for day in (loaded.times.min(), loaded.times.max()))
        console.say(f"times: {first} to {last}")
    for note in loaded.notes:
        console.say(f"- {note}")


def _print_catalogue() -> None:
    from experiments.matrices import DATASETS, data_folders
    from simulate.optional import missing

    for dataset in DATASETS:
        here = ("here", "green") if dataset.present() else ("not here", "dim")
        console.say((dataset.name, "bold"), "  ", here, f"  {dataset.what}")
        console.say(f"    owners: {dataset.owner}")
        console.say(f"    licence: {dataset.licence}")
        if dataset.package:
            console.say(f"    in the package {dataset.package}")
            if dataset.extra and (sentence := missing(dataset.extra, dataset.name)):
                console.say(f"    {sentence}")
        else:
            files = "; or ".join(", ".join(alternative) for alternative in dataset.files)
            console.say(f"    files: {files}")
    folders = " or ".join(map(str, data_folders()))
    console.say(
        f"Files are looked for in {folders} and the folders below (set SPIKEPROOF_DATA to use another). Nothing is downloaded.",
    )
