"""`spikeproof sample`: draw a graph or interactions from a model file, and write them in a format that other programs read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from spikeproof.app import console
from spikeproof.estimates import DryRun, foresee, instead
from spikeproof.running import Wait

if TYPE_CHECKING:
    from experiments.matrices.described_models import ModelFile
    from simulate import Law


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("sample", short_help="Draw a matrix from a model file, with its truth.")(sample)


def sample(
    model: Annotated[
        Path, typer.Argument(help="A model file in TOML (see docs/models.md).", show_default=False)
    ],
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            "-o",
            help="File to write; its ending is the format. Graphs: .edges .mtx .npz .graphml; interactions: .csv .tsv .mtx .npz. "
            "With --shards a folder.",
            show_default=False,
        ),
    ],
    seed: Annotated[int, typer.Option(min=0, help="Random seed; the same seed gives the same file.")] = 0,
    law: Annotated[
        str, typer.Option(help="Law of the edges of a graph: bernoulli (present or not) or poisson (counts).")
    ] = "bernoulli",
    clip: Annotated[
        bool,
        typer.Option(
            "--clip", help="Cut probabilities above 1 to 1 and warn, instead of refusing the model."
        ),
    ] = False,
    shards: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Write a graph of a block model as so many Parquet files, drawn one after the other: it may be larger than "
            "memory. An interrupted run goes on where it was. Another number of shards gives another graph.",
            show_default=False,
        ),
    ] = None,
    dask: Annotated[
        str | None,
        typer.Option(
            help="With --shards: address of a Dask scheduler whose workers draw the shards, or local:N for a local cluster of N "
            "processes. The files are the same.",
            show_default=False,
        ),
    ] = None,
    wait: Wait = 300.0,
    overwrite: Annotated[
        bool,
        typer.Option(
            "--overwrite", help="Replace --out, and the file beside it, if they exist with other content."
        ),
    ] = False,
    dry_run: DryRun = False,
) -> None:
    """Draw a matrix from MODEL and write it together with its truth: the block and the propensity of each node or item."""
    from experiments.estimates.of_sample import plan_of_sample
    from experiments.matrices.model_files import read_model
    from simulate.sampling.sharded_graphs import MOST_SHARDS
    from simulate.validation import require_choice

    require_choice(law, "--law", ("bernoulli", "poisson"))
    if dask is not None and shards is None:
        raise ValueError("--dask is for --shards: one file is drawn in this process")
    described = read_model(model, in_parts=MOST_SHARDS)
    if foresee(
        lambda: plan_of_sample(described, out, shards, lambda n: instead("--shards", n, out=out)), dry_run
    ):
        return
    if shards is not None:
        _sample_in_shards(described, model, out, seed, cast("Law", law), clip, shards, overwrite, dask, wait)
    else:
        _sample_matrix(described, model, out, seed, cast("Law", law), clip, overwrite)


def _sample_matrix(
    described: ModelFile, path: Path, out: Path, seed: int, law: Law, clip: bool, overwrite: bool
) -> None:
    import numpy as np

    from experiments.matrices.described_models import truth_of
    from experiments.matrices.writers import files_of, require_format, write_matrix
    from experiments.running.output_places import require_apart, require_places

    graph = described.is_graph
    require_format(out, graph=graph, dated=bool(described.growth))
    require_places(files_of(out))
    require_apart(files_of(out), [path])
    with _warnings_said():
        drawn, matrix, times = described.sample(np.random.default_rng(seed), law=law, clip=clip)
    labels, propensities = truth_of(drawn)
    files = write_matrix(
        matrix,
        out,
        labels=labels,
        propensities=propensities,
        times=times,
        graph=graph,
        overwrite=overwrite,
    )
    count = int(np.count_nonzero(matrix.data)) // (2 if graph else 1)
    console.say(
        f"{drawn!r}: {matrix.shape[0]:,} x {matrix.shape[1]:,}, {count:,} "
        f"{'edges' if graph else 'interactions'} -> {', '.join(map(str, files))}"
    )


def _sample_in_shards(
    described: ModelFile,
    path: Path,
    out: Path,
    seed: int,
    law: Law,
    clip: bool,
    shards: int,
    overwrite: bool,
    dask: str | None,
    wait: float,
) -> None:
    import numpy as np

    from experiments.matrices.shard_writing import begun_alone, write_shards
    from experiments.matrices.shards_on_cluster import draw_on_cluster
    from simulate import BlockModel, ShardedGraph
    from simulate.progress import shown

    rng = np.random.default_rng(seed)
    model = described.build(rng) if described.is_graph and not described.weights else None
    if not isinstance(model, BlockModel):
        kind = "a table [weights]" if described.weights else f"kind {described.kind!r}"
        raise ValueError(
            f"--shards is for graphs of a block model (kind 'graph' or 'block_model'); {path} has {kind}"
        )
    with _warnings_said():
        graph = ShardedGraph(model, shards, rng, law=law, clip=clip)
    with (
        begun_alone(out, graph, overwrite=overwrite, wait=wait) as folder,
        shown(True, f"{shards} shards") as told,
    ):
        if dask is None:
            count, drawn = write_shards(folder, graph, told)
        else:
            count, drawn = draw_on_cluster(folder, graph, dask, wait=wait, progress=told)
    kept = f", {shards - drawn} of them there already" if drawn < shards else ""
    expected = model.expected_edges()
    console.say(
        f"{model!r}: {count:,} edges in {shards} shards{kept} -> {out}; the model expects {expected:,.0f} "
        f"(standard deviation at most {expected**0.5:,.0f})"
    )


@contextmanager
def _warnings_said() -> Iterator[None]:
    """Say at the end of the block what was warned of inside it."""
    import warnings

    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        yield
    for warning in said:
        console.say(("warning:", "yellow"), f" {warning.message}")
