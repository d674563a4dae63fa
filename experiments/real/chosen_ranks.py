"""Can the inputs of a comparison be compared, and at which rank? The rank asked for, or one chosen before any twin is drawn.

| what | f where none is asked for |
|---|---|
| a log, a graph | as many dimensions as pass parallel analysis against the null, from 2 to 32 |
| the same at first sight | the second elbow of the spectrum (Zhu and Ghodsi 2006), which needs no null |
| vectors of one's own | all their principal axes, at most 64 |

At least eight rows are left for each dimension that is chosen. Bad input is refused before anything is run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

import theory
from experiments.real.compared import PREFIX, VERSION, Compared
from experiments.real.nulls import KINDS, null_to_embed
from experiments.real.options_of_inputs import is_vectors, require_taken
from experiments.real.own_vectors import HIGHEST as AXES
from experiments.real.own_vectors import OF_ITEMS, OF_LOG, OF_TEXT, OwnVectors
from experiments.real.pairs import item_names, pairs_apart, pairs_of
from experiments.real.prepared import Prepared, prepared, prepared_vectors
from experiments.real.statistics import RANKS, SMALLEST
from experiments.running.one_task import one_thread
from experiments.running.seeds import generator
from simulate.validation import require_choice
from theory.analysis.operators.graphs import WHOLE
from theory.analysis.pipeline import default_operator, require_operator_of

HIGHEST = 32  # of the ranks that are chosen
ROWS_PER_DIMENSION = 8  # at least, where the rank is chosen
LEAST_JOINED = 10  # vectors with an item in the log: a rank correlation of fewer tells nothing
Step = Callable[[], None]


def vectors_among(names: Sequence[str], asked: Compared) -> list[str]:
    """Return which inputs are vectors of one's own.

    Raises
    ------
    ValueError, OSError
        for options that vectors, or a log beside them, do not take, and files that cannot be looked into.
    """
    if (kind := asked.reading.get("kind")) is not None:
        require_choice(kind, "kind", KINDS)
    not_theirs = {*OF_ITEMS, *((*OF_LOG, *OF_TEXT) if asked.log is not None else ())}
    reading = {key: value for key, value in asked.reading.items() if key not in not_theirs}
    vectors = [name for name in names if is_vectors(name, reading, alone=len(names) < 2)]
    others = [name for name in names if name not in vectors]
    if asked.log is None:
        require_taken(names, vectors, asked.reading)
    if vectors and not others and kind not in (None, "embedding"):
        raise ValueError(
            f"kind must be embedding for {Path(vectors[0]).name}, whose format holds vectors; got {kind!r}"
        )
    if asked.log is not None and others:
        raise ValueError(
            f"log says which interactions vectors came from; {Path(others[0]).name} holds no vectors (--kind embedding reads "
            "it as vectors)"
        )
    if vectors and asked.operator is not None:
        raise ValueError(
            f"the operator {asked.operator} needs a graph or interactions; {Path(vectors[0]).name} holds vectors, which have none"
        )
    if vectors and not others and (asked.blocks != "spikes" or asked.binary):
        option = "binary is for graphs" if asked.binary else f"blocks={asked.blocks!r} is for twins"
        raise ValueError(
            f"{option}; {Path(vectors[0]).name} holds vectors, which have no twins and no weights"
        )
    return vectors


def require_comparable(names: Sequence[str], vectors: Sequence[str], asked: Compared, step: Step) -> bool:
    """Read and analyse every input, and return whether the operator is that of each unless said.

    `step` is called before each step.

    Raises
    ------
    ValueError, OSError
        for an input that cannot be read, or compared as asked.
    """
    plain = True
    for name in names:
        step()
        if name in vectors:
            own_vectors = _own_vectors(name, asked)
            _require_rank(asked.rank, own_vectors.embedding, own_vectors.name)
            _require_size(own_vectors)
            _require_joined(own_vectors, asked.log)
            continue
        own = _own_matrix(name, asked)
        require_operator_of(own.kind, asked.operator)
        _require_twins_of(asked.operator, own)
        plain &= asked.operator in (None, default_operator(own.kind))
        if asked.blocks == "labels" and own.real.labels is None:
            raise ValueError(f"blocks must be spikes or leiden for {name}, which has no labels; got labels")
        step()
        _require_rank(asked.rank, own.found.embedding, own.real.name)
    return plain


def named_pairs(
    names: Sequence[str], vectors: Sequence[str], asked: Compared
) -> tuple[list[tuple[str, str]], list[str]]:
    """Return the pairs of inputs that share named items, and a sentence on each that shares too few (`pairs.pairs_of`)."""
    if len(names) < 2:
        return [], []
    titled = "items" in asked.reading
    known = {
        name: item_names(_own_vectors(name, asked) if name in vectors else _own_matrix(name, asked), titled)
        for name in names
    }
    return pairs_of(names, known), pairs_apart(names, known)


def ranks_of(
    names: Sequence[str], vectors: Sequence[str], asked: Compared, step: Step, *, first: bool = False
) -> dict[str, int]:
    """Return the rank of each input; `step` is called before each step. With `first`, those of the first look."""
    ranks = {}
    for name in names:
        step()
        if name in vectors:
            # of the rank asked for the vectors may have less; the page says where they end
            ranks[name] = min(asked.rank or AXES, _own_vectors(name, asked).embedding.rank)
            continue
        own = _own_matrix(name, asked)
        if asked.rank:
            ranks[name] = min(asked.rank, own.found.embedding.rank)
        else:
            ranks[name] = rank_at_first_sight(own) if first else chosen_rank(own, name, asked.seed, step)
    return ranks


def chosen_rank(own: Prepared, name: str, seed: int, step: Step = lambda: None) -> int:
    """Return how many dimensions pass parallel analysis against the null: from 2 to 32, and at least eight rows per dimension.

    The draws of the null are the first that the analysis of the matrix `name` makes (`description.describe`), so that both say
    the same number. `step` is called before each draw.

    Raises
    ------
    ValueError
        for a matrix of fewer than 4 items.
    """
    found, null = own.found, null_to_embed(own.real.matrix, own.kind, own.operator)

    def draw(rng: np.random.Generator) -> Any:
        step()
        return null(rng)

    rng = generator(seed, f"{PREFIX}-real", VERSION, "draw", {"matrix": name, "source": "real"}, 0)
    known, of = found.embedding.eigenvalues, found.embedding.operator
    with one_thread():  # ARPACK calls BLAS for vectors: a second thread waits more than it works
        passing = theory.parallel_analysis(
            found.matrix, _most(own), rng, null=draw, known=known, operator=of
        )[0]
    return max(2, passing)


def rank_at_first_sight(own: Prepared) -> int:
    """Return the second elbow of the spectrum, from 2 to 32, and at least eight rows per dimension."""
    elbow = int(theory.zhu_ghodsi_elbows(own.found.embedding.eigenvalues, 2)[-1])
    return max(2, min(elbow, _most(own)))


def _most(own: Prepared) -> int:
    return max(2, min(HIGHEST, own.found.embedding.rank, own.found.items.size // ROWS_PER_DIMENSION))


def _own_matrix(name: str, asked: Compared) -> Prepared:
    return prepared(
        name, dict(asked.reading), binary=asked.binary, rank=asked.rank or 1, operator=asked.operator
    )


def _own_vectors(name: str, asked: Compared) -> OwnVectors:
    return prepared_vectors(
        name, dict(asked.reading), rank=asked.rank or 1, log=asked.log, held_out=asked.held_out
    )


def _require_rank(rank: int | None, embedding: theory.Embedding, name: str) -> None:
    most = embedding.rank + embedding.n_cut
    if rank is not None and rank > most:
        raise ValueError(f"rank must be at most {most} for {name}; got {rank}")


def _require_size(own: OwnVectors) -> None:
    if len(own.columns) < SMALLEST:
        raise ValueError(
            f"{own.name} must have at least {SMALLEST} vectors to be compared; it has {len(own.columns)}"
        )
    if own.embedding.rank < RANKS[0]:
        raise ValueError(
            f"{own.name} must have a rank of at least {RANKS[0]} to be compared; it has {own.embedding.rank}"
        )


def _require_joined(own: OwnVectors, log: str | None) -> None:
    """Enough vectors must be joined for the least that a log tells: how norms follow popularity."""
    if own.log is None:
        return
    joined = int((own.log.place >= 0).sum())
    least = min(LEAST_JOINED, -(-len(own.columns) // 2))  # of a handful of vectors, half of them
    if joined < least:
        warned = "; ".join(note for note in own.log.notes if note.startswith("warning"))
        raise ValueError(
            f"log {log} must share at least {least} items with {own.name}; it shares {joined} of {len(own.columns):,}"
            f"{f' ({warned})' if warned else ''}"
        )


def _require_twins_of(operator: str | None, own: Prepared) -> None:
    """Of a graph: an operator of whole numbers of edges needs twins of whole numbers, which graphs of equal weights have."""
    if operator in WHOLE and own.kind == "graph" and np.ptp(own.real.matrix.data) > 0:
        raise ValueError(
            f"the operator {operator} needs a graph of equal weights to be compared, since the weights of twins are no whole "
            f"numbers; those of {own.real.name} differ (--binary takes every edge for 1)"
        )
