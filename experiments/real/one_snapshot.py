"""One snapshot of a catalogue: its items under numbers that all snapshots share, and the neighbours of some of them.

An item has one number in all snapshots, by its name, or by its row where no snapshot has names (`numbered_items`). Which items
are compared is decided by a random place that belongs to the item, so that snapshots of a large catalogue measure the same ones.
Each snapshot is a part that can be analysed anywhere (`analysis_parts`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

import theory
from experiments.real.analysis_parts import Arrays, Parts, given, packed, unpacked
from experiments.real.left_out import left_out
from experiments.real.named_errors import errors_of
from experiments.real.neighbour_lists import Lists, Similarity, shown_k
from experiments.real.numbered_items import Numbering, size_of
from experiments.real.own_matrices import OwnMatrix
from experiments.real.statistics import RESIDUAL
from simulate.plain_text import printable
from theory.analysis.inputs import as_rows
from theory.analysis.pipeline import require_operator_of

RANK = 32  # dimensions of a log or a graph
MEASURED = 5000  # items whose neighbours are compared, at most
SCORES = 10**8  # similarities computed for a snapshot, at most


def _vectors_of(own: OwnMatrix, rank: int | None) -> tuple[NDArray[np.float64], str]:
    """The rows of an embedding as they come, or on their first principal axes, and what they are."""
    columns = np.asarray(as_rows(own.data), dtype=np.float64)
    if not columns.any():
        raise ValueError(
            f"{printable(own.name)} must hold vectors with a direction; all its {len(columns):,} vectors are zero"
        )
    if rank is None:
        return columns, "vectors as they are"
    turned = theory.on_principal_axes(columns, rank)
    return turned, f"vectors on the first {turned.shape[1]:,} of {columns.shape[1]:,} principal axes"


@dataclass(frozen=True, eq=False)
class Snapshot:
    """What is kept of a snapshot.

    `items` (n,) are the numbers of the items of its analysis, and `spike` (n,) their spikes, where they were asked for. `near`
    (m, k) are the neighbours of the items `asked` (m,), which are sorted; `norms` and `popularity` (of a log) belong to these.
    `told` says what was analysed, and `notes` what was done while reading.
    """

    name: str
    items: NDArray[np.int64]
    spike: NDArray[np.int64] | None
    asked: NDArray[np.int64]
    near: NDArray[np.int64]
    norms: NDArray[np.float64]
    popularity: NDArray[np.float64] | None
    told: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """What is asked of a snapshot: `k` neighbours of at most 5,000 of its items, and its `spikes` or not.

    With `rank` None vectors are taken as they are, and logs and graphs at f = 32; else vectors on so many principal axes.
    """

    k: int
    similarity: Similarity
    rank: int | None
    operator: str | None
    spikes: bool


def add_snapshot(
    parts: Parts, own: OwnMatrix, numbering: Numbering, asked: Asked
) -> Callable[[str], Snapshot]:
    """Add the next snapshot to the `parts`, and return what makes a snapshot of the row that comes of it."""
    name, notes, numbers = own.name, own.notes, numbering.of(own)  # the data need not be held until it comes
    places = numbering.places[numbers]
    content = parts.give({**_arrays_of(own), "numbers": numbers, "places": places})
    parts.add({"content": content, "name": own.name, "kind": own.kind, **asdict(asked)})

    def found(row: str) -> Snapshot:
        arrays = unpacked(row)
        rows = arrays.get("rows")
        return Snapshot(
            name,
            numbers if rows is None else numbers[rows],
            arrays.get("spike"),
            arrays["asked"],
            arrays["near"],
            arrays["norms"],
            arrays.get("popularity"),
            str(arrays["told"]),
            (*notes, *map(str, arrays["lacking"])),
        )

    return found


def snapshot_trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Analyse the snapshot that was given, and find the neighbours of some of its items.

    Raises
    ------
    ValueError
        for a k that is not below the items with a direction, or what `theory.analyse` refuses.
    """
    arrays = given(cell["content"])
    own = OwnMatrix(cell["name"], cell["kind"], _data_of(arrays))
    asked = Asked(**{name: cell[name] for name in Asked.__dataclass_fields__})
    return {"found": packed(**_found(own, asked, arrays["numbers"], arrays["places"]))}


def _found(
    own: OwnMatrix, asked: Asked, numbers: NDArray[np.int64], places: NDArray[np.float64]
) -> dict[str, NDArray[Any]]:
    """What a part finds; `numbers` and `places` belong to the rows of vectors, or the items of a log or a graph."""
    found: dict[str, NDArray[Any]] = {}
    popularity, lacking = None, tuple[str, ...]()
    if own.kind == "embedding":
        require_operator_of(own.kind, asked.operator)
        vectors, told = _vectors_of(own, asked.rank)
    else:
        with errors_of(own.name):
            analysed = theory.analyse(
                own.data, asked.rank or RANK, kind=own.kind, operator=asked.operator, tol=RESIDUAL
            )
        lacking = left_out(size_of(own), analysed)
        vectors = np.asarray(analysed.embedding.vectors("full"), dtype=np.float64)
        found["rows"], told = analysed.items, f"{own.kind}, f = {vectors.shape[1]}"
        numbers, places = numbers[analysed.items], places[analysed.items]
        popularity = analysed.popularity if own.kind == "interactions" else None
    live = np.flatnonzero(vectors.any(axis=1))
    if asked.k >= live.size:
        raise ValueError(
            f"k must be less than the items with a direction, {live.size} in {printable(own.name)}; got {shown_k(asked.k)}"
        )
    most = min(MEASURED, max(1, SCORES // live.size))
    rows = np.sort(live[np.argsort(places[live], kind="stable")[:most]])
    near = Lists(vectors, numbers, live, asked.similarity).of_rows(rows, asked.k)
    by_number = np.argsort(numbers[rows], kind="stable")
    rows = rows[by_number]
    found |= {"asked": numbers[rows], "near": near[by_number], "norms": np.linalg.norm(vectors, axis=1)[rows]}
    found |= {"told": np.array(told), "lacking": np.array(lacking, dtype=str)}
    if popularity is not None:
        found["popularity"] = popularity[rows]
    if asked.spikes:
        found["spike"] = theory.partition_by_spikes(vectors).labels
    return found


def _arrays_of(own: OwnMatrix) -> dict[str, NDArray[Any]]:
    if own.kind == "embedding":
        return {"vectors": as_rows(own.data)}
    matrix = sparse.csr_array(own.data)
    shape = np.array(matrix.shape)
    return {"data": matrix.data, "indices": matrix.indices, "indptr": matrix.indptr, "shape": shape}


def _data_of(arrays: Arrays) -> Any:
    if "vectors" in arrays:
        return arrays["vectors"]
    parts = (arrays["data"], arrays["indices"], arrays["indptr"])
    return sparse.csr_array(parts, shape=tuple(arrays["shape"]), copy=False)
