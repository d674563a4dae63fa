"""`spikeproof spk`: Spk of one's own embedding, graph or interactions, with its null beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from spikeproof.app import console
from spikeproof.reading import Columns, Encoding, NoHeader, Separator, SkipBadRows, reading

if TYPE_CHECKING:
    from experiments.real.own_matrices import OwnMatrix, OwnSpikes

BAR = 40  # characters of the widest bar of the curve


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("spk")(spk)


def spk(
    file: Annotated[
        str,
        typer.Argument(
            help=".npy, .npz, Parquet, .mtx, .csv, ..., or a data set's name.", show_default=False
        ),
    ],
    rank: Annotated[
        list[int] | None,
        typer.Option(
            min=1, help="f; may be given several times. 2, 3, 4, 6, 8, ... without.", show_default=False
        ),
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option(help="embedding, graph or interactions, where the file's format suggests another."),
    ] = None,
    scaling: Annotated[
        str, typer.Option(help="unit U, half U|L|^1/2, full U|L|; graphs, interactions.")
    ] = "full",
    cosine: Annotated[float, typer.Option(help="A row joins a peak's spike above this cosine.")] = 0.9,
    coverage: Annotated[float, typer.Option(help="The share of rows to cover.")] = 0.5,
    null: Annotated[int, typer.Option(min=0, help="Draws of the null.")] = 3,
    top_k: Annotated[
        int | None, typer.Option(min=1, help="Partners kept for each item of interactions; all without.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the null.")] = 0,
    columns: Columns = None,
    separator: Separator = None,
    no_header: NoHeader = False,
    encoding: Encoding = "utf-8",
    skip_bad_rows: SkipBadRows = False,
    out: Annotated[
        Path | None,
        typer.Option(
            help="A folder for curve.csv, curve.svg and spikes.csv (a row an item; spike -1: none).",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Say how spiky FILE is: the peaks whose cones hold half of its vectors, at each rank, and in its null."""
    from rich.markup import escape

    from experiments.real.own_matrices import KINDS, read_own, spikes_of
    from simulate.validation import require_choice, require_number
    from theory import SCALINGS, Scaling

    if kind is not None:
        require_choice(kind, "--kind", KINDS)
    require_choice(scaling, "--scaling", SCALINGS)
    require_number(cosine, "--cosine", above=0, below=1)
    require_number(coverage, "--coverage", above=0, most=1)
    own = read_own(file, cast(Any, kind), **reading(columns, separator, no_header, encoding, skip_bad_rows))
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
            progress=lambda what: status.update(what),
        )
    console.print(
        f"[bold]{escape(own.name)}[/]: {own.kind}, {' x '.join(f'{k:,}' for k in own.data.shape)}, "
        f"{found.curve['rows'].iloc[-1]:,} rows with a direction",
        soft_wrap=True,
    )
    for note in own.notes:
        console.print(f"- {escape(note)}", soft_wrap=True)
    _print_table(own, found, null)
    _print_curve(found)
    if out is not None:
        _save(own, found, out)
        console.print(f"saved in {escape(str(out))}", soft_wrap=True)


def _print_table(own: OwnMatrix, found: OwnSpikes, null: int) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for name in ("f", "peaks", "Spk", "null Spk", "null range", "singletons", "norm CV", "zero rows"):
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
        console.print(f"null: {own.null}, {null} draw{'s' * (null != 1)}", soft_wrap=True)
    console.print(
        "norm CV: median over spikes of at least 10 rows; near 0, popularity does not vary inside them"
    )


def _print_curve(found: OwnSpikes) -> None:
    """Bars on a logarithmic scale: Spk drawn full, the null's mean marked."""
    import math

    values = [v for v in [*found.curve["spk"], *found.curve["null_mean"]] if v == v]
    low, high = math.log(min(values)) - 0.5, math.log(max(values))

    def place(value: float) -> int:
        return round(BAR * (math.log(value) - low) / max(high - low, 1e-9))

    console.print("\nSpk(f), logarithmic; | is the null")
    for row in found.curve.itertuples():
        bar = list("█" * place(row.spk) + " " * (BAR + 1 - place(row.spk)))
        if row.null_mean == row.null_mean:
            bar[place(row.null_mean)] = "|"
        console.print(f"{row.rank:>5} {''.join(bar)}", markup=False)


def _save(own: OwnMatrix, found: OwnSpikes, out: Path) -> None:
    import pandas as pd

    from experiments.judging.figure import Figure
    from experiments.running.files import write_whole
    from reports.figures.claims import draw

    out.mkdir(parents=True, exist_ok=True)
    curve = found.curve
    points = [curve.assign(value=curve["spk"], what=own.name)]
    if curve["null_mean"].notna().any():
        points.append(curve.assign(value=curve["null_mean"], what="null"))
    figure = Figure(
        "line", "rank", "value", "rank f", "Spk", "", hue="what", log="xy" if len(curve) > 1 else "y"
    )
    last = curve.iloc[-1]
    title = f"{own.name}: {int(last['peaks'])} peaks hold the rows asked for at f = {int(last['rank'])}"
    texts = {
        "curve.csv": curve.to_csv(index=False),
        "spikes.csv": found.spikes.to_csv(index=False),
        "curve.svg": draw(figure, pd.concat(points), title),
    }
    for name, text in texts.items():
        write_whole(out / name, text)
