"""A real matrix beside its twins and its nulls, as a study: what `spikeproof compare` runs and `reports.pages.comparison` draws.

Each row of the store holds one analysis, of the matrix itself, of one twin or of one null, as JSON text, so that the page
is drawn from the store alone. All are described at one rank, chosen before any twin is drawn: as many dimensions as pass
parallel analysis against the null.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np

import theory
from experiments.matrices import RealMatrix, load
from experiments.real.description import describe
from experiments.real.given_objects import as_paths
from experiments.real.nulls import null_of, permuted_ppmi
from experiments.real.own_matrices import is_embedding
from experiments.real.statistics import analysed, measure
from experiments.real.twins import BLOCKS, By, sample_twin
from experiments.running.files import require_inputs_apart, write_whole
from experiments.running.progress import Progress, shown
from experiments.running.runner import run_all
from experiments.running.seeds import MOST_SEED, canonical, generator
from experiments.running.store import OURS
from experiments.running.study import Study
from simulate.optional import require_extra
from simulate.validation import require_choice, require_integer

NULLS = 5
TWINS = 40  # the least two-sided p-value is 2 / 41
HIGHEST = 32  # of the ranks that are chosen
ROWS_PER_DIMENSION = 8  # at least, where the rank is chosen
PREFIX = "compare"
MANIFEST = "compare.json"
VERSION = 4
ROLES = {"draw": ("matrix", "source")}


def comparison(
    ranks: Mapping[str, int],
    blocks: By = "spikes",
    twins: int = TWINS,
    *,
    reading: Mapping[str, Any] | None = None,
) -> list[Study]:
    """Return three studies of some matrices: the matrices themselves, their twins, and their nulls.

    Parameters
    ----------
    ranks
        for each matrix, a name of the catalogue or a path, the f at which its spikes are described.
    blocks
        how the twins' blocks are found: `spikes`, `leiden` or `labels`.
    twins
        how many are sampled of each matrix.
    reading
        options of `experiments.matrices.load`, the same for all.

    Raises
    ------
    ValueError
        for another `blocks`, or a number below 1.
    """
    require_choice(blocks, "blocks", BLOCKS)
    require_integer(twins, "twins", least=1)
    options = canonical(dict(reading or {}))
    cells = [
        {"matrix": name, "blocks": blocks, "rank": require_integer(rank, "rank", least=1), "reading": options}
        for name, rank in ranks.items()
    ]
    return [
        Study(
            f"{PREFIX}-{source}",
            [{**cell, "source": source} for cell in cells],
            trial,
            replicates=count,
            version=VERSION,
            roles=ROLES,
        )
        for source, count in {"real": 1, "twin": twins, "null": NULLS}.items()
    ]


def compare(
    matrices: Sequence[Any] | Mapping[str, Any],
    *,
    blocks: By = "spikes",
    twins: int = TWINS,
    rank: int | None = None,
    reading: Mapping[str, Any] | None = None,
    seed: int = 0,
    workers: int = 1,
    out: str | os.PathLike[str],
    progress: Progress | bool | None = None,
) -> None:
    """Analyse matrices, their twins and their nulls, and keep the results in the folder `out`.

    What its store holds already is not run again. `reports.pages.comparison.write_comparison` draws the page.

    Parameters
    ----------
    matrices
        names of the catalogue, paths, or objects that `experiments.matrices.load` takes, perhaps by name in a mapping. An
        object is written to the folder `out`/matrices, from where tasks read it.
    blocks
        how the twins' blocks are found: `spikes`, `leiden` or `labels`.
    twins
        how many samples of the fitted block model are drawn, at least 1.
    rank
        f at which spikes are described; without, `chosen_rank` chooses it for each matrix.
    reading
        options of `experiments.matrices.load`, the same for all.
    seed, workers
        the results follow from the seed alone, whatever the number of processes.
    out
        a folder, created where it is missing.
    progress
        as of `running.run_all`: True shows it, a function is called.

    Raises
    ------
    ValueError, OSError
        for a matrix that cannot be read, is too small for the rank or has no labels where `blocks="labels"`.
    ModuleNotFoundError
        without scikit-learn (extra `learn`), which compares partitions.
    """
    require_extra("learn", "comparing the partitions of a matrix")
    require_choice(blocks, "blocks", BLOCKS)
    require_integer(seed, "seed", least=0, most=MOST_SEED)
    if not matrices:
        raise ValueError("compare needs at least one matrix: a name of `spikeproof matrices`, or a file")
    if rank is not None:
        require_integer(rank, "rank", least=1)
    ranks: dict[str, int] = {}
    paths, reading = as_paths(matrices, Path(out), reading or {})
    distinct = list(dict.fromkeys(paths))
    for name in distinct:  # bad input is refused before anything runs
        _require_no_vectors(name, reading)
        real = load(name, **reading)
        if blocks == "labels" and real.labels is None:
            raise ValueError(f"blocks must be spikes or leiden for {name}, which has no labels; got labels")
        ranks[name] = _possible(real, rank) if rank else chosen_rank(real, seed)
    require_inputs_apart(out, OURS, distinct)
    Path(out).mkdir(parents=True, exist_ok=True)
    chosen = "given" if rank else "parallel analysis"
    manifest = {
        "version": VERSION,
        "matrices": distinct,
        "blocks": blocks,
        "twins": twins,
        "seed": seed,
        "ranks": ranks,
        "rank": chosen,
    }
    studies = comparison(ranks, blocks, twins, reading=reading)
    what = f"{len(distinct)} matri{'x' if len(distinct) == 1 else 'ces'}"
    with shown(progress, what) as told:
        run_all(studies, seed=seed, workers=workers, store=out, progress=told, retry_failed=True)
    write_whole(Path(out) / MANIFEST, json.dumps(manifest, indent=1))


def _require_no_vectors(name: str, reading: Mapping[str, Any]) -> None:
    of_items = ("items", "id_column", "name_column", "label_column")
    if is_embedding(name, **{key: value for key, value in reading.items() if key not in of_items}):
        raise ValueError(
            f"compare needs interactions or a graph, which have twins; {Path(name).name} holds vectors "
            "(`spikeproof spk` takes them)"
        )


def _possible(real: RealMatrix, rank: int) -> int:
    """The rank asked for, or the matrix's own where that is lower; the page says where the matrix ends."""
    found = theory.analyse(real.matrix, rank, kind=_kind(real)).embedding
    if rank > (most := found.rank + found.n_cut):
        raise ValueError(f"rank must be at most {most} for {real.name}; got {rank}")
    return found.rank


