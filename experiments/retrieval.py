"""Held-out retrieval: one item of each tested context is hidden, and the others rank all items they do not hold.

A context's score of an item is the sum over its known items of the similarity: dot, cosine, dot within the known item's own
spike, or dot of U|Lambda|^1/2. Items that the embedding does not hold cannot be found and count as misses. Popularity alone
is the baseline that every ranking must be set beside.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

import theory
from simulate.validation import require_generator, require_integer

RANKINGS = ("cosine", "dot", "within", "half", "popularity")


@dataclass(frozen=True, eq=False)
class HeldOut:
    """`known` (contexts x items) without the hidden pairs; `contexts` (t,) tested, and the item `hidden` (t,) from each."""

    known: sparse.csr_array
    contexts: NDArray[np.int64]
    hidden: NDArray[np.int64]


def hold_out(interactions: Any, rng: np.random.Generator, *, tested: int = 500) -> HeldOut:
    """Hide one item, drawn uniformly, from each of `tested` contexts (or all there are) of at least three items.

    Raises
    ------
    ValueError
        if no context has three items.

    Examples
    --------
    >>> held = hold_out(np.ones((4, 3)), np.random.default_rng(0), tested=2)
    >>> int(held.known.sum()), len(held.hidden)
    (10, 2)
    """
    require_generator(rng)
    require_integer(tested, "tested", least=1)
    x = sparse.csr_array(interactions, dtype=np.float64, copy=True)
    x.eliminate_zeros()
    long = np.flatnonzero(np.diff(x.indptr) >= 3)
    if not long.size:
        raise ValueError("interactions must have contexts of at least 3 items to hide one; none has")
    contexts = np.sort(rng.choice(long, min(tested, long.size), replace=False))
    at = x.indptr[contexts] + np.floor(rng.random(contexts.size) * np.diff(x.indptr)[contexts]).astype(
        np.int64
    )
    hidden = x.indices[at].astype(np.int64)
    x.data[at] = 0
    x.eliminate_zeros()
    return HeldOut(x, contexts, hidden)


def recalls(
    held: HeldOut, embedding: theory.Embedding, items: NDArray[np.int64], *, k: int = 50
) -> dict[str, float]:
    """Return the share of hidden items among the first k, for each of `RANKINGS`; row i of the embedding is `items[i]`.

    Examples
    --------
    >>> x = np.kron(np.eye(2), np.ones((6, 4)))
    >>> held = hold_out(x, np.random.default_rng(0), tested=4)
    >>> found = theory.ppmi(held.known, top_k=None)
    >>> recalls(held, theory.embed(found.matrix, 2), found.items, k=1)["cosine"]
    1.0
    """
    require_integer(k, "k", least=1, most=len(items))
    full = np.asarray(embedding.vectors("full"), dtype=np.float64)
    norms = np.linalg.norm(full, axis=1)
    unit = np.divide(full, norms[:, None], out=np.zeros_like(full), where=norms[:, None] > 0)
    half = np.asarray(embedding.vectors("half"), dtype=np.float64)
    spikes = theory.spikiness(full)
    spike = theory.nearest_spike(full, spikes)
    known = held.known[held.contexts][:, items]
    popularity = np.asarray(held.known.sum(axis=0))[items]
    # the profile of a context within each spike scores only that spike's items
    within = np.zeros(known.shape)
    for number in range(spikes.n_peaks):
        mine = np.flatnonzero(spike == number)
        within[:, mine] = (known[:, mine] @ full[mine]) @ full[mine].T
    scores = {
        "cosine": (known @ unit) @ unit.T,
        "dot": (known @ full) @ full.T,
        "within": within,
        "half": (known @ half) @ half.T,
        "popularity": np.broadcast_to(popularity, known.shape),
    }
    place = np.full(held.known.shape[1], -1)
    place[items] = np.arange(len(items))
    taken = known.toarray() > 0
    return {
        name: _hit_rate(np.where(taken, -np.inf, score), place[held.hidden], k)
        for name, score in scores.items()
    }


def _hit_rate(scores: NDArray[Any], targets: NDArray[np.int64], k: int) -> float:
    found = np.argpartition(-scores, k - 1, axis=1)[:, :k]
    return float((found == targets[:, None]).any(axis=1).mean())
