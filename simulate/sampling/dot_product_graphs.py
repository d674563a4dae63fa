"""Graphs from generalised random dot product graphs: exact Bernoulli and Poisson edges by thinning a block model.

With r_i the norm and u_i the direction of a position, P_ij = r_i r_j u_i' I u_j. Nodes of similar direction form a cell. With
B_kl the largest u' I v between cells k and l, Q_ij = r_i r_j B_kl is a degree-corrected block model above P, whose pairs are
drawn in time proportional to their number. Each is kept with probability P_ij / min(1, Q_ij) (Poisson: P_ij / Q_ij), which is
exact whatever the cells are. There are so many cells that the fewest pairs are looked at. The nodes of a block model have K
directions: then Q = P.
"""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import DTypeLike, NDArray
from scipy import sparse

from simulate.compiled import compiled
from simulate.models.dot_product_models import DotProductModel
from simulate.models.edge_probabilities import WorstPair
from simulate.sampling.csr_from_pairs import symmetric_csr
from simulate.sampling.direction_cells import ROUNDING, DirectionCells
from simulate.sampling.independent_pairs import LAWS, EdgeList, Law, group_nodes, half_octaves, sample_pairs
from simulate.sampling.probability_checks import require_room_for_counts
from simulate.validation import require_choice, require_generator, require_instance

LOOSE = 1.25  # pairs looked at for each edge; below, finer cells are not worth their making
RANGES = {"bernoulli": "from 0 to 1 for Bernoulli edges", "poisson": "at least 0"}
NUMBERS_OF_CELLS = (1, 4, 8, 16, 32, 64, 128, 256, 512)


def sample_dot_product(
    model: DotProductModel,
    rng: np.random.Generator,
    *,
    law: Law = "bernoulli",
    clip: bool = False,
    dtype: DTypeLike = np.float32,
) -> sparse.csr_array:
    """Draw a symmetric adjacency matrix (n, n) without loops from `model`, each pair independently.

    Time grows as n d + candidates, memory as n d + edges. Candidates are at most two per edge for a block model, as in
    `sample_graph`, and where directions lie within some 30 degrees of each other; 2 to 5 where most pairs have a P far below the
    product of their norms, as with ten communities that are hardly joined. Their number per edge does not grow with n.

    Before, without `clip`, the pairs are searched for a P outside [0, 1]. That costs little where P stays clear of 0 and 1, and
    for models of `as_dot_product`, whose P is at least 0; it costs n^2 where directions fill many dimensions and many pairs are
    near 0.

    Parameters
    ----------
    law : "bernoulli", 0 or 1 with P(A_ij = 1) = P_ij exactly; "poisson", counts with mean P_ij.
    clip : draw P cut to [0, 1] (Poisson: to 0 or more), instead of looking for a pair that is outside and refusing; warn if there
        is one among the candidates.
    dtype : of the entries; indices are int32 while they fit.

    Returns
    -------
    csr_array with sorted indices. The same `rng` state gives the same graph, whatever the number of threads.

    Raises
    ------
    ValueError
        for an unknown law, P below 0 or above 1 without `clip` (a pair and its P are named), or Poisson counts that `dtype`
        cannot hold.
    TypeError
        if `rng` is no Generator.

    Examples
    --------
    >>> from simulate import as_dot_product, sbm
    >>> blocks = sbm(500, 2, mean_degree=10.0, rng=np.random.default_rng(0))
    >>> graph = sample_dot_product(as_dot_product(blocks), np.random.default_rng(1))
    >>> bool((graph != graph.T).nnz), abs(graph.nnz / 2 - 2500) < 250  # five standard deviations
    (False, True)
    """
    require_instance(model, "model", DotProductModel)
    require_choice(law, "law", LAWS)
    require_generator(rng)
    cells = DirectionCells(model.positions)
    chosen, strength = _envelope(model, cells)
    if not clip:
        _require_range(model, cells, chosen, law)
    if law == "poisson":
        require_room_for_counts(lambda: _largest(model, cells, chosen), dtype)
    edges, outside = _pairs(model, cells, chosen, strength, rng, law)
    if outside is not None and clip:
        warnings.warn(
            f"P must be {RANGES[law]} and is cut there; the pair ({outside.i}, {outside.j}), for one, has P = "
            f"{outside.probability:.4g}",
            stacklevel=2,
        )
    return symmetric_csr(edges.rows, edges.columns, model.n_nodes, dtype, repeats=law == "poisson")


