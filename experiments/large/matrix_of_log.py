"""From a log to its PPMI, in blocks of items that lie in files: which items, contexts, counts and weights are there?

The matrix has the bits that `theory.ppmi` gives in memory. Blocks follow from the log and from the options alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from experiments.large import count_steps, log_steps
from experiments.large.chain import Chain
from experiments.large.log_pieces import BYTES_OF_ROW, Piece
from experiments.large.options import LargeOptions
from experiments.large.steps import Step
from experiments.running.code_identity import suite_code
from theory.analysis.blocks.contexts import MOST_PARTS
from theory.analysis.blocks.counts import smoothed

IN_MEMORY = 36  # bytes of an entry where the matrix is decomposed in memory


@dataclass(frozen=True)
class MatrixOfLog:
    """The steps with all items of the log, PPMI by blocks and its rows; `bounds` of the blocks."""

    items: Step
    ppmi: Step
    rows: Step
    bounds: NDArray[np.int64]

    @property
    def blocks(self) -> int:
        """How many there are."""
        return len(self.bounds) - 1

    @property
    def reads(self) -> list[tuple[Step, int]]:
        """What a task reads that works on the matrix."""
        return [(self.ppmi, self.blocks), (self.rows, 1)]


def matrix_of_log(
    chain: Chain, pieces: Sequence[Piece], digests: Sequence[str], options: LargeOptions
) -> MatrixOfLog:
    """Make what is missing of the matrix, and return where it lies.

    Parameters
    ----------
    digests : hashes of the content of the log.
    """
    o = options
    log = chain.step("items", digests, suite_code(), o.columns, o.memory)
    chain.run(log, log_steps.find_items, [(piece,) for piece in pieces], "items of the log")
    items = chain.alone(
        chain.step("all-items", log.key),
        lambda: {"items": log_steps.all_items(log, len(pieces))},
        [(log, len(pieces))],
    )
    n = len(chain.read(items)["items"])
    contexts, parts = _contexts(chain, pieces, log, items, n, o)
    totals = chain.alone(
        chain.step("totals", log.key), partial(log_steps.totals, contexts, parts, n), [(contexts, parts)]
    )
    about = chain.read(totals)
    bounds = count_steps.blocks_of_items(about["occurrences"], about["others"], o.top_k, o.memory)
    blocks = list(zip(bounds[:-1].tolist(), bounds[1:].tolist()))
    tasks: list[tuple[Any, ...]] = [(*block, n, contexts, parts, o.min_count, o.top_k) for block in blocks]
    counts = chain.step("counts", log.key, o.min_count, o.top_k)
    chain.run(counts, count_steps.count_items, tasks, "co-occurrence counts", [(contexts, parts)])
    of_counts = [(counts, len(blocks))]
    kept = chain.alone(
        chain.step("kept", counts.key), partial(count_steps.all_kept, counts, len(blocks)), of_counts
    )
    weighing = (counts.key, o.shift, o.smoothing)
    c = chain.alone(
        chain.step("smoothed", *weighing),
        lambda: {"smoothed": smoothed(np.array(about["occurrences"]), o.smoothing)},
    )
    tasks = [(counts, kept, c, int(about["contexts"][0]), o.shift)] * len(blocks)
    ppmi = chain.step("ppmi", *weighing)
    chain.run(ppmi, count_steps.weigh_items, tasks, "PPMI", [*of_counts, (kept, 1), (c, 1)])
    rows = chain.alone(
        chain.step("rows", ppmi.key),
        partial(count_steps.rows_of_items, ppmi, len(blocks)),
        [(ppmi, len(blocks))],
    )
    return MatrixOfLog(items, ppmi, rows, bounds)


def _contexts(
    chain: Chain, pieces: Sequence[Piece], log: Step, items: Step, n: int, o: LargeOptions
) -> tuple[Step, int]:
    """The pairs of the log by parts of its contexts, and how many parts there are; by pieces they are not kept."""
    parts = log_steps.parts_for(pieces, BYTES_OF_ROW, o.memory, MOST_PARTS)
    split, contexts = chain.step("split", log.key), chain.step("contexts", log.key)
    if not all(contexts.is_done(part) for part in range(parts)):
        tasks = [(piece, items, parts) for piece in pieces]
        chain.run(split, log_steps.split_piece, tasks, "pairs by context", [(items, 1)])
    gather = [(split, len(pieces), n)] * parts
    chain.run(contexts, log_steps.gather_part, gather, "contexts", [(split, len(pieces))])
    for number in range(len(pieces)):
        split.place(number).unlink(missing_ok=True)
    return contexts, parts


def matrix_in_memory(chain: Chain, matrix: MatrixOfLog, memory: int) -> sparse.csr_array:
    """Return the PPMI of the items that have an entry, in memory.

    Raises
    ------
    ValueError
        if it takes more than `memory` bytes.
    """
    about = chain.read(matrix.rows)
    need = int(about["starts"][-1]) * IN_MEMORY
    if need > memory:
        raise ValueError(
            f"memory must be at least {-(-need // 2**20):,} MiB, or the rank smaller: the block method found no more dimensions "
            f"in this matrix, and it must be decomposed in memory; got {memory // 2**20:,} MiB"
        )
    chain.require_step(matrix.ppmi, matrix.blocks)
    found = [matrix.ppmi.read(block) for block in range(matrix.blocks)]
    columns = np.concatenate([about["row"][one["columns"]] for one in found])
    weights = np.concatenate([np.asarray(one["weights"]) for one in found])
    n = len(about["items"])
    starts = np.asarray(about["starts"]).astype(columns.dtype)
    return sparse.csr_array((weights, columns, starts), shape=(n, n))
