"""Which items lie in each spike: the largest spikes with their items of largest norm, and the rows to draw.

Spikes are the parts of `theory.partition_by_spikes`, which leaves no row out, so that the table, the picture and the
agreement with other partitions speak of the same spikes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

import theory
from experiments.matrices.real_matrix import RealMatrix

LISTED = 12  # spikes of the table
LARGEST = 5  # items named of each
SHOWN = 20_000  # rows of the 3-D view
DRAWN = 6  # dimensions of it
LARGEST_INTEGER = 32767  # coordinates are stored as 16-bit integers of the largest one
NAME = 300  # characters of a name that are shown


def names_of(real: RealMatrix, items: NDArray[np.int64]) -> list[str]:
    """Return the names of `items`, fit to be shown; "item 7" where the matrix has no names."""
    if real.items is None:
        return [f"item {item}" for item in items]
    return [shown_name(real.items[item]) for item in items]


def shown_name(name: Any) -> str:
    """Return a name cut to 300 characters, its control characters, which no page can hold, as replacement marks.

    >>> shown_name("a" + chr(0)) == "a" + chr(0xFFFD)
    True
    """
    text = "".join(
        c if c.isprintable() or c in "\u202a\u202b\u202c\u202d\u202e" else "\ufffd" for c in str(name)
    )
    return text if len(text) <= NAME else text[:NAME] + "…"


def spike_table(
    vectors: NDArray[Any],
    partition: theory.SpikePartition,
    names: list[str],
    labels: NDArray[Any] | None,
    label_names: NDArray[Any] | None,
) -> list[dict[str, Any]]:
    """Return the largest spikes, a dict each.

    `spike` counts from 1 in order of the norm of the peak; `size` in rows; `largest`, the items of largest norm; with
    labels also `label`, the most frequent one, and `purity`, its share of the rows whose label is known.
    """
    norms, rows = np.linalg.norm(vectors, axis=1), []
    for number in np.argsort(-partition.sizes, kind="stable")[:LISTED]:
        mine = np.flatnonzero(partition.labels == number)
        largest = mine[np.argsort(-norms[mine], kind="stable")[:LARGEST]]
        row: dict[str, Any] = {
            "spike": int(number) + 1,
            "size": len(mine),
            "largest": [names[i] for i in largest],
        }
        known = np.empty(0, dtype=np.int64) if labels is None else labels[mine][labels[mine] >= 0]
        if known.size:
            values, counts = np.unique(known, return_counts=True)
            best = int(values[np.argmax(counts)])
            row["label"] = shown_name(label_names[best]) if label_names is not None else str(best)
            row["purity"] = float(counts.max() / known.size)
        rows.append(row)
    return rows


def points_to_draw(
    vectors: NDArray[Any],
    partition: theory.SpikePartition,
    names: list[str],
    labels: NDArray[Any] | None,
    label_names: NDArray[Any] | None,
    rng: np.random.Generator,
) -> dict[str, Any]:
    """Return at most 20,000 rows with a direction, drawn at random, on their first six dimensions.

    `coordinates` are integers: a coordinate is one of them times `scale` / 32767. `of` counts the rows drawn from.
    """
    live = np.flatnonzero(vectors.any(axis=1))
    shown = np.sort(rng.choice(live, min(SHOWN, live.size), replace=False))
    rows = vectors[shown, :DRAWN]
    scale = float(np.abs(rows).max())
    points = {
        "of": int(live.size),
        "dimensions": rows.shape[1],
        "scale": scale,
        "coordinates": np.round(rows / scale * LARGEST_INTEGER).astype(int).ravel().tolist(),
        "spike": partition.labels[shown].tolist(),
        "names": [names[i] for i in shown],
    }
    if labels is not None:
        points["label"] = labels[shown].tolist()
        most = int(labels[shown].max(initial=-1)) + 1
        points["label_names"] = (
            [] if label_names is None else [shown_name(name) for name in label_names[:most]]
        )
    return points
