"""Draw each pair (i, j) independently with P_ij = theta_i theta_j B_{z_i z_j}, in time proportional to the pairs drawn.

All samplers of edges use this. The nodes of a block are grouped by theta in powers of the square root of two, so that in a pair
of groups P is at most a factor of two below its maximum p. Bernoulli: the next candidate is found by a geometric skip under p
(Batagelj and Brandes 2005) and kept with probability P_ij / p, which is exact for any P. Poisson: a Poisson(p x pairs) number
of uniform candidates, each kept with probability P_ij / p. The work is proportional to n, the number of pairs of groups, and
the pairs drawn, up to a factor of two.

The pairs of groups are divided into chunks, whose number follows from the model, and each chunk has a child generator. So the
pairs depend on `rng` alone, and not on the number of threads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from simulate.compiled import compiled, in_threads
from simulate.validation import require_generator

Law = Literal["bernoulli", "poisson"]
LAWS = ("bernoulli", "poisson")
LARGE_LOOP = 1e5  # candidates of a node with itself, all thrown away, above which none are drawn
BELOW_A_BORDER = (
    1e-9  # of a half-octave, far more than rounding and far less than any law of theta would notice
)
CHUNKS = 64  # at most
WORK_OF_A_CHUNK = 20_000  # expected candidates below which a chunk is not worth its overhead
UNIFORMS = 2**14  # drawn at once, at most: they and their logarithms stay in cache


@dataclass(frozen=True, eq=False)
class EdgeList:
    """Sampled pairs as node numbers.

    `rows` and `columns` are lists of arrays, one per chunk of work; `candidates` is the number of pairs that were looked at.
    """

    rows: list[NDArray[Any]]
    columns: list[NDArray[Any]]
    candidates: int

    @property
    def n_edges(self) -> int:
        """The number of pairs, repeats (Poisson) counted."""
        return sum(len(chunk) for chunk in self.rows)


@dataclass(frozen=True, eq=False)
class Groups:
    """Nodes sorted by block and theta: `order` (n,), `theta` (n,) sorted, `bounds` (G + 1,), `blocks` (G,), `tops` (G,).

    Within a group all nodes have one block, and theta lies within a factor of sqrt(2) below the group's largest, `tops`.
    """

    order: NDArray[np.int64]
    theta: NDArray[np.float64]
    bounds: NDArray[np.int64]
    blocks: NDArray[np.int64]
    tops: NDArray[np.float64]


def half_octaves(theta: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return floor(2 log2 theta), of a value just below a border that of the border.

    Equal numbers that were computed in several ways, as the shares 1 and 1 - 2e-16 of a mixture, are in one half-octave. Which
    they are depends on how a processor rounds, and the sample would with them.

    >>> half_octaves(np.array([8.0, 8.0 - 1e-15, 7.9])).tolist()
    [6.0, 6.0, 5.0]
    """
    return np.asarray(np.floor(2 * np.log2(theta) + BELOW_A_BORDER))


def group_nodes(theta: NDArray[np.float64], labels: NDArray[np.int64]) -> Groups:
    """Sort nodes into groups of one block and one half-octave of theta; nodes with theta = 0 are in none."""
    alive = np.flatnonzero(theta > 0)
    exponents = half_octaves(theta[alive]).astype(np.int64)
    if alive.size:
        exponents -= exponents.min()
    key = labels[alive] * (exponents.max(initial=0) + 1) + exponents
    if key.max(initial=0) < 2**16:
        key = key.astype(np.uint16)  # sorted by radix
    within = np.argsort(key, kind="stable")
    order, key = alive[within], key[within]
    new = np.ones(order.size, dtype=bool)
    new[1:] = key[1:] != key[:-1]
    starts = np.flatnonzero(new)
    block = labels[order]
    sorted_theta = theta[order]
    tops = np.maximum.reduceat(sorted_theta, starts) if starts.size else np.zeros(0)
    return Groups(order, sorted_theta, np.append(starts, order.size), block[starts], tops)


