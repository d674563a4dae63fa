"""Vectors with their names, as every reader of embeddings returns them, and the one finishing step that checks them.

All formats end here: rows of real numbers, at least two of them, every one finite; one name per row, or none. A row that
holds NaN or infinity is refused by its place, or skipped and counted where the caller asks for that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.matrices.collecting import object_names
from experiments.matrices.reading import BadInput, require_encoding, shown
from simulate.pages import PagesInUse, forget_pages, is_mapped, parts_of, scratch_rows

BLOCK = 1 << 16  # rows that are checked at a time
LARGE = 1 << 30  # bytes of a mapped file, from which on it is not copied into memory


@dataclass(frozen=True)
class VectorReading:
    """How vectors are read.

    `name_column` is the column, or the array, of names; `vector_columns` the columns of numbers, or the array. `separator`,
    `header` and `encoding` are those of text. `skip_bad_rows` skips, counts and reports rows that are no vector.
    """

    name_column: str | None = None
    vector_columns: tuple[str, ...] | None = None
    separator: str | None = None
    header: bool = True
    encoding: str = "utf-8"
    skip_bad_rows: bool = False
    unpack_limit: int | None = None

    def __post_init__(self) -> None:
        require_encoding(self.encoding)


@dataclass(frozen=True, eq=False)
class NamedVectors:
    """`vectors` (n, f), one row per item; `items` (n,) names, or None where the file has none; `notes` say what was taken."""

    vectors: NDArray[Any]
    items: NDArray[np.object_] | None = None
    notes: tuple[str, ...] = ()


def finished(
    path: Path,
    vectors: NDArray[Any],
    names: Sequence[Any] | None,
    notes: tuple[str, ...],
    options: VectorReading,
) -> NamedVectors:
    """Return vectors (n, f) with their names once everything about them is checked.

    Raises
    ------
    BadInput
        for anything but a matrix of at least two rows of finite real numbers, or names of another number.

    Examples
    --------
    >>> finished(Path("x.npy"), np.eye(2), [1, b"two"], (), VectorReading()).items.tolist()
    ['1', 'two']
    """
    if vectors.ndim != 2 or vectors.dtype.kind not in "biuf" or not vectors.shape[1]:
        found = f"{vectors.dtype} of shape {vectors.shape}"
        raise BadInput(path, "a matrix of real numbers, one row per item", found)
    if names is not None and len(names) != len(vectors):
        raise BadInput(path, f"a name for each of {len(vectors):,} vectors", f"{len(names):,} names")
    items = None if names is None else object_names(map(name_of, names))
    bad = _rows_not_finite(vectors)
    if bad.size and not options.skip_bad_rows:
        row = int(bad[0])
        column = int(np.argmin(np.isfinite(vectors[row])))
        of = "" if items is None else f", the vector of {shown(items[row])}"
        found = f"{vectors[row, column]} in row {row + 1:,}, column {column + 1:,}{of}"
        raise BadInput(path, "finite numbers (--skip-bad-rows leaves such rows out)", found)
    if bad.size:
        vectors = _without(vectors, bad)
        items = None if items is None else np.delete(items, bad)
        notes = (
            *notes,
            f"{bad.size:,} rows skipped that hold NaN or infinity, the first of them row {int(bad[0]) + 1:,}",
        )
    if len(vectors) < 2:
        raise BadInput(path, "an embedding of at least 2 rows", f"{len(vectors)} row(s)")
    if items is not None and (repeated := len(items) - len(set(items))):
        notes = (*notes, f"{repeated:,} of {len(items):,} names occur again; each row counts")
    return NamedVectors(vectors, items, notes)


def name_of(value: Any) -> str:
    """Return an identifier as text: bytes are UTF-8, and whole numbers have no decimals.

    >>> name_of(b"a"), name_of(np.float64(7.0)), name_of(7), name_of("07")
    ('a', '7', '7', '07')
    """
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value)


def _without(vectors: NDArray[Any], bad: NDArray[np.int64]) -> NDArray[Any]:
    """The other rows; of a mapped file that is large, in a temporary file."""
    if not is_mapped(vectors) or vectors.nbytes <= LARGE:
        return np.delete(vectors, bad, axis=0)
    kept = scratch_rows((len(vectors) - bad.size, *vectors.shape[1:]), vectors.dtype)
    filled = 0
    for part in parts_of(vectors):
        places = np.arange(*part.indices(len(vectors)))
        rows = vectors[part][~np.isin(places, bad)]
        kept[filled : filled + len(rows)] = rows
        filled += len(rows)
        forget_pages(kept)
    return kept


def _rows_not_finite(vectors: NDArray[Any]) -> NDArray[np.int64]:
    """The rows that hold NaN or infinity, found without a mask of the array's size."""
    if vectors.dtype.kind != "f":
        return np.empty(0, dtype=np.int64)
    found, pages = [np.empty(0, dtype=np.int64)], PagesInUse(vectors)
    for start in range(0, len(vectors), BLOCK):
        found.append(start + np.flatnonzero(~np.isfinite(vectors[start : start + BLOCK]).all(axis=1)))
        pages.used(BLOCK)
    return np.concatenate(found)
