"""What does `spikeproof analyse` need? A task holds the memory that it is given; time is that of the same analysis in memory.

The log is looked at by the metadata of its files and the first of its row groups: how long contexts are, and how many items there
are, is taken to be alike in the others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from experiments.estimates.counting import seconds_of_counting
from experiments.estimates.embedding import ASSUMED, seconds_of_embedding
from experiments.estimates.plan import Plan, Step, of_input
from experiments.estimates.sampled_lines import TOGETHER
from experiments.estimates.searching import USUAL, seconds_of_search, usual_peaks
from experiments.large.log_pieces import log_files, pairs_of, pieces_of
from experiments.large.options import LargeOptions
from simulate.compiled import thread_count

BYTES_OF_AN_ITEM = 40  # beside the blocks of the tasks
SECONDS_OF_A_ROW = 500e-9  # of the log: read, split by contexts, sorted, written
FILES = 1.5  # times as long as in memory: each step reads and writes files
PAIRS_OF_AN_ITEM = 2000  # kept at most where no --top-k says how many, as an assumption
MEMORIES = (256, 128, 64, 32, 16)  # MiB that a task may be given instead


def plan_of_analysis(
    log: Path, options: LargeOptions, instead: Callable[[str, object], str] | None = None
) -> Plan:
    """Return the steps of the analysis of a log of Parquet files.

    Parameters
    ----------
    instead : returns the command in which one option has another value; it is named where memory does not suffice.

    Raises
    ------
    BadInput
        for what `pieces_of` and `pairs_of` refuse.
    """
    with of_input():
        pieces = pieces_of(log_files(log), options.columns, options.memory)
        contexts, found = pairs_of(replace(pieces[0], groups=pieces[0].groups[:1]))
    rows = float(sum(piece.rows for piece in pieces))
    items, squares = float(found.max() + 1), squared_lengths(contexts, rows)
    threads = thread_count()
    memory = threads * options.memory + BYTES_OF_AN_ITEM * items
    kept = min(squares, items * min(items, options.top_k or PAIRS_OF_AN_ITEM))
    about = "as the first row group has them"
    eigenpairs = FILES * seconds_of_embedding(items, kept, options.rank, options.tolerance)
    steps = (
        Step("split the log by contexts", memory, SECONDS_OF_A_ROW * rows, "reading", f"{rows:,.0f} rows"),
        Step(
            "count pairs of items by blocks",
            memory,
            FILES * seconds_of_counting(items, squares),
            "counting",
            f"{items:,.0f} items, {squares:,.0f} squared lengths, {about}",
        ),
        Step(
            f"find {options.rank} eigenpairs through files",
            memory,
            eigenpairs / (2 if options.dtype == "float32" else 1),
            "sparse product",
            f"{items:,.0f} rows, at most {kept:,.0f} entries, {ASSUMED}",
        ),
        Step(
            "find the peaks",
            BYTES_OF_AN_ITEM * items + min(4 * items * options.rank, 2.0**30),
            seconds_of_search(items, options.rank, usual_peaks(int(items), options.rank), exact=True),
            "search",
            f"{items:,.0f} rows, f = {options.rank}; {USUAL}",
        ),
    )
    notes = (f"{threads} tasks at once, each of {options.memory >> 20:,} MiB (--memory)",)
    if instead is None:
        return Plan(steps, notes)
    others = tuple(
        (
            instead("--memory", less),
            lambda less=less: plan_of_analysis(log, replace(options, memory=less << 20)),
        )
        for less in MEMORIES
        if less << 20 < options.memory
    )
    return Plan(steps, notes, others)


def squared_lengths(contexts: NDArray[np.int64], rows: float) -> float:
    """Return about the sum of the squared lengths of the contexts of a log of so many rows, from some that follow each other.

    Examples
    --------
    >>> squared_lengths(np.repeat(np.arange(100), 30), 6000.0)
    180000.0
    """
    together = np.mean(contexts[1:] == contexts[:-1]) if contexts.size > 1 else 0.0
    lengths = np.unique(contexts, return_counts=True)[1].astype(np.float64)
    if together >= TOGETHER:
        return float(rows * (lengths**2).sum() / lengths.sum())
    return float(rows + (lengths * (lengths - 1)).sum() * (rows / contexts.size) ** 2)