def sample_pairs(
    rows: Groups,
    columns: Groups,
    affinity: NDArray[np.float64] | sparse.csr_array,
    rng: np.random.Generator,
    *,
    law: Law = "bernoulli",
    symmetric: bool,
) -> EdgeList:
    """Draw pairs (i, j) with P_ij = theta_i theta_j B; `symmetric` draws each unordered pair of one node set once.

    A node is never paired with itself when rows and columns are the same groups. With a sparse affinity, the pairs of blocks
    that it joins are all that cost time and memory; the pairs of nodes are those of the same affinity given densely.
    """
    require_generator(rng)
    same = rows is columns
    joined = _joined_sparsely if sparse.issparse(affinity) else _joined
    left, right, strength = joined(rows.blocks, columns.blocks, affinity, symmetric)
    # one node is no pair: of a hub that holds all the weight of its block, P_ii may be 1e9 times all that is drawn
    alone = same & (left == right) & (np.diff(rows.bounds)[left] == 1)
    keep = ~(alone & (strength * rows.tops[left] * columns.tops[right] > LARGE_LOOP))
    left, right, strength = left[keep], right[keep], strength[keep]
    tops = strength * rows.tops[left] * columns.tops[right]
    sizes = np.diff(rows.bounds)[left].astype(float) * np.diff(columns.bounds)[right]
    work = np.minimum(tops, 1.0 if law == "bernoulli" else np.inf) * sizes + 1
    chunks = int(np.clip(work.sum() / WORK_OF_A_CHUNK, 1, CHUNKS))
    chunk_ends = np.searchsorted(np.cumsum(work), np.linspace(0, work.sum(), chunks + 1)[1:-1])
    bounds = np.concatenate([[0], chunk_ends, [len(work)]])
    # the children's entropy comes from the stream itself, so a second call draws another graph
    streams = np.random.SeedSequence(rng.integers(0, 2**32, size=8).tolist()).spawn(chunks)
    numbers = _numbers(rows.order), _numbers(columns.order)

    def draw(chunk: int) -> tuple[NDArray[Any], NDArray[Any], int]:
        part = slice(bounds[chunk], bounds[chunk + 1])
        groups = rows.bounds, columns.bounds, rows.theta, columns.theta, rows.tops, columns.tops
        model = (left[part], right[part], strength[part], *groups, same, symmetric, *numbers)
        mean, stream = float(work[part].sum()), np.random.Generator(np.random.PCG64(streams[chunk]))
        return (_bernoulli_pairs if law == "bernoulli" else _poisson_pairs)(model, mean, stream)

    drawn = in_threads(draw, chunks)
    return EdgeList([d[0] for d in drawn], [d[1] for d in drawn], sum(d[2] for d in drawn))


def _joined(
    rows: NDArray[np.int64], columns: NDArray[np.int64], affinity: Any, symmetric: bool
) -> tuple[NDArray[Any], NDArray[Any], NDArray[np.float64]]:
    """Return the pairs of groups with an affinity above 0, row by row, and it; `symmetric` gives each unordered pair once."""
    left, right = np.meshgrid(np.arange(len(rows)), np.arange(len(columns)), indexing="ij")
    left, right = (left[left <= right], right[left <= right]) if symmetric else (left.ravel(), right.ravel())
    strength = affinity[rows[left], columns[right]]
    return left[strength > 0], right[strength > 0], strength[strength > 0]


def _joined_sparsely(
    rows: NDArray[np.int64], columns: NDArray[np.int64], affinity: Any, symmetric: bool
) -> tuple[NDArray[Any], NDArray[Any], NDArray[np.float64]]:
    """Return what `_joined` does, without looking at pairs of groups whose affinity is 0."""

    def members(blocks: NDArray[np.int64], n_blocks: int) -> sparse.csr_array:
        ends = np.arange(blocks.size + 1)
        return sparse.csr_array((np.ones(blocks.size), blocks, ends), shape=(blocks.size, n_blocks))

    # each sum has one term, so that the affinities are exact
    found = members(rows, affinity.shape[0]) @ affinity @ members(columns, affinity.shape[1]).T
    found = sparse.csr_array(sparse.triu(found) if symmetric else found)
    found.sort_indices()
    left = np.repeat(np.arange(len(rows)), np.diff(found.indptr))
    above = found.data > 0
    return left[above], found.indices[above].astype(np.int64), found.data[above]


def _numbers(order: NDArray[np.int64]) -> NDArray[Any]:
    return order.astype(np.int32 if order.max(initial=0) < 2**31 else np.int64)


def _room(mean: float) -> int:
    """Return places for the pairs kept of `mean` candidates, rarely too few."""
    return int(mean * 0.7 + 6 * mean**0.5 + 64)


def _poisson_pairs(
    model: tuple[Any, ...], mean: float, rng: np.random.Generator
) -> tuple[NDArray[Any], NDArray[Any], int]:
    rows, columns, candidates = _poisson(*model, _room(mean), rng)
    return rows, columns, candidates


def _logarithms(uniforms: NDArray[np.float64], out: NDArray[np.float64]) -> None:
    np.log(np.subtract(1.0, uniforms, out=out), out=out)


def _bernoulli_pairs(
    model: tuple[Any, ...], mean: float, rng: np.random.Generator
) -> tuple[NDArray[Any], NDArray[Any], int]:
    """Draw uniform numbers and their logarithms many at a time, and use them up one candidate after the other."""
    room, width = _room(mean), int(min(2 * mean + 64, UNIFORMS))
    rows, columns = (np.empty(room, numbers.dtype) for numbers in model[-2:])
    uniforms, logarithms = np.empty(width), np.empty(width)
    state, unused, pairs_of_groups = np.zeros(6, np.int64), 0, len(model[0])
    while True:
        rng.random(out=uniforms[unused:])
        _logarithms(uniforms, logarithms)
        used = _bernoulli(*model, uniforms, logarithms, state, rows, columns)
        pair, count, candidates = state[:3].tolist()
        if pair == pairs_of_groups:
            return rows[:count], columns[:count], candidates
        if count == rows.size:
            rows, columns = (np.concatenate([full, np.empty_like(full)]) for full in (rows, columns))
        unused = width - used
        uniforms[:unused] = uniforms[used:]


