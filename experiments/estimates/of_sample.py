"""What does `spikeproof sample` need? A matrix of the expected size is drawn whole, or shard by shard, and written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from experiments.estimates.plan import Plan, Step, of_input
from experiments.estimates.sampling import (
    drawing,
    drawing_in_shards,
    shards_that_fit,
    writing,
)
from experiments.matrices.described_models import ModelFile
from experiments.matrices.writers import require_format
from simulate.available_memory import PROGRAM, memory_in_all

BLOCKS = ("graph", "block_model")  # kinds that are drawn in shards too
CLIPPED = "edges whose probability is above 1 are counted as expected; with --clip fewer are drawn"


def expected_size(described: ModelFile) -> tuple[float, float]:
    """Return the expected number of edges, or interactions, and of nodes, or contexts and items.

    It follows from the entries of the file; a graph whose affinity is written out is built.

    Examples
    --------
    >>> expected_size(ModelFile("graph", {"nodes": 1000, "blocks": 2, "mean_degree": 30.0}))
    (15000.0, 1000.0)
    """
    entries = described.entries
    if described.kind in ("interactions", "bipartite"):
        length = entries.get("mean_length", entries.get("length", 0))
        return float(entries["contexts"] * length), float(entries["contexts"] + entries["items"])
    nodes = entries.get("nodes", 0)
    if "mean_degree" in entries:
        return float(nodes * entries["mean_degree"] / (1 if described.kind == "directed" else 2)), float(
            nodes
        )
    if "density" in entries:
        return float(entries["density"] * nodes * (nodes - 1) / 2), float(nodes)
    with of_input():
        model = described.build(np.random.default_rng(0))
    degrees = np.asarray(model.expected_degrees())  # type: ignore[union-attr]
    return float(degrees.sum() / 2), float(degrees.size)


def plan_of_sample(
    described: ModelFile,
    out: Path,
    shards: int | None = None,
    in_shards: Callable[[int], str] | None = None,
) -> Plan:
    """Return the steps of drawing a model's matrix into a file, or into a folder of shards.

    Parameters
    ----------
    in_shards : returns the command that draws the same graph in so many shards.
    """
    edges, nodes = expected_size(described)
    kind = "weighted" if described.weights else described.kind
    notes = (CLIPPED,) if described.is_graph else ()
    others: list[tuple[str, Callable[[], Plan]]] = []
    fitting = shards_that_fit(edges, nodes, memory_in_all() - PROGRAM)
    if kind in BLOCKS and in_shards is not None and fitting is not None:
        others.append((in_shards(fitting), lambda: Plan((drawing_in_shards(edges, nodes, fitting),))))
    steps: tuple[Step, ...]
    if shards is not None:
        steps = (drawing_in_shards(edges, nodes, shards),)
    else:
        with of_input():
            require_format(out, graph=described.is_graph, dated=bool(described.growth))
        steps = (drawing(kind, edges, nodes), writing(kind, edges, nodes, out.suffix.lower()))
    return Plan(steps, notes, tuple(others))
