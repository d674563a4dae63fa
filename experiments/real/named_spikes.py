"""Which items lie in each spike: all spikes with their loudest and most typical items, and the rows to draw.

Spikes are the parts of `theory.partition_by_spikes`, which leaves no row out, so that the table, the picture and the
agreement with other partitions speak of the same spikes. The loudest items of a spike are those of largest norm; the typical
ones have the largest cosine to the spike's direction, which is that of the sum of its vectors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

import theory
from experiments.matrices.real_matrix import RealMatrix

LISTED = 2_000  # spikes of the table
LARGEST = 5  # items named of each, of either sort
SHOWN = 20_000  # rows that a page holds
LARGEST_INTEGER = 32767  # a unit vector is stored as 16-bit integers, 1 as this one
DIGITS = 4  # significant, of a norm
NAME = 300  # characters of a name that are shown


@dataclass(frozen=True, eq=False)
class NamedRows:
    """The rows (n, f) of an embedding at its rank, their partition by spikes, and what is known of the item of each.

    `labels` (n,) are numbers into `label_names` (-1: unknown), `popularity` (n,) counts contexts (NaN: unknown), `trust` (3, n)
    is the forecast of each item with the ends of its interval (NaN: none); None where they are not known.
    """

    vectors: NDArray[np.float64]
    partition: theory.SpikePartition
    names: list[str]
    labels: NDArray[Any] | None = None
    label_names: NDArray[Any] | None = None
    popularity: NDArray[Any] | None = None
    trust: NDArray[np.float64] | None = None

    @property
    def norms(self) -> NDArray[np.float64]:
        """The length of each row."""
        return np.asarray(np.linalg.norm(self.vectors, axis=1))

    def spikes(self) -> list[tuple[int, NDArray[np.int64]]]:
        """The number of each spike and its rows, loudest first; at most 2,000, largest first, of at least ten rows."""
        if not self.partition.resolved:
            return []
        labels, norms, sizes = self.partition.labels, self.norms, self.partition.sizes
        order = np.lexsort((np.arange(len(labels)), -norms, labels))
        rows = np.split(order[int((labels < 0).sum()) :], np.cumsum(sizes)[:-1])
        largest = np.argsort(-sizes, kind="stable")[:LISTED]
        return [(int(number), rows[number]) for number in largest]


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


def spike_table(rows: NamedRows) -> list[dict[str, Any]]:
    """Return the spikes, a dict each, largest first, at most 2,000.

    `spike` counts from 1 in order of the norm of the peak; `size` in rows, and `inside`, the share of them that lie within the
    cone of the peak; `loudest` and `typical`, the names of at most five items each; with labels also `label`, the most frequent
    one, and `purity`, its share of the rows whose label is known; `trust`, the mean forecast of its items, None where there is
    none.
    """
    norms, table = rows.norms, []
    for number, mine in rows.spikes():
        cosines = rows.vectors[mine] @ rows.vectors[mine].sum(axis=0) / norms[mine]
        typical = mine[np.argsort(-cosines, kind="stable")[:LARGEST]]
        table.append(
            {
                "spike": number + 1,
                "size": len(mine),
                "inside": float(rows.partition.inside[mine].mean()),
                "loudest": [rows.names[i] for i in mine[:LARGEST]],
                "typical": [rows.names[i] for i in typical],
                **_most_frequent_label(rows, mine),
                "trust": _mean(rows.trust, mine),
            }
        )
    return table


def _mean(trust: NDArray[np.float64] | None, mine: NDArray[np.int64]) -> float | None:
    """The mean forecast of some rows; None where none of them has one."""
    if trust is None or not (known := trust[0, mine][np.isfinite(trust[0, mine])]).size:
        return None
    return float(known.mean())


def _most_frequent_label(rows: NamedRows, mine: NDArray[np.int64]) -> dict[str, Any]:
    if rows.labels is None or not (known := rows.labels[mine][rows.labels[mine] >= 0]).size:
        return {}
    values, counts = np.unique(known, return_counts=True)
    best = int(values[np.argmax(counts)])
    name = str(best) if rows.label_names is None else shown_name(rows.label_names[best])
    return {"label": name, "purity": float(counts.max() / known.size)}


def points_to_draw(rows: NamedRows, rng: np.random.Generator) -> dict[str, Any]:
    """Return at most 20,000 rows with a direction: the five loudest of every spike, and others at random.

    Returns
    -------
    dict
        `of`, the rows with a direction; `rank`, f; `directions`, the unit rows times 32767 as integers, row after row;
        `norms` with four significant digits; `spike`, from 0, -1 where no spike has ten rows; `names`; and, where known,
        `label` with `label_names`, `popularity`, and `trust` with `trust_low` and `trust_high`.
    """
    norms = rows.norms
    live = np.flatnonzero(norms > 0)
    loudest = np.concatenate([np.empty(0, dtype=np.int64), *(mine[:LARGEST] for _, mine in rows.spikes())])
    others = np.setdiff1d(live, loudest, assume_unique=True)
    drawn = rng.choice(others, min(SHOWN - loudest.size, others.size), replace=False)
    shown = np.sort(np.concatenate([loudest, drawn]))
    units = rows.vectors[shown] / norms[shown, None]
    points: dict[str, Any] = {
        "of": int(live.size),
        "rank": rows.vectors.shape[1],
        "directions": np.round(units * LARGEST_INTEGER).astype(int).ravel().tolist(),
        "norms": [float(f"{x:.{DIGITS}g}") for x in norms[shown]],
        "spike": (
            rows.partition.labels[shown] if rows.partition.resolved else np.full(len(shown), -1)
        ).tolist(),
        "names": [rows.names[i] for i in shown],
    }
    if rows.labels is not None:
        points["label"] = rows.labels[shown].tolist()
        most = int(rows.labels[shown].max(initial=-1)) + 1
        points["label_names"] = (
            [] if rows.label_names is None else [shown_name(name) for name in rows.label_names[:most]]
        )
    if rows.popularity is not None:
        points["popularity"] = [int(x) if np.isfinite(x) else None for x in rows.popularity[shown]]
    if rows.trust is not None:
        for key, values in zip(("trust", "trust_low", "trust_high"), rows.trust[:, shown]):
            points[key] = [round(float(x), DIGITS) if np.isfinite(x) else None for x in values]
    return points
