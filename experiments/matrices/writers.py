"""Graphs and interactions are written to files: edge list, Matrix Market, npz, GraphML; each is read again by its reader.

The truth goes with them. GraphML holds `block` and `theta` as node attributes; an npz holds the labels that its reader
reads, and the propensities; beside an edge list or Matrix Market file stands FILE.nodes.csv (node, block, theta). An edge list
begins with a comment that says how many nodes there are, so that those without an edge are read again too. A file appears whole
or not at all.
"""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import io, sparse

from experiments.matrices.graphml_writing import write_graphml
from experiments.running.files import Content, write_new

OF_GRAPHS = (".edges", ".mtx", ".npz", ".graphml")
OF_INTERACTIONS = (".csv", ".tsv", ".mtx", ".npz")
OF_DATED = (".csv", ".tsv", ".npz")


def require_format(path: Path, *, graph: bool, dated: bool = False) -> str:
    """Return the ending of `path`, if it names a format of graphs, of interactions, or of interactions with dates.

    >>> require_format(Path("a.mtx"), graph=True)
    '.mtx'
    """
    known: tuple[str, ...] = OF_GRAPHS if graph else OF_DATED if dated else OF_INTERACTIONS
    what = "a graph" if graph else "interactions with dates" if dated else "interactions"
    ending = path.suffix.lower()
    if ending not in known:
        raise ValueError(f"a file of {what} must end in one of {', '.join(known)}; got {path.name!r}")
    return ending


def write_matrix(
    matrix: sparse.csr_array,
    path: Path,
    *,
    labels: NDArray[Any] | None = None,
    propensities: NDArray[Any] | None = None,
    times: NDArray[Any] | None = None,
    graph: bool,
    overwrite: bool = False,
) -> list[Path]:
    """Write a symmetric `graph` or interactions (contexts x items) in the format of the path's ending; return the files.

    `labels` and `propensities` are those of the nodes or of the items; `times`, in days, are those of the interactions, one per
    entry of the matrix in its order. With `overwrite`, files that exist with other content are replaced.

    Raises
    ------
    ValueError
        for an ending that is no format of graphs, or of interactions, or that cannot hold times; for a file that exists with
        other content: none is written then.
    OSError
        if the file cannot be written.
    """
    ending = require_format(path, graph=graph, dated=times is not None)
    if ending == ".npz":
        extra = {"labels": labels, "propensities": propensities, "times": times}
        return write_new({path: lambda file: _npz(file, matrix, extra)}, overwrite=overwrite)
    if ending == ".graphml":
        return write_new(
            {path: lambda file: write_graphml(file, matrix, labels, propensities)}, overwrite=overwrite
        )
    files: dict[Path, Content] = {}
    if ending == ".mtx":
        symmetry = "symmetric" if graph else "general"
        # in double precision, since the digits of a single one are another number when read again
        entries = sparse.coo_array(matrix, dtype=np.float64)
        files[path] = lambda file: io.mmwrite(file, entries, symmetry=symmetry)
    else:
        separator = "," if ending == ".csv" else "\t"
        files[path] = lambda file: _pairs(file, matrix, separator, graph, times)
    truth = {k: v for k, v in (("block", labels), ("theta", propensities)) if v is not None}
    if not truth:
        return write_new(files, overwrite=overwrite)
    numbers = np.arange(len(next(iter(truth.values()))))
    table = pd.DataFrame({"node" if graph else "item": numbers, **truth})
    files[files_of(path)[1]] = lambda file: table.to_csv(file, index=False)
    return write_new(files, overwrite=overwrite)


def files_of(path: Path) -> list[Path]:
    """Return which files `write_matrix` may write for `path`: itself, and the truth beside it.

    >>> [str(file) for file in files_of(Path("g.edges"))]
    ['g.edges', 'g.edges.nodes.csv']
    """
    return [path, path.with_name(path.name + ".nodes.csv")]


def _pairs(
    file: IO[bytes], matrix: sparse.csr_array, separator: str, graph: bool, times: NDArray[Any] | None
) -> None:
    entries = sparse.coo_array(sparse.triu(matrix) if graph else matrix)
    columns: dict[str, Any] = {"context": entries.coords[0], "item": entries.coords[1]}
    if graph and (entries.data != 1).any():
        columns["weight"] = entries.data.astype(np.float64)
    if times is not None:
        columns["time"] = times
    if graph:
        # an edge list knows no node without an edge; a comment tells which nodes there are
        n = matrix.shape[0]
        file.write(f"# Nodes: {n} Edges: {entries.nnz} (numbered from 0 to {n - 1})\n".encode())
    # interactions have a header, which their reader asks for; edge lists have none
    pd.DataFrame(columns).to_csv(file, index=False, sep=separator, header=not graph)


def _npz(file: IO[bytes], matrix: sparse.csr_array, extra: dict[str, NDArray[Any] | None]) -> None:
    arrays = {"data": matrix.data, "indices": matrix.indices, "indptr": matrix.indptr}
    arrays |= {"shape": np.array(matrix.shape), "format": np.array(b"csr")}
    np.savez_compressed(file, **arrays, **{k: v for k, v in extra.items() if v is not None})
