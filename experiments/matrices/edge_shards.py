"""Graphs in shards: a folder of Parquet files, one a shard, so that a graph larger than memory can be written and read.

| file | |
|---|---|
| `edge-shards.json` | the number of nodes and of shards, the law of the edges, and the key of all that decides them |
| `nodes.parquet` | `block` and `theta` of each node; row i is node i |
| `edges-00003-of-00064.parquet` | `source` <= `target` of each edge, numbers of nodes from 0; `weight` where edges are counts |

Every file holds the key, so that a file of another graph is never taken for one of this. Each is read, and checked, by itself, a
million edges at a time. `shard_writing` writes them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.matrices.bad_input import BadInput
from experiments.matrices.finishing import finish_graph
from experiments.matrices.formats import Reading
from experiments.matrices.limits import require_regular, require_unpacked
from experiments.matrices.parquet import damaged, unpacked_size
from experiments.matrices.real_matrix import RealMatrix
from experiments.running.json_files import misfit, read_object
from simulate.optional import require_extra
from simulate.sampling.sharded_graphs import MOST_SHARDS, Shard

MANIFEST, NODES = "edge-shards.json", "nodes.parquet"
FORMAT = 1
KEY = b"spikeproof.key"
ROWS = 1 << 20  # of a row group: what a reader holds at a time
SHAPE = {"format": int, "nodes": int, "shards": int, "law": str, "key": str}


@dataclass(frozen=True)
class Folder:
    """What `edge-shards.json` says of a folder of shards."""

    path: Path
    nodes: int
    shards: int
    law: str
    key: str

    def part(self, shard: int) -> Path:
        """Return the file of a shard."""
        return self.path / f"edges-{shard:05d}-of-{self.shards:05d}.parquet"


def read_folder(path: Path) -> Folder:
    """Return what a folder of shards holds, given the folder or its `edge-shards.json`.

    Raises
    ------
    BadInput
        for a file that is not as it was written.
    """
    manifest = path / MANIFEST if path.is_dir() else path
    try:
        about = read_object(manifest)
    except ValueError as error:
        raise BadInput(manifest, "what `spikeproof sample --shards` wrote", str(error)) from None
    wrong = misfit(about, SHAPE, "")
    if not wrong and about["format"] != FORMAT:
        wrong = f"the format {about['format']}"
    if not wrong and not (0 < about["shards"] <= MOST_SHARDS and 0 < about["nodes"] < 2**62):
        wrong = f"{about['shards']} shards of {about['nodes']} nodes"
    if wrong:
        raise BadInput(manifest, f"what `spikeproof sample --shards` wrote, of format {FORMAT}", wrong)
    return Folder(manifest.parent, about["nodes"], about["shards"], about["law"], about["key"])


def read_shards(folder: Folder) -> Iterator[Shard]:
    """Yield the shards of a folder one after the other, each in pieces of at most a million edges, every number checked.

    Raises
    ------
    BadInput
        for a shard that is missing, is another graph's, or holds a node that the graph does not have.
    """
    for shard in range(folder.shards):
        yield from _pieces(folder, folder.part(shard))


def stored_degrees(folder: Folder) -> tuple[NDArray[np.float64], int]:
    """Return the degrees (n,) of a graph in shards and its number of edges; memory is n numbers and one piece of a shard."""
    degrees, edges = np.zeros(folder.nodes), 0
    for piece in read_shards(folder):
        for ends in (piece.source, piece.target):
            np.add.at(degrees, ends, 1.0 if piece.weights is None else piece.weights)
        edges += piece.n_edges
    return degrees, edges


def read_edge_shards(path: Path, options: Reading | None = None) -> RealMatrix:
    """Return the graph of a folder of shards, in memory, with the blocks of its nodes as labels.

    Raises
    ------
    BadInput
        as `read_folder` and `read_shards`; for nodes that are not as many as the folder says.
    """
    folder = read_folder(path)
    labels = _labels(folder)
    pieces = list(read_shards(folder))
    rows, columns = (np.concatenate([getattr(p, name) for p in pieces]) for name in ("source", "target"))
    known = [p.weights for p in pieces if p.weights is not None]
    weights = np.concatenate(known).astype(np.float64) if known else None
    return finish_graph(folder.path.name, rows, columns, weights, folder.nodes, labels=labels)


def _labels(folder: Folder) -> NDArray[np.int64]:
    place = folder.path / NODES
    file = opened(place, folder.key)
    if file.metadata.num_rows != folder.nodes or "block" not in file.schema_arrow.names:
        found = f"{file.metadata.num_rows:,} rows of {', '.join(file.schema_arrow.names)}"
        raise BadInput(place, f"a column 'block' of {folder.nodes:,} rows", found)
    return _whole(place, file.read(columns=["block"]).column("block"), "block", 2**62)


def _pieces(folder: Folder, place: Path) -> Iterator[Shard]:
    import pyarrow as pa

    file = opened(place, folder.key)
    names = file.schema_arrow.names
    if names not in (["source", "target"], ["source", "target", "weight"]):
        raise BadInput(place, "the columns source, target and perhaps weight", ", ".join(names))
    try:
        for batch in file.iter_batches(batch_size=ROWS):
            ends = [_whole(place, batch.column(name), name, folder.nodes) for name in ("source", "target")]
            weights = _whole(place, batch.column("weight"), "weight", 2**31) if "weight" in names else None
            yield Shard(ends[0], ends[1], weights)
    except (pa.ArrowException, OSError) as error:
        raise damaged(place, error) from None


def _whole(place: Path, column: Any, name: str, below: int) -> NDArray[np.int64]:
    """A column as whole numbers from 0 to `below` - 1."""
    import pyarrow.types as kinds

    if not kinds.is_integer(column.type) or column.null_count:
        raise BadInput(place, "whole numbers", f"{column.type}, {column.null_count} missing", column=name)
    found = np.asarray(column).astype(np.int64, copy=False)
    if found.size and not 0 <= found.min() <= found.max() < below:
        raise BadInput(
            place, f"numbers from 0 to {below - 1:,}", f"{found.min()} to {found.max()}", column=name
        )
    return found


def opened(place: Path, key: str) -> Any:
    """Return an open Parquet file of the folder, whose key is that of this graph.

    Raises
    ------
    BadInput
        for a file that is missing, no sound Parquet file, of another graph, or one that unpacks to more than it may.
    """
    require_extra("parquet", "reading a graph in shards")
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not place.exists():
        raise BadInput(place, "a shard of the graph", "no such file (run the command that wrote the others)")
    require_regular(place)
    try:
        file = pq.ParquetFile(place, page_checksum_verification=True)
    except (pa.ArrowException, OSError) as error:
        raise damaged(place, error) from None
    if (file.schema_arrow.metadata or {}).get(KEY) != key.encode():
        raise BadInput(place, "a file of this graph", "one of another graph, or of none")
    require_unpacked(place, unpacked_size(file), place.stat().st_size)
    return file
