"""`spikeproof spk`: how spiky an embedding, a graph or interactions are, beside a random null."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from spikeproof.app import console
from spikeproof.estimates import DryRun, foresee, instead
from spikeproof.reading import AS_USUAL, AnyKind, Operator, Reading, require_known, takes_reading
from spikeproof.running import Wait, require_places
from spikeproof.spk_tables import about_spikes, print_checks, print_curve, print_table

if TYPE_CHECKING:
    from experiments.real.own_matrices import OwnMatrix
    from experiments.real.own_spikes import OwnSpikes
    from experiments.running.files import Content

# files of --out, and how each begins
OUTPUTS = {
    "curve.csv": ("rank,peaks,rows,zero_rows,spk,",),
    "spikes.csv": ("item,spike,norm,peak", '"item","spike","norm","peak"'),
    "curve.svg": ('<svg id="spikeproof-spk" ',),
}

File = Annotated[
    str,
    typer.Argument(
        help="A file of vectors (.npy, .vec, .h5, ...), a graph or a log (.npz, .mtx, .csv, .parquet, ...), "
        "or a data set by name (see `spikeproof matrices`).",
        show_default=False,
    ),
]
Ranks = Annotated[
    list[int] | None,
    typer.Option(
        min=1,
        help="Number f of dimensions; may be given several times. Default: 2, 3, 4, 6, 8, ... up to 64.",
        show_default=False,
    ),
]
Scaled = Annotated[
    str | None,
    typer.Option(
        help="Graphs, interactions: eigenvectors U scaled by eigenvalues L: unit (U), half (U|L|^1/2), full (U|L|, the "
        "default).",
        show_default=False,
    ),
]
Cosine = Annotated[
    float,
    typer.Option(help="A row lies in the spike of a peak if its cosine with the peak is above this."),
]
Coverage = Annotated[float, typer.Option(help="Share of the rows that the spikes must hold together.")]
Nulls = Annotated[int, typer.Option(min=0, help="How many random matrices (nulls) to compare with; 0: none.")]
TopK = Annotated[
    int | None,
    typer.Option(
        min=1,
        help="Interactions: keep only this many most frequent partners of each item. Default: keep all.",
    ),
]
Seed = Annotated[int, typer.Option(min=0, help="Random seed of the nulls.")]
AllColumns = Annotated[
    bool,
    typer.Option(
        "--all-columns",
        help="An embedding: take all columns as they are, instead of the first f principal axes.",
    ),
]
Exact = Annotated[
    bool,
    typer.Option(
        "--exact",
        help="Search to the end also where a bound says enough: more than 10 % of the rows are peaks and hold less than "
        "the coverage, or a null needs ten times the peaks of the matrix. Matrices of up to 10,000 rows always are.",
    ),
]
InMemory = Annotated[
    int | None,
    typer.Option(
        min=0,
        help="An embedding in a .npy file or in Parquet shards: most bytes of vectors to hold in memory. Larger ones are "
        "read in blocks, which takes longer and gives the same numbers. Default: 1073741824 (1 GiB).",
        show_default=False,
    ),
]
Dask = Annotated[
    str | None,
    typer.Option(
        help="Address of a Dask scheduler whose workers draw the nulls, or local:N for N processes; same numbers.",
        show_default=False,
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(
        help="Folder for curve.csv, curve.svg and spikes.csv (one row per item; spike -1: in none).",
        show_default=False,
    ),
]
Overwrite = Annotated[
    bool, typer.Option("--overwrite", help="Replace files in --out that spk has not written.")
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("spk", short_help="Say how spiky the vectors of a file are.")(spk)


@takes_reading
def spk(
    file: File,
    rank: Ranks = None,
    kind: AnyKind = None,
    scaling: Scaled = None,
    operator: Operator = None,
    cosine: Cosine = 0.9,
    coverage: Coverage = 0.5,
    null: Nulls = 3,
    top_k: TopK = None,
    seed: Seed = 0,
    all_columns: AllColumns = False,
    exact: Exact = False,
    in_memory: InMemory = None,
    dask: Dask = None,
    wait: Wait = 300.0,
    how: Reading = AS_USUAL,
    out: Out = None,
    overwrite: Overwrite = False,
    dry_run: DryRun = False,
) -> None:
    """Say how spiky the vectors of FILE are: how few peaks have cones that hold half of them, beside random nulls.

    Spk is the number of peaks as a share of the rows with a direction; a small Spk means strong spikes.
    """
    from experiments.estimates.looking import look
    from experiments.estimates.of_spk import Asked, plan_of_spk
    from experiments.real.own_matrices import read_own
    from experiments.real.own_spikes import spikes_of

    require_known(kind, operator)
    _require_in_range(scaling, cosine, coverage)
    require_places(out, OUTPUTS, [file, *filter(None, [how.items])], overwrite)
    options, as_kind = how.options(), cast(Any, kind)
    looked = look(file, as_kind, **options)
    asked = Asked(tuple(rank or ()), null, top_k, cosine, all_columns, exact, timed=dry_run)
    if in_memory is not None:
        asked = replace(asked, in_memory=in_memory)
    if foresee(lambda: plan_of_spk(looked, asked, instead), dry_run):
        return
    own = looked.own or read_own(file, as_kind, **options)
    with console.status("reading") as status:
        found = spikes_of(
            own,
            rank or (),
            scaling=cast(Any, scaling),
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
    _tell(own, found, null, seed)
    if out is not None:
        _save(own, found, coverage, out, wait)
        console.say(f"saved in {out}{about_spikes(found)}")


def _require_in_range(scaling: str | None, cosine: float, coverage: float) -> None:
    from simulate.validation import require_choice, require_number
    from theory import SCALINGS

    if scaling is not None:
        require_choice(scaling, "--scaling", SCALINGS)
    require_number(cosine, "--cosine", above=0, below=1)
    require_number(coverage, "--coverage", above=0, most=1)


def _tell(own: OwnMatrix, found: OwnSpikes, null: int, seed: int) -> None:
    console.say((own.name, "bold"), f": {found.sentence}.")
    console.say(
        f"- {own.kind}, {' x '.join(f'{k:,}' for k in own.data.shape)}, "
        f"{found.curve['rows'].iloc[-1]:,} rows with a direction",
    )
    for note in (*own.notes, *found.notes):
        console.say(f"- {note}")
    print_table(own, found, null)
    print_curve(found)
    if found.conclusion:
        console.say(f"\n{found.conclusion}", lines=True)
    if own.kind == "embedding":
        print_checks(own, seed)


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
