"""Writing a graph in shards (`edge_shards`): each shard is drawn and written by itself, and one that is there already is left.

A file appears whole or not at all, so that a run that was interrupted goes on where it was. `shards_on_cluster` has shards drawn
by the workers of a cluster.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from experiments.matrices.bad_input import BadInput
from experiments.matrices.edge_shards import FORMAT, KEY, MANIFEST, NODES, ROWS, Folder, opened, read_folder
from experiments.running.files import is_draft, write_whole
from experiments.running.folder_locks import alone
from experiments.running.output_places import require_places
from experiments.running.waiting import WAIT_SECONDS
from simulate.optional import require_extra
from simulate.sampling.sharded_graphs import Shard, ShardedGraph

EDGES = b"spikeproof.edges"


@contextmanager
def begun_alone(
    path: Path, graph: ShardedGraph, *, overwrite: bool = False, wait: float = WAIT_SECONDS
) -> Iterator[Folder]:
    """`begin_shards`, with nobody else at work in the folder until the block ends: two graphs never share one.

    Raises
    ------
    ValueError
        as `begin_shards`.
    OSError
        if another command is at work in the folder for longer than `wait` seconds.
    """
    require_extra("parquet", "writing a graph in shards")
    _require_no_file(path)
    path.mkdir(parents=True, exist_ok=True)
    with alone(path, wait):
        yield begin_shards(path, graph, overwrite=overwrite)


def begin_shards(path: Path, graph: ShardedGraph, *, overwrite: bool = False) -> Folder:
    """Make the folder of a graph's shards, or take it where it was begun for this very graph; write what it holds and its nodes.

    Raises
    ------
    ValueError
        if `path` is no folder, or holds files that are none of this graph's, unless `overwrite` allows to replace the shards of
        another one.
    """
    require_extra("parquet", "writing a graph in shards")
    folder = Folder(path, graph.model.n_nodes, graph.shards, graph.law, _key_of(graph))
    _require_no_file(path)
    if path.exists():
        _require_ours(path, folder, overwrite)
    path.mkdir(parents=True, exist_ok=True)
    _drop_others(path, folder)
    require_places([path / MANIFEST, path / NODES, *map(folder.part, range(folder.shards))])
    about = {
        "format": FORMAT,
        "nodes": folder.nodes,
        "shards": folder.shards,
        "law": folder.law,
        "key": folder.key,
        "expected_edges": graph.model.expected_edges(),
    }
    write_whole(path / MANIFEST, json.dumps(about, indent=1))  # first: what follows belongs to it
    if not is_done(path / NODES, folder.key):
        columns = {"block": graph.model.labels, "theta": graph.model.propensities}
        write_whole(path / NODES, partial(_write_columns, columns=columns, key=folder.key))
    return folder


def write_shards(
    folder: Folder, graph: ShardedGraph, told: Callable[[int, int, int], None] | None = None
) -> tuple[int, int]:
    """Write all shards that are not there yet; return the number of edges of the graph, and how many shards were drawn now.

    The next shard is drawn while one is written, so that memory holds two. `told` hears (done, of, 0) after each.
    """
    edges, drawn = 0, 0
    with ThreadPoolExecutor(1) as writer:
        before: Future[int] | None = None
        for shard in range(folder.shards):
            place = folder.part(shard)
            if is_done(place, folder.key):
                edges += edges_of(place)
            else:
                found = graph.draw(shard)
                if before is not None:
                    edges += before.result()
                before = writer.submit(write_shard, folder, place, found)
                drawn += 1
            if told is not None:
                told(shard + 1, folder.shards, 0)
        if before is not None:
            edges += before.result()
    return edges, drawn


def write_shard(folder: Folder, place: Path, drawn: Shard) -> int:
    """Write a shard of the graph of a folder at a place, and return its number of edges.

    Raises
    ------
    ValueError
        for columns of different lengths, or a weight that is no whole number from 1 to 2^31 - 1.
    """
    _require_columns(drawn, place)
    small = np.int32 if folder.nodes < 2**31 else np.int64
    columns = {
        "source": drawn.source.astype(small, copy=False),
        "target": drawn.target.astype(small, copy=False),
    }
    if drawn.weights is not None:
        columns["weight"] = drawn.weights.astype(np.int32)
    write_whole(place, partial(_write_columns, columns=columns, key=folder.key, edges=drawn.n_edges))
    return drawn.n_edges


def _require_columns(drawn: Shard, place: Path) -> None:
    """Raise `ValueError` where the columns of a shard differ in length, or a weight does not fit into 32 bits."""
    weights = drawn.weights
    rows = [column.size for column in (drawn.source, drawn.target, weights) if column is not None]
    if len(set(rows)) > 1:
        raise ValueError(f"the columns of {place.name} must have as many rows each; got {rows}")
    if weights is not None and weights.size and not 1 <= weights.min() <= weights.max() < 2**31:
        raise ValueError(
            f"the weights of {place.name} must be whole numbers from 1 to {2**31 - 1:,}; got {weights.min()} to {weights.max()}"
        )


def _write_columns(
    file: IO[bytes], columns: dict[str, NDArray[Any]], key: str, edges: int | None = None
) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    about = {KEY: key.encode(), **({} if edges is None else {EDGES: str(edges).encode()})}
    table = pa.table(columns).replace_schema_metadata(about)
    # the numbers hardly repeat, so that neither dictionaries nor compression make them smaller
    pq.write_table(
        table,
        file,
        row_group_size=ROWS,
        use_dictionary=False,
        compression="none",
        write_statistics=False,
        write_page_checksum=True,
        store_schema=True,
    )


def is_done(place: Path, key: str) -> bool:
    """Return whether a file is there, whole, and of the graph of this key."""
    if not place.is_file() or place.is_symlink():
        return False
    try:
        opened(place, key)
    except BadInput:
        return False
    return True


def edges_of(place: Path) -> int:
    """Return the number of edges that a shard says it has."""
    import pyarrow.parquet as pq

    return int(pq.read_schema(place).metadata[EDGES])


def _drop_others(path: Path, folder: Folder) -> None:
    """Remove the shards of the graph that is replaced, and what an interrupted run left half-written."""
    for file in path.iterdir():
        ours = file.name.startswith("edges-") and is_done(file, folder.key)
        if file.name not in (MANIFEST, NODES) and not ours:
            file.unlink()


def _key_of(graph: ShardedGraph) -> str:
    """The hash of everything that decides the edges."""
    model, found = graph.model, hashlib.sha256()
    for array in (model.propensities, model.labels, model.affinity, graph.entropy):
        found.update(np.ascontiguousarray(array).tobytes())
    found.update(f"{FORMAT} {graph.shards} {graph.law} {graph.loops}".encode())
    return found.hexdigest()


def _require_no_file(path: Path) -> None:
    if path.exists() and not path.is_dir():
        raise ValueError(f"{path} must be a folder, or nothing yet; it is a file")


def _require_ours(path: Path, folder: Folder, overwrite: bool) -> None:
    """Raise `ValueError` for a folder that holds anything but files of this graph, or with `overwrite` of any graph."""
    inside = sorted(file.name for file in path.iterdir() if not is_draft(file.name))
    if not inside:
        return
    other = [
        n for n in inside if n not in (MANIFEST, NODES) and not (n[:6] == "edges-" and n[-8:] == ".parquet")
    ]
    if other or (MANIFEST not in inside and not overwrite):
        raise ValueError(
            f"{path} must be empty, or hold a graph in shards; it holds {', '.join((other or inside)[:3])}"
        )
    if overwrite:
        return
    if read_folder(path).key != folder.key:
        raise ValueError(
            f"{path} holds another graph in shards (another model, seed, law or number of shards); "
            "give another --out, or --overwrite"
        )