@compiled(nogil=True)
def _grown(array):  # type: ignore[no-untyped-def]
    larger = np.empty(2 * array.size + 64, array.dtype)
    for e in range(array.size):  # an assignment of a slice takes seconds to compile
        larger[e] = array[e]
    return larger


@compiled(nogil=True)
def _bernoulli(  # type: ignore[no-untyped-def]
    left,
    right,
    strength,
    left_bounds,
    right_bounds,
    left_theta,
    right_theta,
    left_tops,
    right_tops,
    same,
    symmetric,
    left_numbers,
    right_numbers,
    uniforms,
    logarithms,
    state,
    rows,
    columns,
):
    """Go on from `state` until the uniform numbers or the places are used up; return how many numbers were used.

    `logarithms` holds ln(1 - uniform), perhaps with another rounding than this processor's scalar logarithm: where that could
    change a skip, it is computed again, so that the pairs are the same on every processor.
    """
    pair, count, candidates, i, j, begun = state
    used = 0
    while pair < left.size:
        g, h, b = left[pair], right[pair], strength[pair]
        a0, a1, b0, b1 = left_bounds[g], left_bounds[g + 1], right_bounds[h], right_bounds[h + 1]
        triangle = symmetric and g == h
        top = b * left_tops[g] * right_tops[h]
        if top <= 0.0:  # a product that underflows
            pair += 1
            continue
        log_miss = np.log1p(-top) if top < 1.0 else -np.inf
        width, inverse_width, inverse_miss = b1 - b0, 1.0 / (b1 - b0), 1.0 / log_miss
        if not begun:
            i = a0
            j = (i + 1 if triangle else b0) - 1
            candidates += 1
        while True:
            if used + 2 > uniforms.size or count == rows.size:
                state[0], state[1], state[2], state[3], state[4], state[5] = pair, count, candidates, i, j, 1
                return used
            # the next candidate in row-major order, each pair being one with probability `top`
            step = 1.0
            if top < 1.0:
                skip = logarithms[used] * inverse_miss
                whole = np.floor(skip)
                if not abs(skip - whole - 0.5) < 0.5 - 1e-13 - 4e-15 * skip:
                    whole = np.floor(np.log(1.0 - uniforms[used]) / log_miss)
                step += whole
                used += 1
            if step > (a1 - i) * width + 1.0:
                break
            j += np.int64(step)
            if triangle:
                while j >= b1 and i < a1:
                    i += 1
                    j = j - b1 + i + 1
            else:
                # over // width without a branch that is often mispredicted: the product is off by one at most
                over = j - b0
                down = np.int64(over * inverse_width)
                along = over - down * width
                if along < 0:
                    down, along = down - 1, along + width
                elif along >= width:
                    down, along = down + 1, along - width
                i += down
                j = b0 + along
            if i >= a1 or j >= b1:
                break
            candidates += 1
            if same and i == j:
                continue
            rows[count], columns[count] = left_numbers[i], right_numbers[j]
            count += uniforms[used] * min(top, 1.0) < b * left_theta[i] * right_theta[j]
            used += 1
        pair, begun = pair + 1, 0
    state[0], state[1], state[2], state[5] = pair, count, candidates, 0
    return used


@compiled(nogil=True)
def _poisson(  # type: ignore[no-untyped-def]
    left,
    right,
    strength,
    left_bounds,
    right_bounds,
    left_theta,
    right_theta,
    left_tops,
    right_tops,
    same,
    symmetric,
    left_numbers,
    right_numbers,
    room,
    rng,
):
    rows, columns = np.empty(room, left_numbers.dtype), np.empty(room, right_numbers.dtype)
    count, candidates = 0, 0
    for pair in range(left.size):
        g, h, b = left[pair], right[pair], strength[pair]
        a0, a1, b0, b1 = left_bounds[g], left_bounds[g + 1], right_bounds[h], right_bounds[h + 1]
        top = b * left_tops[g] * right_tops[h]
        # an unordered pair within one group can come as (i, j) and as (j, i)
        share = 0.5 if symmetric and g == h else 1.0
        number = rng.poisson(top * share * (a1 - a0) * (b1 - b0))
        candidates += number + 1
        for _ in range(number):
            i = a0 + np.int64(rng.random() * (a1 - a0))
            j = b0 + np.int64(rng.random() * (b1 - b0))
            if same and i == j:
                continue
            if rng.random() * top < b * left_theta[i] * right_theta[j]:
                if count == rows.size:  # not in a call: counting references would cost more than the edge
                    rows, columns = _grown(rows), _grown(columns)
                rows[count], columns[count] = left_numbers[i], right_numbers[j]
                count += 1
    return rows[:count], columns[:count], candidates
