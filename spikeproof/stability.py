"""`spikeproof stability`: how many neighbours stay between snapshots, or will stay when a log grows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from spikeproof.app import console, styled
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

if TYPE_CHECKING:
    from experiments.real.own_trust import OwnTrust
    from experiments.real.snapshots import SnapshotStability

SHOWN = 24  # rows of the table on the terminal
# files of --out, and how each begins
FORECAST = {"trust.csv": ("item,forecast,low,high,show", '"item","forecast","low","high","show"')}
SNAPSHOTS = {
    "stability.csv": ("earlier,later,against,", '"earlier","later","against",'),
    "stability.svg": ('<svg id="spikeproof-stability" ',),
}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("stability", short_help="Say which lists of neighbours last, or will last.")(stability)


def stability(
    snapshots: Annotated[
        list[str],
        typer.Argument(
            help="One log or graph, to forecast; or 2 to 60 snapshots of vectors, logs or graphs, oldest first. Files, or data "
            "sets by name.",
            show_default=False,
        ),
    ],
    k: Annotated[int, typer.Option("--k", min=1, help="Number of neighbours of each item.")] = 20,
    similarity: Annotated[str, typer.Option(help="How neighbours are found: dot or cosine.")] = "dot",
    share: Annotated[
        float | None,
        typer.Option(
            help="One log: by which share it grows, such as 0.2 (the default); above 0, at most 1.",
            show_default=False,
        ),
    ] = None,
    grows: Annotated[
        str | None,
        typer.Option(
            help="One log: by new contexts, or by interactions in contexts that are there already. Default: as its dates say, "
            "contexts without dates.",
            show_default=False,
        ),
    ] = None,
    draws: Annotated[
        int | None,
        typer.Option(
            min=2,
            help="One log: how many thinned logs are analysed. Default: 4, and 2 for more than a million pairs of items.",
            show_default=False,
        ),
    ] = None,
    rank: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Logs and graphs: number f of dimensions, 32 by default. Vectors: how many principal axes; by default they are "
            "taken as they are.",
            show_default=False,
        ),
    ] = None,
    operator: Operator = None,
    kind: AnyKind = None,
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
    seed: Annotated[int, typer.Option(min=0, help="Random seed; the same seed gives the same results.")] = 0,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for trust.csv (one log), or stability.csv and stability.svg (snapshots).",
            show_default=False,
        ),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace files in --out that stability has not written.")
    ] = False,
) -> None:
    """Say how many of their nearest neighbours items keep from snapshot to snapshot, or will keep when one log grows.

    Items are matched by name. Of one log, the forecast for each item says whether its list of similar items should be shown.
    """
    from experiments.real.trust import GROWTH
    from simulate.validation import require_choice, require_number

    one = len(snapshots) == 1
    require_choice(similarity, "--similarity", ("dot", "cosine"))
    require_known(kind, operator)
    if grows is not None:
        require_choice(grows, "--grows", GROWTH)
    if share is not None:
        require_number(share, "--share", above=0, most=1)
    if not one and (
        given := [f"--{n}" for n, v in (("share", share), ("grows", grows), ("draws", draws)) if v]
    ):
        raise ValueError(f"{given[0]} is for the forecast from one log; {len(snapshots)} snapshots are given")
    _require_places(out, FORECAST if one else SNAPSHOTS, [*snapshots, *filter(None, [items])], overwrite)
    options = {
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
            kind,
            vector_columns,
        ),
    }
    shared: dict[str, Any] = {
        "k": k,
        "similarity": similarity,
        **({} if rank is None else {"rank": rank}),
        "operator": operator,
        "seed": seed,
    }
    with console.status("reading") as status:
        shared["progress"] = status.update
        if one:
            if share is not None:
                shared["share"] = share
            _tell_forecast(snapshots[0], {**shared, "by": grows, "draws": draws, **options}, out)
        else:
            _tell_snapshots(snapshots, {**shared, **options}, out)


def _require_places(
    out: Path | None, files: Mapping[str, tuple[str, ...]], inputs: list[str], overwrite: bool
) -> None:
    """Raise `ValueError` where an output cannot be written, is not ours, or is an input."""
    if out is None:
        return
    from experiments.running.files import require_own_outputs
    from simulate.optional import require_extra

    if "stability.svg" in files:
        require_extra("figures", "--out, which draws stability.svg,")
    require_own_outputs(out, files, inputs, overwrite=overwrite)


def _tell_forecast(source: str, options: dict[str, Any], out: Path | None) -> None:
    from experiments.real.own_trust import trust_of

    found = trust_of(source, **options)
    console.say((found.name, "bold"), f": {found.conclusion}", wrap=True)
    if found.checked is not None:
        console.say(found.checked.sentence, wrap=True)
    for note in found.notes:
        console.say(f"- {note}")
    _print_trust(found)
    if out is not None:
        from experiments.running.files import write_whole
        from experiments.running.spreadsheet import csv_of

        out.mkdir(parents=True, exist_ok=True)
        write_whole(out / "trust.csv", csv_of(found.table))
        console.say(f"saved in {out}")


def _print_trust(found: OwnTrust) -> None:
    """Print the forecast by fifths of the norm, with an item of each: the one of largest norm."""
    import numpy as np
    from rich.table import Table

    from experiments.real.clustered_means import fifths_of

    trust = found.trust
    table = Table(box=None, pad_edge=False)
    for name in ("norm", "items", "expected to stay", "90 % of items", "not to show"):
        table.add_column(name, justify="left" if name == "norm" else "right")
    table.add_column("such as", justify="left")
    fifths = fifths_of(trust.norms)
    for fifth in reversed(range(fifths.max() + 1)):
        mine = np.flatnonzero(fifths == fifth)
        if not mine.size:
            continue
        low, high = np.quantile(trust.forecast[mine], (0.05, 0.95))
        loudest = mine[np.argmax(trust.norms[mine])]
        table.add_row(
            f"fifth {fifth + 1}{' (largest)' if fifth == fifths.max() else ' (smallest)' if not fifth else ''}",
            f"{mine.size:,}",
            f"{trust.forecast[mine].mean():.0%}",
            f"{low:.0%} to {high:.0%}",
            f"{int(trust.not_shown[mine].sum()):,}",
            styled(str(found.table["item"].iloc[loudest])[:60]),
        )
    console.print(table)


def _tell_snapshots(sources: list[str], options: dict[str, Any], out: Path | None) -> None:
    from experiments.real.snapshots import stability_of

    found = stability_of(sources, **options)
    console.say(found.conclusion, wrap=True)
    for note in found.notes:
        console.say(f"- {note}")
    _print_snapshots(found)
    if out is not None:
        from experiments.running.files import write_whole
        from experiments.running.spreadsheet import csv_of
        from reports.figures.stability import draw_stability

        out.mkdir(parents=True, exist_ok=True)
        write_whole(out / "stability.csv", csv_of(found.table))
        drawn = draw_stability(found.table, found.k, found.similarity, found.conclusion)
        write_whole(out / "stability.svg", drawn.replace("<svg ", SNAPSHOTS["stability.svg"][0], 1))
        console.say(f"saved in {out}")


def _print_snapshots(found: SnapshotStability) -> None:
    """Print the means over all items of each pair of snapshots, and the groups of the last pair that follows in time."""
    from rich.table import Table

    table, last = found.table, len(found.names)
    whole = table[table["group"] == "all"]
    groups = table[(table["against"] == "next") & (table["later"] == last) & (table["group"] != "all")]
    shown = Table(box=None, pad_edge=False)
    for name in ("snapshots", "group", "items", "overlap", "95 %", "Jaccard"):
        shown.add_column(name, justify="left" if name in ("snapshots", "group") else "right")
    rows = [*whole.itertuples(), *groups.itertuples()]
    for row in rows[:SHOWN]:
        r = cast(Any, row)
        shown.add_row(
            f"{r.earlier} to {r.later}",
            "all"
            if r.group == "all"
            else f"{'spike' if r.group == 'spike' else 'fifth of ' + r.group} {r.part}",
            f"{r.items:,}",
            f"{r.overlap:.0%}",
            f"{r.overlap_low:.0%} to {r.overlap_high:.0%}",
            f"{r.jaccard:.0%}",
        )
    console.print(shown)
    if len(rows) > SHOWN:
        console.say(f"and {len(rows) - SHOWN:,} rows more; --out writes all of them")
    console.say(
        "overlap: share of the neighbours in both lists; fifth 1: smallest in the earlier snapshot; spikes of the last snapshot"
    )
