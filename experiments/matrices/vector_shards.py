"""Vectors in shards: a folder of Parquet files, as Spark, Dask and pandas write them, read one after the other by name.

The files `*.parquet` and `*.pq` of the folder are taken in the order of their names; names that begin with a dot or an
underscore, such as `_SUCCESS`, are left out, and so is everything else, which is said. All of them have the same columns of
vectors, of the same number of dimensions, and the same column of names or none. What is read goes into one temporary file, which
is mapped, so that memory holds a batch of rows and the names; the file is gone with the process, however that ends.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from experiments.matrices.limits import require_unpacked
from experiments.matrices.named_vectors import NamedVectors, VectorReading, finished, name_of
from experiments.matrices.parquet import unpacked_size
from experiments.matrices.reading import BadInput, BadRows, shown
from experiments.matrices.vector_columns import chosen_columns
from experiments.matrices.vectors_archives import MAPPED
from experiments.matrices.vectors_arrow import columns_of, is_arrow_vectors, opened, vectors_of
from simulate.optional import require_extra

ENDINGS = (".parquet", ".pq")


@dataclass(frozen=True)
class _Taken:
    """The columns of vectors and of names of a shard, by name, the type of its numbers, and a note on which were taken."""

    vectors: tuple[str, ...]
    names: str | None
    dtype: np.dtype[Any]
    note: str


def read_vector_shards(path: Path, options: VectorReading) -> NamedVectors:
    """Return the vectors of all shards of a folder, one shard after the other by name.

    Raises
    ------
    BadInput
        for a folder without shards, and a shard that is damaged, lacks a column, has vectors of other dimensions than the first,
        or a row that is no vector; the shard is named.
    ModuleNotFoundError
        without pyarrow (extra `parquet`).
    OSError
        if the folder for temporary files has no room for the vectors.
    """
    shards = shards_of(path)
    if not shards:
        raise BadInput(path, "a folder of Parquet files", _listed([file.name for file in path.iterdir()]))
    require_extra("parquet", "reading vectors in shards")
    taken = {shard: one for shard in shards if (one := _taken(shard, options)) is not None}
    if not taken:
        raise BadInput(path, "at least one vector", f"{len(shards):,} shards without a row")
    first, wanted = next(iter(taken.items()))
    for shard, one in taken.items():
        _require_like(first, wanted, shard, one)
    dtype = np.result_type(*(one.dtype for one in taken.values()))
    bad, names = BadRows(options.skip_bad_rows), list[str]()
    width, filled = None, 0
    with tempfile.TemporaryFile() as file:
        for shard in taken:
            for vectors, some in _read(shard, wanted, width, first, bad):
                _append(file, vectors.astype(dtype, copy=False))
                width, filled = vectors.shape[1], filled + len(vectors)
                names += some
        if width is None or not filled:
            raise BadInput(path, "at least one vector", f"{len(shards):,} shards of rows that are none")
        file.flush()
        whole: NDArray[Any] = np.memmap(file, dtype, "r", shape=(filled, width))
    if whole.nbytes <= MAPPED:
        whole = np.array(whole)
    notes = (_about(path, shards), wanted.note, *bad.notes())
    return finished(path, whole, None if wanted.names is None else names, notes, options)


def shards_of(path: Path) -> list[Path]:
    """Return the Parquet files of a folder by name, without those whose name begins with a dot or an underscore."""
    return sorted(
        file
        for file in path.iterdir()
        if file.suffix.lower() in ENDINGS and file.name[0] not in "._" and file.is_file()
    )


def is_vector_shards(path: Path) -> bool:
    """Whether the first Parquet file of a folder holds vectors, as its columns tell."""
    shards = shards_of(path)
    return bool(shards) and is_arrow_vectors(shards[0], VectorReading())


def _taken(shard: Path, options: VectorReading) -> _Taken | None:
    """What is taken of a shard; None for one without rows, whose columns may have lost their types."""
    import pyarrow as pa

    with opened(shard) as (schema, rows, _):
        if not rows:
            return None
        columns = columns_of(schema)
        chosen = chosen_columns(shard, columns, options)
        vectors = tuple(columns[place].name for place in chosen.vectors)
        empty = pa.RecordBatch.from_arrays(
            [pa.array([], schema.field(place).type) for place in chosen.vectors], names=list(vectors)
        )
        numbers, _ = vectors_of(shard, empty, len(vectors), 0, None, BadRows(False))
        named = None if chosen.names is None else columns[chosen.names].name
        return _Taken(vectors, named, numbers.dtype, chosen.note)


def _require_like(first: Path, wanted: _Taken, shard: Path, one: _Taken) -> None:
    """Raise `BadInput` for a shard that has other columns than the first."""
    if set(one.vectors) != set(wanted.vectors):
        raise BadInput(shard, f"{_columns(wanted)}, as in {shown(first.name)}", _columns(one))
    if one.names != wanted.names:
        expected = f"names in {shown(wanted.names)}" if wanted.names else "no column of names"
        found = f"names in {shown(one.names)}" if one.names else "no column of names"
        raise BadInput(shard, f"{expected}, as in {shown(first.name)}", found)


def _columns(taken: _Taken) -> str:
    if len(taken.vectors) == 1:
        return f"vectors in the column {shown(taken.vectors[0])}"
    return (
        f"vectors in {len(taken.vectors):,} columns, {shown(taken.vectors[0])} to {shown(taken.vectors[-1])}"
    )


def _read(
    shard: Path, taken: _Taken, width: int | None, first: Path, bad: BadRows
) -> Iterator[tuple[NDArray[Any], list[str]]]:
    """Yield the vectors of a shard, whose rows have `width` numbers where that is known, and their names, in batches."""
    import pyarrow.parquet as pq

    with opened(shard) as (_, _, batches):
        require_unpacked(shard, unpacked_size(pq.ParquetFile(shard)), shard.stat().st_size)
        read = 0
        for batch in batches([*taken.vectors, *([taken.names] if taken.names else [])]):
            own = None if not read else width  # the first rows of a shard say its dimensions
            vectors, keep = vectors_of(shard, batch, len(taken.vectors), read, own, bad)
            if not batch.num_rows:
                continue
            if width is not None and vectors.shape[1] != width:
                expected = f"vectors of {width:,} numbers, as in {shown(first.name)}"
                raise BadInput(shard, expected, f"vectors of {vectors.shape[1]:,}")
            width, read = vectors.shape[1], read + batch.num_rows
            values = batch.column(batch.num_columns - 1).to_pylist() if taken.names else []
            yield vectors, [name_of(value) for value, kept in zip(values, keep) if kept]


def _append(file: IO[bytes], rows: NDArray[Any]) -> None:
    try:
        file.write(np.ascontiguousarray(rows).data)
    except OSError as error:
        raise OSError(
            f"{tempfile.gettempdir()} must have room for the vectors of all shards ({error.strerror}); set TMPDIR to a folder "
            "of a disk that has"
        ) from None


def _about(path: Path, shards: list[Path]) -> str:
    """A note on the shards that were read, in their order, and on what else is in the folder."""
    others = sorted(
        file.name for file in path.iterdir() if file not in shards and not file.name.startswith(("_", "."))
    )
    span = shown(shards[0].name) + (f" to {shown(shards[-1].name)} by name" if len(shards) > 1 else "")
    left = f"; not read: {_listed(others)}" if others else ""
    return f"{len(shards):,} shard{'s' * (len(shards) != 1)}, {span}{left}"


def _listed(names: list[str]) -> str:
    return ", ".join(map(shown, sorted(names)[:5])) + ", ..." * (len(names) > 5) or "no file"
