"""A real matrix beside its twins and its nulls, as a study: what `spikeproof compare` runs and `reports.pages.comparison` draws.

Each row holds one analysis, of the matrix itself, of one twin or of one null, as JSON text, so that the page is drawn from the
store alone. A graph's null keeps its degrees; the null of interactions permutes items among contexts.

All are described at one rank, chosen before anything is drawn: as many dimensions as pass parallel analysis against the null.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

import theory
from experiments.matrices import RealMatrix, load
from experiments.real.block_fit import fit_graph
from experiments.real.statistics import describe, embedded, measure, permuted_ppmi
from experiments.real.twins import By, find_item_blocks, fit_twin
from experiments.running.files import write_whole
from experiments.running.runner import run_all
from experiments.running.seeds import MOST_SEED, canonical, generator
from experiments.running.study import Study
from simulate import sample_graph
from simulate.nulls import degree_preserving, permuted_items
from simulate.validation import require_choice, require_integer

BLOCKS: tuple[By, ...] = ("spikes", "leiden", "labels")
NULLS = 5
TWINS = 40  # the least two-sided p-value is 2 / 41
HIGHEST = 32  # of the ranks that are chosen
PREFIX = "compare"
VERSION = 3
ROLES = {"draw": ("matrix", "source")}


def comparison(
    matrix: str,
    rank: int,
    blocks: By = "spikes",
    twins: int = TWINS,
    *,
    reading: Mapping[str, Any] | None = None,
) -> list[Study]:
    """Return the studies of one matrix at one rank: itself, its twins, and its nulls; `reading` are options of `load`."""
    require_choice(blocks, "blocks", BLOCKS)
    require_integer(twins, "twins", least=1)
    require_integer(rank, "rank", least=1)
    cell = {"matrix": matrix, "blocks": blocks, "rank": rank, "reading": canonical(dict(reading or {}))}
    counts = {"real": 1, "twin": twins, "null": NULLS}
    return [
        Study(
            f"{PREFIX}-{source}",
            [{**cell, "source": source}],
            trial,
            replicates=count,
            version=VERSION,
            roles=ROLES,
        )
        for source, count in counts.items()
    ]


def compare(
    matrices: Sequence[str],
    *,
    blocks: By = "spikes",
    twins: int = TWINS,
    rank: int | None = None,
    reading: Mapping[str, Any] | None = None,
    seed: int = 0,
    workers: int = 1,
    out: str | os.PathLike[str],
    progress: Callable[..., None] | None = None,
) -> None:
    """Analyse the matrices, their twins and their nulls into the store of the folder `out`; what it holds is not run again.

    They are described at `rank`, or at the rank that `chosen_rank` finds for each; `reading` are options of `load`.

    Raises
    ------
    ValueError, OSError
        for a matrix that cannot be read, is too small, or lacks the labels that `blocks="labels"` asks for.
    """
    require_choice(blocks, "blocks", BLOCKS)
    require_integer(seed, "seed", least=0, most=MOST_SEED)
    if not matrices:
        raise ValueError("compare needs at least one matrix: a name of `spikeproof matrices`, or a file")
    if rank is not None:
        require_integer(rank, "rank", least=1)
    ranks: dict[str, int] = {}
    distinct = list(dict.fromkeys(matrices))
    for name in distinct:  # bad input is told before anything runs
        real = load(name, **(reading or {}))
        if blocks == "labels" and real.labels is None:
            raise ValueError(f"{name} has no labels; --blocks must be spikes or leiden")
        ranks[name] = _possible(real, rank) if rank else chosen_rank(real, seed)
    Path(out).mkdir(parents=True, exist_ok=True)
    chosen = "asked for" if rank else "parallel analysis"
    manifest = {
        "matrices": distinct,
        "blocks": blocks,
        "twins": twins,
        "seed": seed,
        "ranks": ranks,
        "rank": chosen,
    }
    grids: dict[str, list[Any]] = {}
    first: dict[str, Study] = {}
    for name in distinct:
        for study in comparison(name, ranks[name], blocks, twins, reading=reading):
            grids.setdefault(study.name, []).extend(study.grid)
            first.setdefault(study.name, study)
    studies = [
        Study(
            name,
            grids[name],
            trial,
            replicates=first[name].replicates,
            version=VERSION,
            roles=first[name].roles,
        )
        for name in grids
    ]
    run_all(studies, seed=seed, workers=workers, store=out, progress=progress, retry_failed=True)
    write_whole(Path(out) / "compare.json", json.dumps(manifest, indent=1))


def _possible(real: RealMatrix, rank: int) -> int:
    most = embedded(real.matrix, graph=real.graph is not None, rank=rank).rank
    if rank > most:
        raise ValueError(f"--rank must be at most {most} for {real.name}; got {rank}")
    return rank


def chosen_rank(real: RealMatrix, seed: int) -> int:
    """Return how many dimensions pass parallel analysis against the null: from 2 to 32, and eight rows to each.

    Raises
    ------
    ValueError
        for a matrix of fewer than 4 items.
    """
    graph = real.graph is not None
    found = embedded(real.matrix, graph=graph, rank=HIGHEST)
    most = max(2, min(HIGHEST, found.embedding.rank, found.matrix.shape[0] // 8))
    rng = generator(seed, f"{PREFIX}-rank", VERSION, "null", {"matrix": real.name}, 0)
    null = None if graph else permuted_ppmi(real.interactions)
    return max(2, theory.parallel_analysis(found.matrix, most, rng, null=null)[0])


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Analyse the matrix, a twin or a null; the row holds JSON text."""
    real, rng = load(cell["matrix"], **_options(cell["reading"])), rngs["draw"]
    graph = real.graph is not None
    data: Any = real.matrix
    extra: dict[str, Any] = {}
    if cell["source"] == "twin":
        data = (_graph_twin if graph else _twin)(real, cell["blocks"], cell["rank"], rng)
    elif cell["source"] == "null":
        data = degree_preserving(real.graph, rng) if graph else permuted_items(real.interactions, rng)
    found = embedded(data, graph=graph, rank=cell["rank"])
    if cell["source"] == "real":
        extra["contexts"] = None if graph else int(real.matrix.shape[0])
        extra["pairs"] = int(real.matrix.nnz // (2 if graph else 1))
        extra |= describe(real, found, rng)
    return {
        "measured": json.dumps(measure(found), separators=(",", ":")),
        "described": json.dumps(extra, separators=(",", ":")) if extra else None,
    }


def _options(reading: str) -> dict[str, Any]:
    """The options of `load` from a cell, whose parameters are single values; JSON knows no tuples."""
    return {key: tuple(value) if key == "columns" else value for key, value in json.loads(reading).items()}


def _twin(real: RealMatrix, by: By, rank: int, rng: np.random.Generator) -> Any:
    blocks = find_item_blocks(
        real.interactions, by, labels=real.labels if by == "labels" else None, rank=rank, rng=rng
    )
    return fit_twin(real.interactions, blocks).sample(rng)


def _graph_twin(real: RealMatrix, by: By, rank: int, rng: np.random.Generator) -> Any:
    graph = sparse.csr_array(real.graph, dtype=np.float64)
    if by == "labels":
        labels = np.asarray(real.labels)
    elif by == "leiden":
        labels = theory.leiden(graph, rng)
    else:
        vectors = theory.embed(graph, min(rank, graph.shape[0] - 2)).vectors("full")
        labels = theory.nearest_spike(vectors, theory.spikiness(vectors))
    blocks = np.unique(labels, return_inverse=True)[1]
    return sample_graph(fit_graph(graph, blocks), rng, law="poisson", dtype=np.float64)
