"""What does it take to read an input? Memory and time follow the numbers, edges or interactions in it, by format."""

from __future__ import annotations

from dataclasses import dataclass

from experiments.estimates.looking import Looked
from experiments.estimates.plan import Step
from experiments.matrices.edge_shards import MANIFEST
from experiments.matrices.kept import PAIRS


@dataclass(frozen=True)
class Costs:
    """Of one entry: `memory`, bytes at most while it is read, names of ends included, and `seconds`."""

    memory: float
    seconds: float


# of an entry of a symmetric matrix (each edge has two), measured at 10^6 and 4 * 10^6
GRAPHS = {
    ".edges": Costs(53, 170e-9),
    ".mtx": Costs(51, 200e-9),
    ".npz": Costs(81, 210e-9),
    ".graphml": Costs(60, 1.9e-6),
    MANIFEST: Costs(60, 60e-9),
}
# of an interaction, measured at 4 * 10^5 and 2 * 10^6
LOGS = {
    ".csv": Costs(107, 270e-9),
    ".parquet": Costs(99, 160e-9),
    ".npz": Costs(71, 110e-9),
    ".mtx": Costs(71, 200e-9),
}
# of a number of vectors, measured at 1.3 * 10^6; beside the array in its own type
VECTORS = {".csv": Costs(4, 370e-9), ".parquet": Costs(8, 35e-9), ".npz": Costs(2, 12e-9)}
OTHERS = Costs(8, 300e-9)
BYTES_OF_A_GRAPHS_ENTRY, BYTES_OF_AN_INTERACTION = 12, 12  # a column in 4 bytes and a value in 8
LIKE = {
    ".pq": ".parquet",
    ".tsv": ".csv",
    ".tab": ".csv",
    ".txt": ".csv",
    ".dat": ".csv",
    ".data": ".csv",
    ".vec": ".csv",
}


def reading(looked: Looked) -> Step:
    """Return the step of reading an input; mapped vectors are not read, and take nothing.

    Examples
    --------
    >>> step = reading(Looked("g.edges", "graph", ".edges", 10**5, 10**5, 4e6, "its header"))
    >>> step.name, step.memory
    ('read g.edges', 212000000.0)
    """
    ending = LIKE.get(looked.ending, looked.ending)
    if looked.kind == "embedding":
        of = VECTORS.get(ending, OTHERS)
        memory = 0.0 if looked.mapped else (of.memory + held_of_a_number(looked)) * looked.entries
        seconds = 0.0 if looked.mapped else of.seconds * looked.entries
        size = (
            f"{looked.rows:,} rows, f = {looked.columns:,}"
            if looked.columns
            else f"{looked.entries:,.0f} numbers"
        )
    else:
        table = GRAPHS if looked.kind == "graph" else LOGS
        of = table.get(".edges" if looked.kind == "graph" and ending == ".csv" else ending, table[".npz"])
        memory, seconds = of.memory * looked.entries, of.seconds * looked.entries
        what = "entries" if looked.kind == "graph" else "interactions"
        size = f"{looked.entries:,.0f} {what}"
    return Step(f"read {looked.name}", memory, seconds, "reading", f"{size}, from {looked.how}")


def held_of_a_number(looked: Looked) -> int:
    """Return how many bytes a number of vectors takes once it is read: text is read in double precision."""
    return looked.itemsize if looked.ending in (".npy", ".npz", ".parquet", ".pq") else 8


def held(looked: Looked) -> float:
    """Return the bytes that an input keeps once it is read; a matrix of at most thirty million entries is kept twice.

    >>> held(Looked("g.edges", "graph", ".edges", 10**5, 10**5, 4e6, "its header"))
    96000000.0
    """
    if looked.kind == "embedding":
        return 0.0 if looked.mapped else held_of_a_number(looked) * looked.entries
    bytes_of_one = BYTES_OF_A_GRAPHS_ENTRY if looked.kind == "graph" else BYTES_OF_AN_INTERACTION
    return bytes_of_one * looked.entries * (2 if looked.entries <= PAIRS else 1)
