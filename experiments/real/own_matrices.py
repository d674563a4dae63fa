"""What does a file of one's own hold: an embedding, a graph, or interactions? `own_spikes` says how spiky it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from experiments.matrices import load
from experiments.matrices.catalogue import names
from experiments.matrices.named_vectors import VectorReading
from experiments.matrices.pickles import require_no_pickle
from experiments.matrices.vectors import always_vectors, holds_vectors, read_vectors
from experiments.real.nulls import KINDS, NULLS, Kind
from simulate.validation import require_choice
from theory.analysis.inputs import as_csr, as_symmetric

OF_LOGS = {"columns", "time_unit", "format"}  # options of `load` that say that a file holds pairs


@dataclass(frozen=True, eq=False)
class OwnMatrix:
    """What a file holds: `data` is an (n, f) array for an embedding, else a sparse matrix.

    `items` are the names of its rows, or of the columns of interactions; None where the file has none.
    """

    name: str
    kind: Kind
    data: Any
    items: NDArray[Any] | None = None
    notes: tuple[str, ...] = ()

    @property
    def null(self) -> str:
        """What the null of this kind is."""
        return NULLS[self.kind]


def read_own(
    path: str,
    kind: Kind | None = None,
    *,
    name_column: str | None = None,
    vector_columns: Sequence[str] | None = None,
    **reading: Any,
) -> OwnMatrix:
    """Read an embedding (any format of `experiments.matrices.vectors`), a graph (square and symmetric) or interactions.

    Parameters
    ----------
    path
        a file, or a name of the catalogue.
    kind
        `embedding`, `graph` or `interactions`, where the format suggests another.
    name_column, vector_columns
        of vectors: the column, or array, of names, and the columns, or the array, of numbers; without, they are told from the
        file, and said in `notes`.
    reading
        options of `experiments.matrices.load`; of vectors those of text, `skip_bad_rows` and `unpack_limit`.

    Raises
    ------
    BadInput, ValueError, OSError
        for a file that does not hold a matrix of this kind; pickled objects are never read.
    ModuleNotFoundError
        for a format that needs an extra which is not installed.
    """
    if kind is not None:
        require_choice(kind, "kind", KINDS)
    options: dict[str, Any] = {"name_column": name_column}
    options["vector_columns"] = tuple(vector_columns) if vector_columns else None
    if _is_embedding(path, kind, options, reading):
        return _read_vectors(Path(path), kind, options, reading)
    if name_column is not None:
        raise ValueError(f"name_column is for vectors; {path} is read as a graph or as interactions")
    # a graph is read as one: as interactions, weights would be 1 and an asymmetric matrix might look symmetric
    real = load(path, kind=kind, **reading)
    if real.graph is not None:
        return OwnMatrix(Path(path).name, "graph", as_symmetric(real.graph), real.items, real.notes)
    return OwnMatrix(Path(path).name, "interactions", real.matrix, real.items, real.notes)


def _is_embedding(path: str, kind: Kind | None, options: dict[str, Any], reading: dict[str, Any]) -> bool:
    """Whether a path is read as vectors: it can hold nothing else, the caller says so, or what is in it does."""
    file = Path(path)
    require_no_pickle(file)
    if kind == "embedding" or options["vector_columns"] is not None or always_vectors(file):
        return True
    if path in names() or not file.exists() or OF_LOGS & set(reading):
        return False
    if kind is not None and file.suffix.lower() != ".npz":
        return False
    of_vectors = {name: value for name, value in reading.items() if name not in OF_LOGS}
    return holds_vectors(file, VectorReading(**options, **of_vectors))


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
