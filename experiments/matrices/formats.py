"""Which reader reads a path? Its name says the format, or the caller; its content says whether it is a known data set.

Every option is obeyed or refused: each format lists those that it obeys. Options of tables (columns, a separator, no header) make
a table of a text file that would otherwise be a data set's, or an edge list. A reader is imported when it is needed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from importlib import import_module
from pathlib import Path
from typing import Any

from experiments.matrices.limits import require_regular, unpack_limit
from experiments.matrices.reading import BadInput
from experiments.matrices.real_matrix import RealMatrix
from experiments.matrices.recognising import is_data_set, likely_separator


@dataclass(frozen=True)
class Reading:
    """How to read; `load` says what each option means."""

    columns: tuple[str, ...] | None = None
    separator: str | None = None
    header: bool = True
    encoding: str = "utf-8"
    skip_bad_rows: bool = False
    kind: str | None = None
    unpack_limit: int | None = None
    time_unit: str | None = None
    format: str | None = None

    def given(self) -> set[str]:
        """Return the names of the options that differ from their defaults."""
        return {field.name for field in fields(self) if getattr(self, field.name) != field.default}


@dataclass(frozen=True)
class Format:
    """`name`, as `--format` takes it; `pattern` of file names; `reader`, module and function; `options` that it obeys.

    `kinds`: what it may hold.
    """

    name: str
    pattern: str
    reader: str
    options: frozenset[str]
    kinds: tuple[str, ...] = ("interactions",)


def _of(*options: str) -> frozenset[str]:
    # a limit that nothing packed can meet is obeyed, and a format is obeyed when it is chosen
    return frozenset({"unpack_limit", "format", "kind", *options})


TABLE = _of("columns", "separator", "header", "encoding", "skip_bad_rows", "time_unit")
EDGES = _of("columns", "separator", "header", "encoding", "skip_bad_rows")
EITHER = ("interactions", "graph")
# a folder belongs to the first data set of which it holds a file
DATA_SETS = (
    Format("cornell", r"(train|test)\.txt", "cornell.read_cornell", _of("skip_bad_rows")),
    Format("hetrec", r"user_(tagged)?artists\.dat", "hetrec.read_hetrec", _of("skip_bad_rows")),
    Format(
        "lastfm-360k",
        r"usersha1-artmbid-artname-plays\.tsv",
        "lastfm360k.read_lastfm360k",
        _of("skip_bad_rows", "encoding"),
    ),
    Format("movielens", r"u\.data|ratings\.(dat|csv)", "movielens.read_movielens", _of("skip_bad_rows")),
    Format("aotm", r"aotm.*\.json(\.gz)?", "playlists_json.read_aotm", _of("skip_bad_rows")),
    Format("shards", r"edge-shards\.json", "edge_shards.read_edge_shards", _of(), ("graph",)),
    Format("spotify", r"mpd\.slice\..*\.json(\.gz)?", "playlists_json.read_spotify", _of("skip_bad_rows")),
)
FORMATS = (
    Format("npz", r".*\.npz", "npz.read_npz", _of(), EITHER),
    Format("mtx", r".*\.mtx(\.gz)?", "matrix_market.read_matrix_market", _of("skip_bad_rows"), EITHER),
    Format("graphml", r".*\.graphml(\.gz)?", "graphml.read_graphml", _of(), ("graph",)),
    Format("edges", r".*\.(edges|edgelist)(\.gz)?", "edge_lists.read_edge_list", EDGES, ("graph",)),
    Format(
        "parquet", r".*\.(parquet|pq)", "parquet.read_parquet", _of("columns", "skip_bad_rows", "time_unit")
    ),
    Format("csv", r".*\.csv(\.gz)?", "delimited.read_delimited", TABLE, EITHER),
    Format("tsv", r".*\.(tsv|tab)(\.gz)?", "delimited.read_delimited", TABLE, EITHER),
    Format("txt", r".*\.txt(\.gz)?", "delimited.read_delimited", TABLE, EITHER),
)
NAMES = tuple(format.name for format in (*FORMATS, *DATA_SETS))
OF_TABLES = {"columns", "separator", "header"}
TEXT_NOTE = (
    "a .txt file is read as an edge list; if its columns are contexts and items, say so (--kind interactions)"
)


def read_path(path: Path, options: Reading) -> RealMatrix:
    """Return the matrix that a file, or the folder of a data set, holds.

    Raises
    ------
    BadInput
        for a path that belongs to no format; what is known is listed.
    ValueError
        for an option that the format does not obey.
    """
    format = _of_folder(path) if path.is_dir() else _of_file(path, options)
    notes: tuple[str, ...] = ()
    if format.name == "txt" and not _is_table(options):
        notes, format = (TEXT_NOTE,) * (options.kind is None and options.format is None), _named("edges")
    elif format.reader == "delimited.read_delimited" and options.kind == "graph":
        format, options = (
            _named("edges"),
            replace(options, separator=options.separator or _separator(format, path)),
        )
    require_obeyed(format, options, str(path))
    read: Any = getattr(
        import_module(f"experiments.matrices.{format.reader.split('.')[0]}"), format.reader.split(".")[1]
    )
    with unpack_limit(options.unpack_limit):
        if format.reader == "delimited.read_delimited":
            matrix: RealMatrix = read(path, options, _separator(format, path))
        else:
            matrix = read(path, options)
    return replace(matrix, notes=(*notes, *matrix.notes)) if notes else matrix


def require_obeyed(format: Format, options: Reading, what: str) -> None:
    """Raise a `ValueError` that names an option which a format does not obey, and the formats that do.

    >>> require_obeyed(_named("npz"), Reading(columns=("a", "b")), "log.npz")
    Traceback (most recent call last):
    ...
    ValueError: log.npz: columns does not apply to the format npz (it applies to edges, parquet, csv, tsv, txt)
    """
    for option in sorted(options.given() - format.options):
        obeying = ", ".join(f.name for f in (*FORMATS, *DATA_SETS) if option in f.options)
        raise ValueError(
            f"{what}: {option} does not apply to the format {format.name} (it applies to {obeying})"
        )
    if options.kind not in (None, *format.kinds):
        raise ValueError(
            f"{what}: a file of the format {format.name} holds {' or '.join(format.kinds)}; got kind={options.kind!r}"
        )


def files_of(path: Path) -> list[Path]:
    """Return the files that reading a path may open: the file alone, or all files of the folder where they belong together."""
    together = path.is_dir() or any(
        re.fullmatch(format.pattern, path.name, re.DOTALL) for format in DATA_SETS
    )
    folder = path if path.is_dir() else path.parent
    return sorted(inside for inside in folder.iterdir() if inside.is_file()) if together else [path]


def _is_table(options: Reading) -> bool:
    """Whether options say that the columns of a .txt file are contexts and items."""
    of_tables = options.columns is not None or not options.header or options.time_unit is not None
    return options.kind == "interactions" or (of_tables and options.kind is None)


def _named(name: str) -> Format:
    return next(format for format in (*FORMATS, *DATA_SETS) if format.name == name)


def _separator(format: Format, path: Path) -> str:
    return {"csv": ",", "tsv": "\t"}.get(format.name) or likely_separator(path)


def _of_file(path: Path, options: Reading) -> Format:
    require_regular(path)
    if options.format is not None:
        return _named(options.format)
    for format in DATA_SETS:
        if re.fullmatch(format.pattern, path.name, re.DOTALL):
            is_text = not path.name.endswith((".json", ".gz"))
            if is_text and options.given() & OF_TABLES:
                # the caller says how the table is to be read
                return _general(path) or _named("txt")
            general = _general(path)
            return format if general is None or is_data_set(path, format.name) else general
    if general := _general(path):
        return general
    expected = (
        "the name of a known format (.csv .tsv .txt .parquet .npz .mtx .graphml .edges or a data set's), "
        "or the format by name (--format)"
    )
    raise BadInput(path, expected, f"the name {path.name!r}")


def general_format(path: Path) -> Format | None:
    """Return the format that the end of a file's name says, where it is neither a data set's nor unknown.

    >>> general_format(Path("log.csv")).name, general_format(Path("ratings.csv"))
    ('csv', None)
    """
    if any(re.fullmatch(format.pattern, path.name, re.DOTALL) for format in DATA_SETS):
        return None
    return _general(path)


def _general(path: Path) -> Format | None:
    return next(
        (format for format in FORMATS if re.fullmatch(format.pattern, path.name, re.IGNORECASE | re.DOTALL)),
        None,
    )


def _of_folder(path: Path) -> Format:
    inside = sorted(p.name for p in path.iterdir() if p.is_file())
    for format in DATA_SETS:
        if any(re.fullmatch(format.pattern, name) for name in inside):
            return format
    expected = "a data set's folder, or a graph in shards (train.txt, user_artists.dat, u.data, ratings.csv, mpd.slice.*.json)"
    raise BadInput(path, expected, ", ".join(inside[:5]) or "no files")
