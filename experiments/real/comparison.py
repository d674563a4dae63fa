"""A real matrix beside its twins and its nulls, as a study: what `spikeproof compare` runs and `reports.pages.comparison` draws.

Each row of the store holds one analysis, of the matrix itself, of one twin (with a twin of its own) or of one null, as JSON
text, so that the page is drawn from the store alone. All are described at one rank, chosen before any twin is drawn: as many
dimensions as pass parallel analysis against the null. What does not depend on the twin, the matrix and its analysis, is
computed once in every process (`prepared`).
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

import theory
from experiments.real.description import describe
from experiments.real.given_objects import as_paths
from experiments.real.nulls import null_of, null_to_embed
from experiments.real.own_matrices import is_embedding
from experiments.real.prepared import Prepared, prepared
from experiments.real.statistics import (
    Pair,
    analysed,
    analysed_at,
    measure,
    measure_at_rank,
    side_by_side,
)
from experiments.real.twins import BLOCKS, By, sample_twin, twin_of
from experiments.running.files import require_inputs_apart, write_whole
from experiments.running.one_task import one_thread
from experiments.running.runner import run_all
from experiments.running.seeds import MOST_SEED, canonical, generator
from experiments.running.store import OURS, require_output_folder
from experiments.running.study import Study
from experiments.running.waiting import WAIT_SECONDS
from simulate.optional import require_extra
from simulate.progress import Progress, shown
from simulate.validation import require_choice, require_integer
from theory.analysis.operators.graphs import WHOLE
from theory.analysis.operators.table import require_operator
from theory.analysis.pipeline import default_operator, require_operator_of

NULLS = 5
CURVES = 5  # twins of which everything is measured, at every rank
TWINS = 40  # the least two-sided p-value is 2 / 41
HIGHEST = 32  # of the ranks that are chosen
ROWS_PER_DIMENSION = 8  # at least, where the rank is chosen
PREFIX = "compare"
MANIFEST = "compare.json"
VERSION = 7
ROLES = {"draw": ("matrix", "source")}


def comparison(
    ranks: Mapping[str, int],
    blocks: By = "spikes",
    twins: int = TWINS,
    *,
    binary: bool = False,
    operator: str | None = None,
    reading: Mapping[str, Any] | None = None,
) -> list[Study]:
    """Return four studies of some matrices: the matrices themselves, their twins, curves of some more twins, and their nulls.

    A twin is measured at one rank, beside the matrix and beside a twin of its own (`twin_p_value`); of at most five more
    everything is measured, as of the nulls.

    Parameters
    ----------
    ranks
        for each matrix, a name of the catalogue or a path, the f at which its spikes are described.
    blocks
        how the twins' blocks are found: `spikes`, `leiden` or `labels`.
    twins
        how many are sampled of each matrix.
    binary
        every edge of a graph counts as 1, whatever its weight.
    operator
        of `theory.OPERATORS`, where it is not the one of `theory.analyse`: a parameter of the cells, then.
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
        {
            "matrix": name,
            "blocks": blocks,
            "rank": require_integer(rank, "rank", least=1),
            "binary": binary,
            "reading": options,
            **({} if operator is None else {"operator": require_operator(operator)}),
        }
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
        for source, count in {
            "real": 1,
            "twin": twins,
            "curve": min(twins, CURVES),
            "null": NULLS,
        }.items()
    ]


