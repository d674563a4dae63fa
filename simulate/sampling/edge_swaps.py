"""Double edge swaps, which keep the number of neighbours of every node.

A swap turns the edges (a, b), (c, d) into (a, d), (c, b). One that would make a loop or a double edge is refused and counts as a
step of the chain. Proposals are symmetric, so the stationary law is uniform on the simple graphs of these degrees (Fosdick et
al. 2018). A hash table holds the edges that are present.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulate.compiled import compiled
from simulate.validation import require_generator


def swap_edges(
    i: NDArray[np.int64],
    j: NDArray[np.int64],
    proposals: int,
    n: int,
    rng: np.random.Generator,
    *,
    until: int | None = None,
) -> NDArray[np.bool_]:
    """Propose double swaps on the edge list (i, j), which is changed in place, and return which edges (m,) have moved.

    Parameters
    ----------
    i, j : (m,) the ends of each edge, no pair twice.
    proposals : how many swaps to propose.
    n : number of nodes.
    until : stop once so many edges have moved.

    Examples
    --------
    >>> i, j = np.array([0, 2, 4]), np.array([1, 3, 5])
    >>> bool(swap_edges(i, j, 5, 6, np.random.default_rng(0)).any()), sorted([*i.tolist(), *j.tolist()])
    (True, [0, 1, 2, 3, 4, 5])
    """
    require_generator(rng)
    moved = np.zeros(i.size, dtype=np.bool_)
    if i.size >= 2 and proposals > 0 and until != 0:
        enough = i.size + 1 if until is None else until
        _swap(i, j, proposals, enough, n, moved, np.full(_table_size(i.size), -1, np.int64), rng)
    return moved


def _table_size(edges: int) -> int:
    size = 1024
    while size < 3 * edges:
        size *= 2
    return size


@compiled()
def _slot(table, key):  # type: ignore[no-untyped-def]
    mask = table.size - 1
    place: Any = ((key * 0x9E3779B1) ^ (key >> 15)) & mask
    while table[place] != -1 and table[place] != key:
        place = (place + 1) & mask
    return place


@compiled()
def _swap(i, j, proposals, enough, n, moved, table, rng):  # type: ignore[no-untyped-def]
    # open addressing: present edges by their key; -2 marks a removed one, and the table is rebuilt when they pile up
    removed = 0
    for g in range(i.size):
        key = min(i[g], j[g]) * n + max(i[g], j[g])
        table[_slot(table, key)] = key
    count = 0
    for _ in range(proposals):
        e, f = np.int64(rng.random() * i.size), np.int64(rng.random() * i.size)
        a, b, c, d = i[e], j[e], i[f], j[f]
        if rng.random() < 0.5:
            c, d = d, c
        if e == f or a == d or c == b or (min(a, d) == min(c, b) and max(a, d) == max(c, b)):
            continue
        one, two = min(a, d) * n + max(a, d), min(c, b) * n + max(c, b)
        if table[_slot(table, one)] == one or table[_slot(table, two)] == two:
            continue
        table[_slot(table, min(a, b) * n + max(a, b))] = -2
        table[_slot(table, min(c, d) * n + max(c, d))] = -2
        removed += 2
        table[_slot(table, one)] = one
        table[_slot(table, two)] = two
        j[e], i[f], j[f] = d, c, b
        count += 2 - moved[e] - moved[f]
        moved[e] = moved[f] = True
        if count >= enough:
            break
        if removed > table.size // 4:
            table[:] = -1
            for g in range(i.size):
                key = min(i[g], j[g]) * n + max(i[g], j[g])
                table[_slot(table, key)] = key
            removed = 0
