"""What is done to one part of long vectors that lie in files: products with the matrix, sums over rows, combinations.

A block of at most 16 vectors is a set of files, one for each part of the rows. A task reads what it needs of its own part; only
a product reads the other parts too, one after the other. Nothing is changed in place: what comes out gets a new name, so that a
task can be run again at any time.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.large.array_files import read_arrays, write_arrays
from experiments.large.count_steps import read_slice
from experiments.large.steps import Step
from theory.analysis.blocks.products import add_part

Array = NDArray[Any]
Change = tuple[str, Sequence[str], Array]  # "subtract" blocks times rows, or "multiply" by a square matrix


def place_of(step: Step, name: str, part: int) -> Path:
    """Return the path of a part of a block of vectors."""
    return Path(step.folder) / f"{name}-{part:06d}.arrays"


def read_block(step: Step, name: str, part: int) -> Array:
    """Return a part of a block of vectors (rows, columns), in memory."""
    return np.array(read_arrays(place_of(step, name, part), step.key)["x"])


def write_block(step: Step, name: str, part: int, block: Array, *, lasting: bool = False) -> None:
    """Write a part of a block of vectors."""
    write_arrays(place_of(step, name, part), step.key, {"x": block}, lasting=lasting)


def draw_part(step: Step, name: str, part: int, rows: int, columns: int, seed: int, dtype: str) -> None:
    """Write standard normal numbers, which follow from the seed and the part."""
    drawn = np.random.default_rng([seed, part]).standard_normal((rows, columns))
    write_block(step, name, part, drawn.astype(dtype))


def combine_part(step: Step, blocks: Sequence[str], rows: Array, name: str, part: int) -> NDArray[np.float64]:
    """Write the blocks side by side times `rows`; return the squared length of each column in this part."""
    combined = _times(step, blocks, rows, part)
    write_block(step, name, part, combined)
    return _squares(combined)


def multiply_part(
    step: Step,
    matrix: Step,
    slices: Sequence[int],
    shift: int,
    parts: int,
    part_rows: int,
    given: str,
    divisor: Array | None,
    scale: float,
    added: tuple[str, Any] | None,
    name: str | None,
    part: int,
) -> NDArray[np.float64]:
    """Write scale times A x plus another block times a factor; return the squared length of each column in this part.

    Parameters
    ----------
    slices : numbers of the files with this part's rows of the matrix.
    given : the block x, whose columns are divided by `divisor` where there is one, as are those of the other block.
    added : the other block and its factor, a number or one for each column.
    name : of the result, None where only its length counts.
    """

    def vectors(q: int) -> Array:
        x = read_block(step, given, q)
        return x if divisor is None else x / divisor

    if added is None:
        own = read_arrays(place_of(step, given, part), step.key)["x"]
        y = np.zeros(own.shape, own.dtype)
    else:
        y = read_block(step, added[0], part)
        y *= np.asarray(added[1] if divisor is None else added[1] / divisor, y.dtype)
    pieces = [read_slice(matrix, number) for number in slices]
    add_part(pieces, (vectors(q) for q in range(parts)), part_rows, shift, scale, y)
    if name is not None:
        write_block(step, name, part, y)
    return _squares(y)


def square_part(step: Step, w: str, changes: Sequence[Change], name: str, part: int) -> NDArray[np.float64]:
    """Apply `changes` to block w and write it as `name`; return w' w in float64."""
    found = _changed(step, w, changes, name, part).astype(np.float64, copy=False)
    return np.asarray(found.T @ found)


def sums_part(
    step: Step,
    w: str,
    changes: Sequence[Change],
    name: str,
    blocks: Sequence[str],
    image: str | None,
    part: int,
) -> Array:
    """Apply `changes` to block w and write it as `name`; return the blocks, transposed, times w, or times (w, image)."""
    found = _changed(step, w, changes, name, part)
    if image is not None:
        found = np.hstack([found, read_block(step, image, part)])
    return np.concatenate([read_block(step, block, part).T @ found for block in blocks])


def keep_part(step: Step, w: str, changes: Sequence[Change], name: str, part: int) -> None:
    """Apply `changes` to block w and write it as `name`, to last."""
    found = _apply(step, read_block(step, w, part), changes, part)
    write_block(step, name, part, found, lasting=True)


def restart_part(step: Step, blocks: Sequence[str], best: Array, names: Sequence[str], part: int) -> None:
    """Write the combinations `best` of all blocks but the last as `names`, and the last block after them."""
    inside = [read_block(step, block, part) for block in blocks[:-1]]
    width = inside[0].shape[1]
    for k, name in enumerate(names[:-1]):
        own = np.ascontiguousarray(best[:, k * width : (k + 1) * width])
        made = sum(block @ own[j * width : (j + 1) * width] for j, block in enumerate(inside))
        write_block(step, name, part, np.asarray(made), lasting=True)
    write_block(step, names[-1], part, read_block(step, blocks[-1], part), lasting=True)


def _times(step: Step, blocks: Sequence[str], rows: Array, part: int) -> Array:
    total: Any = 0
    rows = np.ascontiguousarray(rows)  # last bits depend on the layout, which sending changes
    width = len(rows) // len(blocks)
    for k, block in enumerate(blocks):
        total = total + read_block(step, block, part) @ rows[k * width : (k + 1) * width]
    return np.asarray(total)


def _changed(step: Step, w: str, changes: Sequence[Change], name: str, part: int) -> Array:
    found = read_block(step, w, part)
    if changes:
        found = _apply(step, found, changes, part)
        write_block(step, name, part, found)
    return found


def _apply(step: Step, w: Array, changes: Sequence[Change], part: int) -> Array:
    for what, blocks, rows in changes:
        if what == "multiply":
            w = w @ np.ascontiguousarray(rows)
        else:
            w = w - _times(step, blocks, rows, part)
    return w


def _squares(block: Array) -> NDArray[np.float64]:
    wide = block.astype(np.float64, copy=False)
    return np.asarray((wide * wide).sum(axis=0))
