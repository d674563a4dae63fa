"""How is a real matrix read? From a name of the catalogue, a file of a known format, or the folder of a known data set."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from experiments.matrices.catalogue import DATASETS, data_folders, names, packaged
from experiments.matrices.formats import Reading, files_of, read_path
from experiments.matrices.kept import KeptMatrices, state_of
from experiments.matrices.real_matrix import RealMatrix
from simulate.validation import did_you_mean, require_choice


def require_known(name: str) -> None:
    """Raise a `ValueError` unless `name` is known or a file or folder; the nearest known name is named.

    >>> require_known("film-actors")
    Traceback (most recent call last):
    ...
    ValueError: matrix must be a file, a folder or a name; got 'film-actors' (did you mean 'films-actors'?)
    """
    if name not in names() and not Path(name).exists():
        if Path(name).suffix or Path(name).name != name:
            raise ValueError(f"matrix must be a file, a folder or a name; there is no such file: {name}")
        known = did_you_mean(name, names()) or f"; known are {', '.join(names())}"
        raise ValueError(f"matrix must be a file, a folder or a name; got {name!r}{known}")


def load(
    name_or_path: str | Path,
    *,
    columns: tuple[str, ...] | None = None,
    separator: str | None = None,
    header: bool = True,
    encoding: str = "utf-8",
    skip_bad_rows: bool = False,
    kind: str | None = None,
    unpack_limit: int | None = None,
) -> RealMatrix:
    """Return a real matrix by name, or from a file or folder.

    What this process read last is kept (`experiments.matrices.kept`), so that a second call copies instead of reading.

    Parameters
    ----------
    name_or_path
        one of `names()`, or a path: `.npz`, `.mtx`, `.graphml`, `.parquet`, `.csv`, `.tsv`, `.edges`, `.txt`
        (plain or gzipped where text), or a file or folder of a data set in the catalogue.
    columns
        for CSV, TSV and Parquet: the columns of context and item, and of time where wanted (days since 1970-01-01;
        in text Unix seconds and ISO dates too); the first two without.
    separator
        between fields of a CSV or an edge list, when it is not the format's own.
    header
        whether the first row of a CSV or TSV names its columns; without, `columns` are numbers from 1.
    encoding
        of text; a data set of the catalogue knows its own.
    skip_bad_rows
        skip, count and report (in `notes`) rows that cannot be read, where the format has rows.
    kind
        "graph" or "interactions": what a square matrix holds, or a CSV of edges; without, a symmetric matrix is a graph.
    unpack_limit
        the most bytes to which a packed file may unpack; without, 100 times its size, at least 64 MiB.

    Raises
    ------
    ValueError
        an unknown name (the nearest is named), a data set whose files are not there (where they belong is
        said), or a file that is not of its format (file, line, column, what was expected and found).
    OSError
        a file that cannot be read.

    Examples
    --------
    >>> load("davis")
    RealMatrix(davis: interactions, 14 x 18, 89 pairs)
    """
    if kind is not None:
        require_choice(kind, "kind", ("graph", "interactions"))
    options = Reading(
        columns and tuple(columns), separator, header, encoding, skip_bad_rows, kind, unpack_limit
    )
    name = str(name_or_path)
    require_known(name)
    if name in (by_package := packaged()):
        return _KEPT.get(name, by_package[name])
    if name not in names():
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


def _read(path: Path, options: Reading) -> RealMatrix:
    return _KEPT.get((str(path), state_of(files_of(path)), options), lambda: read_path(path, options))


_KEPT = KeptMatrices()
