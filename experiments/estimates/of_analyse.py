"""What does `spikeproof analyse` need? Time and memory of each step follow the log and its pairs of items (docs/scale.md).

    time = a m + b S + c E + k (d E + e p),    memory of a task = what its block needs, at most what --memory gives it,

with m interactions, S the sum of the squared lengths of the contexts, E entries of the matrix, and k products of the matrix with
16 vectors in p parts. The log is looked at by the metadata of its files and its first row group. Where the rows of a context
stand together, the contexts there tell how E grows with their number (`growing_pairs`). Else only an upper bound of E is known.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from experiments.estimates.counting import seconds_of_counting
from experiments.estimates.embedding import ASSUMED, DOUBLE
from experiments.estimates.growing_pairs import entries_of_more
from experiments.estimates.plan import Plan, Step, of_input
from experiments.estimates.sampled_lines import TOGETHER
from experiments.estimates.searching import USUAL, seconds_of_search, usual_peaks
from experiments.large.count_steps import LEAST_BLOCKS, LEAST_WORK, REGROUPED
from experiments.large.log_pieces import BYTES_OF_ROW, Piece, log_files, pairs_of, pieces_of
from experiments.large.options import LargeOptions
from experiments.large.pairs_of_matrix import LEAST_ROWS
from simulate.compiled import thread_count
from theory.analysis.block_krylov_rounds import BLOCK, sizes
from theory.analysis.blocks.bounds import rows_of_part
from theory.analysis.blocks.counts import COUNTED, GATHERED

BYTES_OF_AN_ITEM = 40  # beside the blocks of the tasks
# measured at 2 * 10^5 to 2 * 10^7 interactions, f = 16 to 64
SECONDS_OF_A_ROW = 500e-9  # of the log: read, split by contexts, sorted, written
FILES = 1.5  # times as long as counting in memory: contexts are read anew for each block
SECONDS_OF_AN_ENTRY = 95e-9  # weighed, and regrouped for products
PRODUCTS = 3.7  # for each eigenpair, what orthogonalising takes included, in single precision to 1e-4
SECONDS_OF_A_PRODUCT = 8.5e-9  # of an entry with 16 vectors
SECONDS_OF_A_PART = 7e-3  # of the vectors, in each product: files are opened and written
PAIRS_OF_AN_ITEM = 2000  # kept at most where neither the log nor --top-k tells how many
MEMORIES = (256, 128, 64, 32, 16)  # MiB that a task may be given instead


@dataclass(frozen=True)
class LargeLog:
    """The size of a log, of which a part was read.

    `rows` of it, `items`, `squares`: the sum of the squared lengths of its contexts, `entries` of its matrix, at most so many
    where `bound` is set, and its `pieces`.
    """

    pieces: Sequence[Piece]
    rows: float
    items: float
    squares: float
    entries: float
    bound: bool


def look_at_log(log: Path, options: LargeOptions, *, timed: bool = True) -> LargeLog:
    """Return the size of a log of Parquet files, from their metadata and the first row group.

    How many entries there will be is looked into where the analysis is to be `timed`, since that takes a moment.

    Raises
    ------
    BadInput
        for what `pieces_of` and `pairs_of` refuse.
    """
    with of_input():
        pieces = pieces_of(log_files(log), options.columns, options.memory)
        contexts, items = pairs_of(replace(pieces[0], groups=pieces[0].groups[:1]))
    rows = float(sum(piece.rows for piece in pieces))
    together = contexts.size > 1 and float(np.mean(contexts[1:] == contexts[:-1])) >= TOGETHER
    known = sparse.csr_array((np.ones(items.size), (np.unique(contexts, return_inverse=True)[1], items)))
    known.sum_duplicates()
    more, n = rows / items.size, float(known.shape[1])
    squares = squared_lengths(np.diff(known.indptr), more, together=together)
    entries = min(squares, n * min(n, options.top_k or PAIRS_OF_AN_ITEM))
    seen = together and timed
    if seen:
        entries = entries_of_more(known, math.log2(more), options.top_k, options.min_count)
    return LargeLog(pieces, rows, n, squares, entries, not seen)


def plan_of_analysis(
    log: Path,
    options: LargeOptions,
    instead: Callable[[str, object], str] | None = None,
    *,
    timed: bool = True,
) -> Plan:
    """Return the steps of the analysis of a log of Parquet files.

    Parameters
    ----------
    instead : returns the command in which one option has another value; it is named where memory does not suffice.
    timed : as in `look_at_log`; memory alone needs less.

    Raises
    ------
    BadInput
        for what `look_at_log` refuses.
    """
    seen = look_at_log(log, options, timed=timed)
    notes = (
        f"{thread_count()} tasks at once on this machine, each of at most {options.memory >> 20:,} MiB (--memory)",
    )
    others = () if instead is None else tuple(_smaller(log, options, instead))
    return Plan((*_matrix(seen, options), *_vectors(seen, options)), notes, others)


def _smaller(
    log: Path, options: LargeOptions, instead: Callable[[str, object], str]
) -> list[tuple[str, Callable[[], Plan]]]:
    return [
        (
            instead("--memory", less),
            partial(plan_of_analysis, log, replace(options, memory=less << 20), timed=False),
        )
        for less in MEMORIES
        if less << 20 < options.memory
    ]


def _matrix(seen: LargeLog, options: LargeOptions) -> tuple[Step, ...]:
    """The steps from the log to PPMI."""
    m, n, squares, entries = seen.rows, seen.items, seen.squares, seen.entries
    pieces = len(seen.pieces)
    blocks = max(1.0, min(squares / LEAST_WORK, LEAST_BLOCKS), entries * COUNTED / options.memory)
    counted = GATHERED * min(2 * m, (squares + 2 * m) / blocks) + COUNTED * entries / blocks
    return (
        Step(
            "split the log by contexts",
            _held(BYTES_OF_ROW * m / pieces, pieces, n, options),
            SECONDS_OF_A_ROW * m,
            "reading",
            f"{m:,.0f} rows",
        ),
        Step(
            "count pairs of items by blocks",
            _held(counted, blocks, n, options),
            FILES * seconds_of_counting(n, squares),
            "counting",
            f"{n:,.0f} items, {squares:,.0f} squared lengths, as the first row group has them",
        ),
    )


def _vectors(seen: LargeLog, options: LargeOptions) -> tuple[Step, ...]:
    """The steps from PPMI to the peaks."""
    n, f, entries = int(seen.items), options.rank, seen.entries
    single = options.dtype == "float32"
    itemsize, columns = 4 if single else 8, sizes(f)[1] + 4 * BLOCK
    parts = math.ceil(n / rows_of_part(n, columns, itemsize, options.memory, LEAST_ROWS))
    products = PRODUCTS * f * (1 if single else DOUBLE)
    size = f"{n:,.0f} rows, {'at most ' * seen.bound}{entries:,.0f} entries"
    return (
        Step(
            "weigh the pairs",
            _held(REGROUPED * entries / parts, parts, n, options),
            SECONDS_OF_AN_ENTRY * entries,
            "counting",
            size,
        ),
        Step(
            f"find {f} eigenpairs through files",
            _held(itemsize * columns * n / parts, parts, n, options),
            products * (SECONDS_OF_A_PRODUCT * entries + SECONDS_OF_A_PART * parts),
            "sparse product",
            f"{size}, {ASSUMED}",
        ),
        Step(
            "find the peaks",
            BYTES_OF_AN_ITEM * n + min(4 * n * f, options.memory),
            seconds_of_search(n, f, usual_peaks(n, f), exact=True),
            "search",
            f"{n:,.0f} rows, f = {f}; {USUAL}",
        ),
    )


def _held(task: float, tasks: float, items: float, options: LargeOptions) -> float:
    """What tasks that run at once hold together: each what it is given at most, since larger ones are divided."""
    return min(task * tasks, thread_count() * min(task, options.memory)) + BYTES_OF_AN_ITEM * items


def squared_lengths(lengths: NDArray[np.int64], more: float, *, together: bool) -> float:
    """Return about the sum of the squared lengths of all contexts, from those of some rows, which are so many times as many.

    Where the rows of a context do not stand `together`, it has about so many times as many rows, too.

    Examples
    --------
    >>> squared_lengths(np.full(100, 30), 2.0, together=True), squared_lengths(np.full(100, 30), 2.0, together=False)
    (180000.0, 354000.0)
    """
    given = lengths.astype(np.float64)
    if together:
        return float(more * (given**2).sum())
    return float(more * given.sum() + more**2 * (given * (given - 1)).sum())
