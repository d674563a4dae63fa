"""How is a real matrix read? From a name of the catalogue, a file of a known format, or the folder of a known data set."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from pathlib import Path
from typing import Any

from experiments.matrices.catalogue import DATASETS, data_folders, names, packaged, require_packages
from experiments.matrices.clocks import UNITS
from experiments.matrices.formats import NAMES, Reading, files_of, read_path
from experiments.matrices.item_table import items_from, with_items
from experiments.matrices.kept import KeptMatrices, state_of
from experiments.matrices.objects import is_path, matrix_of
from experiments.matrices.reading import require_encoding
from experiments.matrices.real_matrix import RealMatrix
from experiments.running.entry_points import Group, load_offered, offered
from experiments.running.given_modules import told
from experiments.running.sent_files import FilesToSend, here
from simulate.validation import did_you_mean, require_choice

GROUP: Group = "spikeproof.matrices"
SEPARATORS = {"\\t": "\t", "tab": "\t", "space": " "}  # as a shell passes them


def require_known(name: str) -> None:
    """Raise a `ValueError` unless `name` is known or a file or folder; the nearest known name is named.

    >>> require_known("film-actors")
    Traceback (most recent call last):
    ...
    ValueError: matrix must be a file, a folder or a name; got 'film-actors' (did you mean 'films-actors'?)
    """
    if name not in names() and not Path(name).exists() and name not in offered(GROUP):
        if Path(name).suffix or Path(name).name != name:
            raise ValueError(f"matrix must be a file, a folder or a name; there is no such file: {name}")
        known = did_you_mean(name, names()) or f"; known are {', '.join(names())}"
        raise ValueError(f"matrix must be a file, a folder or a name; got {name!r}{known}")


def load(
    source: Any,
    *,
    columns: tuple[str, ...] | None = None,
    separator: str | None = None,
    header: bool = True,
    encoding: str = "utf-8",
    skip_bad_rows: bool = False,
    kind: str | None = None,
    unpack_limit: int | None = None,
    time_unit: str | None = None,
    format: str | None = None,
    items: Any = None,
    id_column: str | None = None,
    name_column: str | None = None,
    label_column: str | None = None,
) -> RealMatrix:
    """Return a real matrix by name, from a file or folder, or from an object of Python.

    What this process read last is kept (`experiments.matrices.kept`), so that a second call copies instead of reading.

    Parameters
    ----------
    source
        one of `names()`, or a path: `.npz`, `.mtx`, `.graphml`, `.parquet`, `.csv`, `.tsv`, `.edges`, `.txt`
        (plain or gzipped where text), or a file or folder of a data set in the catalogue; or a matrix of SciPy or NumPy, a
        networkx graph, or a data frame of pairs (pandas, polars; extra `parquet`).
    columns
        for tables (CSV, TSV, Parquet): the columns of context and item, and of time where wanted, by name or by number from 1;
        without, those whose names are known (`experiments.matrices.column_names`).
    separator
        between fields of a CSV or an edge list, when it is not the format's own; `\\t` or `tab` is a tab, `space` any blanks.
    header
        whether the first row of a CSV or TSV names its columns; without, `columns` are numbers from 1.
    encoding
        of text, one that has ASCII letters as single bytes; a data set of the catalogue knows its own.
    skip_bad_rows
        skip, count and report (in `notes`) rows that cannot be read, where the format has rows.
    kind
        "graph" or "interactions": what a square matrix holds, or a CSV of edges; without, a symmetric matrix is a graph.
    unpack_limit
        the most bytes to which a packed file may unpack; without, 100 times its size, at least 64 MiB.
    time_unit
        of numbers in the column of times: one of `experiments.matrices.clocks.UNITS`; without, it is told by the first number,
        or asked for.
    format
        one of `experiments.matrices.formats.NAMES`, where the name of the file does not say it.
    items, id_column, name_column, label_column
        a table of items, a file or a data frame, with its columns of ids, names and labels (`experiments.matrices.item_table`).

    Raises
    ------
    ValueError
        an option that the format does not obey, an unknown name (the nearest is named), a data set whose files are not there
        (where they belong is said), or a file that is not of its format (file, line, column, what was expected and found).
    OSError
        a file that cannot be read.

    Examples
    --------
    >>> load("davis")
    RealMatrix(davis: interactions, 14 x 18, 89 pairs)
    """
    for what, value, known in (
        ("kind", kind, ("graph", "interactions")),
        ("time_unit", time_unit, UNITS),
        ("format", format, NAMES),
    ):
        if value is not None:
            require_choice(value, what, known)
    options = Reading(
        columns=columns and tuple(name.strip() for name in columns),
        separator=separator and SEPARATORS.get(separator, separator),
        header=header,
        encoding=require_encoding(encoding),
        skip_bad_rows=skip_bad_rows,
        kind=kind,
        unpack_limit=unpack_limit,
        time_unit=time_unit,
        format=format,
    )
    found = _found(str(source), options) if is_path(source) else matrix_of(source, options)
    if is_path(items):
        items = here(str(items))
        ask(items)
    table = items_from(items, id_column, name_column, label_column)
    return found if table is None else with_items(found, table)


def files_to_send(matrices: Iterable[str]) -> FilesToSend:
    """Return the files behind names and paths of matrices, for workers that do not have them; nothing for what packages hold."""
    listed = {}
    for name in matrices:
        dataset = next((d for d in DATASETS if d.name == name), None)
        path = dataset.found() if dataset is not None else Path(name)
        if path is not None and path.exists() and name not in packaged():
            listed[name] = (path, files_of(path))
    return FilesToSend(listed)


def _found(name: str, options: Reading) -> RealMatrix:
    if (copy := here(name)) != name:
        found = _read(Path(copy), options)
        return replace(found, name=name) if name in names() else found
    require_known(name)
    if name not in names() and not Path(name).exists():
        return _KEPT.get((GROUP, name, options), lambda: _of_package(name, options))
    if name in (by_package := packaged()):
        if given := sorted(options.given()):
            raise ValueError(f"{name} comes with a package, which no option changes; got {', '.join(given)}")
        require_packages([name])
        return _KEPT.get(name, by_package[name])
    if name not in names():
        ask(name)
        return _read(Path(name), options)
    dataset = next(d for d in DATASETS if d.name == name)
    path = dataset.found()
    if path is None:
        listed = " or ".join(", ".join(alternative) for alternative in dataset.files)
        raise ValueError(
            f"{name} is not here: its owners publish it at {dataset.owner}; expected {listed} "
            f"below {' or '.join(map(str, data_folders()))} (set SPIKEPROOF_DATA to the folder)"
        )
    return replace(_read(path, options), name=name)


def _of_package(name: str, options: Reading) -> RealMatrix:
    """Return the matrix that an installed package offers under a name: an object, a path, or a function that returns one."""
    thing = load_offered(GROUP, name)
    try:
        made = thing() if callable(thing) else thing
        real = read_path(Path(made), options) if is_path(made) else matrix_of(made, options)
    except Exception as error:
        raise ValueError(
            f"the package {offered(GROUP)[name]} offers the matrix {name!r}, which cannot be read ({told(error)})"
        ) from error
    return replace(real, name=name)


def _read(path: Path, options: Reading) -> RealMatrix:
    return _KEPT.get((str(path), state_of(files_of(path)), options), lambda: read_path(path, options))


def ask(name: object) -> None:
    """Ask whoever wants to be asked (`asking`) whether a file may be opened; a name of the catalogue is none."""
    if str(name) not in names() and (Path(str(name)).exists() or str(name) not in offered(GROUP)):
        for allow in _ASKED.get():
            allow(Path(str(name)))


@contextmanager
def asking(allow: Callable[[Path], None]) -> Iterator[None]:
    """Inside this block, ask before a file that a caller names is opened; `allow(path)` raises where it must not be.

    Data sets of the catalogue, whose files are found by their names, are not asked for.
    """
    token = _ASKED.set((*_ASKED.get(), allow))
    try:
        yield
    finally:
        _ASKED.reset(token)


_ASKED: ContextVar[tuple[Callable[[Path], None], ...]] = ContextVar("asked", default=())
_KEPT = KeptMatrices()
