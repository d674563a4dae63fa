"""How large is an input? Small ones are read; of large ones the header, or a sample of their lines, is looked at.

What is seen is said in words (`how`), since sizes that come from a sample are not exact.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.estimates.plan import of_input
from experiments.estimates.sampled_lines import Sampled, sample_lines
from experiments.matrices.catalogue import names
from experiments.matrices.edge_shards import MANIFEST
from experiments.matrices.formats import files_of
from experiments.matrices.npz_archive import array_shapes, read_arrays
from experiments.matrices.reading import lines
from experiments.matrices.vector_shards import shards_of
from experiments.matrices.vectors_archives import MAPPED
from experiments.real.nulls import Kind
from experiments.real.options_of_inputs import options_of_each
from experiments.real.own_matrices import OwnMatrix, is_embedding, read_own
from experiments.real.own_vectors import OF_ITEMS, OF_LOG, OF_TEXT
from simulate.pages import PagesInUse

WHOLE = 2**24  # bytes of a file that is read, which takes about a second
PACKED = 5  # times as many bytes in a file packed by gzip, for that


@dataclass(frozen=True, eq=False)
class Looked:
    """The size of an input.

    `kind` of data; `ending` of its name; `rows` (of interactions contexts) and `columns`, 0 where they are not known; `entries`:
    numbers of vectors, interactions, or entries of a symmetric matrix, both halves; `how` the size is known; `itemsize`: bytes
    of a number in the file, and whether it is `mapped` instead of read; `squares`: the sum of the squared lengths of contexts,
    None where it is not known; `own`: what was read, of a small input; `some`: returns rows of mapped vectors.
    """

    name: str
    kind: Kind
    ending: str
    rows: int
    columns: int
    entries: float
    how: str
    itemsize: int = 8
    mapped: bool = False
    squares: float | None = None
    own: OwnMatrix | None = None
    some: Callable[[NDArray[np.int64]], NDArray[Any]] | None = None


def look(source: str, kind: Kind | None = None, **reading: Any) -> Looked:
    """Return the size of what `read_own` would read from a file, a folder or a name of the catalogue.

    Raises
    ------
    BadInput, ValueError, OSError
        as `read_own`, of what is looked at.

    Examples
    --------
    >>> found = look("davis")
    >>> found.kind, found.rows, found.columns, found.entries, found.how
    ('interactions', 14, 18, 89.0, 'read')
    """
    path = Path(source)
    no_file = not (path.is_file() or path.is_dir())  # nothing, or a pipe, which is not to be waited for
    if source in names() or no_file or _bytes(path) <= WHOLE:
        return _read(read_own(source, kind, **reading), path)
    of_vectors = {key: value for key, value in reading.items() if key not in OF_ITEMS}
    if is_embedding(source, kind, **of_vectors):
        found = _without_reading(_vectors, path)
    else:
        found = _without_reading(_pairs, path, kind, reading)
    # what cannot be looked at, its reader refuses, in its own words
    return found or _read(read_own(source, kind, **reading), path)


def look_at_all(sources: Sequence[str], reading: Mapping[str, Any], log: str | None = None) -> list[Looked]:
    """Return the size of each of several inputs, which take those of the options of reading that they have.

    With a `log`, the options of tables are its own.

    >>> [one.name for one in look_at_all(["davis", "davis"], {})]
    ['davis', 'davis']
    """
    if log is not None:
        reading = {key: value for key, value in reading.items() if key not in (*OF_LOG, *OF_TEXT)}
    with of_input():
        options = options_of_each(sources, reading)
        return [look(source, **taken) for source, taken in zip(sources, options)]


def _without_reading(how: Callable[..., Looked], *given: Any) -> Looked | None:
    try:
        return how(*given)
    except Exception:
        return None


def _bytes(path: Path) -> int:
    if path.suffix.lower() == ".npy":
        return WHOLE + 1  # its header tells everything
    packed = path.suffix.lower() in (".gz", ".npz", ".parquet", ".pq")
    return sum(file.stat().st_size for file in files_of(path)) * (PACKED if packed else 1)


def _ending(path: Path) -> str:
    name = path.name.lower().removesuffix(".gz")
    return Path(name).suffix or (MANIFEST if (path / MANIFEST).exists() else "")


def _read(own: OwnMatrix, path: Path) -> Looked:
    data = own.data
    ending = _ending(path)
    if own.kind == "embedding":
        n, f = data.shape
        return Looked(
            own.name, own.kind, ending, n, f, float(n * f), "read", data.dtype.itemsize, own=own,
            some=lambda places: np.asarray(data[places], dtype=np.float64),
        )  # fmt: skip
    rows, columns = data.shape
    squares = None
    if own.kind == "interactions":
        squares = float((np.diff(data.indptr).astype(np.float64) ** 2).sum())
    return Looked(
        own.name, own.kind, ending, rows, columns, float(data.nnz), "read", squares=squares, own=own
    )


def _vectors(path: Path) -> Looked:
    """Vectors of a large file; 0 columns where its format hides them."""
    ending = _ending(path)
    size = path.stat().st_size
    if ending == ".npy":
        data = np.load(path, mmap_mode="r", allow_pickle=False)
        if data.ndim == 2 and not data.dtype.names:
            n, f = data.shape
            return Looked(
                path.name, "embedding", ending, n, f, float(n * f), "its header", data.dtype.itemsize, True,
                some=lambda places: np.asarray(PagesInUse(data).rows(places), dtype=np.float64),
            )  # fmt: skip
    if path.is_dir():
        return _vector_shards(path)
    if ending == ".npz":
        matrices = [(shape, dtype) for shape, dtype in array_shapes(path).values() if len(shape) == 2]
        if matrices:
            shape, dtype = max(matrices, key=lambda one: one[0][0] * one[0][1])
            return Looked(
                path.name, "embedding", ending, *shape, float(np.prod(shape)), "its header", dtype.itemsize
            )
    if ending in (".parquet", ".pq"):
        rows, width = _size_of_parquet(path)
        return Looked(path.name, "embedding", ending, rows, width, float(rows * width), "its metadata", 4)
    if ending in (".csv", ".tsv", ".tab", ".vec", ".txt", ".glove"):
        sampled = sample_lines(path, " " if ending in (".vec", ".txt", ".glove") else None)
        n, f = int(sampled.lines), sampled.width
        return Looked(path.name, "embedding", ending, n, f, float(n * f), SAMPLE)
    return Looked(path.name, "embedding", ending, 0, 0, size / 4, "its size")


def _size_of_parquet(path: Path) -> tuple[int, int]:
    """Rows and dimensions of vectors in a Parquet file; lists of no fixed length tell theirs in their first row."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        rows, width = file.metadata.num_rows, file.metadata.num_columns
        for field in file.schema_arrow:
            if hasattr(field.type, "list_size"):
                width = field.type.list_size
            elif hasattr(field.type, "value_field"):
                first = next(file.iter_batches(batch_size=1, columns=[field.name]), None)
                width = len(first.column(0)[0]) if first is not None and first.num_rows else width
    return rows, width


