"""`spikeproof compare`: real matrices, and vectors of one's own, beside their twins and nulls."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from spikeproof.app import console, tell_missing
from spikeproof.estimates import DryRun, foresee, instead
from spikeproof.reading import AS_USUAL, Kind, Operator, Reading, takes_reading
from spikeproof.running import AcceptOtherVersion, Dask, Seed, Wait

Matrices = Annotated[
    list[str],
    typer.Argument(
        help="Data sets by name (see `spikeproof matrices`), or files: logs, graphs, or vectors of your own.",
        show_default=False,
    ),
]
Blocks = Annotated[
    str,
    typer.Option(
        help="How items fall into the blocks of the twins: by spikes, by leiden (communities), or by labels of the data."
    ),
]
Twins = Annotated[
    int,
    typer.Option(
        min=1,
        help="How many samples of the fitted block model to draw. N of them can show a p-value of 1 / (N + 1) at least.",
    ),
]
Rank = Annotated[
    int | None,
    typer.Option(
        min=1,
        help="Number f of dimensions at which spikes are described. Default: chosen by parallel analysis, from 2 to 32.",
        show_default=False,
    ),
]
Binary = Annotated[
    bool,
    typer.Option(
        "--binary",
        help="Count every edge of a graph as 1. Without it weights may come in any unit; those of twins vary as much as "
        "those observed.",
    ),
]
Log = Annotated[
    str | None,
    typer.Option(
        help="Vectors: the log that they came from, whose items have the names of the vectors. Gives their popularity.",
        show_default=False,
    ),
]
HeldOut = Annotated[
    str | None,
    typer.Option(
        help="Vectors with --log: pairs that they were not made from, in the form of the log.",
        show_default=False,
    ),
]
Workers = Annotated[int, typer.Option(min=1, help="Number of processes; it does not change the results.")]
Out = Annotated[Path, typer.Option(help="Folder for the results, the figures and the page.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("compare", short_help="Compare matrices with twins and random matrices (nulls).")(compare)


@takes_reading
def compare(
    matrix: Matrices,
    blocks: Blocks = "spikes",
    twins: Twins = 40,
    rank: Rank = None,
    binary: Binary = False,
    operator: Operator = None,
    log: Log = None,
    held_out: HeldOut = None,
    how: Reading = AS_USUAL,
    kind: Kind = None,
    seed: Seed = 0,
    workers: Workers = 2,
    dask: Dask = None,
    out: Out = Path("spikeproof-results"),
    wait: Wait = 300.0,
    accept_other_version: AcceptOtherVersion = False,
    dry_run: DryRun = False,
) -> None:
    """Compare each MATRIX with samples of a block model fitted to it (twins) and random matrices of its degrees (nulls).

    Says whether the matrix is spikier than chance and whether a block model explains it, and writes one page: at first sight at
    once, and anew when twins and nulls are drawn. Vectors of your own stand beside random ones of the same norms and spectrum.
    With --log, the options of reading a table (--columns, --separator, --no-header, --time-unit, --format) are those of the log.
    """
    from experiments.estimates.looking import look_at_all
    from experiments.estimates.of_compare import Asked, plan_of_compare
    from experiments.real.comparison import compare as run
    from experiments.real.comparison import manifest_of
    from experiments.real.twins import By
    from reports import write_comparison

    of_files = how.options(kind)
    asked = Asked(twins, rank, 1 if dask else workers, timed=dry_run)
    if foresee(lambda: plan_of_compare(look_at_all(matrix, of_files, log), asked, instead), dry_run):
        return
    started = time.monotonic()
    said: list[str] = []

    def first_page() -> None:
        page = write_comparison(out)
        console.say(f"first page: {page}  ({time.monotonic() - started:.0f} s; nulls and twins follow)")

    manifest = run(
        matrix,
        blocks=cast("By", blocks),
        twins=twins,
        rank=rank,
        binary=binary,
        operator=operator,
        log=log,
        held_out=held_out,
        reading=of_files,
        seed=seed,
        workers=workers,
        dask=dask,
        wait=wait,
        accept_other_version=accept_other_version,
        out=out,
        progress=True,
        first_look=first_page,
        say=said.append,
    )
    tell_missing("figures")
    with console.status("drawing the page"):
        page = write_comparison(out)
    if manifest_of(out) != manifest:
        said.append(f"{page} shows another comparison, which ended later in the same folder")
    for sentence in said:
        console.say(sentence)
    raise typer.Exit(_tell(out, manifest, page, started))


def _tell(out: Path, manifest: dict[str, Any], page: Path, started: float) -> int:
    """Print the three answers and a line of numbers per matrix, and what failed; return the exit code."""
    from reports.analyses import read_analyses, read_pairs
    from reports.answers import answers
    from reports.pair_words import pair_words
    from reports.sentences import overview

    analyses, failures = read_analyses(out, manifest)
    pairs, more = read_pairs(out, manifest)
    for one in analyses:
        console.say((one.name, "bold"))
        for answer in answers(one):
            console.say(f"  {answer.question} {answer.lead} {answer.text}".rstrip())
            for line in answer.lines:
                console.say(f"  - {line}")
        console.say(overview(one.name, one.real, one.measured, one.described))
        for note in one.described["notes"]:
            console.say(f"- {note}")
    if manifest["vectors"]:
        for sentence in manifest.get("apart", []):
            console.say(sentence)
    for pair in pairs:
        console.say(pair_words(pair))
    for failure in (*failures, *more):
        console.say(f"failed: {failure}")
    console.say(f"page: {page}  ({time.monotonic() - started:.0f} s in all)")
    return int(bool(failures or more))
