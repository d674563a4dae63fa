"""What does it take to draw a graph or a log of a model, and to write it? From the expected number of edges m and of nodes n.

    memory = a_kind m + b n,   time = c_kind m + d n,

since the sampler lists the pairs, sorts them into the matrix, and never looks at the pairs that are not there.
"""

from __future__ import annotations

from dataclasses import dataclass

from experiments.estimates.plan import Step


@dataclass(frozen=True)
class Costs:
    """Of one edge, or interaction: `drawn` bytes while it is drawn, `kept` bytes in the matrix, and `seconds`."""

    drawn: float
    kept: float
    seconds: float


# measured at 2 * 10^6 edges, those of "graph" at 10^6 to 5 * 10^7 (benchmarks/estimates.py)
OF_KINDS = {
    "graph": Costs(21, 16, 80e-9),
    "block_model": Costs(21, 16, 80e-9),
    "weighted": Costs(46, 24, 150e-9),
    "popularity_adjusted": Costs(41, 16, 220e-9),
    "dot_product": Costs(41, 16, 300e-9),
    "directed": Costs(20, 8, 75e-9),
    "interactions": Costs(32, 24, 160e-9),
    "bipartite": Costs(19, 8, 100e-9),
}
BYTES_OF_A_NODE = 90  # of the model (propensity, label) and of its nodes in the order of blocks
SECONDS_OF_A_NODE = 250e-9
# bytes beyond the matrix, and seconds, of one edge; measured at 2 * 10^6 edges
WRITTEN = {
    ".edges": Costs(25, 0, 450e-9),
    ".csv": Costs(15, 0, 450e-9),
    ".tsv": Costs(15, 0, 450e-9),
    ".mtx": Costs(42, 0, 170e-9),
    ".npz": Costs(18, 0, 1.1e-6),
    ".graphml": Costs(15, 0, 300e-9),
}
BYTES_OF_A_SHARDS_EDGE = 48  # both ends in 8 bytes, drawn, ordered, and in the table that is written
SECONDS_OF_A_SHARDS_EDGE = 110e-9  # its Parquet included
LARGEST_SHARD = 1.1  # over the mean shard: a node is never divided


def drawing(kind: str, edges: float, nodes: float) -> Step:
    """Return the step of drawing one matrix; `nodes` are nodes of a graph, or contexts and items together.

    >>> drawing("graph", 1e8, 1e6).memory
    2190000000.0
    """
    of = OF_KINDS[kind]
    return Step(
        "draw the matrix",
        of.drawn * edges + BYTES_OF_A_NODE * nodes,
        of.seconds * edges + SECONDS_OF_A_NODE * nodes,
        "sampling",
        f"{edges:,.0f} edges expected, {nodes:,.0f} nodes",
    )


def writing(kind: str, edges: float, nodes: float, ending: str) -> Step:
    """Return the step of writing a matrix that was drawn."""
    of = WRITTEN[ending]
    return Step(
        f"write {ending}",
        (OF_KINDS[kind].kept + of.drawn) * edges + BYTES_OF_A_NODE * nodes,
        of.seconds * edges,
        "reading",
        f"{edges:,.0f} edges",
    )


def drawing_in_shards(edges: float, nodes: float, shards: int, workers: int = 1) -> Step:
    """Return the step of drawing and writing a graph in shards, of which a process holds one at a time.

    >>> drawing_in_shards(1e9, 1e7, 64).memory < drawing("graph", 1e9, 1e7).memory / 10
    True
    """
    largest = min(edges, LARGEST_SHARD * edges / shards)
    return Step(
        "draw and write the shards",
        (BYTES_OF_A_NODE + 40) * nodes + BYTES_OF_A_SHARDS_EDGE * largest,
        SECONDS_OF_A_SHARDS_EDGE * edges + SECONDS_OF_A_NODE * nodes * (1 + 0.1 * shards),
        "sampling",
        f"{edges:,.0f} edges expected in {shards:,} shards, {nodes:,.0f} nodes"
        + (f"; of each of {workers} workers" if workers > 1 else ""),
    )


def shards_that_fit(edges: float, nodes: float, room: float) -> int | None:
    """Return the least power of two of shards that hold at most `room` bytes; None where the nodes alone take more.

    >>> shards_that_fit(1e8, 1e5, 1e9)
    8
    >>> shards_that_fit(1e8, 1e9, 1e9) is None
    True
    """
    shards = 1
    while drawing_in_shards(edges, nodes, shards).memory > room:
        shards *= 2
        if shards > 2**16:
            return None
    return shards
