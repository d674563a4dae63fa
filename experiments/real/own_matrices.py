"""What does a file, or an object of Python, hold: an embedding, a graph or interactions? The one door for data of one's own.

The format of a file or the type of an object says it, what is in it where both leave it open (`experiments.matrices.vectors`), or
the caller. Names and labels come with the data or from a table of items. `own_spikes` says how spiky it is.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from experiments.matrices import RealMatrix, load
from experiments.matrices.catalogue import names
from experiments.matrices.frames import as_parquet, is_frame
from experiments.matrices.item_table import ItemsFrom, items_from, join_items
from experiments.matrices.named_vectors import VectorReading, finished
from experiments.matrices.objects import is_path
from experiments.matrices.pickles import require_no_pickle
from experiments.matrices.vectors import always_vectors, holds_vectors, read_vectors
from experiments.real.nulls import KINDS, NULLS, Kind
from experiments.running.sent_files import here
from simulate.validation import require_choice
from theory.analysis.inputs import as_csr, as_rows, as_symmetric

OF_LOGS = {"columns", "time_unit", "format"}  # options of `load` that say that a file holds pairs


@dataclass(frozen=True, eq=False)
class OwnMatrix:
    """What a file holds: `data` is an (n, f) array for an embedding, else a sparse matrix.

    `items` are the names of its rows, or of the columns of interactions, and `labels` their labels ("": unknown); None where
    there are none.
    """

    name: str
    kind: Kind
    data: Any
    items: NDArray[Any] | None = None
    notes: tuple[str, ...] = ()
    labels: NDArray[Any] | None = None

    @property
    def null(self) -> str:
        """What the null of this kind is."""
        return NULLS[self.kind]


def read_own(
    source: Any,
    kind: Kind | None = None,
    *,
    name_column: str | None = None,
    vector_columns: Sequence[str] | None = None,
    items: Any = None,
    id_column: str | None = None,
    label_column: str | None = None,
    **reading: Any,
) -> OwnMatrix:
    """Read an embedding (any format of `experiments.matrices.vectors`), a graph (square and symmetric) or interactions.

    Parameters
    ----------
    source
        a file, a name of the catalogue, or an object of Python: a NumPy array or a data frame of vectors, and what
        `experiments.matrices.load` takes.
    kind
        `embedding`, `graph` or `interactions`, where the format, or the object, suggests another.
    name_column, vector_columns
        of vectors: the column, or array, of names, and the columns, or the array, of numbers; without, they are told from the
        file, and said in `notes`.
    items, id_column, label_column
        a table of items, a file or a data frame, with its columns of ids and labels; `name_column` is then its column of names.
    reading
        options of `experiments.matrices.load`; of vectors those of text, `skip_bad_rows` and `unpack_limit`.

    Raises
    ------
    BadInput, ValueError, OSError
        for a file that does not hold a matrix of this kind; pickled objects are never read.
    ModuleNotFoundError
        for a format that needs an extra which is not installed.
    """
    if isinstance(source, OwnMatrix):
        return source
    if is_path(source):
        source = here(str(source))
    if kind is not None:
        require_choice(kind, "kind", KINDS)
    table = items_from(items, id_column, name_column if items is not None else None, label_column)
    if is_frame(source):
        with as_parquet(source) as path:
            own = read_own(
                path,
                kind,
                name_column=None if table else name_column,
                vector_columns=vector_columns,
                **reading,
            )
        return _with_items(replace(own, name="frame"), table)
    options: dict[str, Any] = {"name_column": None if table else name_column}
    options["vector_columns"] = tuple(vector_columns) if vector_columns else None
    if not is_path(source) and _is_array(source) and kind in (None, "embedding"):
        return _with_items(_of_array(source, options, reading), table)
    if is_path(source) and is_embedding(source, kind, vector_columns=vector_columns, **reading):
        return _with_items(_read_vectors(Path(source), kind, options, reading), table)
    if options["name_column"] is not None or options["vector_columns"] is not None:
        raise ValueError("name_column and vector_columns are for vectors; this is a graph or interactions")
    if kind == "embedding":
        raise ValueError(f"vectors must be a dense array or a data frame; got {type(source).__name__}")
    # a graph is read as one: as interactions, weights would be 1 and an asymmetric matrix might look symmetric
    real = load(source, kind=kind, **reading)
    name = Path(source).name if is_path(source) else real.name
    if real.graph is not None:
        return _with_items(OwnMatrix(name, "graph", as_symmetric(real.graph), real.items, real.notes), table)
    return _with_items(OwnMatrix(name, "interactions", real.matrix, real.items, real.notes), table)


def _is_array(source: Any) -> bool:
    networkx = sys.modules.get("networkx")
    is_graph = networkx is not None and isinstance(source, networkx.Graph)
    return not (sparse.issparse(source) or is_graph or isinstance(source, RealMatrix))


def _of_array(source: Any, options: dict[str, Any], reading: dict[str, Any]) -> OwnMatrix:
    if options["name_column"] is not None or options["vector_columns"] is not None or OF_LOGS & set(reading):
        raise ValueError(
            "an array has no columns to choose by name; give a data frame, or the columns as an array"
        )
    # of structured arrays and lists of lists too, in the type in which they come
    rows = source if isinstance(source, np.ndarray) and not source.dtype.names else as_rows(source)
    found = finished(Path("array"), rows, None, (), VectorReading(**reading))
    return OwnMatrix("array", "embedding", found.vectors, None, found.notes)


def _with_items(own: OwnMatrix, table: ItemsFrom | None) -> OwnMatrix:
    """The same matrix with the names, and the labels where asked for, of a table of items."""
    if table is None:
        return own
    n = own.data.shape[1] if own.kind == "interactions" else own.data.shape[0]
    joined = join_items(own.items, n, table, own.notes)
    labels = None
    if joined.labels is not None and joined.label_names is not None:
        labels = np.append(joined.label_names, "")[joined.labels]  # -1 is the last, an unknown label
    return replace(own, items=joined.names, labels=labels, notes=(*own.notes, *joined.notes))


def is_embedding(
    source: Any, kind: Kind | None = None, *, vector_columns: Sequence[str] | None = None, **reading: Any
) -> bool:
    """Whether a path is read as vectors: it can hold nothing else, the caller says so, or what is in it does.

    Raises
    ------
    BadInput, OSError
        for a pickle, and a file that must be looked into and cannot be read.

    Examples
    --------
    >>> is_embedding("davis"), is_embedding("vectors.npy")
    (False, True)
    """
    if not is_path(source):
        return False
    file = Path(source)
    require_no_pickle(file)
    if kind == "embedding" or vector_columns is not None or always_vectors(file):
        return True
    if str(source) in names() or not file.exists() or OF_LOGS & set(reading):
        return False
    if kind is not None and file.suffix.lower() != ".npz":
        return False
    return holds_vectors(file, VectorReading(**reading))


def _read_vectors(
    path: Path, kind: Kind | None, options: dict[str, Any], reading: dict[str, Any]
) -> OwnMatrix:
    if wrong := sorted(OF_LOGS & set(reading)):
        raise ValueError(
            f"{path}: {wrong[0]} does not apply to vectors (they take name_column and vector_columns)"
        )
    found = read_vectors(path, VectorReading(**options, **reading))
    if kind == "graph":
        return OwnMatrix(path.name, kind, as_symmetric(found.vectors), found.items, found.notes)
    if kind == "interactions":
        return OwnMatrix(path.name, kind, as_csr(found.vectors), None, found.notes)
    return OwnMatrix(path.name, "embedding", found.vectors, found.items, found.notes)
