"""`spikeproof stability`: how many neighbours stay between snapshots, or will stay when a log grows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from spikeproof.app import console
from spikeproof.estimates import DryRun, foresee, instead
from spikeproof.reading import AS_USUAL, AnyKind, Operator, Reading, require_known, takes_reading
from spikeproof.running import Seed, Wait, require_places
from spikeproof.stability_tables import print_snapshots, print_trust

PARTS = (
    "stability"  # of the name of the folder in --out that keeps what is finished of an interrupted command
)
# files of --out, and how each begins
FORECAST = {"trust.csv": ("item,forecast,low,high,show", '"item","forecast","low","high","show"')}
SNAPSHOTS = {
    "stability.csv": ("earlier,later,against,", '"earlier","later","against",'),
    "stability.svg": ('<svg id="spikeproof-stability" ',),
}

Snapshots = Annotated[
    list[str],
    typer.Argument(
        help="One log or graph, to forecast; or 2 to 60 snapshots of vectors, logs or graphs, oldest first. Files, or data "
        "sets by name.",
        show_default=False,
    ),
]
Neighbours = Annotated[int, typer.Option("--k", min=1, help="Number of neighbours of each item.")]
Alike = Annotated[str, typer.Option(help="How neighbours are found: dot or cosine.")]
Share = Annotated[
    float | None,
    typer.Option(
        help="One log: by which share it grows, such as 0.2 (the default); above 0, at most 1.",
        show_default=False,
    ),
]
Grows = Annotated[
    str | None,
    typer.Option(
        help="One log: by new contexts, or by interactions in contexts that are there already. Default: as its dates say, "
        "contexts without dates.",
        show_default=False,
    ),
]
Draws = Annotated[
    int | None,
    typer.Option(
        min=2,
        help="One log: how many thinned logs are analysed. Default: 4, and 2 for more than a million pairs of items.",
        show_default=False,
    ),
]
Rank = Annotated[
    int | None,
    typer.Option(
        min=1,
        help="Logs and graphs: number f of dimensions, 32 by default. Vectors: how many principal axes; by default they are "
        "taken as they are.",
        show_default=False,
    ),
]
Cluster = Annotated[
    str | None,
    typer.Option(
        "--dask",
        help="Address of a Dask scheduler whose workers analyse thinned logs, or snapshots; or local:N for a local cluster of N "
        "processes. The results are the same.",
        show_default=False,
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(
        help="Folder for trust.csv (one log), or stability.csv and stability.svg (snapshots).",
        show_default=False,
    ),
]
Overwrite = Annotated[
    bool, typer.Option("--overwrite", help="Replace files in --out that stability has not written.")
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("stability", short_help="Say which lists of neighbours last, or will last.")(stability)


@takes_reading
def stability(
    snapshots: Snapshots,
    k: Neighbours = 20,
    similarity: Alike = "dot",
    share: Share = None,
    grows: Grows = None,
    draws: Draws = None,
    rank: Rank = None,
    operator: Operator = None,
    kind: AnyKind = None,
    how: Reading = AS_USUAL,
    seed: Seed = 0,
    dask: Cluster = None,
    wait: Wait = 300.0,
    out: Out = None,
    overwrite: Overwrite = False,
    dry_run: DryRun = False,
) -> None:
    """Say how many of their nearest neighbours items keep from snapshot to snapshot, or will keep when one log grows.

    Items are matched by name. Of one log, the forecast for each item says whether its list of similar items should be shown.
    With --out, what is finished of an interrupted command is kept there, and the same command continues it.
    """
    from experiments.estimates.looking import look_at_all
    from experiments.estimates.of_stability import Asked, plan_of_stability

    _require_known(similarity, kind, operator)
    forecast = _of_forecast(snapshots, share, grows, draws)
    require_places(
        out, SNAPSHOTS if forecast is None else FORECAST, [*snapshots, *filter(None, [how.items])], overwrite
    )
    of_files = how.options(kind)
    options: dict[str, Any] = {
        "k": k,
        "similarity": similarity,
        **({} if rank is None else {"rank": rank}),
        "operator": operator,
        "seed": seed,
        "dask": dask,
        "wait": wait,
        **of_files,
    }
    if foresee(
        lambda: plan_of_stability(look_at_all(snapshots, of_files), Asked(rank, draws, dry_run), instead),
        dry_run,
    ):
        return
    with console.status("reading") as status:
        options["progress"] = status.update
        if forecast is None:
            _tell_snapshots(snapshots, options, out)
        else:
            _tell_forecast(snapshots[0], {**options, **forecast}, out)


def _require_known(similarity: str, kind: str | None, operator: str | None) -> None:
    from simulate.validation import require_choice

    require_choice(similarity, "--similarity", ("dot", "cosine"))
    require_known(kind, operator)


def _of_forecast(
    snapshots: list[str], share: float | None, grows: str | None, draws: int | None
) -> dict[str, Any] | None:
    """Return the options of the forecast from one log; None for several snapshots, which take none of them."""
    from experiments.real.trust import GROWTH
    from simulate.validation import require_choice, require_number

    if grows is not None:
        require_choice(grows, "--grows", GROWTH)
    if share is not None:
        require_number(share, "--share", above=0, most=1)
    if len(snapshots) == 1:
        return {"by": grows, "draws": draws, **({} if share is None else {"share": share})}
    if given := [f"--{n}" for n, v in (("share", share), ("grows", grows), ("draws", draws)) if v]:
        raise ValueError(f"{given[0]} is for the forecast from one log; {len(snapshots)} snapshots are given")
    return None


def _keep(out: Path | None) -> Path | None:
    """Return the folder that keeps what is finished, until all is."""
    from experiments.real.analysis_parts import folder_of_parts

    return None if out is None else folder_of_parts(out, PARTS)


def _save(out: Path, contents: Mapping[str, str], wait: float) -> None:
    """Write the outputs; what was kept to continue an interrupted command is not needed any more."""
    from experiments.real.analysis_parts import drop_parts
    from experiments.running.files import write_together

    out.mkdir(parents=True, exist_ok=True)
    write_together({out / name: content for name, content in contents.items()}, wait=wait, kept=True)
    drop_parts(out, PARTS)
    console.say(f"saved in {out}")


def _tell_forecast(source: str, options: dict[str, Any], out: Path | None) -> None:
    from experiments.real.own_trust import trust_of
    from experiments.running.spreadsheet import csv_of

    found = trust_of(source, keep=_keep(out), **options)
    console.say((found.name, "bold"), f": {found.conclusion}", wrap=True)
    if found.checked is not None:
        console.say(found.checked.sentence, wrap=True)
    for note in found.notes:
        console.say(f"- {note}")
    print_trust(found)
    if out is not None:
        _save(out, {"trust.csv": csv_of(found.table)}, options["wait"])


def _tell_snapshots(sources: list[str], options: dict[str, Any], out: Path | None) -> None:
    from experiments.real.snapshots import stability_of
    from experiments.running.spreadsheet import csv_of

    found = stability_of(sources, keep=_keep(out), **options)
    console.say(found.conclusion, wrap=True)
    for note in found.notes:
        console.say(f"- {note}")
    print_snapshots(found)
    if out is not None:
        from reports.figures.stability import draw_stability

        drawn = draw_stability(found.table, found.k, found.similarity, found.conclusion)
        drawn = drawn.replace("<svg ", SNAPSHOTS["stability.svg"][0], 1)
        _save(out, {"stability.csv": csv_of(found.table), "stability.svg": drawn}, options["wait"])