def _kind(real: RealMatrix) -> Literal["interactions", "graph"]:
    return "interactions" if real.graph is None else "graph"


def chosen_rank(real: RealMatrix, seed: int) -> int:
    """Return how many dimensions pass parallel analysis against the null: from 2 to 32, and at least eight rows per dimension.

    Raises
    ------
    ValueError
        for a matrix of fewer than 4 items.
    """
    found = analysed(real.matrix, _kind(real), HIGHEST)
    most = max(2, min(HIGHEST, found.embedding.rank, found.items.size // ROWS_PER_DIMENSION))
    rng = generator(seed, f"{PREFIX}-rank", VERSION, "null", {"matrix": real.name}, 0)
    null = permuted_ppmi(real.interactions) if real.graph is None else None
    return max(2, theory.parallel_analysis(found.matrix, most, rng, null=null)[0])


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Analyse the matrix itself, one twin or one null, whichever the cell's `source` names; the row holds JSON text."""
    real, rng = load(cell["matrix"], **_options(cell["reading"])), rngs["draw"]
    kind, rank = _kind(real), cell["rank"]
    data: Any = real.matrix
    if cell["source"] == "twin":
        data = sample_twin(real, cell["blocks"], rank, rng)
    elif cell["source"] == "null":
        data = null_of(data, kind, rng)
    found = analysed(data, kind, rank)
    described: dict[str, Any] = {}
    if cell["source"] == "real":
        contexts = None if kind == "graph" else int(real.matrix.shape[0])
        pairs = int(real.matrix.nnz // (2 if kind == "graph" else 1))
        described = {"contexts": contexts, "pairs": pairs, **describe(real, found, rank, rng)}
    return {
        "measured": json.dumps(measure(found, rank), separators=(",", ":")),
        "described": json.dumps(described, separators=(",", ":")) if described else None,
    }


def _options(reading: str) -> dict[str, Any]:
    """The options of `load` from a cell, whose parameters are single values; JSON knows no tuples."""
    return {key: tuple(value) if key == "columns" else value for key, value in json.loads(reading).items()}
