"""Which reader reads a path? Its name decides; a reader is imported when it is needed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from experiments.matrices.limits import require_regular, unpack_limit
from experiments.matrices.reading import BadInput
from experiments.matrices.real_matrix import RealMatrix


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


# (the name of a file, its reader): the first that matches; a folder belongs to the first file found in it
FORMATS = (
    (r"(train|test)\.txt", "cornell.read_cornell"),
    (r"user_(tagged)?artists\.dat", "hetrec.read_hetrec"),
    (r"usersha1-artmbid-artname-plays\.tsv", "lastfm360k.read_lastfm360k"),
    (r"u\.data|ratings\.(dat|csv)", "movielens.read_movielens"),
    (r"aotm.*\.json(\.gz)?", "playlists_json.read_aotm"),
    (r"mpd\.slice\..*\.json(\.gz)?", "playlists_json.read_spotify"),
    (r".*\.npz", "npz.read_npz"),
    (r".*\.mtx(\.gz)?", "matrix_market.read_matrix_market"),
    (r".*\.graphml(\.gz)?", "graph_files.read_graphml"),
    (r".*\.(edges|edgelist|txt)(\.gz)?", "graph_files.read_edge_list"),
    (r".*\.(parquet|pq)", "parquet.read_parquet"),
    (r".*\.csv(\.gz)?", "delimited.read_delimited"),
    (r".*\.(tsv|tab)(\.gz)?", "delimited.read_delimited"),
)
OF_A_FOLDER = FORMATS[:6]
WITHOUT_OPTIONS = {"graph_files.read_graphml"}


def read_path(path: Path, options: Reading) -> RealMatrix:
    """Return the matrix that a file, or the folder of a data set, holds.

    Raises
    ------
    BadInput
        for a path that belongs to no format; what is known is listed.
    """
    if path.is_dir():
        name = _of_folder(path)
    else:
        require_regular(path)
        name = _of_file(path)
    module, function = name.split(".")
    read: Any = getattr(import_module(f"experiments.matrices.{module}"), function)
    with unpack_limit(options.unpack_limit):
        if name in WITHOUT_OPTIONS:
            matrix: RealMatrix = read(path)
        elif re.fullmatch(r".*\.(tsv|tab)(\.gz)?", path.name) and name.startswith("delimited"):
            matrix = read(path, options, "\t")
        else:
            matrix = read(path, options)
    return matrix


def files_of(path: Path) -> list[Path]:
    """Return the files that reading a path may open: the file alone, or all files of the folder where they belong together."""
    together = path.is_dir() or any(re.fullmatch(pattern, path.name) for pattern, _ in OF_A_FOLDER)
    folder = path if path.is_dir() else path.parent
    return sorted(inside for inside in folder.iterdir() if inside.is_file()) if together else [path]


def _of_file(path: Path) -> str:
    for pattern, reader in FORMATS:
        if re.fullmatch(pattern, path.name):
            return reader
    expected = "the name of a known format (.csv .tsv .parquet .npz .mtx .graphml .edges or a data set's)"
    raise BadInput(path, expected, f"the name {path.name!r}")


def _of_folder(path: Path) -> str:
    inside = sorted(p.name for p in path.iterdir() if p.is_file())
    for pattern, reader in OF_A_FOLDER:
        if any(re.fullmatch(pattern, name) for name in inside):
            return reader
    expected = "a data set's folder (train.txt, user_artists.dat, u.data, ratings.csv, mpd.slice.*.json, ...)"
    raise BadInput(path, expected, ", ".join(inside[:5]) or "no files")
