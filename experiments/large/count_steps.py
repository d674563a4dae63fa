"""The steps from the contexts to the matrix: counts and PPMI by blocks of items, and the rows of PPMI for products.

| step | task | its file |
|---|---|---|
| counts | a block of items | its pairs and their counts, and what each item keeps |
| kept | all | what every item keeps |
| ppmi | a block of items | its PPMI, columns as places among all items |
| rows | all | the items that have an entry, and which rows each block has |
| matrix | some rows of a part of the vectors | these rows of PPMI, regrouped for products |
| components | all | the connected component of each row |
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.large.log_steps import read_part
from experiments.large.steps import Step
from theory.analysis.blocks.bounds import block_bounds
from theory.analysis.blocks.components import components_of_blocks
from theory.analysis.blocks.counts import COUNTED, GATHERED, CountedBlock, count_block, weigh_block
from theory.analysis.blocks.products import Slice, slice_of

LEAST_BLOCKS = 32  # so that several workers end together
LEAST_WORK = 1e7  # numbers met in a block: less is not worth a task
REGROUPED = 48  # bytes of an entry while it is regrouped


def blocks_of_items(
    occurrences: NDArray[np.float64], others: NDArray[np.float64], top_k: int | None, budget: int
) -> NDArray[np.int64]:
    """Return the bounds of blocks of items whose contexts and pairs fit into the budget together.

    Raises
    ------
    ValueError
        if one item needs more; it names the least that works.
    """
    n = len(others)
    partners = np.minimum(others, float(n if top_k is None else min(n, top_k))) + 1.0
    gathered = others + 2 * occurrences
    need = partners * COUNTED + gathered * GATHERED
    if (least := float(need.max())) > budget:
        raise ValueError(
            f"memory must hold the contexts and pairs of one item, at least {int(np.ceil(least / 2**20)):,} MiB for this log; "
            f"got {budget // 2**20:,} MiB"
        )
    work = others + 1.0
    return block_bounds([(need, float(budget)), (work, max(LEAST_WORK, work.sum() / LEAST_BLOCKS))])


def count_items(
    step: Step,
    number: int,
    first: int,
    last: int,
    n: int,
    contexts: Step,
    parts: int,
    min_count: int,
    top_k: int | None,
) -> None:
    """Write the counts of a block of items."""
    found = count_block(
        (read_part(contexts, part) for part in range(parts)), first, last, n, min_count=min_count, top_k=top_k
    )
    step.write(
        number,
        {
            "first": np.array([first]),
            "lengths": found.lengths,
            "columns": found.columns,
            "counts": found.counts,
            "least": found.least,
            "last": found.last,
        },
    )


def all_kept(step: Step, blocks: int) -> dict[str, NDArray[Any]]:
    """Return what every item keeps: `least` (n,) and `last` (n,)."""
    found = [step.read(number) for number in range(blocks)]
    return {name: np.concatenate([one[name] for one in found]) for name in ("least", "last")}


def weigh_items(
    step: Step, number: int, counts: Step, kept: Step, totals: Step, n_contexts: int, shift: float
) -> None:
    """Write the PPMI of a block of items."""
    found = {name: np.array(array) for name, array in counts.read(number).items()}
    block = CountedBlock(
        int(found["first"][0]), *(found[k] for k in ("lengths", "columns", "counts", "least", "last"))
    )
    bar, c = kept.read(0), totals.read(0)["smoothed"]
    weighed = weigh_block(
        block, np.asarray(bar["least"]), np.asarray(bar["last"]), np.asarray(c), n_contexts, shift
    )
    step.write(
        number,
        {
            "first": found["first"],
            "lengths": weighed.lengths,
            "columns": weighed.columns,
            "weights": weighed.weights,
        },
    )


def rows_of_items(step: Step, blocks: int) -> dict[str, NDArray[Any]]:
    """Return the `items` (k,) that have an entry, the `row` (n,) of each item, and `starts` (k + 1,) of the rows' entries."""
    lengths = np.concatenate([np.asarray(step.read(number)["lengths"]) for number in range(blocks)])
    held = lengths > 0
    items = np.flatnonzero(held)
    row = (np.cumsum(held) - 1).astype(np.int32)
    return {"items": items, "row": row, "starts": np.concatenate([[0], np.cumsum(lengths[items])])}


def slices_of_rows(starts: NDArray[np.int64], part_rows: int, budget: int) -> list[tuple[int, int, int]]:
    """Return (part, first row, last row) of the slices of the matrix: parts of rows, divided where they do not fit.

    >>> slices_of_rows(np.array([0, 10, 20, 30]), 2, 10 * REGROUPED)
    [(0, 0, 1), (0, 1, 2), (1, 2, 3)]
    """
    found = []
    for part, low in enumerate(range(0, len(starts) - 1, part_rows)):
        lengths = np.diff(starts[low : low + part_rows + 1]).astype(np.float64)
        bounds = low + block_bounds([(lengths, budget / REGROUPED)])
        found += [(part, int(a), int(b)) for a, b in itertools.pairwise(bounds)]
    return found


def regroup_rows(
    step: Step,
    number: int,
    part_first: int,
    first: int,
    last: int,
    rows: Step,
    ppmi: Step,
    bounds: Sequence[int],
    shift: int,
    dtype: str,
) -> None:
    """Write the rows `first` to `last` of PPMI, which lie in the part that begins at row `part_first`."""
    about = rows.read(0)
    items = (int(about["items"][first]), int(about["items"][last - 1]) + 1)
    lengths, columns, weights = [], [], []
    for block in range(len(bounds) - 1):
        low, high = max(bounds[block], items[0]), min(bounds[block + 1], items[1])
        if low < high:
            found = ppmi.read(block)
            ends = np.concatenate([[0], np.cumsum(found["lengths"])])
            some = slice(int(ends[low - bounds[block]]), int(ends[high - bounds[block]]))
            of_rows = found["lengths"][low - bounds[block] : high - bounds[block]]
            lengths.append(of_rows[of_rows > 0])
            columns.append(about["row"][found["columns"][some]])
            weights.append(found["weights"][some].astype(dtype))
    made = slice_of(
        first - part_first,
        np.concatenate(lengths),
        np.concatenate(columns),
        np.concatenate(weights),
        len(about["items"]),
        shift,
    )
    step.write(
        number,
        {
            "first": np.array([made.first]),
            "ends": made.ends,
            "rows": made.rows,
            "within": made.within,
            "weights": made.weights,
        },
    )


def read_slice(step: Step, number: int) -> Slice:
    """Return some rows of the matrix, mapped."""
    found = step.read(number)
    return Slice(
        int(found["first"][0]), np.array(found["ends"]), *(found[k] for k in ("rows", "within", "weights"))
    )


def join_rows(step: Step, number: int, rows: Step, ppmi: Step, blocks: int) -> None:
    """Write the connected component of each row; memory is 12 bytes for each and one block."""
    row = rows.read(0)["row"]

    def met() -> Iterator[tuple[int, NDArray[np.int64], NDArray[np.int32]]]:
        first = 0
        for block in range(blocks):
            found = ppmi.read(block)
            lengths = np.array(found["lengths"])
            lengths = lengths[lengths > 0]
            yield first, lengths, row[found["columns"]]
            first += len(lengths)

    count, component = components_of_blocks(met(), len(rows.read(0)["items"]))
    step.write(number, {"count": np.array([count]), "component": component})
