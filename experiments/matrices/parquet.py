"""Parquet, read in batches: each row is a pair (context, item, perhaps a time), or an item's name and vector.

Pairs are read by columns; a file in which a value is missing, or is no time, is read again row by row, to name or skip it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.matrices.collecting import PairCollector, object_names
from experiments.matrices.columns import NotByColumns, by_columns, names_and_codes
from experiments.matrices.formats import Reading
from experiments.matrices.reading import BadInput, BadRows, shown
from experiments.matrices.real_matrix import RealMatrix
from simulate.optional import require_extra
from simulate.validation import did_you_mean

BATCH = 1 << 16
ROWS = 1 << 20  # of columns


@dataclass(frozen=True, eq=False)
class NamedVectors:
    """`items` (n,) names, and `vectors` (n, f), a row each."""

    items: NDArray[np.object_]
    vectors: NDArray[np.float64]


def read_parquet(path: Path, options: Reading) -> RealMatrix:
    """Return the interactions of a Parquet file of pairs; `columns` name context, item and perhaps time.

    Raises
    ------
    BadInput
        for a file that is not Parquet or cut short, an unknown column, or a missing value (its row is named).
    """
    file = _open(path)
    names: list[str] = file.schema_arrow.names
    columns = list(options.columns) if options.columns else names[:2]
    for column in columns:
        if column not in names:
            expected = f"a column {column!r}{did_you_mean(column, names)}"
            raise BadInput(path, expected, f"columns {', '.join(names[:20])}")
    if len(columns) not in (2, 3):
        raise BadInput(path, "columns of context and item, and perhaps time", f"columns {', '.join(columns)}")
    if any(_is_vector(file.schema_arrow.field(column).type) for column in columns):
        raise BadInput(path, "pairs of context and item", "vectors; read_embeddings reads those")
    bad = BadRows(options.skip_bad_rows)
    collector = by_columns(lambda: _by_columns(file, columns))
    if collector is None:
        collector = _by_rows(path, file, columns, bad)
    return collector.finish(path.name, notes=bad.notes())


def _by_columns(file: Any, wanted: list[str]) -> PairCollector:
    collector = PairCollector()
    for batch in file.iter_batches(batch_size=ROWS, columns=wanted):
        columns = [batch.column(batch.schema.get_field_index(name)) for name in wanted]
        sides = []
        for column in columns[:2]:
            values, codes = names_and_codes(column)
            if "" in values:
                raise NotByColumns
            sides.append((list(map(str, values)), codes))
        collector.add_columns(sides[0], sides[1], *map(_days_of, columns[2:]))
    return collector


def _days_of(column: Any) -> NDArray[np.float64]:
    import pyarrow as pa
    import pyarrow.types as kinds

    times: NDArray[np.float64]
    if column.null_count:
        raise NotByColumns
    if kinds.is_integer(column.type) or kinds.is_floating(column.type):
        times = column.to_numpy(zero_copy_only=False).astype(np.float64)
    elif kinds.is_date32(column.type):
        times = column.cast(pa.int32()).to_numpy().astype(np.float64)
    else:
        values, codes = names_and_codes(column)
        days = [_days(value) for value in values]
        if None in days:
            raise NotByColumns
        times = np.array(days, dtype=np.float64)[codes]
    if not np.isfinite(times).all():
        raise NotByColumns
    return times


def _by_rows(path: Path, file: Any, columns: list[str], bad: BadRows) -> PairCollector:
    collector, row = PairCollector(), 0
    for batch in file.iter_batches(batch_size=BATCH, columns=columns):
        for values in zip(
            *(batch.column(batch.schema.get_field_index(c)).to_pylist() for c in columns), strict=True
        ):
            row += 1
            missing = [c for c, value in zip(columns, values, strict=True) if value is None or value == ""]
            if missing:
                bad.meet(BadInput(path, "a value", "none", line=row, column=missing[0]))
                continue
            collector.add(
                str(values[0]), str(values[1]), *(_time(path, row, columns[2], v) for v in values[2:])
            )
    return collector


def holds_vectors(path: Path) -> bool:
    """Whether a Parquet file has a column of vectors, as an embedding does."""
    return any(_is_vector(field.type) for field in _open(path).schema_arrow)


def read_embeddings(path: Path) -> NamedVectors:
    """Return named vectors: one column of names, and either one column of lists or several of numbers.

    Raises
    ------
    BadInput
        for no column of vectors, vectors of unequal length, or entries that are missing or not finite.
    """
    file = _open(path)
    import pyarrow.types as kinds

    schema = file.schema_arrow
    lists = [field.name for field in schema if _is_vector(field.type)]
    numbers = [field.name for field in schema if kinds.is_floating(field.type)]
    texts = [field.name for field in schema if field.name not in {*lists, *numbers}]
    if len(lists) > 1 or not (lists or numbers):
        found = f"columns {', '.join(schema.names[:20])}"
        raise BadInput(path, "one column of vectors, or columns of numbers", found)
    names: list[Any] = []
    parts: list[NDArray[np.float64]] = []
    for batch in file.iter_batches(batch_size=BATCH):
        start = len(names)
        names += batch.column(texts[0]).to_pylist() if texts else range(start, start + batch.num_rows)
        if lists:
            rows = batch.column(lists[0]).to_pylist()
        else:
            rows = list(zip(*(batch.column(name).to_pylist() for name in numbers), strict=True))
        width = parts[0].shape[1] if parts else len(rows[0] or ())
        for k, row in enumerate(rows):
            if row is None or len(row) != width or not np.isfinite(np.array(row, dtype=np.float64)).all():
                expected = f"{width} finite numbers"
                raise BadInput(path, expected, shown(row), line=start + k + 1, column=(lists or numbers)[0])
        parts.append(np.array(rows, dtype=np.float64).reshape(len(rows), width))
    if not parts:
        raise BadInput(path, "at least one vector", "none")
    return NamedVectors(object_names(map(str, names)), np.concatenate(parts))


def _open(path: Path) -> Any:
    require_extra("parquet", "reading Parquet")
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.ParquetFile(path)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise BadInput(path, "a whole Parquet file", str(error)) from None


def _is_vector(kind: Any) -> bool:
    import pyarrow.types as kinds

    return bool(kinds.is_list(kind) or kinds.is_large_list(kind) or kinds.is_fixed_size_list(kind))


def _time(path: Path, row: int, column: str, value: Any) -> float:
    time = _days(value)
    if time is None:
        raise BadInput(path, "a time, a number or a date", shown(value), line=row, column=column)
    return time


def _days(value: Any) -> float | None:
    if isinstance(value, int | float) and np.isfinite(value):
        return float(value)
    if hasattr(value, "isoformat"):
        return float(np.datetime64(value.isoformat()[:10], "D").astype(np.int64))
    return None
