"""Which nodes lie in about the same direction, and how large can the product of two directions be?

P_ij = r_i r_j u_i' I u_j with r_i the norm and u_i the direction of position x_i, I diagonal with the signature. Directions are
divided into cells, boxes that are halved along their widest side. Over two boxes u' I v is largest where each dimension is at
an end of its sides, so that the bound for a pair of cells is exact for the boxes. A sampler takes it as an envelope; the search
for pairs of nodes with a large P leaves out the pairs of cells that cannot hold one (branch and bound).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from simulate.models.edge_probabilities import WorstPair

FloatArray = NDArray[np.float64]
Numbers = NDArray[np.int64]
ROUNDING = 1e-12  # of a product of two directions: more than a sum of rounded products is off by
LEAF = 256  # nodes of a cell that is looked at node by node
PAIRS_AT_ONCE = 4096  # pairs of cells whose bounds are computed together


class DirectionCells:
    """Nodes in cells by direction; cells have numbers, and are halved when somebody asks for their halves.

    Nodes at the origin have no direction and are in no cell.
    """

    def __init__(self, positions: FloatArray) -> None:
        self.norms = np.sqrt((positions**2).sum(axis=1))
        self.directions = positions / np.where(self.norms > 0, self.norms, 1.0)[:, None]
        self.nodes: list[Numbers] = []  # of each cell
        self._boxes = np.empty((64, 2, positions.shape[1]))  # the ends of each cell's sides
        self._reach = np.empty((64, 2))  # the shortest and the longest norm of each cell
        self._halves: dict[int, tuple[int, int]] = {}
        alive = np.flatnonzero(self.norms > 0)
        self.roots = [self._add(alive)] if alive.size else []

    def _add(self, nodes: Numbers) -> int:
        number = len(self.nodes)
        if number == len(self._boxes):
            self._boxes = np.concatenate([self._boxes, np.empty_like(self._boxes)])
            self._reach = np.concatenate([self._reach, np.empty_like(self._reach)])
        rows, norms = self.directions[nodes], self.norms[nodes]
        self._boxes[number] = rows.min(axis=0), rows.max(axis=0)
        self._reach[number] = norms.min(), norms.max()
        self.nodes.append(nodes)
        return number

    def width(self, cell: int) -> float:
        """Return the length of the widest side; 0 where it is rounding."""
        widest = float(np.ptp(self._boxes[cell], axis=0).max())
        return widest if widest > ROUNDING else 0.0

    def halves(self, cell: int) -> tuple[int, int]:
        """Cut a cell in the middle of its widest side, or by norm where all have one direction; it must hold two nodes."""
        if cell not in self._halves:
            nodes, (low, high) = self.nodes[cell], self._boxes[cell]
            if self.width(cell) > 0:
                side = int(np.argmax(high - low))
                upper = self.directions[nodes, side] > (low[side] + high[side]) / 2
                parts = nodes[~upper], nodes[upper]
            else:
                order = nodes[np.argsort(self.norms[nodes], kind="stable")]
                parts = order[: order.size // 2], order[order.size // 2 :]
            self._halves[cell] = self._add(parts[0]), self._add(parts[1])
        return self._halves[cell]

    def refined(self, most: Iterable[int]) -> Iterator[list[int]]:
        """Yield the cells after halving until there are most[0] of them, then most[1], ...; end when all have one direction.

        The next to be halved is the one with the largest sum of norms times width.
        """

        def urgency(cell: int) -> tuple[float, int]:
            return -float(self.norms[self.nodes[cell]].sum()) * self.width(cell), cell

        queue = [urgency(cell) for cell in self.roots]
        for number in most:
            while queue and len(queue) < number and queue[0][0] < 0:
                for half in self.halves(heapq.heappop(queue)[1]):
                    heapq.heappush(queue, urgency(half))
            yield sorted(cell for _, cell in queue)
            if not queue or queue[0][0] == 0:
                return

    def bounds(self, left: Numbers, right: Numbers, signature: FloatArray) -> FloatArray:
        """Return (F,) the largest u' I v over the boxes of cells left[f] and right[f]; 1 at most, which no product exceeds."""
        a, b = self._boxes[left] * signature, self._boxes[right]
        corners = (a[:, one] * b[:, other] for one in (0, 1) for other in (0, 1))
        largest = next(corners)
        for corner in corners:
            np.maximum(largest, corner, out=largest)
        return np.asarray(np.minimum(largest.sum(axis=1), 1.0))

    def pair_above(
        self, threshold: float, cells: list[int], signature: FloatArray, *, of_norms: bool, first: bool
    ) -> WorstPair | None:
        """Return the pair of different nodes with the largest product above `threshold`; None if there is none.

        The product is r_i r_j u_i' I u_j, or u_i' I u_j without `of_norms`. With `first` any such pair will do. Time grows
        with the pairs of cells that could hold one: next to nothing where all products stay clear of the threshold, n^2
        where nearly all are close to it.
        """
        best: WorstPair | None = None
        left, right = (np.array(cells, dtype=np.int64)[side] for side in np.triu_indices(len(cells)))
        todo = [(left, right)]
        while todo:
            left, right = todo.pop()
            if left.size > PAIRS_AT_ONCE:
                todo.append((left[PAIRS_AT_ONCE:], right[PAIRS_AT_ONCE:]))
                left, right = left[:PAIRS_AT_ONCE], right[:PAIRS_AT_ONCE]
            bounds = self.bounds(left, right, signature)
            if of_norms:
                # a negative product is largest where the norms are least
                end = np.where(bounds > 0, 1, 0)
                bounds *= self._reach[left, end] * self._reach[right, end]
            left, right = left[bounds > threshold], right[bounds > threshold]
            sizes = np.array([[self.nodes[a].size, self.nodes[b].size] for a, b in zip(left, right)])
            small = (sizes <= LEAF).all(axis=1) if left.size else np.zeros(0, dtype=bool)
            for a, b in zip(left[small].tolist(), right[small].tolist()):
                found = self._largest(a, b, signature, of_norms, threshold)
                if found is not None:
                    best, threshold = found, found.probability
                    if first:
                        return best
            if not small.all():
                todo.append(self._split(left[~small], right[~small]))
        return best

    def _largest(
        self, a: int, b: int, signature: FloatArray, of_norms: bool, above: float
    ) -> WorstPair | None:
        """The pair of different nodes of two cells with the largest product, if that is above the number."""
        i, j = self.nodes[a], self.nodes[b]
        products = (self.directions[i] * signature) @ self.directions[j].T
        if of_norms:
            products *= np.outer(self.norms[i], self.norms[j])
        if a == b:
            np.fill_diagonal(products, -np.inf)
        if products.max() <= above:
            return None
        row, column = np.unravel_index(int(np.argmax(products)), products.shape)
        return WorstPair(int(i[row]), int(j[column]), float(products[row, column]))

    def _split(self, left: Numbers, right: Numbers) -> tuple[Numbers, Numbers]:
        """Pairs of cells, the larger cell of each halved."""
        pairs: list[tuple[int, int]] = []
        for a, b in zip(left.tolist(), right.tolist()):
            if a == b:
                one, other = self.halves(a)
                pairs += [(one, one), (one, other), (other, other)]
            elif self.nodes[a].size >= self.nodes[b].size:
                pairs += [(half, b) for half in self.halves(a)]
            else:
                pairs += [(a, half) for half in self.halves(b)]
        found = np.array(pairs, dtype=np.int64)
        return found[:, 0], found[:, 1]