def _envelope(model: DotProductModel, cells: DirectionCells) -> tuple[list[int], NDArray[np.float64]]:
    """Cells, and B (K, K), at least u' I v for any directions of a pair of cells.

    The number of cells is the one for which the fewest pairs are looked at, those of the envelope and one for each pair of groups
    of similar norms; or the first for which they are few.
    """
    chosen: list[int] = []
    strength, least = np.zeros((0, 0)), np.inf
    edges = 2 * model.expected_edges()  # in both directions, as all numbers of pairs here
    with np.errstate(divide="ignore"):
        sizes = half_octaves(cells.norms)  # as nodes of a block are grouped
    for finer in cells.refined(NUMBERS_OF_CELLS):
        own = np.array(finer, dtype=np.int64)
        rows = [cells.bounds(np.full(own.size, cell), own, model.signature) for cell in finer]
        # what rounding may add to P, so that the envelope is above it
        bounds = np.maximum(np.array(rows).reshape((own.size,) * 2) + ROUNDING, 0.0)
        mass = np.array([cells.norms[cells.nodes[cell]].sum() for cell in finer])
        groups = sum(len(np.unique(sizes[cells.nodes[cell]])) for cell in finer)
        looked_at = float(mass @ bounds @ mass + groups**2)
        if looked_at < least:
            chosen, strength, least = finer, bounds, looked_at
        # the next cells have more groups, and their envelope is no less than P
        if 2 * groups**2 + edges > least or least <= LOOSE * edges:
            break
    return chosen, strength


def _require_range(model: DotProductModel, cells: DirectionCells, chosen: list[int], law: Law) -> None:
    """Refuse P below 0, and for Bernoulli edges above 1."""
    outside = None
    if not model.at_least_zero:
        outside = cells.pair_above(ROUNDING, chosen, -model.signature, of_norms=False, first=True)
    if outside is None and law == "bernoulli":
        outside = cells.pair_above(1 + ROUNDING, chosen, model.signature, of_norms=True, first=False)
    if outside is None:
        return
    i, j = sorted((outside.i, outside.j))
    p = model.probability(i, j)
    fits = f"Positions times {p**-0.5:.4g} fit; or pass" if p > 1 else "Pass"
    raise ValueError(
        f"P must be {RANGES[law]}; the pair ({i}, {j}) has P = {p:.4g}. {fits} clip=True, which cuts P there"
    )


def _largest(model: DotProductModel, cells: DirectionCells, chosen: list[int]) -> float:
    found = cells.pair_above(0.0, chosen, model.signature, of_norms=True, first=False)
    return 0.0 if found is None else found.probability


def _pairs(
    model: DotProductModel,
    cells: DirectionCells,
    chosen: list[int],
    strength: NDArray[np.float64],
    rng: np.random.Generator,
    law: Law,
) -> tuple[EdgeList, WorstPair | None]:
    """Draw the pairs of the envelope and keep those of the model; a candidate whose P cannot be, if there is one."""
    cell = np.zeros(model.n_nodes, np.int64)
    for number, member in enumerate(chosen):
        cell[cells.nodes[member]] = number
    groups = group_nodes(cells.norms, cell)
    edges = sample_pairs(groups, groups, strength, rng, law=law, symmetric=True)
    # one row of memory per node: candidates reach nodes at random
    table = np.column_stack([model.positions, cells.norms, cell])
    outside, most = None, 1.0 if law == "bernoulli" else np.inf
    for part, (i, j) in enumerate(zip(edges.rows, edges.columns)):
        seen = np.array([-1, -1])
        count = _kept(i, j, table, model.signature, strength, most, rng.random(i.size), seen)
        edges.rows[part], edges.columns[part] = i[:count].copy(), j[:count].copy()
        if seen[0] >= 0:
            one, other = sorted(seen.tolist())
            outside = WorstPair(one, other, model.probability(one, other))
    return edges, outside


@compiled(nogil=True)
def _kept(rows, columns, table, signature, strength, most, uniforms, seen):  # type: ignore[no-untyped-def]
    """Move the pairs that are kept to the front, and return how many there are; `seen` is a pair with a P that cannot be.

    `table` (n, d + 2) holds the position, the norm and the cell of each node.
    """
    count, d = 0, signature.size
    for e in range(rows.size):
        i, j = rows[e], columns[e]
        p = 0.0
        for dimension in range(d):
            p += signature[dimension] * table[i, dimension] * table[j, dimension]
        size = table[i, d] * table[j, d]
        if p < -1e-12 * size or p > most + 1e-12:
            seen[0], seen[1] = i, j
        rows[count], columns[count] = i, j
        bound = size * strength[np.int64(table[i, d + 1]), np.int64(table[j, d + 1])]
        count += uniforms[e] * min(bound, most) < p
    return count
