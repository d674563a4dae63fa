"""Which matrix is an object of Python? Arrays, sparse matrices, networkx graphs and data frames stand in for files.

They end in the same finishing step as files, so that the same graph or log gives the same matrix however it comes: a square
symmetric matrix is a graph unless `kind` says otherwise, a data frame is a log whose columns are told or named as those of a
Parquet file.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from scipy import sparse

from experiments.matrices.collecting import object_names
from experiments.matrices.formats import Reading, read_path
from experiments.matrices.frames import as_parquet, is_frame
from experiments.matrices.matrix_entries import matrix_of_entries
from experiments.matrices.named_vectors import name_of
from experiments.matrices.real_matrix import RealMatrix
from simulate.exchange import from_networkx
from theory.analysis.inputs import as_csr

OF_FRAMES = ("columns", "skip_bad_rows", "time_unit", "unpack_limit", "kind")


def is_path(source: Any) -> bool:
    """Whether a source is a name or a path, rather than an object.

    >>> is_path("davis"), is_path(Path("x.npz")), is_path([[1, 0], [0, 1]])
    (True, True, False)
    """
    return isinstance(source, str | Path)


def matrix_of(data: Any, options: Reading) -> RealMatrix:
    """Return the graph or the interactions that an object holds; it is never changed.

    Parameters
    ----------
    data
        a `RealMatrix`, which is returned as it is; a matrix in any format of scipy.sparse or a NumPy array, entries at least 0;
        a networkx graph without directions, whose nodes name the items; a frame of pandas or polars with a row per pair.
    options
        of reading: `kind`, and of a frame `columns`, `skip_bad_rows` and the unit of its times.

    Raises
    ------
    ValueError, TypeError
        for anything else, negative or missing entries, and options that do not apply.

    Examples
    --------
    >>> import numpy as np
    >>> matrix_of(np.array([[1, 0, 1], [1, 1, 0]]), Reading())
    RealMatrix(matrix: interactions, 2 x 3, 4 pairs)
    """
    obeyed = OF_FRAMES if is_frame(data) else ("kind",)
    if wrong := sorted(options.given() - set(obeyed)):
        raise ValueError(f"{wrong[0]} does not apply to {type(data).__name__}, an object of Python")
    if isinstance(data, RealMatrix):
        return data
    if is_frame(data):
        with as_parquet(data) as path:
            return replace(read_path(path, options), name="frame")
    networkx = sys.modules.get("networkx")
    if networkx is not None and isinstance(data, networkx.Graph):
        return _of_networkx(data, options.kind)
    matrix = sparse.coo_array(as_csr(data))
    if (matrix.data < 0).any():
        raise ValueError(f"matrix must hold numbers of at least 0; got {matrix.data.min():g}")
    ends = matrix.coords[0], matrix.coords[1]
    return matrix_of_entries(Path("matrix"), "matrix", ends, matrix.data, matrix.shape, kind=options.kind)


def _of_networkx(graph: Any, kind: str | None) -> RealMatrix:
    if kind == "interactions":
        raise ValueError("kind must be 'graph' for a networkx graph; got 'interactions'")
    found = from_networkx(graph)
    entries = sparse.coo_array(found.graph)
    return matrix_of_entries(
        Path("graph"),
        "graph",
        (entries.coords[0], entries.coords[1]),
        entries.data,
        entries.shape,
        kind="graph",
        items=object_names(map(name_of, found.nodes)),
        labels=found.labels,
    )
