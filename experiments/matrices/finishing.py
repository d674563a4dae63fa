"""What do all readers do last? The same entries give the same matrix, whatever file they come from.

A reader ends by handing its entries to `finish_interactions` or `finish_graph`. These decide, for every format alike:

| entries | interactions | graphs |
|---|---|---|
| a stored zero | left out, said | left out, said |
| listed again | counts once, with its earliest time, said | weights add up; without weights it counts once, said |
| a value other than 1 | is taken as 1, said | is the weight |
| (i, j) and (j, i) | two different pairs | one edge: listed again, or two copies of one value (`mirrored`), which are averaged |
| (i, i) | a pair | a loop: left out, said |
| a context, item or node without entries | kept, said | kept, said |

A context without items does not count in the N of PPMI (`theory.ppmi`), so that it cannot change a result.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from experiments.matrices.real_matrix import RealMatrix
from simulate.compiled import compiled
from simulate.sampling.csr_from_pairs import symmetric_csr

CHUNKS = 16  # of a list of edges, for the threads that sort them


def finish_interactions(
    name: str,
    rows: NDArray[Any],
    columns: NDArray[Any],
    shape: tuple[int, int],
    *,
    values: NDArray[Any] | None = None,
    times: NDArray[np.float64] | None = None,
    notes: tuple[str, ...] = (),
    **more: Any,
) -> RealMatrix:
    """Return the binary matrix (contexts x items) of pairs.

    Time O(m log m) and 40 bytes for each of m pairs.

    Parameters
    ----------
    rows, columns
        (m,) integers: context and item of each pair, from 0.
    shape
        the numbers of contexts and of items.
    values
        (m,) stored values, where the file has some.
    times
        (m,) days since 1970-01-01, where the file has them.
    notes, more
        of the `RealMatrix`: `items`, `contexts`, `labels`, ...

    Raises
    ------
    ValueError
        for fewer than two contexts or two items (nothing can co-occur), no pair at all, or times that are not one per pair.

    Examples
    --------
    >>> found = finish_interactions("toy", np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1]), (3, 2))
    >>> found.interactions.toarray().tolist(), found.notes[0]
    ([[1.0, 1.0], [0.0, 1.0], [0.0, 0.0]], '1 of 4 pairs was listed before; each pair counts once')
    >>> found.notes[1]
    '1 of 3 contexts holds no item; it does not count in the N of PPMI'
    """
    if min(shape) < 2:
        raise ValueError(
            f"{name}: expected at least 2 contexts and 2 items; found {shape[0]} context(s) and {shape[1]} item(s)"
        )
    if times is not None and len(times) != len(rows):
        raise ValueError(f"{name}: expected a time for each of {len(rows)} pairs; found {len(times)} times")
    if values is not None:
        stored = values != 0
        if not stored.all():
            notes = (*notes, _counted(int((~stored).sum()), "stored zero", "was", "were", "left out"))
            rows, columns, values = rows[stored], columns[stored], values[stored]
            times = None if times is None else times[stored]
        if (values != 1).any():
            notes = (*notes, "stored values other than 1 were taken as 1")
    if not len(rows):
        raise ValueError(f"{name}: expected at least one pair of context and item; found none")
    places = rows.astype(np.int64) * shape[1] + columns
    if times is None:
        places.sort()
    else:
        order = np.lexsort((times, places))
        places, times = places[order], times[order]
    first = np.ones(len(places), dtype=bool)
    first[1:] = places[1:] != places[:-1]
    repeated = len(places) - int(first.sum())
    if repeated:
        verb = "was" if repeated == 1 else "were"
        notes = (
            *notes,
            f"{repeated:,} of {len(places):,} pairs {verb} listed before; each pair counts once",
        )
    rows, columns = np.divmod(places[first], shape[1])
    held = np.bincount(rows, minlength=shape[0])
    seen = np.bincount(columns, minlength=shape[1])
    notes += _empty(held, "context", "holds no item; it does not count", "hold no item; they do not count")
    if (unseen := int((seen == 0).sum())) and shape[1] > 0:
        verb = "is" if unseen == 1 else "are"
        notes += (f"{unseen:,} of {shape[1]:,} items {verb} in no context",)
    index = np.int32 if len(rows) < 2**31 else np.int64
    indptr = np.concatenate([[0], np.cumsum(held)]).astype(index)
    x = sparse.csr_array((np.ones(len(rows)), columns.astype(index), indptr), shape=shape)
    return RealMatrix(
        name, interactions=x, times=None if times is None else times[first], notes=notes, **more
    )


def finish_graph(
    name: str,
    rows: NDArray[Any],
    columns: NDArray[Any],
    weights: NDArray[np.float64] | None,
    n: int,
    *,
    mirrored: bool = False,
    notes: tuple[str, ...] = (),
    **more: Any,
) -> RealMatrix:
    """Return the symmetric matrix (n, n) without loops of edges that are listed.

    Time O(m log m) and about 100 bytes for each of m entries.

    Parameters
    ----------
    rows, columns
        (m,) integers: the ends of each edge, from 0, in either order.
    weights
        (m,) at least 0; None where edges have none: then each counts once however often it is listed.
    n
        the number of nodes.
    mirrored
        whether (i, j) and (j, i) are the two halves of one symmetric matrix, which may store either or both. Entries of one half
        at one place add up, as sparse formats have it; an edge in both halves has their mean, and it is said where they differ.
    notes, more
        of the `RealMatrix`: `items`, `labels`, ...

    Raises
    ------
    ValueError
        for fewer than two nodes, no edge, or weights whose sum is not finite.

    Examples
    --------
    >>> ends = np.array([0, 1, 2, 2]), np.array([1, 0, 2, 1])
    >>> listed = finish_graph("toy", *ends, np.array([2.0, 3.0, 1.0, 1.0]), 3)
    >>> listed.graph.toarray().tolist(), listed.notes
    ([[0.0, 5.0, 0.0], [5.0, 0.0, 1.0], [0.0, 1.0, 0.0]], ('1 loop was left out', '1 edge was listed before; weights add up'))
    >>> halves = finish_graph("toy", *ends, np.array([2.0, 3.0, 1.0, 1.0]), 3, mirrored=True)
    >>> halves.graph.toarray()[0].tolist(), halves.notes[-1]
    ([0.0, 2.5, 0.0], '1 edge has two values, one in each half; it has their mean')
    """
    if n < 2:
        raise ValueError(f"{name}: expected at least 2 nodes; found {n}")
    proper = rows != columns
    if loops := len(rows) - int(proper.sum()):
        notes = (*notes, _counted(loops, "loop", "was", "were", "left out"))
    if weights is not None and (zeros := int((weights[proper] == 0).sum())):
        notes = (*notes, _counted(zeros, "edge of weight 0", "was", "were", "left out", "edges of weight 0"))
        proper &= weights != 0
    if not proper.all():
        rows, columns = rows[proper], columns[proper]
        weights = None if weights is None else weights[proper]
    if not len(rows):
        raise ValueError(f"{name}: expected a graph with an edge between two nodes; found none")
    graph: sparse.csr_array | None = None
    differing = 0
    if weights is None and not mirrored:
        graph, repeated = _counted_once(rows, columns, n)
    else:
        values = np.ones(len(rows)) if weights is None else np.asarray(weights, dtype=np.float64)
    if mirrored:
        below = rows > columns
        upper, lower = (
            _summed(rows[part], columns[part], values[part], n, weights is not None)
            for part in (~below, below)
        )
        repeated = len(rows) - upper.nnz - lower.nnz
        both = _ones(upper).multiply(_ones(lower)).tocsr()
        differing = int((upper.multiply(both) != lower.multiply(both)).nnz) if both.nnz else 0
        upper, copies = sparse.csr_array(upper + lower), _ones(upper) + _ones(lower)
        # both are sums of the same two patterns, so that their entries lie in the same order
        upper.data /= copies.data
    elif graph is None:
        upper = _summed(rows, columns, values, n, True)
        repeated = len(rows) - upper.nnz
    if repeated:
        rule = "each counts once" if weights is None else "weights add up"
        notes = (*notes, f"{_counted(repeated, 'edge', 'was', 'were', 'listed before')}; {rule}")
    if differing:
        have = (
            "has two values, one in each half; it has"
            if differing == 1
            else "have two values, one in each half; they have"
        )
        notes = (*notes, f"{differing:,} edge{'s' * (differing > 1)} {have} their mean")
    if graph is None:
        graph = sparse.csr_array(upper + upper.T)
    if not np.isfinite(graph.data).all():
        raise ValueError(f"{name}: expected weights whose sums are finite; found a sum beyond 1.8e308")
    if isolated := int((np.diff(graph.indptr) == 0).sum()):
        notes = (*notes, f"{isolated:,} of {n:,} nodes {'is' if isolated == 1 else 'are'} isolated (no edge)")
    return RealMatrix(name, graph=graph, notes=notes, **more)


def _counted_once(rows: NDArray[Any], columns: NDArray[Any], n: int) -> tuple[sparse.csr_array, int]:
    """Return the symmetric matrix of ones of these edges, none a loop, and how many were listed again."""
    chunks = np.array_split(rows, CHUNKS), np.array_split(columns, CHUNKS)
    graph = symmetric_csr(*chunks, n, np.float64, repeats=False)
    indptr = np.empty_like(graph.indptr)
    kept = _drop_repeats(graph.indptr, graph.indices, indptr)
    arrays = graph.data[:kept], graph.indices[:kept], indptr
    return sparse.csr_array(arrays, shape=graph.shape), len(rows) - kept // 2


@compiled(nogil=True)
def _drop_repeats(indptr, indices, begins):  # type: ignore[no-untyped-def]
    """Keep one of equal neighbours in each row of `indices`, in place; fill `begins` and return how many are kept."""
    kept = 0
    for i in range(indptr.size - 1):
        begins[i] = kept
        for e in range(indptr[i], indptr[i + 1]):
            if kept == begins[i] or indices[kept - 1] != indices[e]:
                indices[kept] = indices[e]
                kept += 1
    begins[indptr.size - 1] = kept
    return kept


def _summed(
    rows: NDArray[Any], columns: NDArray[Any], values: NDArray[np.float64], n: int, weighted: bool
) -> sparse.csr_array:
    """Return the upper half, entries at one place added up (or 1 without weights), indices int32 while they fit."""
    index = np.int32 if max(n, len(rows)) < 2**31 else np.int64
    ends = np.minimum(rows, columns).astype(index), np.maximum(rows, columns).astype(index)
    upper = sparse.coo_array((values, ends), shape=(n, n)).tocsr()
    upper.sum_duplicates()
    if not weighted:
        upper.data[:] = 1.0
    return sparse.csr_array(upper)


def _ones(matrix: sparse.csr_array) -> sparse.csr_array:
    return sparse.csr_array((np.ones(matrix.nnz), matrix.indices, matrix.indptr), shape=matrix.shape)


def _counted(count: int, what: str, one: str, many: str, done: str, plural: str = "") -> str:
    """Say '1 loop was left out' or '2 loops were left out'."""
    return f"{count:,} {what if count == 1 else plural or what + 's'} {one if count == 1 else many} {done}"


def _empty(held: NDArray[Any], what: str, one: str, many: str) -> tuple[str, ...]:
    empty = int((held == 0).sum())
    return (f"{empty:,} of {len(held):,} {what}s {one if empty == 1 else many} in the N of PPMI",) * (
        empty > 0
    )
