"""The first steps of a large analysis: which items a log has, and its pairs in parts by their contexts.

| step | task | its file |
|---|---|---|
| items | a piece of the log | the different items in it |
| split | a piece of the log | its pairs, grouped by the part that their context lies in |
| contexts | a part of the contexts | its pairs from all pieces, each once, by context and by item (`theory.analysis.blocks`) |
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.large.log_pieces import Piece, pairs_of
from experiments.large.steps import Step
from theory.analysis.blocks.contexts import ContextPart, context_part, of_each_item, part_of

MOST_ITEMS = 2**31 - 2


def find_items(step: Step, number: int, piece: Piece) -> None:
    """Write the different items of a piece."""
    step.write(number, {"items": np.unique(pairs_of(piece)[1])})


def all_items(step: Step, pieces: int) -> NDArray[np.int64]:
    """Return the different items (n,) of all pieces, sorted; memory is twice theirs.

    Raises
    ------
    ValueError
        for more items than 32 bits can number.
    """
    found = np.zeros(0, np.int64)
    for number in range(pieces):
        found = np.union1d(found, step.read(number)["items"])
    if found.size > MOST_ITEMS:
        raise ValueError(f"the log must have at most {MOST_ITEMS:,} items; it has {found.size:,}")
    return found


def split_piece(step: Step, number: int, piece: Piece, items: Step, parts: int) -> None:
    """Write the pairs of a piece, items as their places among all, grouped by the part of their context."""
    contexts, found = pairs_of(piece)
    places = np.searchsorted(items.read(0)["items"], found).astype(np.int32)
    part = part_of(contexts, parts)
    order = np.argsort(part, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(part, minlength=parts))])
    step.write(number, {"starts": starts, "contexts": contexts[order], "items": places[order]})


def gather_part(step: Step, number: int, split: Step, pieces: int, n_items: int) -> None:
    """Write the pairs of a part of the contexts, and of each item in it how often it occurs, and beside how many."""
    contexts, items = [], []
    for k in range(pieces):
        found = split.read(k)
        some = slice(int(found["starts"][number]), int(found["starts"][number + 1]))
        contexts.append(np.array(found["contexts"][some]))
        items.append(np.array(found["items"][some]))
    part = context_part(np.concatenate(contexts), np.concatenate(items), n_items)
    here, occurrences, others = of_each_item(part)
    step.write(number, part.arrays() | {"here": here, "occurrences": occurrences, "others": others})


def read_part(step: Step, number: int) -> ContextPart:
    """Return a part of the contexts, mapped."""
    found = step.read(number)
    return ContextPart(found["starts"], found["items"], found["ordered"], found["places"])


def totals(step: Step, parts: int, n_items: int) -> dict[str, NDArray[Any]]:
    """Return over all parts the `occurrences` (n,) of each item, the `others` (n,) beside it, and the `contexts` (1,)."""
    occurrences, others, contexts = np.zeros(n_items), np.zeros(n_items), 0
    for number in range(parts):
        found = step.read(number)
        occurrences[found["here"]] += found["occurrences"]
        others[found["here"]] += found["others"]
        contexts += len(found["starts"]) - 1
    return {"occurrences": occurrences, "others": others, "contexts": np.array([contexts])}


def parts_for(pieces: Sequence[Piece], bytes_of_row: int, budget: int, most: int) -> int:
    """Return in how many parts the contexts are, so that the pairs of each fit into the budget.

    >>> parts_for([Piece("a", (0,), ("c", "i"), 1000)], 64, 32_000, 9)
    2
    """
    return min(most, max(1, -(-sum(piece.rows for piece in pieces) * bytes_of_row // budget)))
