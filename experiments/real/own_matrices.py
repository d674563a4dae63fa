"""Spk of a matrix of the user's own beside its null: an embedding, a graph, or interactions, each from a file.

| kind | vectors | null |
|---|---|---|
| embedding | its rows, the first f columns | a random subspace with the same spectrum and norms |
| graph | U|Lambda|^p of the graph | edges swapped, degrees kept |
| interactions | U|Lambda|^p of their PPMI matrix | items permuted among contexts, both degree sequences kept |
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

import theory
from experiments.matrices import load
from experiments.matrices.parquet import holds_vectors, read_embeddings
from experiments.matrices.reading import BadInput
from simulate.nulls import degree_preserving, permuted_items, random_subspace
from simulate.validation import require_choice, require_integer
from theory.analysis.inputs import as_symmetric
from theory.analysis.spikiness_curve import default_ranks

Kind = Literal["embedding", "graph", "interactions"]
KINDS: tuple[Kind, ...] = ("embedding", "graph", "interactions")
NULLS: dict[Kind, str] = {
    "embedding": "random subspace, same spectrum and norms",
    "graph": "edges swapped, degrees kept",
    "interactions": "items permuted among contexts",
}
HIGHEST = 64  # rank, unless ranks are asked for
LEAST = 10  # rows of a spike whose dispersion of norms is worth reporting


@dataclass(frozen=True, eq=False)
class OwnMatrix:
    """What a file holds: `data` is an (n, f) array for an embedding, else a sparse matrix; `items` are names, or None."""

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
    """`curve`, a row a rank; `spikes`, a row an item at the highest rank: its name, spike (-1: none), norm, whether a peak."""

    curve: pd.DataFrame
    spikes: pd.DataFrame


def read_own(path: str, kind: Kind | None = None, **reading: Any) -> OwnMatrix:
    """Read an embedding (`.npy`, Parquet with vectors), a graph (square and symmetric) or interactions (anything else).

    `path` may be a data set's name too. `kind` overrides what the format suggests; `reading` are options of
    `experiments.matrices.load` for text.

    Raises
    ------
    BadInput, ValueError, OSError
        for a file that is not what it should be; objects are never unpickled.
    """
    if kind is not None:
        require_choice(kind, "kind", KINDS)
    file = Path(path)
    name = file.name
    items: NDArray[Any] | None = None
    notes: tuple[str, ...] = ()
    if file.suffix == ".npy":
        data, found = _read_npy(file), "embedding"
    elif file.suffix in (".parquet", ".pq") and holds_vectors(file):
        named = read_embeddings(file)
        data, items, found = named.vectors, named.items, "embedding"
    elif file.suffix == ".npz" and kind == "graph":
        # as stored: a reader of interactions would forget the weights that asymmetry is told by
        data, found = sparse.load_npz(file), "graph"
    else:
        real = load(path, **reading)
        data, items, notes = real.matrix, real.items, real.notes
        found = "graph" if real.graph is not None else "interactions"
    chosen: Kind = kind or found  # type: ignore[assignment]
    if chosen == "embedding":
        data = data if isinstance(data, np.ndarray) else data.toarray()
        if len(data) < 2:
            raise BadInput(file, "an embedding of at least 2 rows", f"{len(data)} row(s)")
    elif chosen == "graph":
        data = as_symmetric(data)
    return OwnMatrix(name, chosen, data, items, notes)


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
    progress: Callable[[str], None] = lambda what: None,
) -> OwnSpikes:
    """Return Spk at each rank with `null` draws of the null beside it; ranks above what the matrix has are an error.

    Raises
    ------
    ValueError
        for a rank or a threshold out of range, or a matrix without a positive PPMI.
    """
    require_integer(null, "null", least=0)
    progress("embedding")
    embedding, items = _embed(own, own.data, ranks, top_k)
    chosen = sorted(set(ranks)) or default_ranks(embedding.rank)
    limits = {"cosine": cosine, "coverage": coverage}
    found = theory.spikiness_curve(embedding, chosen, scaling, **limits)
    nulls = []
    for draw in range(null):
        progress(f"null {draw + 1} of {null}")
        rng = np.random.default_rng([seed, draw])
        embedded, _ = _embed(own, _null(own, rng), chosen, top_k, least=max(chosen))
        possible = [rank for rank in chosen if rank <= embedded.rank]
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
    table = {"item": names, "spike": last.membership, "norm": np.linalg.norm(vectors, axis=1)}
    table["peak"] = np.isin(np.arange(len(vectors)), last.peaks)
    return OwnSpikes(pd.DataFrame(rows), pd.DataFrame(table))


def _embed(
    own: OwnMatrix, data: Any, ranks: Sequence[int], top_k: int | None, least: int = 0
) -> tuple[theory.Embedding, NDArray[np.int64]]:
    """The embedding, and which items its rows are. An embedding given as such has its columns as dimensions."""
    if own.kind == "embedding":
        # columns are dimensions as they come: scalings are not ours to undo, so all Lambda are 1
        return theory.Embedding(np.ones(data.shape[1]), data), np.arange(len(data))
    if own.kind == "graph":
        matrix, items = data, np.arange(data.shape[0])
    else:
        pmi = theory.ppmi(data, top_k=top_k)
        matrix, items = pmi.matrix, pmi.items
        if items.size < 3:
            raise ValueError(
                f"the PPMI matrix must have at least 3 items to be embedded; it has {items.size}"
            )
    most = matrix.shape[0] - 1
    wanted = max(ranks, default=HIGHEST)
    if ranks and not least and wanted > most:
        raise ValueError(f"--rank must be at most {most}, the rows of the matrix less one; got {wanted}")
    return theory.embed(matrix, min(wanted, most)), items


def _null(own: OwnMatrix, rng: np.random.Generator) -> Any:
    if own.kind == "interactions":
        return permuted_items(own.data, rng)
    if own.kind == "graph":
        return degree_preserving(own.data, rng)
    vectors = np.asarray(own.data, dtype=np.float64)
    singular = np.sqrt(np.maximum(np.linalg.eigvalsh(vectors.T @ vectors)[::-1], 0))
    return random_subspace(singular, len(vectors), rng, norms=np.linalg.norm(vectors, axis=1))


def _read_npy(path: Path) -> NDArray[Any]:
    try:
        data = np.load(path, allow_pickle=False)
    except (ValueError, EOFError) as error:
        pickled = "pickle" in str(error).lower() or "object" in str(error).lower()
        found = "objects, which are never unpickled" if pickled else str(error)
        raise BadInput(path, "a .npy file of numbers", found) from None
    if not isinstance(data, np.ndarray) or data.ndim != 2 or data.dtype.kind not in "biuf":
        seen = f"{getattr(data, 'dtype', type(data).__name__)} of shape {getattr(data, 'shape', '')}"
        raise BadInput(path, "a matrix of real numbers, a row an item", seen)
    return data
