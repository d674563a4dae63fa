"""GraphML written as a stream: a few thousand edges at a time, so that no graph object and no document is ever in memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

EDGES = 1 << 14  # written at a time
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""
KEY = '<key id="{0}" for="{1}" attr.name="{0}" attr.type="{2}"/>\n'


def write_graphml(
    file: IO[bytes],
    matrix: sparse.csr_array,
    labels: NDArray[Any] | None,
    propensities: NDArray[Any] | None,
) -> None:
    """Write a symmetric matrix as an undirected graph on the nodes 0..n-1, with `block` and `theta` where they are given.

    Edges have the attribute `weight` unless all entries are 1. Memory: 24 bytes for each edge.

    >>> import io
    >>> file = io.BytesIO()
    >>> write_graphml(file, sparse.csr_array([[0, 2.5], [2.5, 0]]), None, None)
    >>> file.getvalue().decode().splitlines()[-3]
    '<edge source="0" target="1"><data key="weight">2.5</data></edge>'
    """
    upper = sparse.coo_array(sparse.triu(matrix))
    weighted = bool((upper.data != 1).any())
    truth = {k: v for k, v in (("block", labels), ("theta", propensities)) if v is not None}
    keys = [(name, "node", "long" if name == "block" else "double") for name in truth]
    keys += [("weight", "edge", "double")] if weighted else []
    file.write(
        (HEAD + "".join(KEY.format(*key) for key in keys) + '<graph edgedefault="undirected">\n').encode()
    )
    for part in _parts(matrix.shape[0]):
        numbers = range(part.start, part.stop)
        if truth:
            data = zip(*(values[part].tolist() for values in truth.values()))
            lines = [
                f'<node id="{k}">'
                + "".join(f'<data key="{name}">{value!r}</data>' for name, value in zip(truth, of_node))
                + "</node>\n"
                for k, of_node in zip(numbers, data)
            ]
        else:
            lines = [f'<node id="{k}"/>\n' for k in numbers]
        file.write("".join(lines).encode())
    for part in _parts(len(upper.data)):
        rows, columns = (index[part].tolist() for index in upper.coords)
        if weighted:
            weights = np.asarray(upper.data[part], dtype=np.float64).tolist()
            lines = [
                f'<edge source="{i}" target="{j}"><data key="weight">{w!r}</data></edge>\n'
                for i, j, w in zip(rows, columns, weights)
            ]
        else:
            lines = [f'<edge source="{i}" target="{j}"/>\n' for i, j in zip(rows, columns)]
        file.write("".join(lines).encode())
    file.write(b"</graph>\n</graphml>\n")


def _parts(count: int) -> Iterator[slice]:
    return (slice(first, min(first + EDGES, count)) for first in range(0, count, EDGES))
