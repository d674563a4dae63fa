"""Vectors in Parquet and Feather: a column of lists, or columns of numbers, and a column of names; read in batches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.matrices.limits import require_regular
from experiments.matrices.named_vectors import NamedVectors, VectorReading, finished, name_of
from experiments.matrices.reading import BadInput, BadRows, shown
from experiments.matrices.vector_columns import Column, chosen_columns, holds_vectors
from simulate.optional import require_extra

BATCH = 1 << 13  # rows


def read_arrow_vectors(path: Path, options: VectorReading) -> NamedVectors:
    """Return the vectors of a Parquet or Feather file; memory is about twice that of the array.

    Raises
    ------
    BadInput
        for a damaged file, columns that cannot be told or are not there, vectors of unequal length, and missing values.
    ModuleNotFoundError
        without pyarrow (extra `parquet`).
    """
    bad = BadRows(options.skip_bad_rows)
    names: list[str] = []
    whole: NDArray[Any] | None = None
    filled = read = 0
    with opened(path) as (schema, rows, batches):
        columns = columns_of(schema)
        chosen = chosen_columns(path, columns, options)
        named = [] if chosen.names is None else [chosen.names]
        for batch in batches([columns[place].name for place in (*chosen.vectors, *named)]):
            width = None if whole is None else whole.shape[1]
            vectors, keep = vectors_of(path, batch, len(chosen.vectors), read, width, bad)
            if whole is None:
                whole = _room(path, rows, vectors)
            if vectors.dtype != whole.dtype:  # whole numbers without and with gaps, say
                whole = whole.astype(np.result_type(whole, vectors))
            whole[filled : filled + len(vectors)] = vectors
            filled += len(vectors)
            if named:
                values = batch.column(batch.num_columns - 1).to_pylist()
                names += [name_of(value) for value, kept in zip(values, keep) if kept]
            read += batch.num_rows
    if whole is None:
        raise BadInput(path, "at least one vector", "none")
    return finished(path, whole[:filled], names if named else None, (chosen.note, *bad.notes()), options)


def _room(path: Path, rows: int, vectors: NDArray[Any]) -> NDArray[Any]:
    """An array for all rows; of what a damaged header may declare, only the part that is filled takes memory."""
    try:
        return np.empty((rows, vectors.shape[1]), dtype=vectors.dtype)
    except (MemoryError, ValueError):
        raise BadInput(path, "vectors that fit into memory", f"{rows:,} rows declared") from None


def text_columns_of_arrow(path: Path) -> dict[str, list[str]]:
    """Return the columns of a Parquet or Feather file that are text or numbers, by name, as text; what is missing is empty.

    Raises
    ------
    BadInput
        for a damaged file.
    ModuleNotFoundError
        without pyarrow (extra `parquet`).
    """
    with opened(path) as (schema, _, batches):
        names = [column.name for column in columns_of(schema) if column.kind in ("text", "integer", "number")]
        found: dict[str, list[str]] = {name: [] for name in names}
        for batch in batches(names):
            for name in names:
                values = batch.column(batch.schema.get_field_index(name)).to_pylist()
                found[name] += ["" if value is None or value != value else name_of(value) for value in values]
    return found


def is_arrow_vectors(path: Path, options: VectorReading) -> bool:
    """Whether the columns of a Parquet or Feather file tell that it holds vectors."""
    with opened(path) as (schema, _, _):
        return holds_vectors(columns_of(schema))


@contextmanager
def opened(path: Path) -> Iterator[tuple[Any, int, Any]]:
    """Give the schema, the number of rows, and a function that yields record batches of some columns."""
    require_extra("parquet", "reading Parquet and Feather")
    require_regular(path)
    import pyarrow as pa
    import pyarrow.feather as feather
    import pyarrow.parquet as pq

    def of_parquet(wanted: list[str]) -> Iterator[Any]:
        for batch in file.iter_batches(batch_size=BATCH, columns=wanted):
            yield batch.select(wanted)

    def of_feather(wanted: list[str]) -> Iterator[Any]:
        yield from table.select(wanted).to_batches(max_chunksize=BATCH)

    try:
        if path.suffix.lower() in (".parquet", ".pq"):
            with pq.ParquetFile(path, page_checksum_verification=True, pre_buffer=False) as file:
                yield file.schema_arrow, file.metadata.num_rows, of_parquet
        else:
            table = feather.read_table(path, memory_map=True)
            table.validate()
            yield table.schema, table.num_rows, of_feather
    except (pa.ArrowException, OSError) as error:
        if isinstance(error, FileNotFoundError | PermissionError):
            raise
        raise BadInput(path, "a whole Parquet or Feather file", shown(str(error), 200)) from None


def columns_of(schema: Any) -> list[Column]:
    """Return the columns of a schema with their kinds."""
    return [Column(field.name, _kind(field.type)) for field in schema]


def _kind(kind: Any) -> str:
    import pyarrow.types as kinds

    if kinds.is_dictionary(kind):
        return _kind(kind.value_type)
    if kinds.is_list(kind) or kinds.is_large_list(kind) or kinds.is_fixed_size_list(kind):
        inner = _kind(kind.value_type)
        return "list" if inner in ("number", "integer") else "other"
    if kinds.is_floating(kind) or kinds.is_decimal(kind):
        return "number"
    if kinds.is_integer(kind):
        return "integer"
    text = (
        kinds.is_string(kind)
        or kinds.is_large_string(kind)
        or kinds.is_binary(kind)
        or kinds.is_large_binary(kind)
    )
    return "text" if text else "other"


def vectors_of(
    path: Path, batch: Any, count: int, before: int, width: int | None, bad: BadRows
) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Return the vectors of a batch without its bad rows, and which rows were kept.

    `count` columns hold them; `before` rows were read before; `width` is that of the rows read before, None for the first ones.
    """
    import pyarrow.types as kinds

    first = batch.column(0)
    name = batch.schema.names[0]
    if not kinds.is_floating(first.type) and _kind(first.type) == "list":
        lengths = (
            np.asarray(first.value_lengths().fill_null(-1))
            if not kinds.is_fixed_size_list(first.type)
            else None
        )
        if lengths is None:
            lengths = np.where(np.asarray(first.is_valid()), first.type.list_size, -1)
        width = int(lengths.max(initial=1)) if width is None else width
        keep = lengths == width
        inner = first.filter(_mask(keep)).flatten()
        missing = np.asarray(inner.is_null())
        vectors = _numbers(inner).reshape(-1, width)
        if missing.any():
            whole = ~missing.reshape(-1, width).any(axis=1)
            keep[np.flatnonzero(keep)[~whole]] = False
            vectors = vectors[whole]
    else:
        width = count
        columns = [batch.column(k) for k in range(count)]
        keep = ~np.logical_or.reduce([np.asarray(column.is_null()) for column in columns])
        vectors = np.column_stack([_numbers(column) for column in columns])[keep]
    for row in np.flatnonzero(~keep)[: 1 if not bad.skip else None]:
        found = shown([batch.column(k)[int(row)].as_py() for k in range(min(count, 5))])
        bad.meet(BadInput(path, f"{width} finite numbers", found, line=before + int(row) + 1, column=name))
    return vectors, keep


def _numbers(column: Any) -> NDArray[Any]:
    import pyarrow as pa
    import pyarrow.types as kinds

    if kinds.is_decimal(column.type):
        column = column.cast(pa.float64())
    if column.null_count and kinds.is_integer(column.type):
        column = column.fill_null(0)  # such rows are left out by the caller
    return np.asarray(column.to_numpy(zero_copy_only=False))


def _mask(keep: NDArray[np.bool_]) -> Any:
    import pyarrow as pa

    return pa.array(keep)
