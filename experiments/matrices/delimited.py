"""Pairs in CSV, TSV or any other separator, quoted fields too; one pair per row: context, item, perhaps a time.

The first row names the columns unless told otherwise, and their names say which are taken (`column_names`); every row has as many
fields as the first. A large file is read by columns where its dialect allows, else row by row; only the pairs and one copy of
each name are kept. Identifiers are names: any text, of any size.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path

from experiments.matrices.arrow_times import days_of_texts
from experiments.matrices.clocks import NUMBER, Clock, NotATime
from experiments.matrices.collecting import PairCollector
from experiments.matrices.column_names import Taken, is_known, known_columns, named_columns
from experiments.matrices.columns import (
    add_pairs,
    by_columns,
    columns_of,
    lines_in_single_blanks,
    one_character,
    require_plain_quotes,
    text_blocks,
)
from experiments.matrices.formats import Reading
from experiments.matrices.identifiers import MISSING, missing, note_on_encoding
from experiments.matrices.reading import BadInput, BadRows, shown
from experiments.matrices.real_matrix import RealMatrix
from experiments.matrices.records import Record, records

SEPARATORS = (",", "\t", ";", "|", " ")
FIRST_ROWS = 5  # looked at for a column of row names


@dataclass(frozen=True)
class Layout:
    """Which columns are taken, how many fields a row has, and whether the first row names them."""

    taken: Taken
    width: int
    header: bool
    notes: tuple[str, ...] = ()


def read_delimited(path: Path, options: Reading, separator: str = ",") -> RealMatrix:
    """Return the interactions of a delimited file.

    Raises
    ------
    BadInput
        for an unknown or unclear column, a wrong separator, a missing or unexpected header, a row with another number of fields,
        a missing id, a value that is no time of its column, or text in another encoding; rows can be skipped, the header cannot.
    """
    separator = options.separator or separator
    bad = BadRows(options.skip_bad_rows)
    rows = records(path, options.encoding, separator, bad)
    first = list(islice(rows, 1 + FIRST_ROWS))
    if not first:
        raise BadInput(path, "rows of pairs", "none")
    layout = _layout(path, first, options, separator)
    layout = replace(layout, taken=layout.taken.with_unit(options.time_unit))
    try:
        collector, clock = _collected(path, options, separator, layout, chain(first, rows), bad)
    except NotATime as error:
        # nobody asked for times: the pairs are read without them, which is told
        told = f"{layout.taken.names[2]} was not read as times: {error}"
        layout = replace(layout, taken=layout.taken.without_times(), notes=(*layout.notes, told))
        bad = BadRows(options.skip_bad_rows)
        again = records(path, options.encoding, separator, bad)
        collector, clock = _collected(path, options, separator, layout, again, bad)
    notes = (layout.taken.note(clock.described()), *bad.notes(), *layout.notes)
    notes += _notes_on_header(first[0], layout, collector)
    notes += note_on_encoding(map(str, chain(collector.items, collector.contexts)), options.encoding)
    notes += collector.plain_ids()
    return collector.finish(path.name, notes=notes)


def _notes_on_header(first: Record, layout: Layout, collector: PairCollector) -> tuple[str, ...]:
    """Doubt whether the first row is a header, or none."""
    if layout.header:
        context, item = layout.taken.names[:2]
        if context in collector.contexts and item in collector.items:
            return (
                f"line {first.line} was taken as the header, but its names occur below it too; "
                "if it is a pair, say so (--no-header)",
            )
    elif all(_only_first_is_text(map(str, names)) for names in (collector.contexts, collector.items)):
        return (
            f"line {first.line} is the only row whose ids are no numbers; if it is a header, leave out --no-header",
        )
    return ()


def _only_first_is_text(names: Iterator[str]) -> bool:
    return not NUMBER.fullmatch(next(names, "0")) and all(map(NUMBER.fullmatch, names))


def _collected(
    path: Path, options: Reading, separator: str, layout: Layout, rows: Iterator[Record], bad: BadRows
) -> tuple[PairCollector, Clock]:
    def clock() -> Clock:
        return Clock(options.time_unit, options.time_unit is not None)

    found = by_columns(lambda: _by_columns(path, options, separator, layout, clock()))
    return found or _by_rows(path, layout, rows, bad, clock())


def _by_rows(
    path: Path, layout: Layout, rows: Iterator[Record], bad: BadRows, clock: Clock
) -> tuple[PairCollector, Clock]:
    collector = PairCollector()
    for row in islice(rows, int(layout.header), None):
        try:
            collector.add(*_pair(path, row, layout, clock))
        except BadInput as error:
            bad.meet(error)
    return collector, clock


def _by_columns(
    path: Path, options: Reading, separator: str, layout: Layout, clock: Clock
) -> tuple[PairCollector, Clock]:
    collector, end = PairCollector(), one_character(separator)
    header = layout.header
    for text in text_blocks(path, options.encoding):
        block = lines_in_single_blanks(text) if separator == " " else text
        require_plain_quotes(block, end)
        block = block.lstrip(b"\n")
        if header and block:
            block, header = block.partition(b"\n")[2], False
        columns = columns_of(block, layout.width, layout.taken.places, end)
        add_pairs(collector, columns, _plain_name, lambda column: days_of_texts(column, clock))
    return collector, clock


def _plain_name(text: str) -> str | None:
    """Return the name without blanks around it; None where a row must be looked at to tell whether it is one."""
    name = text.strip()
    return None if not name or name in MISSING else name


def _layout(path: Path, first: list[Record], options: Reading, separator: str) -> Layout:
    head = first[0]
    names = head.fields
    if len(names) < 2:
        better = max(SEPARATORS, key=head.text.count)
        hint = f"; the separator may be {better!r} (--separator)" if head.text.count(better) else ""
        found = f"{len(names)}: {shown(head.text)}{hint}"
        raise BadInput(path, f"at least 2 columns between {separator!r}", found, line=head.line, column=1)
    if not options.header:
        return _without_header(path, head, options)
    while len(names) > 2 and not names[-1]:
        names = names[:-1]
    names = [names[0].lstrip("# "), *names[1:]]
    named = options.columns is not None and any(
        name in names and not NUMBER.fullmatch(name) for name in options.columns
    )
    known = any(map(is_known, names))
    if not (known or named) and any(NUMBER.fullmatch(name) for name in names):
        found = f"numbers: {shown(head.text)}; if there is no header, say so (--no-header)"
        raise BadInput(path, "a header that names the columns", found, line=head.line, column=1)
    if options.columns is not None:
        taken = named_columns(path, names, options.columns, line=head.line)
    else:
        taken = known_columns(path, names, line=head.line)
    notes: tuple[str, ...] = ()
    if not (known or named):
        notes = (f"line {head.line} was taken as the header: {shown(head.text)}",)
    width, below = len(names), first[1:]
    if below and all(
        row.fields[0] == str(k) and len(row.fields) == width + 1 for k, row in enumerate(below, 1)
    ):
        # R's write.table numbers the rows, and gives the numbers no name
        notes += ("rows have one field more than the header: the first, which counts them, was left out",)
        taken, width = replace(taken, places=tuple(k + 1 for k in taken.places)), width + 1
    return Layout(taken, width, True, notes)


def _without_header(path: Path, head: Record, options: Reading) -> Layout:
    names = list(head.fields)
    while len(names) > 2 and not names[-1]:
        names.pop()
    if options.columns is not None:
        taken = named_columns(path, names, options.columns, header=False, line=head.line)
    elif len(names) == 2:
        taken = named_columns(path, names, ("1", "2"), header=False)
    else:
        found = f"{len(names)} columns without names: {shown(head.text)}"
        raise BadInput(
            path, "numbers of the columns of context and item (--columns 1,2)", found, line=head.line
        )
    if all(is_known(head.fields[k]) for k in taken.places):
        found = f"{shown(head.text)}; if it is a header, leave out --no-header"
        raise BadInput(path, "a pair, as there is no header", found, line=head.line)
    return Layout(taken, len(names), False)


def _pair(path: Path, row: Record, layout: Layout, clock: Clock) -> tuple[str, str, float | None]:
    fields, places = row.fields, layout.taken.places
    if len(fields) != layout.width and (len(fields) < layout.width or any(fields[layout.width :])):
        expected = f"{layout.width} fields, as {'the header' if layout.header else 'the first row'} has"
        raise BadInput(path, expected, f"{len(fields)}: {shown(row.text)}", line=row.line, column=len(fields))
    context, item = fields[places[0]], fields[places[1]]
    for what, value, place in (("context", context, places[0]), ("item", item, places[1])):
        if missing(value, row.text):
            hint = ", which stands for a missing value (in quotation marks it is a name)" if value else ""
            raise BadInput(
                path, f"a name of the {what}", shown(value) + hint, line=row.line, column=place + 1
            )
    if len(places) < 3:
        return context, item, None
    try:
        return context, item, clock.day(fields[places[2]])
    except NotATime as error:
        refused = BadInput(path, str(error), shown(fields[places[2]]), line=row.line, column=places[2] + 1)
        if layout.taken.times_asked:
            raise refused from None
        raise NotATime(str(refused)) from None
