"""A log in Parquet, one file or a folder of shards, in pieces of row groups: which are there, and the pairs of one.

Two columns of whole numbers of at least 0 say which context holds which item. They are those whose names say so, as everywhere
(`matrices.column_names`), or those that the caller names. Files are taken in the order of their names; other files in the folder
are left alone. The log is known by the hash of its files' content.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.matrices.bad_input import BadInput
from experiments.matrices.column_names import known_columns, named_columns
from experiments.matrices.limits import require_regular
from experiments.matrices.parquet import damaged
from simulate.optional import require_extra

BYTES_OF_ROW = 64  # while a piece is read and sorted
BATCH = 1 << 20
SUFFIX = ".parquet"


@dataclass(frozen=True)
class Piece:
    """Some consecutive row groups of a file, and the names of its columns of contexts and items."""

    path: str
    groups: tuple[int, ...]
    columns: tuple[str, str]
    rows: int


def log_files(log: Path) -> list[Path]:
    """Return the Parquet files of a log, given one or a folder of them, by name.

    Raises
    ------
    BadInput
        where there is none.
    """
    if not log.is_dir():
        if not log.exists():
            raise BadInput(log, "a Parquet file, or a folder of them", "nothing of that name")
        require_regular(log)
        return [log]
    files = sorted(path for path in log.iterdir() if path.suffix == SUFFIX and path.name[0] not in "._")
    if not files:
        raise BadInput(log, "a folder of Parquet files (*.parquet)", "no file of that ending in it")
    for path in files:
        require_regular(path)
    return files


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def pieces_of(files: Sequence[Path], columns: tuple[str, ...] | None, budget: int) -> list[Piece]:
    """Return the pieces of a log, each of as many row groups as `budget` bytes hold.

    Raises
    ------
    BadInput
        for a file that is no sound Parquet file, has no clear columns of context and item, columns that are no whole numbers,
        or a row group that does not fit; for a log without rows.
    """
    require_extra("parquet", "reading a log in Parquet")
    most = budget // BYTES_OF_ROW
    found: list[Piece] = []
    for path in files:
        file = _opened(path)
        names = _columns(path, file.schema_arrow, columns)
        groups: list[int] = []
        rows = 0
        for group in range(file.metadata.num_row_groups):
            more = file.metadata.row_group(group).num_rows
            if more > most:
                expected = f"row groups of at most {most:,} rows (--memory allows more)"
                raise BadInput(path, expected, f"{more:,} rows in row group {group}")
            if groups and rows + more > most:
                found.append(Piece(str(path), tuple(groups), names, rows))
                groups, rows = [], 0
            groups.append(group)
            rows += more
        if rows:
            found.append(Piece(str(path), tuple(groups), names, rows))
    if not found:
        raise BadInput(files[0].parent if len(files) > 1 else files[0], "rows of context and item", "no row")
    return found


def pairs_of(piece: Piece) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the contexts and the items (rows,) of a piece.

    Raises
    ------
    BadInput
        for a value that is missing or negative, or a file that is damaged.
    """
    import pyarrow as pa

    path = Path(piece.path)
    found: list[list[NDArray[np.int64]]] = [[], []]
    file = _opened(path)
    try:
        for batch in file.iter_batches(BATCH, row_groups=list(piece.groups), columns=list(piece.columns)):
            for k, name in enumerate(piece.columns):
                found[k].append(_whole(path, batch.column(batch.schema.get_field_index(name)), name))
    except (pa.ArrowException, OSError) as error:
        raise damaged(path, error) from None
    contexts, items = (np.concatenate(some) if some else np.zeros(0, np.int64) for some in found)
    return contexts, items


def _opened(path: Path) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.ParquetFile(path, page_checksum_verification=True)
    except (pa.ArrowException, OSError) as error:
        raise damaged(path, error) from None


def _columns(path: Path, schema: Any, wanted: tuple[str, ...] | None) -> tuple[str, str]:
    """The names of the columns of contexts and items, both of whole numbers."""
    import pyarrow.types as kinds

    names: list[str] = schema.names
    if wanted is not None:
        taken = named_columns(path, names, wanted)
        places = taken.places
    else:
        plain = [field.name for field in schema if not kinds.is_nested(field.type)]
        places = tuple(names.index(plain[k]) for k in known_columns(path, plain).places)
    for place in places[:2]:
        if not kinds.is_integer(kind := schema.field(place).type):
            raise BadInput(path, "whole numbers", str(kind), column=names[place])
    return names[places[0]], names[places[1]]


def _whole(path: Path, column: Any, name: str) -> NDArray[np.int64]:
    """A column as whole numbers from 0 on."""
    if column.null_count:
        raise BadInput(path, "a number in every row", f"{column.null_count:,} missing", column=name)
    found = np.asarray(column)
    if found.size and (int(found.min()) < 0 or int(found.max()) >= 2**63 - 1):
        wrong = int(found.min()) if int(found.min()) < 0 else int(found.max())
        raise BadInput(path, "numbers from 0 to 2^63 - 2", str(wrong), column=name)
    return found.astype(np.int64, copy=False)