def compare(
    matrices: Sequence[Any] | Mapping[str, Any],
    *,
    blocks: By = "spikes",
    twins: int = TWINS,
    rank: int | None = None,
    binary: bool = False,
    operator: str | None = None,
    reading: Mapping[str, Any] | None = None,
    seed: int = 0,
    workers: int = 1,
    out: str | os.PathLike[str],
    progress: Progress | bool | None = None,
    wait: float = WAIT_SECONDS,
    accept_other_version: bool = False,
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
    binary
        every edge of a graph counts as 1, whatever its weight. Without, weights may come in any unit: those of a twin vary about
        their mean as the observed ones do.
    operator
        the matrix of the data that is embedded, a name of `theory.OPERATORS`: of graphs any but "non-backtracking", of
        interactions "ppmi" or "counts"; None is the adjacency matrix, and PPMI.
    reading
        options of `experiments.matrices.load`, the same for all.
    seed, workers
        the results follow from the seed alone, whatever the number of processes.
    out
        a folder, created where it is missing.
    progress
        as of `running.run_all`: True shows it, a function is called. While ranks are chosen no task is done yet.
    wait, accept_other_version
        as of `running.run_all`: seconds to wait for another run in the same folder; rows of other sources are kept.

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
    if operator is not None:
        _require_comparable(operator)
    require_output_folder(out)
    paths, reading = as_paths(matrices, Path(out), reading or {})
    distinct = list(dict.fromkeys(paths))
    require_inputs_apart(out, OURS, [*distinct, *filter(None, [reading.get("items")])])
    for name in distinct:
        _require_no_vectors(name, reading)
    what = f"{len(distinct)} matri{'x' if len(distinct) == 1 else 'ces'}"
    with shown(progress, f"{what}, read and analysed") as told:
        ranks, plain = _ranks(distinct, blocks, twins, rank, binary, operator, dict(reading), seed, told)
    if plain:  # the rows are those without its name
        operator = None
    Path(out).mkdir(parents=True, exist_ok=True)
    manifest = {
        "version": VERSION,
        "matrices": distinct,
        "blocks": blocks,
        "twins": twins,
        "binary": binary,
        "reading": canonical(dict(reading)),
        "seed": seed,
        "ranks": ranks,
        "rank": "given" if rank else "parallel analysis",
        **({} if operator is None else {"operator": operator}),
    }
    studies = comparison(ranks, blocks, twins, binary=binary, operator=operator, reading=reading)
    with shown(progress, what) as told:
        run_all(
            studies,
            seed=seed,
            workers=workers,
            store=out,
            progress=told,
            retry_failed=True,
            wait=wait,
            accept_other_version=accept_other_version,
        )
    write_whole(Path(out) / MANIFEST, json.dumps(manifest, indent=1))


def _require_no_vectors(name: str, reading: Mapping[str, Any]) -> None:
    of_items = ("items", "id_column", "name_column", "label_column")
    if is_embedding(name, **{key: value for key, value in reading.items() if key not in of_items}):
        raise ValueError(
            f"compare needs interactions or a graph, which have twins; {Path(name).name} holds vectors "
            "(`spikeproof spk` takes them)"
        )


def _require_comparable(operator: str) -> None:
    if require_operator(operator) == "non-backtracking":
        raise ValueError(
            "compare takes no operator non-backtracking: a null has one real eigenvalue outside the circle, and no second "
            "dimension to compare; `spikeproof spk` takes it"
        )


def _require_twins_of(operator: str | None, own: Prepared) -> None:
    """Of a graph: an operator of whole numbers of edges needs twins of whole numbers, which graphs of equal weights have."""
    if operator in WHOLE and own.kind == "graph" and np.ptp(own.real.matrix.data) > 0:
        raise ValueError(
            f"the operator {operator} needs a graph of equal weights to be compared, since the weights of twins are no whole "
            f"numbers; those of {own.real.name} differ (--binary takes every edge for 1)"
        )


def _ranks(
    names: Sequence[str],
    blocks: By,
    twins: int,
    rank: int | None,
    binary: bool,
    operator: str | None,
    reading: dict[str, Any],
    seed: int,
    told: Progress | None,
) -> tuple[dict[str, int], bool]:
    """The rank of each matrix, and whether the operator is that of each unless said; bad input is refused before anything runs.

    `told` hears of every step, with no task done.
    """
    require_integer(twins, "twins", least=1)
    total = len(names) * (1 + twins + min(twins, CURVES) + NULLS)

    def step() -> None:
        if told is not None:
            told(0, total, 0)

    ranks: dict[str, int] = {}
    plain = True
    for name in names:
        step()
        own = prepared(name, reading, binary=binary, rank=rank or 1, operator=operator)
        require_operator_of(own.kind, operator)
        _require_twins_of(operator, own)
        plain &= operator in (None, default_operator(own.kind))
        if blocks == "labels" and own.real.labels is None:
            raise ValueError(f"blocks must be spikes or leiden for {name}, which has no labels; got labels")
        step()
        found = own.found.embedding
        step()
        if rank is not None and rank > (most := found.rank + found.n_cut):
            raise ValueError(f"rank must be at most {most} for {own.real.name}; got {rank}")
        # of the rank asked for the matrix may have less; the page says where it ends
        ranks[name] = min(rank, found.rank) if rank else chosen_rank(own, seed, step)
    return ranks, plain


def chosen_rank(own: Prepared, seed: int, step: Callable[[], None] = lambda: None) -> int:
    """Return how many dimensions pass parallel analysis against the null: from 2 to 32, and at least eight rows per dimension.

    `step` is called before each draw of the null.

    Raises
    ------
    ValueError
        for a matrix of fewer than 4 items.
    """
    found, null = own.found, null_to_embed(own.real.matrix, own.kind, own.operator)
    most = max(2, min(HIGHEST, found.embedding.rank, found.items.size // ROWS_PER_DIMENSION))

    def draw(rng: np.random.Generator) -> Any:
        step()
        return null(rng)

    rng = generator(seed, f"{PREFIX}-rank", VERSION, "null", {"matrix": own.real.name}, 0)
    known, of = found.embedding.eigenvalues, found.embedding.operator
    with one_thread():  # ARPACK calls BLAS for vectors: a second thread waits more than it works
        return max(
            2, theory.parallel_analysis(found.matrix, most, rng, null=draw, known=known, operator=of)[0]
        )


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Analyse the matrix itself, one twin or one null, whichever the cell's `source` names; the row holds JSON text."""
    rank, rng = cell["rank"], rngs["draw"]
    operator = cell.get("operator")
    own = prepared(
        cell["matrix"], _options(cell["reading"]), binary=cell["binary"], rank=rank, operator=operator
    )
    real, kind = own.real, own.kind
    described: dict[str, Any] = {}
    if cell["source"] == "twin":
        measured = _twin_and_its_twin(own, cell["blocks"], rank, rng)
    elif cell["source"] == "curve":
        analysis = None if cell["blocks"] == "labels" else own.found
        twin = sample_twin(real, cell["blocks"], rank, rng, found=analysis)
        measured = measure(analysed(twin, kind, rank, operator), rank)
    elif cell["source"] == "null":
        measured = measure(analysed(null_of(real.matrix, kind, rng), kind, rank, operator), rank)
    else:
        contexts = None if kind == "graph" else int(real.matrix.shape[0])
        pairs = int(real.matrix.nnz // (2 if kind == "graph" else 1))
        described = {"contexts": contexts, "pairs": pairs, **describe(real, own.found, rank, rng)}
        measured = measure(own.found, rank)
    return {
        "measured": json.dumps(measured, separators=(",", ":")),
        "described": json.dumps(described, separators=(",", ":")) if described else None,
    }


def _twin_and_its_twin(own: Prepared, blocks: By, rank: int, rng: np.random.Generator) -> dict[str, Any]:
    """Measure a twin at the rank: by itself, beside the matrix, and beside a twin of its own, which a small twin may not have."""
    twin = sample_twin(own.real, blocks, rank, rng, found=None if blocks == "labels" else own.found)
    found = analysed_at(twin, own.kind, rank, own.operator)
    beside_own_twin: dict[str, Pair] | None = None
    try:
        again = twin_of(twin, own.real, blocks, rank, rng, found=None if blocks == "labels" else found)
        beside_own_twin = side_by_side(found, analysed_at(again, own.kind, rank, own.operator), rank)
    except ValueError:  # too few of its items are left, or too few dimensions
        pass
    return {
        **measure_at_rank(found, rank),
        "beside_matrix": side_by_side(own.found, found, rank),
        "beside_own_twin": beside_own_twin,
    }


def _options(reading: str) -> dict[str, Any]:
    """The options of `load` from a cell, whose parameters are single values; JSON knows no tuples."""
    return {key: tuple(value) if key == "columns" else value for key, value in json.loads(reading).items()}
