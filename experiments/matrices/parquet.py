"""Parquet, read in batches: each row is a pair (context, item, perhaps a time).

Pairs are read by columns; a file in which a value is missing, or is no time, is read again row by row, to name or skip it. Pages
are compared with their checksums where the file has some. Texts that repeat stay numbers into a list of the different ones, so
that a small file cannot ask for much memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from experiments.matrices.arrow_times import (
    Day,
    days_of_arrow,
    instants_in_days,
    is_instant,
    is_text,
    is_without_unit,
)
from experiments.matrices.clocks import FIRST, LAST, Clock, NotATime
from experiments.matrices.collecting import PairCollector
from experiments.matrices.column_names import Taken, known_columns, named_columns
from experiments.matrices.columns import add_pairs, by_columns, names_and_codes
from experiments.matrices.formats import Reading
from experiments.matrices.limits import require_regular, require_unpacked
from experiments.matrices.reading import BadInput, BadRows, shown
from experiments.matrices.real_matrix import RealMatrix
from simulate.optional import require_extra

BATCH = 1 << 16
ROWS = 1 << 20  # of columns
PAIR = 16  # bytes that a pair takes while it is collected
# what a program that makes text of a missing value writes; typed files need none of the other words for it
MADE_OF_NOTHING = frozenset({"nan", "None", "NaT", "<NA>"})


def read_parquet(path: Path, options: Reading) -> RealMatrix:
    """Return the interactions of a Parquet file of pairs; `columns` name context, item and perhaps time.

    Raises
    ------
    BadInput
        for a file that is not Parquet, cut short or damaged, one that unpacks to more than it may, an unknown or unclear
        column, a missing value or one that is no time (its row is named).
    """
    file = _open(path)
    taken = _taken(path, file.schema_arrow, options).with_unit(options.time_unit)
    if options.time_unit:
        kind = file.schema_arrow.field(taken.places[2]).type
        if not is_without_unit(kind):
            raise ValueError(
                f"{path}: time_unit applies to numbers; the column {taken.names[2]} holds {kind}"
            )
    bad = BadRows(options.skip_bad_rows)
    notes: tuple[str, ...] = ()
    try:
        collector, clock = _collected(path, file, taken, options, bad)
    except NotATime as error:
        # nobody asked for times: the pairs are read without them, which is told
        notes = (f"{taken.names[2]} was not read as times: {error}",)
        taken, bad = taken.without_times(), BadRows(options.skip_bad_rows)
        collector, clock = _collected(path, file, taken, options, bad)
    notes = (taken.note(clock.described()), *bad.notes(), *notes, *collector.plain_ids())
    return collector.finish(path.name, notes=notes)


def _taken(path: Path, schema: Any, options: Reading) -> Taken:
    import pyarrow.types as kinds

    names: list[str] = schema.names
    if options.columns is not None:
        taken = named_columns(path, names, options.columns)
    else:
        # columns of lists and records hold no ids
        plain = [field.name for field in schema if not kinds.is_nested(field.type)]
        try:
            found = known_columns(path, plain)
        except BadInput:
            if not any(_is_vector(field.type) for field in schema):
                raise
            found_instead = "vectors (spk reads those)"
            raise BadInput(path, "pairs of context and item", found_instead) from None
        taken = replace(found, places=tuple(names.index(plain[k]) for k in found.places))
    for place in taken.places:
        if kinds.is_nested(kind := schema.field(place).type):
            vectors = ", vectors (spk reads those)" if _is_vector(kind) else ""
            raise BadInput(
                path, "columns of names, numbers and times", f"{kind}{vectors}", column=names[place]
            )
    return taken


def _collected(
    path: Path, file: Any, taken: Taken, options: Reading, bad: BadRows
) -> tuple[PairCollector, Clock]:
    names = [file.schema_arrow.names[place] for place in taken.places]
    _require_bounded(path, file)

    def clock() -> Clock:
        return Clock(options.time_unit, options.time_unit is not None)

    found = by_columns(lambda: _by_columns(path, names, clock()))
    return found or _by_rows(path, names, taken.times_asked, bad, clock())


def _require_bounded(path: Path, file: Any) -> None:
    """Compare what the columns hold when unpacked, and what the pairs take, with the size of the file."""
    require_unpacked(path, max(unpacked_size(file), PAIR * file.metadata.num_rows), path.stat().st_size)


def unpacked_size(file: Any) -> int:
    """Return how many bytes the columns of an open Parquet file say that they hold when unpacked."""
    meta = file.metadata
    # sizes of single columns are not asked for: pyarrow 25 ends the process where their statistics are damaged
    return sum(meta.row_group(group).total_byte_size for group in range(meta.num_row_groups))


def _batches(path: Path, names: list[str], rows: int) -> Iterator[list[Any]]:
    """Yield the wanted columns of some rows at a time; texts stay numbers into a list of the different ones."""
    import pyarrow as pa

    try:
        for batch in _open(path, names).iter_batches(batch_size=rows, columns=names):
            yield [batch.column(batch.schema.get_field_index(name)) for name in names]
    except (pa.ArrowException, OSError) as error:
        raise damaged(path, error) from None


def damaged(path: Path, error: Exception) -> BadInput:
    """Return the error of a Parquet file whose content cannot be read."""
    return BadInput(path, "a sound Parquet file", f"a damaged one: {shown(error, 200)}")


def _by_columns(path: Path, names: list[str], clock: Clock) -> tuple[PairCollector, Clock]:
    collector = PairCollector()
    for columns in _batches(path, names, ROWS):
        add_pairs(collector, columns, _name, lambda column: days_of_arrow(column, clock))
    return collector, clock


def _by_rows(
    path: Path, names: list[str], asked: bool, bad: BadRows, clock: Clock
) -> tuple[PairCollector, Clock]:
    import pyarrow as pa

    collector, row = PairCollector(), 0
    for columns in _batches(path, names, BATCH):
        try:
            listed = [_values(column) for column in columns]
        except (pa.ArrowException, UnicodeDecodeError) as error:
            raise damaged(path, error) from None
        for values in zip(*listed, strict=True):
            row += 1
            try:
                pair = [_require_name(path, row, names[k], values[k]) for k in (0, 1)]
                time = _time(path, row, names[2], values[2], clock, asked) if len(values) == 3 else None
                collector.add(pair[0], pair[1], time)
            except BadInput as error:
                bad.meet(error)
    return collector, clock


def _values(column: Any) -> list[Any]:
    """Return the values of a column as Python has them, None where there is none; a text that is repeated is kept once."""
    import pyarrow.types as kinds

    if kinds.is_dictionary(column.type) or is_text(column.type):
        present, codes = names_and_codes(column.drop_null())
        texts = iter(codes.tolist())
        return [present[next(texts)] if valid else None for valid in column.is_valid().to_pylist()]
    if is_instant(column.type):
        days = instants_in_days(column)
        return [Day(value) if valid else None for value, valid in zip(days, column.is_valid().to_pylist())]
    listed: list[Any] = column.to_pylist()
    return listed


def _name(value: Any) -> str | None:
    """Return the name that a value is, without blanks around it; None where it is missing or no text."""
    if isinstance(value, bytes):
        try:
            value = value.decode("utf-8")
        except UnicodeDecodeError:
            return None
    if value is None or value != value:
        return None
    name = str(value).strip()
    return None if not name or name in MADE_OF_NOTHING else name


def _require_name(path: Path, row: int, column: str, value: Any) -> str:
    name = _name(value)
    if name is None:
        found = "none" if value is None else shown(value)
        expected = "text in UTF-8" if isinstance(value, bytes) else "a value"
        raise BadInput(path, expected, found, line=row, column=column)
    return name


def _time(path: Path, row: int, column: str, value: Any, clock: Clock, asked: bool) -> float:
    try:
        if isinstance(value, Day):
            clock.unit = "timestamps"
            if FIRST <= value <= LAST:
                return float(value)
            raise NotATime("a time from the year 1 to 9999")
        if isinstance(value, bool) or value is None:
            raise NotATime("a time, a number or a date")
        return clock.day(_name(value) or "")
    except NotATime as error:
        found = "none" if value is None else shown(value)
        refused = BadInput(path, str(error), found, line=row, column=column)
        if asked:
            raise refused from None
        raise NotATime(str(refused)) from None


def _open(path: Path, texts: Sequence[str] = ()) -> Any:
    """Open a file whose pages are compared with their checksums, where it has some; `texts` are read as dictionaries."""
    require_extra("parquet", "reading Parquet")
    import pyarrow as pa
    import pyarrow.parquet as pq

    require_regular(path)
    try:
        return pq.ParquetFile(path, read_dictionary=list(texts), page_checksum_verification=True)
    except (pa.ArrowException, OSError) as error:
        if isinstance(error, OSError) and error.errno:
            raise
        raise BadInput(path, "a whole Parquet file", shown(error, 200)) from None


def _is_vector(kind: Any) -> bool:
    import pyarrow.types as kinds

    return bool(kinds.is_list(kind) or kinds.is_large_list(kind) or kinds.is_fixed_size_list(kind))
