"""`spikeproof spk`: how spiky an embedding, a graph or interactions are, beside a random null."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from spikeproof.app import console
from spikeproof.reading import (
    Columns,
    Encoding,
    NameColumn,
    NoHeader,
    Separator,
    SkipBadRows,
    UnpackLimit,
    VectorColumns,
    reading,
)

if TYPE_CHECKING:
    from experiments.real.own_matrices import OwnMatrix, OwnSpikes

BAR = 40  # characters of the widest bar of the curve


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("spk", short_help="Say how spiky the vectors of a file are.")(spk)


def spk(
    file: Annotated[
        str,
        typer.Argument(
            help="A file of vectors (.npy, .vec, .h5, ...), a graph or a log (.npz, .mtx, .csv, .parquet, ...), "
            "or a data set by name (see `spikeproof matrices`).",
            show_default=False,
        ),
    ],
    rank: Annotated[
        list[int] | None,
        typer.Option(
            min=1,
            help="Number f of dimensions; may be given several times. Default: 2, 3, 4, 6, 8, ... up to 64.",
            show_default=False,
        ),
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option(
            help="What the file holds, if its format does not tell: embedding, graph or interactions."
        ),
    ] = None,
    scaling: Annotated[
        str,
        typer.Option(
            help="Graphs, interactions: eigenvectors U scaled by eigenvalues L: unit (U), half (U|L|^1/2), full (U|L|)."
        ),
    ] = "full",
    cosine: Annotated[
        float,
        typer.Option(help="A row lies in the spike of a peak if its cosine with the peak is above this."),
    ] = 0.9,
    coverage: Annotated[
        float, typer.Option(help="Share of the rows that the spikes must hold together.")
    ] = 0.5,
    null: Annotated[
        int, typer.Option(min=0, help="How many random matrices (nulls) to compare with; 0: none.")
    ] = 3,
    top_k: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Interactions: keep only this many most frequent partners of each item. Default: keep all.",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Random seed of the nulls.")] = 0,
    all_columns: Annotated[
        bool,
        typer.Option(
            "--all-columns",
            help="An embedding: take all columns as they are, instead of the first f principal axes.",
        ),
    ] = False,
    name_column: NameColumn = None,
    vector_columns: VectorColumns = None,
    columns: Columns = None,
    separator: Separator = None,
    no_header: NoHeader = False,
    encoding: Encoding = "utf-8",
    skip_bad_rows: SkipBadRows = False,
    unpack_limit: UnpackLimit = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for curve.csv, curve.svg and spikes.csv (one row per item; spike -1: in none).",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Say how spiky the vectors of FILE are: how few peaks have cones that hold half of them, beside random nulls.

    Spk is the number of peaks as a share of the rows with a direction; a small Spk means strong spikes.
    """
    from rich.markup import escape

    from experiments.real.nulls import KINDS
    from experiments.real.own_matrices import read_own, spikes_of
    from simulate.optional import require_extra
    from simulate.validation import require_choice, require_number
    from theory import SCALINGS, Scaling

    if kind is not None:
        require_choice(kind, "--kind", KINDS)
    require_choice(scaling, "--scaling", SCALINGS)
    require_number(cosine, "--cosine", above=0, below=1)
    require_number(coverage, "--coverage", above=0, most=1)
    if out is not None:
        require_extra("figures", "--out, which draws curve.svg,")
    own = read_own(
        file,
        cast(Any, kind),
        name_column=name_column,
        vector_columns=vector_columns and vector_columns.split(","),
        **reading(columns, separator, no_header, encoding, skip_bad_rows, unpack_limit),
    )
    with console.status("reading") as status:
        found = spikes_of(
            own,
            rank or (),
            scaling=cast(Scaling, scaling),
            cosine=cosine,
            coverage=coverage,
            null=null,
            top_k=top_k,
            seed=seed,
            all_columns=all_columns,
            progress=lambda what: status.update(what),
        )
    console.print(
        f"[bold]{escape(own.name)}[/]: {own.kind}, {' x '.join(f'{k:,}' for k in own.data.shape)}, "
        f"{found.curve['rows'].iloc[-1]:,} rows with a direction",
        soft_wrap=True,
    )
    for note in (*own.notes, *found.notes):
        console.print(f"- {escape(note)}", soft_wrap=True)
    _print_table(own, found, null)
    _print_curve(found)
    if out is not None:
        _save(own, found, coverage, out)
        console.print(f"saved in {escape(str(out))}", soft_wrap=True)


def _print_table(own: OwnMatrix, found: OwnSpikes, null: int) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for name in ("f", "peaks", "Spk", "null: mean", "range", "single rows", "norm CV", "zero rows"):
        table.add_column(name, justify="right")
    for row in found.curve.itertuples():
        known = row.null_mean == row.null_mean
        table.add_row(
            str(row.rank),
            f"{row.peaks:,}",
            f"{row.spk:.3%}",
            f"{row.null_mean:.3%}" if known else "",
            f"{row.null_low:.3%} to {row.null_high:.3%}" if known else "",
            f"{row.singletons:,}",
            f"{row.norm_cv:.2f}" if row.norm_cv == row.norm_cv else "",
            f"{row.zero_rows:,}",
        )
    console.print(table)
    if null:
        console.print(f"null: {own.null}; Spk of {null} draw{'s' * (null != 1)}", soft_wrap=True)
    console.print(
        "single rows: spikes that hold no row but their peak; zero rows: rows without a direction, left out of Spk\n"
        "norm CV: coefficient of variation of the norms within a spike, median over spikes of at least 10 rows; "
        "near 0, norms do not vary inside a spike",
        soft_wrap=True,
    )


def _print_curve(found: OwnSpikes) -> None:
    """Print Spk as bars on a logarithmic scale, with the mean of the nulls marked."""
    import math

    values = [v for v in [*found.curve["spk"], *found.curve["null_mean"]] if v == v]
    low, high = math.log(min(values)) - 0.5, math.log(max(values))

    def place(value: float) -> int:
        return round(BAR * (math.log(value) - low) / max(high - low, 1e-9))

    console.print("\nSpk at each f, on a logarithmic scale; | marks the mean of the nulls")
    for row in found.curve.itertuples():
        bar = list("█" * place(row.spk) + " " * (BAR + 1 - place(row.spk)))
        if row.null_mean == row.null_mean:
            bar[place(row.null_mean)] = "|"
        console.print(f"{row.rank:>5} {''.join(bar)}", markup=False)


def _save(own: OwnMatrix, found: OwnSpikes, coverage: float, out: Path) -> None:
    import pandas as pd

    from experiments.judging.figure import Figure
    from experiments.running.files import write_whole
    from reports import draw

    out.mkdir(parents=True, exist_ok=True)
    curve = found.curve
    points = [curve.assign(value=curve["spk"], what=own.name)]
    if curve["null_mean"].notna().any():
        points.append(curve.assign(value=curve["null_mean"], what="null"))
    figure = Figure(
        "line", "rank", "value", "rank f", "Spk", "", hue="what", log="xy" if len(curve) > 1 else "y"
    )
    last = curve.iloc[-1]
    title = (
        f"{own.name}: {int(last['peaks']):,} peaks hold {coverage:.0%} of the rows at f = {int(last['rank'])}"
    )
    texts = {
        "curve.csv": curve.to_csv(index=False),
        "spikes.csv": found.spikes.to_csv(index=False),
        "curve.svg": draw(figure, pd.concat(points), title),
    }
    for name, text in texts.items():
        write_whole(out / name, text)
