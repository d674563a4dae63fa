"""How spiky is a matrix of one's own? Spk at each rank f, beside that of its null: an embedding, a graph, or interactions.

| kind | vectors at rank f |
|---|---|
| embedding | the rows on their first f principal axes; with `all_columns` the rows as they are, f all of them |
| graph | U|Lambda|^p of the graph, p by the scaling |
| interactions | U|Lambda|^p of their PPMI matrix |

What the null of each kind keeps stands in `nulls`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import theory
from experiments.matrices import load
from experiments.matrices.catalogue import names
from experiments.matrices.named_vectors import VectorReading
from experiments.matrices.pickles import require_no_pickle
from experiments.matrices.vectors import always_vectors, holds_vectors, read_vectors
from experiments.real.nulls import KINDS, NULLS, Kind, null_of
from simulate.validation import require_choice, require_integer
from theory.analysis.inputs import as_csr, as_rows, as_symmetric, exponent_of
from theory.analysis.spikiness_curve import default_ranks, ranks_within

HIGHEST = 64  # rank, where none is given
OF_LOGS = {"columns", "time_unit", "format"}  # options of `load` that say that a file holds pairs
SAME_NORM = 1e-5  # relative range of norms that were all set to one
LEAST = 10  # rows of a spike whose norms are compared


@dataclass(frozen=True, eq=False)
class OwnMatrix:
    """What a file holds: `data` is an (n, f) array for an embedding, else a sparse matrix.

    `items` are the names of its rows, or of the columns of interactions; None where the file has none.
    """

    name: str
    kind: Kind
    data: Any
    items: NDArray[Any] | None = None
    notes: tuple[str, ...] = ()

    @property
    def null(self) -> str:
        """What the null of this kind is."""
        return NULLS[self.kind]


@dataclass(frozen=True, eq=False)
class OwnSpikes:
    """`curve`, one row per rank; `spikes`, one row per item at the highest rank: name, spike (-1: none), norm, whether a peak.

    `notes` say which vectors were taken, and where the matrix ends if ranks beyond its own were asked for.
    """

    curve: pd.DataFrame
    spikes: pd.DataFrame
    notes: tuple[str, ...] = ()


def read_own(
    path: str,
    kind: Kind | None = None,
    *,
    name_column: str | None = None,
    vector_columns: Sequence[str] | None = None,
    **reading: Any,
) -> OwnMatrix:
    """Read an embedding (any format of `experiments.matrices.vectors`), a graph (square and symmetric) or interactions.

    Parameters
    ----------
    path
        a file, or a name of the catalogue.
    kind
        `embedding`, `graph` or `interactions`, where the format suggests another.
    name_column, vector_columns
        of vectors: the column, or array, of names, and the columns, or the array, of numbers; without, they are told from the
        file, and said in `notes`.
    reading
        options of `experiments.matrices.load`; of vectors those of text, `skip_bad_rows` and `unpack_limit`.

    Raises
    ------
    BadInput, ValueError, OSError
        for a file that does not hold a matrix of this kind; pickled objects are never read.
    ModuleNotFoundError
        for a format that needs an extra which is not installed.
    """
    if kind is not None:
        require_choice(kind, "kind", KINDS)
    options: dict[str, Any] = {"name_column": name_column}
    options["vector_columns"] = tuple(vector_columns) if vector_columns else None
    if _is_embedding(path, kind, options, reading):
        return _read_vectors(Path(path), kind, options, reading)
    if name_column is not None:
        raise ValueError(f"name_column is for vectors; {path} is read as a graph or as interactions")
    # a graph is read as one: as interactions, weights would be 1 and an asymmetric matrix might look symmetric
    real = load(path, kind=kind, **reading)
    if real.graph is not None:
        return OwnMatrix(Path(path).name, "graph", as_symmetric(real.graph), real.items, real.notes)
    return OwnMatrix(Path(path).name, "interactions", real.matrix, real.items, real.notes)


def _is_embedding(path: str, kind: Kind | None, options: dict[str, Any], reading: dict[str, Any]) -> bool:
    """Whether a path is read as vectors: it can hold nothing else, the caller says so, or what is in it does."""
    file = Path(path)
    require_no_pickle(file)
    if kind == "embedding" or options["vector_columns"] is not None or always_vectors(file):
        return True
    if path in names() or not file.exists() or OF_LOGS & set(reading):
        return False
    if kind is not None and file.suffix.lower() != ".npz":
        return False
    of_vectors = {name: value for name, value in reading.items() if name not in OF_LOGS}
    return holds_vectors(file, VectorReading(**options, **of_vectors))


def _read_vectors(
    path: Path, kind: Kind | None, options: dict[str, Any], reading: dict[str, Any]
) -> OwnMatrix:
    if wrong := sorted(OF_LOGS & set(reading)):
        raise ValueError(
            f"{path}: {wrong[0]} does not apply to vectors (they take name_column and vector_columns)"
        )
    found = read_vectors(path, VectorReading(**options, **reading))
    if kind == "graph":
        return OwnMatrix(path.name, kind, as_symmetric(found.vectors), found.items, found.notes)
    if kind == "interactions":
        return OwnMatrix(path.name, kind, as_csr(found.vectors), None, found.notes)
    return OwnMatrix(path.name, "embedding", found.vectors, found.items, found.notes)


def spikes_of(
    own: OwnMatrix,
    ranks: Sequence[int] = (),
    *,
    scaling: theory.Scaling = "full",
    cosine: float = 0.9,
    coverage: float = 0.5,
    null: int = 3,
    top_k: int | None = None,
    seed: int = 0,
    all_columns: bool = False,
    progress: Callable[[str], None] | None = None,
) -> OwnSpikes:
    """Return Spk at each rank, and beside it that of `null` draws of the null.

    Parameters
    ----------
    ranks
        each at least 1 and at most the rank of an embedding, or one less than the rows of a matrix; without, 2, 3, 4, 6, 8,
        ... up to 64, of an embedding up to its rank. The curve ends where the matrix has no further dimension.
    scaling, cosine, coverage
        as in `theory.spikiness_curve`; an embedding is taken in the scaling in which it comes.
    null
        how many draws, at least 0; their mean, least and largest Spk are columns of the curve (NaN without draws).
    top_k
        partners kept for each item of interactions, as in `theory.ppmi`.
    seed
        of the null.
    all_columns
        of an embedding: take its columns as they are, all of them, instead of its principal axes; no `ranks` can be chosen then.
    progress
        called with what is being done.

    Raises
    ------
    ValueError
        for a rank or a threshold out of range, or interactions with fewer than two items of positive PPMI.
    """
    require_integer(null, "null", least=0)
    if all_columns and own.kind != "embedding":
        raise ValueError(f"all_columns is for an embedding; {own.name} holds {own.kind}")
    say = progress or (lambda what: None)
    say("embedding")
    embedding, items = _embed(own, own.data, max(ranks, default=HIGHEST), top_k, all_columns)
    if all_columns and set(ranks) - {embedding.rank}:
        raise ValueError(
            f"ranks must be {embedding.rank}, the number of columns, where all_columns is set; got {min(ranks)}"
        )
    chosen = sorted(set(ranks)) or (default_ranks(embedding.rank) if not all_columns else [embedding.rank])
    most = embedding.rank + embedding.n_cut
    if chosen[-1] > most:
        raise ValueError(f"ranks must be at most {most}, which this matrix can have; got {chosen[-1]}")
    chosen = ranks_within(chosen, embedding.rank)
    limits = {"cosine": cosine, "coverage": coverage}
    found = theory.spikiness_curve(embedding, chosen, scaling, **limits)
    nulls = []
    for draw in range(null):
        say(f"null {draw + 1} of {null}")
        if own.kind == "embedding":
            # at each rank the null has the norms, the mean and the spectrum of the vectors at this rank
            drawn = (
                null_of(embedding.vectors(scaling, f), own.kind, np.random.default_rng([seed, draw]))
                for f in chosen
            )
            values = [theory.spikiness(rows, **limits).value for rows in drawn]
            nulls.append(dict(zip(chosen, values)))
            continue
        rng = np.random.default_rng([seed, draw])
        embedded, _ = _embed(own, null_of(own.data, own.kind, rng), chosen[-1], top_k)
        possible = [rank for rank in chosen if rank <= embedded.rank]
        if not possible:  # the null ends before the first of these ranks
            continue
        curve = theory.spikiness_curve(embedded, possible, scaling, **limits)
        nulls.append(dict(zip(possible, curve.values.tolist())))
    rows = []
    for rank, spikes in zip(chosen, found.spikes):
        vectors = embedding.vectors(scaling, rank)
        dispersion = theory.norm_dispersion(vectors, spikes.membership, least=LEAST)
        beside = [one[rank] for one in nulls if rank in one]
        rows.append(
            {
                "rank": rank,
                "peaks": spikes.n_peaks,
                "rows": spikes.membership.size - spikes.n_zero,
                "zero_rows": spikes.n_zero,
                "spk": spikes.value,
                "null_mean": float(np.mean(beside)) if beside else np.nan,
                "null_low": min(beside, default=np.nan),
                "null_high": max(beside, default=np.nan),
                "singletons": spikes.n_singletons,
                "norm_cv": float(np.median(known))
                if (known := dispersion[~np.isnan(dispersion)]).size
                else np.nan,
            }
        )
    last, vectors = found.spikes[-1], embedding.vectors(scaling, chosen[-1])
    names = items if own.items is None else np.asarray(own.items)[items]
    norms = np.linalg.norm(vectors, axis=1)
    if own.kind == "embedding":
        norms = np.ldexp(norms, exponent_of(own.data))
    table = {"item": names, "spike": last.membership, "norm": norms}
    table["peak"] = np.isin(np.arange(len(vectors)), last.peaks)
    notes = _about_vectors(own, embedding, norms, all_columns) if own.kind == "embedding" else embedding.notes
    return OwnSpikes(pd.DataFrame(rows), pd.DataFrame(table), notes)


def _about_vectors(
    own: OwnMatrix, embedding: theory.Embedding, norms: NDArray[Any], all_columns: bool
) -> tuple[str, ...]:
    """Sentences on what the columns at rank f are, and on norms that order nothing."""
    columns = own.data.shape[1]
    if all_columns:
        notes = [f"f = {columns}: all columns as they are"]
    else:
        said = "the vectors were turned to their principal axes; f: the first f of them"
        lacking = columns - embedding.rank
        notes = [said + (f"; {lacking:,} of {columns:,} columns add no axis" if lacking else "")]
    live = norms[norms > 0]
    if embedding.rank == 1 or (live.size and np.ptp(live) > SAME_NORM * live.max()):
        return tuple(notes)
    return (
        *notes,
        "all norms are equal: which rows are peaks then follows from rounding; give vectors that are not normalised",
    )


def _embed(
    own: OwnMatrix, data: Any, rank: int, top_k: int | None, all_columns: bool = False
) -> tuple[theory.Embedding, NDArray[np.int64]]:
    """The embedding at `rank`, or at the rank that the matrix has, and which items its rows are."""
    if own.kind == "embedding":
        turned = (
            np.asarray(as_rows(data), dtype=np.float64) if all_columns else theory.on_principal_axes(data)
        )
        # in the scaling in which the vectors come, so that all Lambda are 1
        return theory.Embedding(np.ones(turned.shape[1]), turned), np.arange(len(turned))
    found = theory.analyse(data, rank, kind=own.kind, top_k=top_k if own.kind == "interactions" else None)
    return found.embedding, found.items
