"""`spikeproof matrices`: which data sets are known by name, or what one matrix holds."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from spikeproof.app import console
from spikeproof.reading import AS_USUAL, Kind, Reading, takes_reading


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("matrices", short_help="List the known data sets.")(matrices)


@takes_reading
def matrices(
    matrix: Annotated[
        str | None,
        typer.Argument(
            help="A data set by name, a file or a folder to describe. Without it, all known data sets are listed.",
            show_default=False,
        ),
    ] = None,
    how: Reading = AS_USUAL,
    kind: Kind = None,
) -> None:
    """List the known data sets with their owners, licences and files, or read one matrix and say what it holds."""
    if matrix is None:
        _print_catalogue()
        return
    from experiments.matrices import load
    from experiments.real.own_matrices import is_embedding

    if is_embedding(matrix, **how.of_file(kind)):
        _print_vectors(matrix, how.options(kind))
        return
    loaded = load(matrix, **how.options(kind))
    held = "contexts x items" if loaded.interactions is not None else "nodes, symmetric"
    rows, width = loaded.matrix.shape
    console.say(
        (loaded.name, "bold"), f": {rows:,} x {width:,} {held}, {loaded.matrix.nnz:,} stored pairs", wrap=True
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


def _print_vectors(file: str, options: dict[str, Any]) -> None:
    """Say what a file of vectors holds."""
    from experiments.real.own_matrices import read_own

    own = read_own(file, **options)
    rows, dimensions = own.data.shape
    console.say(
        (own.name, "bold"), f": {rows:,} vectors of {dimensions:,} dimensions ({own.data.dtype})", wrap=True
    )
    if own.labels is not None:
        known = own.labels[own.labels != ""]
        console.say(f"labels: {len(set(known)):,} names, known for {len(known):,} items")
    for note in own.notes:
        console.say(f"- {note}")


def _print_catalogue() -> None:
    from experiments.matrices import DATASETS, data_folders
    from experiments.matrices.loading import GROUP
    from experiments.running.entry_points import offered
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
    for name, package in offered(GROUP).items():
        console.say((name, "bold"), f"  of the installed package {package}")
    folders = " or ".join(map(str, data_folders()))
    console.say(
        f"Files are looked for in {folders} and the folders below (set SPIKEPROOF_DATA to use another). Nothing is downloaded.",
    )