def _vector_shards(path: Path) -> Looked:
    """Vectors in a folder of Parquet files, which become one temporary file that is mapped."""
    sizes = [_size_of_parquet(shard) for shard in shards_of(path)]
    rows, width = sum(rows for rows, _ in sizes), max(width for _, width in sizes)
    return Looked(
        path.name, "embedding", ".parquet", rows, width, float(rows * width), "its metadata", 4,
        4 * rows * width > MAPPED,
    )  # fmt: skip


SAMPLE = "a sample of its lines"


def _pairs(path: Path, kind: Kind | None, reading: dict[str, Any]) -> Looked:
    """A graph, or a log, of a large file or folder."""
    ending = _ending(path)
    if ending == MANIFEST:
        about = json.loads((path / MANIFEST).read_text("utf-8"))
        n, edges = int(about["nodes"]), float(about["expected_edges"])
        return Looked(path.name, "graph", MANIFEST, n, n, 2 * edges, f"its {MANIFEST}")
    if path.is_dir():
        size = sum(file.stat().st_size for file in files_of(path))
        return Looked(path.name, kind or "interactions", ending, 0, 0, size / 12, "its size")
    if ending == ".npz":
        return _npz(path, kind)
    if ending in (".parquet", ".pq"):
        import pyarrow.parquet as pq

        with pq.ParquetFile(path) as file:
            rows = file.metadata.num_rows
        return Looked(path.name, "interactions", ending, 0, 0, float(rows), "its metadata")
    if ending == ".mtx":
        head = next(text for number, text in lines(path) if number > 1 and not text.startswith("%"))
        n, m, stored = (int(word) for word in head.split()[:3])
        first = next(lines(path))[1].lower()
        graph = kind == "graph" or (kind is None and "symmetric" in first)
        entries = float(2 * stored if "symmetric" in first else stored)
        return Looked(path.name, "graph" if graph else "interactions", ending, n, m, entries, "its header")
    sampled = sample_lines(path, reading.get("separator"))
    if ending in (".edges", ".edgelist") or kind == "graph" or (ending == ".txt" and kind is None):
        n = _declared(path) or int(sampled.distinct(0, 1))
        return Looked(path.name, "graph", ending, n, n, 2 * sampled.lines, SAMPLE)
    context, item = _places(sampled, reading)
    contexts, items = int(sampled.distinct(context)), int(sampled.distinct(item))
    return Looked(
        path.name, "interactions", ending, contexts, items, sampled.lines, SAMPLE,
        squares=sampled.squares(context),
    )  # fmt: skip


def _npz(path: Path, kind: Kind | None) -> Looked:
    """A sparse matrix; of a log in rows, the lengths of contexts are read with it."""
    shapes = array_shapes(path)
    stored = max((shape[0] for shape, _ in shapes.values() if len(shape) == 1), default=0)
    wanted = tuple(name for name in ("shape", "indptr", "format") if name in shapes)
    found = read_arrays(path, wanted)
    n, m = (int(size) for size in found["shape"]) if "shape" in found else (0, 0)
    graph = kind == "graph" or (kind is None and n == m > 0)
    squares = None
    if not graph and "indptr" in found and found["indptr"].size == n + 1:
        squares = float((np.diff(found["indptr"]).astype(np.float64) ** 2).sum())
    return Looked(
        path.name,
        "graph" if graph else "interactions",
        ".npz",
        n,
        m,
        float(stored),
        "its header",
        squares=squares,
    )


def _declared(path: Path) -> int:
    """The number of nodes that the first line of an edge list declares, 0 for none."""
    with path.open("rb") as file:
        first = file.readline(200).split()
    declared = first[:2] == [b"#", b"Nodes:"] and first[2:3] and first[2].isdigit()
    return int(first[2]) if declared else 0


def _places(sampled: Sampled, reading: dict[str, Any]) -> tuple[int, int]:
    """The places of context and item among the fields: those asked for, or the first two."""
    columns = reading.get("columns")
    head = sampled.first
    if not columns:
        return 0, min(1, max(sampled.width - 1, 0))
    places = [
        int(name) - 1 if name.isdigit() else head.index(name) if name in head else k
        for k, name in enumerate(columns)
    ]
    return places[0], places[1] if len(places) > 1 else places[0]
