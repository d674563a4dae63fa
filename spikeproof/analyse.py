"""`spikeproof analyse`: the analysis of a log that is larger than memory, step by step through files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from spikeproof.app import console
from spikeproof.estimates import DryRun, foresee, instead
from spikeproof.reading import Columns
from spikeproof.running import Wait

if TYPE_CHECKING:
    from experiments.large.analysis import LargeAnalysis


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("analyse", short_help="Analyse a log that is larger than memory, through files.")(analyse)


def analyse(
    log: Annotated[
        Path,
        typer.Argument(
            help="A Parquet file, or a folder of them, with a column of contexts and one of items, both whole numbers from 0.",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            "-o",
            help="Folder for the vectors, the result, and what each step leaves; the same command goes on from what is there.",
            show_default=False,
        ),
    ],
    rank: Annotated[int, typer.Option(min=1, help="Number f of dimensions.")] = 64,
    top_k: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Keep only this many most frequent partners of each item. Default: keep all.",
            show_default=False,
        ),
    ] = None,
    min_count: Annotated[
        int, typer.Option(min=1, help="Contexts that two items must share to have an entry.")
    ] = 2,
    shift: Annotated[
        float, typer.Option(help="Taken off every entry of PPMI: ln k of word embeddings.")
    ] = 0.0,
    smoothing: Annotated[
        float,
        typer.Option(help="Exponent of the popularity on one side of each pair, above 0 and at most 1."),
    ] = 1.0,
    single: Annotated[
        bool,
        typer.Option(
            "--single",
            help="Vectors in single precision, to a residual of 1e-4 instead of 1e-8: half the memory and disk.",
        ),
    ] = False,
    memory: Annotated[
        int,
        typer.Option(
            min=4,
            help="MiB for the blocks of a task; one task runs on each core or worker. Decides the sizes of blocks.",
        ),
    ] = 512,
    columns: Columns = None,
    dask: Annotated[
        str | None,
        typer.Option(
            help="Address of a Dask scheduler, or local:N for N processes here; workers must see LOG and --out there too.",
            show_default=False,
        ),
    ] = None,
    wait: Wait = 300.0,
    overwrite: Annotated[
        bool,
        typer.Option(
            "--overwrite", help="Replace another analysis in --out; steps that both share are kept."
        ),
    ] = False,
    dry_run: DryRun = False,
) -> None:
    """Say how spiky the vectors of LOG are, where neither the log nor its matrix of pairs need fit into memory.

    Counts, PPMI, eigenpairs and Spk are those of `spk --rank F --null 0`; items come in the order of their numbers.
    """
    from experiments.estimates.of_analyse import plan_of_analysis
    from experiments.large.analysis import analyse_log
    from experiments.large.options import LargeOptions

    options = LargeOptions(
        rank,
        top_k,
        min_count,
        shift,
        smoothing,
        "float32" if single else "float64",
        columns=tuple(columns.split(",")) if columns else None,
        memory=memory << 20,
    )
    if foresee(lambda: plan_of_analysis(log, options, instead, timed=dry_run), dry_run):
        return
    found = analyse_log(log, out, options, dask=dask, wait=wait, overwrite=overwrite, progress=True)
    _print(found, out)


def _print(found: LargeAnalysis, out: Path) -> None:
    from simulate.plain_text import per_cent

    spikes, values = found.spikes, found.eigenvalues
    console.say(
        (f"Spk = {per_cent(spikes.value)}", "bold"),
        f" at f = {len(values)}: {spikes.n_peaks:,} peaks hold {int(spikes.covered[-1]):,} of {spikes.n_rows:,} rows",
    )
    console.say(f"- contexts = {found.columns[0]}, items = {found.columns[1]}")
    if spikes.n_zero:
        console.say(f"- {spikes.n_zero:,} items have no direction and are left out of Spk")
    console.say(
        f"- {len(found.items):,} items have an entry; eigenvalues from {values[0]:.4g} to {values[-1]:.4g}, "
        f"largest relative residual {found.residuals.max():.1e}"
    )
    console.say(f"saved in {out}: vectors.npy, items.npy (which item each row is), result.json")
