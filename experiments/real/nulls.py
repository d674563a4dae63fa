"""What would chance give? The null of each kind of matrix: a random one that keeps degrees, or norms, mean and spectrum, alone.

| kind | what a draw keeps |
|---|---|
| interactions | the number of items of each context and of contexts of each item; items are permuted among contexts |
| graph | the number of neighbours of each node; edges are swapped |
| embedding | the norm of each row, the mean of the rows and the spectrum; directions are random |

Each null keeps what makes spikes without communities, and nothing else. Of interactions and graphs that is popularity. In a
model without communities the odds of a pair are the product of a factor of the one side and a factor of the other. All that
the data say of these factors are the row and column sums, or the degrees, and given these the data are uniform, whatever the
factors (the model of Rasch, and the beta model of graphs). So a draw needs no fitted parameter, and the rank of a statistic
among the matrix and R draws is uniform (a Monte Carlo test). That is exact for simple graphs after many swaps. It is near for
interactions, where a pair that a permutation makes twice counts once, so that popular items of a dense log lose some
pairs.

The weights of a graph belong to popularity too: a node with many edges often has heavy ones, and where these met at random they
would make an eigenvalue that no community makes. So each new edge takes the weight of the edge of the same rank by the product
of the sums at its two ends (`simulate.degree_preserving`): a node keeps the number of its neighbours, and heavy nodes stay heavy.

Of an embedding nobody knows what it was made from. A spectrum that falls fast, a mean far from 0 and a few long rows make few
peaks out of random directions, so a draw keeps all three; what is left is whether directions gather. This law has been chosen
for that and follows from no model: it says how spiky the vectors are beside random directions, not how they came about.

That a block model does not explain a matrix is another question with another null: the fitted block model (`twin_p_value`).

Sources: Besag and Clifford 1989, Biometrika 76 (Monte Carlo tests by a chain); Fosdick and others 2018, SIAM Review 60 (swaps).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np

import theory
from simulate.nulls import degree_preserving, permuted_items
from simulate.random_directions import random_rows
from theory.analysis.inputs import as_rows
from theory.analysis.ppmi import MIN_COUNT

Kind = Literal["embedding", "graph", "interactions"]
KINDS: tuple[Kind, ...] = ("embedding", "graph", "interactions")
NULLS: dict[Kind, str] = {
    "embedding": "random directions with the same norms, mean and spectrum",
    "graph": "edges swapped at random, every degree kept",
    "interactions": "items permuted among contexts, every count kept",
}


def null_of(data: Any, kind: Kind, rng: np.random.Generator) -> Any:
    """Return one draw of the null, of the shape and kind of `data`.

    Examples
    --------
    >>> drawn = null_of(np.array([[1, 1, 0], [0, 1, 1]]), "interactions", np.random.default_rng(0))
    >>> drawn.sum(axis=0).tolist(), drawn.sum(axis=1).tolist()
    ([1.0, 2.0, 1.0], [2.0, 2.0])
    """
    if kind == "interactions":
        return permuted_items(data, rng)
    if kind == "graph":
        return degree_preserving(data, rng)
    return random_rows(as_rows(data), rng)


def null_to_embed(
    data: Any, kind: Literal["graph", "interactions"], operator: str | None = None
) -> Callable[[np.random.Generator], Any]:
    """Return a function that draws the null as it is embedded: where `data` are interactions, its PPMI matrix, or its counts.

    It is the null of `theory.parallel_analysis` here. The weights of a graph may come in any unit.
    """
    if kind == "graph":
        return lambda rng: degree_preserving(data, rng)
    if operator == "counts":
        return lambda rng: theory.cooccurrence(permuted_items(data, rng), min_count=MIN_COUNT).counts
    return permuted_ppmi(data)


def permuted_ppmi(interactions: Any) -> Callable[[np.random.Generator], Any]:
    """Return a function that draws the PPMI matrix of `interactions` whose items are permuted among contexts.

    It is the null of `theory.parallel_analysis` for interactions.
    """
    return lambda rng: theory.ppmi(permuted_items(interactions, rng), top_k=None).matrix
