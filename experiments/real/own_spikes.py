"""How spiky is a matrix of one's own? Spk at each rank f, beside that of its null: an embedding, a graph, or interactions.

Which vectors it has at rank f stands in `own_embedding`, what the null of each kind keeps in `nulls`, where a search may end with
a bound in `peaks_beside_nulls`, and how the draws of the null are run in `drawn_peaks`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import theory
from experiments.real.at_one_rank import AtRank, measured, norms_are_equal, norms_of, predicted
from experiments.real.drawn_peaks import Chance, peaks_of_draws
from experiments.real.named_errors import errors_of
from experiments.real.own_embedding import Taken, embed
from experiments.real.own_matrices import OwnMatrix, read_own
from experiments.real.peaks_beside_nulls import Beside, Counting, conclusion
from experiments.real.spiky_in_words import spiky_in_words
from experiments.real.vectors_in_file import memory_note, stays_in_file
from experiments.running.waiting import WAIT_SECONDS
from simulate.pages import forget_pages
from simulate.progress import told_steps
from simulate.validation import require_integer, require_number
from theory.analysis.inputs import exponent_of
from theory.analysis.peaks_of_file import IN_MEMORY
from theory.analysis.pipeline import default_operator, require_operator_of
from theory.analysis.spikiness_curve import default_ranks, ranks_within

HIGHEST = 64  # rank, where none is given


@dataclass(frozen=True, eq=False)
class OwnSpikes:
    """How spiky a matrix is.

    `curve`, one row per rank; a number there is a lower bound where the column beside it says so: `peaks` and `spk` where
    `at_least`, `null_mean` and `null_high` where `null_at_least`, `null_low` where `null_low_at_least`.
    `spikes`, one row per item at `spikes_rank`, the highest rank at which the spikes are known: name, spike (-1: none), norm,
    whether a peak, and the label where items have labels. Where they are known at none, `spikes_rank` is None and spike and peak
    are missing values.
    `notes` say which vectors were taken, and where the matrix ends if ranks beyond its own were asked for; `sentence`,
    whether the matrix is spiky (`spiky_in_words`); `conclusion`, in words, what the highest rank shows.
    """

    curve: pd.DataFrame
    spikes: pd.DataFrame
    spikes_rank: int | None
    notes: tuple[str, ...]
    sentence: str
    conclusion: str


def spikes_of(
    source: Any,
    ranks: Sequence[int] = (),
    *,
    scaling: theory.Scaling | None = None,
    cosine: float = 0.9,
    coverage: float = 0.5,
    operator: str | None = None,
    null: int = 3,
    top_k: int | None = None,
    seed: int = 0,
    all_columns: bool = False,
    exact: bool = False,
    in_memory: int | None = None,
    dask: str | None = None,
    wait: float = WAIT_SECONDS,
    progress: Callable[[str], None] | bool | None = None,
) -> OwnSpikes:
    """Return Spk at each rank, and beside it that of `null` draws of the null.

    Parameters
    ----------
    source
        an `OwnMatrix`, or what `read_own` makes one of: a file, a name, an array, a data frame, a sparse matrix, a graph.
    ranks
        each at least 1 and at most the rank of an embedding, or one less than the rows of a matrix; without, 2, 3, 4, 6, 8,
        ... up to 64, of an embedding up to its rank. The curve ends where the matrix has no further dimension.
    scaling, cosine, coverage
        as in `theory.spikiness_curve`; `scaling` is for graphs and interactions (None: "full"), since an embedding is taken in
        the scaling in which it comes.
    operator
        of a graph, or of interactions: "ppmi", "counts"; None is the adjacency matrix, and PPMI. The null's is the same.
    null
        how many draws, at least 0; their mean, least and largest Spk are columns of the curve (NaN without draws).
    top_k
        partners kept for each item of interactions, as in `theory.ppmi`.
    seed
        of the null.
    all_columns
        of an embedding: take its columns as they are, all of them, instead of its principal axes; no `ranks` can be chosen then.
    exact
        search to the end also where a bound of Spk says enough: a matrix of more than 10,000 rows that has no spikes, and nulls
        that need ten times the peaks of the matrix.
    in_memory
        of an embedding: the most bytes of vectors that are held in memory, None for 2^30. A .npy file, or a folder of Parquet
        shards, with more is read in blocks, and what is computed from it lies in temporary files; the numbers are the same.
    dask
        address of a Dask scheduler whose workers run the draws of the null, or "local:N" for N processes here; the numbers are
        the same. They get what a draw needs, and not the file.
    wait
        seconds to wait for workers of a cluster, while there are none.
    progress
        True shows what is being done, on a terminal at once, and elsewhere every half minute on standard error; a function is
        called with it.

    Raises
    ------
    ValueError
        for a rank or a threshold out of range, interactions with fewer than two items of positive PPMI, an operator that the
        data do not have, or an option that is for another kind of data.
    OSError
        if the disk has no room for temporary files, or the scheduler is lost.
    """
    own = read_own(source)
    require_integer(null, "null", least=0)
    _require_options_of(
        own, {"scaling": scaling, "top_k": top_k, "all_columns": all_columns or None, "in_memory": in_memory}
    )
    if dask is not None and not null:
        raise ValueError("dask is for the draws of the null, and null is 0")
    if in_memory is not None:
        require_integer(in_memory, "in_memory", least=0)
    require_number(wait, "wait", least=0)
    require_operator_of(own.kind, operator)
    most = IN_MEMORY if in_memory is None else in_memory
    taken = Taken(scaling or "full", top_k, operator, all_columns, most)
    counting = Counting(cosine, coverage, exact, most)
    with told_steps(progress, own.name) as say, errors_of(own.name):
        return _beside_nulls(own, ranks, taken, counting, null, seed, (dask, wait), say)


def _require_options_of(own: OwnMatrix, given: dict[str, Any]) -> None:
    """Raise a ValueError for an option that this kind of data does not have: nothing is ignored in silence."""
    kinds = {
        "scaling": ("graph", "interactions"),
        "top_k": ("interactions",),
        "all_columns": ("embedding",),
        "in_memory": ("embedding",),
    }
    a = {"embedding": "an embedding", "graph": "a graph", "interactions": "interactions"}
    for name, value in given.items():
        if value is not None and own.kind not in kinds[name]:
            raise ValueError(
                f"{name} is for {' and '.join(a[kind] for kind in kinds[name])}; {own.name} holds {a[own.kind]}"
            )


def _beside_nulls(
    own: OwnMatrix,
    ranks: Sequence[int],
    taken: Taken,
    counting: Counting,
    null: int,
    seed: int,
    where: tuple[str | None, float],
    say: Callable[[str], None],
) -> OwnSpikes:
    say("embedding")
    embedding, items, lacking = embed(own.data, own.kind, max(ranks, default=HIGHEST), taken)
    if not embedding.rank:
        raise ValueError(f"{own.name} must have an eigenvalue to have vectors; {'; '.join(embedding.notes)}")
    chosen = _ranks(embedding, ranks, taken.all_columns)
    real, last = {}, None
    for rank in chosen:
        say(f"f = {rank}")
        vectors = taken.vectors(embedding, own.kind, rank)
        norms = norms_of(vectors, wide=taken.all_columns)
        real[rank], spikes = measured(own.kind, vectors, norms, counting, np.random.default_rng([seed, rank]))
        last = (rank, spikes, norms) if spikes is not None else last
    table = _table(own, items, norms if last is None else last[2], None if last is None else last[1])
    if own.kind == "embedding":
        held = memory_note(own.data, taken.in_memory)
        notes = (*_about_vectors(own, embedding.rank, norms, taken.all_columns), held)
    else:
        notes = (*lacking, *_about_operator(own, taken.operator), *embedding.notes)
    del embedding, vectors, norms  # the nulls need the memory
    chance = Chance(
        own.kind,
        None if own.kind == "embedding" else own.data,
        {rank: one.moments for rank, one in real.items() if one.moments is not None},
        {rank: one.count for rank, one in real.items()},
        taken,
        counting,
        seed,
        on_disk=own.kind == "embedding" and stays_in_file(own.data, taken.in_memory),
    )
    draws = peaks_of_draws(chance, null, say, *where)
    nulls = {rank: tuple(draw[rank] for draw in draws if rank in draw) for rank in chosen}
    beside = {
        rank: Beside(one.count, nulls[rank], predicted(one, counting) if null else None)
        for rank, one in real.items()
    }
    curve = pd.DataFrame([_row(rank, real[rank], beside[rank]) for rank in chosen])
    said = conclusion(beside[chosen[-1]], counting.coverage, chosen[-1])
    return OwnSpikes(
        curve.astype({"singletons": "Int64"}),
        table,
        None if last is None else last[0],
        notes,
        spiky_in_words(beside),
        said,
    )


def _row(rank: int, one: AtRank, beside: Beside) -> dict[str, Any]:
    """A row of the curve."""
    return {
        "rank": rank,
        "peaks": one.count.n_peaks,
        "rows": one.count.n_rows,
        "zero_rows": one.size - one.count.n_rows,
        "spk": one.count.value,
        "at_least": one.count.at_least,
        "null_mean": beside.null_mean,
        "null_low": beside.null_low,
        "null_high": beside.null_high,
        "null_at_least": beside.some_at_least,
        "null_low_at_least": beside.all_at_least,
        "null_predicted": np.nan if beside.predicted is None else beside.predicted,
        "p_value": np.nan if beside.p_value is None else beside.p_value,
        "singletons": pd.NA if one.singletons is None else one.singletons,
        "norm_cv": one.norm_cv,
    }


def _table(
    own: OwnMatrix,
    items: NDArray[np.int64],
    norms: NDArray[np.float64],
    spikes: theory.Spikes | None,
) -> pd.DataFrame:
    """One row per item, with its spike where the spikes are known."""
    names = items if own.items is None else np.asarray(own.items)[items]
    labels = {} if own.labels is None else {"label": own.labels[items]}
    if own.kind == "embedding":
        norms = np.ldexp(norms, exponent_of(own.data))
        forget_pages(own.data)
    if spikes is None:
        unknown = pd.array([pd.NA] * len(norms), dtype="Int64")
        return pd.DataFrame({"item": names, "spike": unknown, "norm": norms, "peak": unknown, **labels})
    peak = np.isin(np.arange(len(norms)), spikes.peaks)
    return pd.DataFrame({"item": names, "spike": spikes.membership, "norm": norms, "peak": peak, **labels})


def _ranks(embedding: theory.Embedding, ranks: Sequence[int], all_columns: bool) -> list[int]:
    """The ranks asked for that the matrix has, or those of a curve up to its rank."""
    if all_columns and set(ranks) - {embedding.rank}:
        raise ValueError(
            f"ranks must be {embedding.rank}, the number of columns, where all_columns is set; got {min(ranks)}"
        )
    chosen = sorted(set(ranks)) or (default_ranks(embedding.rank) if not all_columns else [embedding.rank])
    most = embedding.rank + embedding.n_cut
    if chosen[-1] > most:
        raise ValueError(f"ranks must be at most {most}, which this matrix can have; got {chosen[-1]}")
    return ranks_within(chosen, embedding.rank)


def _about_vectors(own: OwnMatrix, rank: int, norms: NDArray[Any], all_columns: bool) -> tuple[str, ...]:
    """Sentences on what the columns of an embedding at rank f are, and on norms that order nothing."""
    columns = own.data.shape[1]
    if all_columns:
        notes = [f"f = {columns}: all columns as they are"]
    else:
        said = "the vectors were turned to their principal axes; f: the first f of them"
        lacking = columns - rank
        notes = [said + (f"; {lacking:,} of {columns:,} columns add no axis" if lacking else "")]
    if rank == 1 or not norms_are_equal(norms):
        return tuple(notes)
    return (
        *notes,
        "all norms are equal: which rows are peaks then follows from rounding; give vectors that are not normalised",
    )


def _about_operator(own: OwnMatrix, operator: str | None) -> tuple[str, ...]:
    """A sentence on an operator that is not the one of this kind unless said."""
    if own.kind == "embedding" or operator in (None, default_operator(own.kind)):
        return ()
    of = theory.OPERATORS[str(operator)]
    return (f"operator {of.name}: {of.formula}; of a block model without noise: {of.population}",)
