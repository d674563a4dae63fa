"""Real matrices by name or from a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from simulate.validation import did_you_mean


@dataclass(frozen=True, eq=False)
class RealMatrix:
    """`interactions` (contexts x items) or `graph` (symmetric), with names, labels and times where they exist."""

    name: str
    interactions: sparse.csr_array | None = None
    graph: sparse.csr_array | None = None
    items: Any = None
    contexts: Any = None
    labels: Any = None
    label_names: Any = None
    context_labels: Any = None
    times: Any = None
    notes: tuple[str, ...] = field(default=())


def names() -> list[str]:
    return ["films-actors", "films-actors-3000"]


def require_known(name: str) -> None:
    if name not in names() and not Path(name).exists():
        raise ValueError(f"matrix must be a file or one of {', '.join(names())}; got {name!r}{did_you_mean(name, names())}")


def load(name: str) -> RealMatrix:
    require_known(name)
    import sqlite3
    from importlib import resources

    path = resources.files("bokeh_sampledata")
    found = [p for p in Path(str(path)).rglob("movies.db")][0]
    with sqlite3.connect(f"file:{found}?mode=ro", uri=True) as connection:
        casts = [row[0] for row in connection.execute('select "Cast" from omdb order by ID')]
    rows, cols, index = [], [], {}
    n = 0
    for cast in casts:
        people = [p.strip() for p in (cast or "").split(",") if p.strip()]
        if not people:
            continue
        for p in dict.fromkeys(people):
            rows.append(n); cols.append(index.setdefault(p, len(index)))
        n += 1
    x = sparse.csr_array((np.ones(len(rows)), (rows, cols)), shape=(n, len(index)))
    items = np.array(list(index))
    if name.endswith("3000"):
        top = np.sort(np.argsort(-np.asarray(x.sum(axis=0)).ravel(), kind="stable")[:3000])
        x, items = sparse.csr_array(x[:, top]), items[top]
    return RealMatrix(name, interactions=x, items=items)
