"""`spikeproof spk`: how spiky an embedding, a graph or interactions are, beside a random null."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from spikeproof.app import console
from spikeproof.estimates import DryRun, foresee, instead
from spikeproof.reading import (
    AnyKind,
    Columns,
    Encoding,
    Format,
    IdColumn,
    Items,
    LabelColumn,
    NameColumn,
    NoHeader,
    Operator,
    Separator,
    SkipBadRows,
    TimeUnit,
    UnpackLimit,
    VectorColumns,
    reading,
    require_known,
    table_of_items,
)
from spikeproof.running import Wait

if TYPE_CHECKING:
    from experiments.real.own_matrices import OwnMatrix
    from experiments.real.own_spikes import OwnSpikes
    from experiments.running.files import Content

CHECKS = 1  # of the random numbers, those of the checks; a draw of the null is [seed, draw]
BAR = 40  # characters of the widest bar of the curve
# files of --out, and how each begins
OUTPUTS = {
    "curve.csv": ("rank,peaks,rows,zero_rows,spk,",),
    "spikes.csv": ("item,spike,norm,peak", '"item","spike","norm","peak"'),
    "curve.svg": ('<svg id="spikeproof-spk" ',),
}


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
    kind: AnyKind = None,
    scaling: Annotated[
        str | None,
        typer.Option(
            help="Graphs, interactions: eigenvectors U scaled by eigenvalues L: unit (U), half (U|L|^1/2), full (U|L|, the "
            "default).",
            show_default=False,
        ),
    ] = None,
    operator: Operator = None,
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
    exact: Annotated[
        bool,
        typer.Option(
            "--exact",
            help="Search to the end also where a bound says enough: more than 10 % of the rows are peaks and hold less than "
            "the coverage, or a null needs ten times the peaks of the matrix. Matrices of up to 10,000 rows always are.",
        ),
    ] = False,
    in_memory: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="An embedding in a .npy file or in Parquet shards: most bytes of vectors to hold in memory. Larger ones are "
            "read in blocks, which takes longer and gives the same numbers. Default: 1073741824 (1 GiB).",
            show_default=False,
        ),
    ] = None,
    dask: Annotated[
        str | None,
        typer.Option(
            help="Address of a Dask scheduler whose workers draw the nulls, or local:N for N processes; same numbers.",
            show_default=False,
        ),
    ] = None,
    wait: Wait = 300.0,
    items: Items = None,
    id_column: IdColumn = None,
    name_column: NameColumn = None,
    label_column: LabelColumn = None,
    vector_columns: VectorColumns = None,
    columns: Columns = None,
    separator: Separator = None,
    no_header: NoHeader = False,
    encoding: Encoding = "utf-8",
    skip_bad_rows: SkipBadRows = False,
    unpack_limit: UnpackLimit = None,
    time_unit: TimeUnit = None,
    format: Format = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for curve.csv, curve.svg and spikes.csv (one row per item; spike -1: in none).",
            show_default=False,
        ),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace files in --out that spk has not written.")
    ] = False,
    dry_run: DryRun = False,
) -> None:
    """Say how spiky the vectors of FILE are: how few peaks have cones that hold half of them, beside random nulls.

    Spk is the number of peaks as a share of the rows with a direction; a small Spk means strong spikes.
    """
    from experiments.estimates.looking import look
    from experiments.estimates.of_spk import Asked, plan_of_spk
    from experiments.real.own_matrices import read_own
    from experiments.real.own_spikes import spikes_of
    from experiments.running.output_places import require_own_outputs
    from simulate.optional import require_extra
    from simulate.validation import require_choice, require_number
    from theory import SCALINGS, Scaling

    require_known(kind, operator)
    if scaling is not None:
        require_choice(scaling, "--scaling", SCALINGS)
    require_number(cosine, "--cosine", above=0, below=1)
    require_number(coverage, "--coverage", above=0, most=1)
    if out is not None:
        require_extra("figures", "--out, which draws curve.svg,")
        require_own_outputs(out, OUTPUTS, [file, *filter(None, [items])], overwrite=overwrite)
    options: dict[str, Any] = {
        **table_of_items(items, id_column, name_column, label_column),
        **reading(
            columns,
            separator,
            no_header,
            encoding,
            skip_bad_rows,
            unpack_limit,
            time_unit,
            format,
            vector_columns=vector_columns,
        ),
    }
    looked = look(file, cast(Any, kind), **options)
    asked = Asked(tuple(rank or ()), null, top_k, cosine, all_columns, exact, timed=dry_run)
    if in_memory is not None:
        asked = replace(asked, in_memory=in_memory)
    if foresee(lambda: plan_of_spk(looked, asked, instead), dry_run):
        return
    own = looked.own or read_own(file, cast(Any, kind), **options)
    with console.status("reading") as status:
        found = spikes_of(
            own,
            rank or (),
            scaling=cast("Scaling | None", scaling),
            cosine=cosine,
            coverage=coverage,
            operator=operator,
            null=null,
            top_k=top_k,
            seed=seed,
            all_columns=all_columns,
            exact=exact,
            in_memory=in_memory,
            dask=dask,
            wait=wait,
            progress=lambda what: status.update(what),
        )
    console.say((own.name, "bold"), f": {found.sentence}.")
    console.say(
        f"- {own.kind}, {' x '.join(f'{k:,}' for k in own.data.shape)}, "
        f"{found.curve['rows'].iloc[-1]:,} rows with a direction",
    )
    for note in (*own.notes, *found.notes):
        console.say(f"- {note}")
    _print_table(own, found, null)
    _print_curve(found)
    if found.conclusion:
        console.say(f"\n{found.conclusion}", lines=True)
    if own.kind == "embedding":
        _print_checks(own, seed)
    if out is not None:
        _save(own, found, coverage, out, wait)
        console.say(f"saved in {out}{_about_spikes(found)}")


def _about_spikes(found: OwnSpikes) -> str:
    """What spikes.csv holds where the spikes at the highest rank are not known."""
    if found.spikes_rank == found.curve["rank"].iloc[-1]:
        return ""
    if found.spikes_rank is None:
        return "; spikes.csv names no spikes, since the search was ended everywhere (--exact goes on)"
    return f"; spikes.csv holds f = {found.spikes_rank}, the highest whose search was not ended (--exact goes on)"


def _print_table(own: OwnMatrix, found: OwnSpikes, null: int) -> None:
    from rich.table import Table

    from simulate.plain_text import per_cent

    table = Table(box=None, pad_edge=False)
    with_theory = bool(found.curve["null_predicted"].notna().any())
    names = ("f", "peaks", "Spk", "null: mean", "range", *(("theory",) if with_theory else ()))
    for name in (*names, "single rows", "norm CV", "zero rows"):
        table.add_column(name, justify="right")
    for row in found.curve.itertuples():
        known = row.null_mean == row.null_mean
        low = f"{_at_least(row.null_low_at_least)}{per_cent(row.null_low)}"
        table.add_row(
            str(row.rank),
            f"{_at_least(row.at_least)}{row.peaks:,}",
            f"{_at_least(row.at_least)}{per_cent(row.spk)}",
            f"{_at_least(row.null_at_least)}{per_cent(row.null_mean)}" if known else "",
            low
            if row.null_low_at_least
            else f"{low} to {_at_least(row.null_at_least)}{per_cent(row.null_high)}"
            if known
            else "",
            *(
                [per_cent(row.null_predicted) if row.null_predicted == row.null_predicted else ""]
                * with_theory
            ),
            f"{row.singletons:,}" if not row.at_least else "",
            f"{row.norm_cv:.2f}" if row.norm_cv == row.norm_cv else "",
            f"{row.zero_rows:,}",
        )
    console.print(table)
    if null:
        console.say(f"null: {own.null}; Spk of {null} draw{'s' * (null != 1)}")
    if found.curve["null_predicted"].notna().any():
        console.say("theory: mean Spk of the null by a mean field (docs/theory.md, section 6.4)")
    if _any_bound(found):
        console.say(
            "≥: at least; the search was ended because so many peaks hold too few rows (error probability 1e-6)",
        )
    console.say(
        "single rows: spikes that hold no row but their peak; zero rows: rows without a direction, left out of Spk\n"
        "norm CV: coefficient of variation of the norms within a spike, median over spikes of at least 10 rows; "
        "near 0, norms do not vary inside a spike",
        lines=True,
    )


def _at_least(bound: bool) -> str:
    return "≥ " if bound else ""


def _print_curve(found: OwnSpikes) -> None:
    """Print bars that are longer where the matrix is spikier, with the mean of the nulls marked.

    Their length falls with the logarithm of Spk. Where Spk is only known to be so large or larger, a bar is at most so long.
    """
    import math

    values = [v for v in [*found.curve["spk"], *found.curve["null_mean"]] if v == v]
    low, high = math.log(min(values)), math.log(max(values)) + 0.5

    def place(value: float) -> int:
        return round(BAR * (high - math.log(value)) / (high - low))

    arrows = (
        "; where only a lower bound of Spk is known, the bar or mark is at most there (← or <)"
        if _any_bound(found)
        else ""
    )
    console.say(
        f"\nThe longer the bar, the spikier (Spk at each f, on a logarithmic scale); | marks the mean of the nulls{arrows}",
        lines=True,
    )
    for row in found.curve.itertuples():
        bar = list("█" * place(row.spk) + " " * (BAR + 2 - place(row.spk)))
        if row.at_least:
            bar[place(row.spk)] = "←"
        if row.null_mean == row.null_mean:
            mark = place(row.null_mean)
            bar[mark + (bar[mark] == "←")] = "<" if row.null_at_least else "|"
        console.say(f"{row.rank:>5} {''.join(bar)}")


def _print_checks(own: OwnMatrix, seed: int) -> None:
    """Print what is wrong with vectors, a line for each fault (docs/faults.md)."""
    import numpy as np

    from experiments.real.faults import checks_of
    from reports.check_words import not_made

    with console.status("checks"):
        checks = checks_of(own.data, np.random.default_rng([seed, CHECKS]), names=own.items)
    wrong = [one for one in checks if one.found]
    console.say(
        f"\nchecks of the vectors: {len(wrong)} of {len(checks)} found something (docs/faults.md)", lines=True
    )
    for one in wrong:
        console.say(f"- {one.title}: {one.sentence}")
    for left in not_made({"kind": own.kind, "checks": [one.as_dict() for one in checks]}):
        console.say(f"- {left['title'].rstrip('.')}: {left['sentence']}")


def _any_bound(found: OwnSpikes) -> bool:
    return bool(found.curve[["at_least", "null_at_least"]].to_numpy().any())


def _save(own: OwnMatrix, found: OwnSpikes, coverage: float, out: Path, wait: float) -> None:
    import pandas as pd

    from experiments.judging.figure import Figure
    from experiments.running.files import write_together
    from experiments.running.spreadsheet import csv_in_parts
    from reports import draw
    from simulate.plain_text import printable

    out.mkdir(parents=True, exist_ok=True)
    curve = found.curve
    named = printable(own.name)  # a name of a file may hold what no drawing can
    points = [curve.assign(value=curve["spk"], what=named, bound=curve["at_least"])]
    if curve["null_mean"].notna().any():
        points.append(curve.assign(value=curve["null_mean"], what="null", bound=curve["null_at_least"]))
    figure = Figure(
        "line",
        "rank",
        "value",
        "rank f",
        "Spk",
        "",
        hue="what",
        log="xy" if len(curve) > 1 else "y",
        at_least="bound",
    )
    last = curve.iloc[-1]
    needed = f"{int(last['peaks']):,} peaks hold {'less than ' * bool(last['at_least'])}{coverage:.0%}"
    title = f"{named}: {needed} of the rows at f = {int(last['rank'])}"
    contents: dict[str, Content] = {
        "curve.csv": curve.to_csv(index=False),
        "spikes.csv": _written_in_parts(csv_in_parts(found.spikes)),
        "curve.svg": draw(figure, pd.concat(points), title).replace("<svg ", OUTPUTS["curve.svg"][0], 1),
    }
    write_together({out / name: content for name, content in contents.items()}, wait=wait)


def _written_in_parts(parts: Iterator[str]) -> Callable[[Any], None]:
    """What writes a text part by part into a file of bytes."""

    def write(file: Any) -> None:
        for part in parts:
            file.write(part.encode())

    return write
