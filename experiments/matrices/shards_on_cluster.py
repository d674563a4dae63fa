"""How do the workers of a Dask cluster draw a graph in shards? Each draws whole shards, whose files are brought to the command.

A worker gets the model once, as a file of arrays with the entropy of the graph, and is told which shard to draw. What it writes
is the very file that the command would write (`shard_writing`), brought in pieces (`brought_files`). So the bytes depend neither
on the number of workers nor on who draws which shard.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from experiments.matrices.edge_shards import Folder
from experiments.matrices.shard_writing import edges_of, is_done, write_shard
from experiments.running.brought_files import made_at
from experiments.running.files import write_whole
from experiments.running.runner import run
from experiments.running.sent_files import FilesToSend, here
from experiments.running.study import Study
from experiments.running.waiting import WAIT_SECONDS
from simulate.models.block_models import BlockModel
from simulate.progress import Progress
from simulate.sampling.sharded_graphs import ShardedGraph


def draw_on_cluster(
    folder: Folder,
    graph: ShardedGraph,
    address: str,
    *,
    wait: float = WAIT_SECONDS,
    progress: Progress | bool | None = None,
) -> tuple[int, int]:
    """Have all shards drawn that are not there yet; return the edges of the graph, and how many shards were drawn now.

    Parameters
    ----------
    folder, graph
        what `begin_shards` returned for this graph, and the graph.
    address, wait, progress
        `dask`, `wait` and `progress` of `running.run_all`. A worker holds one shard, this process the model.

    Raises
    ------
    ValueError, OSError
        as `running.run_all`; for a shard that no worker could draw. The shards that are there are kept.
    """
    missing = [shard for shard in range(folder.shards) if not is_done(folder.part(shard), folder.key)]
    if missing:
        grid = [{"graph": folder.key, "shard": shard, "file": str(folder.part(shard))} for shard in missing]
        study = Study("shards", grid, draw_shard)
        with tempfile.TemporaryDirectory(prefix="spikeproof-") as place:
            path = write_whole(
                Path(place) / "graph.npz", lambda file: np.savez(file, **_arrays(graph, folder))
            )
            files = FilesToSend({folder.key: (path, [path])})
            table = run(study, dask=address, files=files, makes="file", wait=wait, progress=progress)
        if (failed := table[table["error"].notna()]).size:
            raise OSError(
                f"{len(failed):,} of {folder.shards:,} shards were not drawn ({failed['error'].iloc[0]}); the others are kept, "
                "and the same command draws the rest"
            )
    return sum(edges_of(folder.part(shard)) for shard in range(folder.shards)), len(missing)


def draw_shard(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Draw one shard of the graph that was sent, and write it where its file is expected."""
    graph, folder = _kept(here(cell["graph"]))
    return {"edges": write_shard(folder, made_at(cell["file"]), graph.draw(cell["shard"]))}


def _arrays(graph: ShardedGraph, folder: Folder) -> dict[str, Any]:
    model = graph.model
    return {
        "propensities": model.propensities,
        "labels": model.labels,
        "affinity": model.affinity,
        "entropy": graph.entropy,
        "shards": np.array(graph.shards),
        "law": np.array(graph.law),
        "loops": np.array(graph.loops),
        "key": np.array(folder.key),
    }


@lru_cache(maxsize=1)
def _kept(path: str) -> tuple[ShardedGraph, Folder]:
    """The graph of a file that was sent, kept by the worker: its nodes are grouped once."""
    with np.load(path, allow_pickle=False) as found:
        model = BlockModel(found["propensities"], found["labels"], found["affinity"])
        shards, law = int(found["shards"]), found["law"].item()
        graph = ShardedGraph.of_entropy(model, shards, found["entropy"], law=law, loops=bool(found["loops"]))
        return graph, Folder(Path(path).parent, model.n_nodes, shards, law, found["key"].item())
