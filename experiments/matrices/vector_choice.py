"""Which array of several holds the vectors, and which their names? Told by shape, never guessed where two would do.

An archive of arrays (.npz, HDF5, safetensors) holds vectors in an array of two dimensions, and perhaps names in one of one
dimension and the same number of rows. Where several arrays could be meant, one with a usual name is taken and said; without
one the error lists them, and `--vector-columns` and `--name-column` choose.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from experiments.matrices.named_vectors import VectorReading
from experiments.matrices.reading import BadInput, shown
from simulate.validation import did_you_mean

# as models of implicit, sentence encoders, pandas and gensim call them
OF_VECTORS = (
    "vectors",
    "embeddings",
    "embedding",
    "item_factors",
    "item_embeddings",
    "block0_values",
    "X_pca",
)
OF_NAMES = ("names", "items", "item_names", "ids", "item_ids", "words", "labels", "index", "axis1")

Shapes = Mapping[str, tuple[tuple[int, ...], np.dtype[Any]]]


def chosen_array(path: Path, shapes: Shapes, options: VectorReading) -> tuple[str, tuple[str, ...]]:
    """Return the name of the array of vectors, and a note where others could have been meant.

    Raises
    ------
    BadInput
        where no array, or none that stands out, could hold vectors, or the one asked for cannot.

    Examples
    --------
    >>> two = {"user_factors": ((9, 4), np.dtype("f4")), "item_factors": ((7, 4), np.dtype("f4"))}
    >>> chosen_array(Path("als.npz"), two, VectorReading())
    ('item_factors', ("vectors = 'item_factors'; also there: 'user_factors' (--vector-columns)",))
    """
    possible = [name for name, (shape, kind) in shapes.items() if len(shape) == 2 and _is_number(kind)]
    if options.vector_columns is not None:
        return _asked_for(path, shapes, possible, options.vector_columns), ()
    if not possible:
        raise BadInput(path, "an array of numbers with two dimensions", _listed(shapes))
    usual = [name for name in possible if name.rsplit("/", 1)[-1] in OF_VECTORS]
    if len(possible) > 1 and len(usual) != 1:
        expected = "one array of vectors, or the name of the one that is meant (--vector-columns NAME)"
        raise BadInput(path, expected, _listed({name: shapes[name] for name in possible}))
    name = possible[0] if len(possible) == 1 else usual[0]
    others = ", ".join(shown(other) for other in possible if other != name)
    also = f"; also there: {others} (--vector-columns)" if others else ""
    return name, (f"vectors = {shown(name)}{also}",)


def chosen_names(
    path: Path, shapes: Shapes, vectors: str, options: VectorReading
) -> tuple[str | None, tuple[str, ...]]:
    """Return the array that holds the names of the vectors, or None, and a note on which it is.

    Raises
    ------
    BadInput
        where the array asked for is not there or is of another length.
    """
    rows = shapes[vectors][0][0]
    possible = [
        name
        for name, (shape, kind) in shapes.items()
        if shape == (rows,) and kind.kind in "SUOiu" and name != vectors
    ]
    if options.name_column is not None:
        if options.name_column not in possible:
            expected = f"an array of {rows:,} names called {shown(options.name_column)}"
            raise BadInput(path, expected + did_you_mean(options.name_column, possible), _listed(shapes))
        return options.name_column, ()
    usual = [name for name in possible if name.rsplit("/", 1)[-1] in OF_NAMES]
    texts = [name for name in possible if shapes[name][1].kind in "SUO"]
    for some in (usual, texts):
        if len(some) == 1:
            return some[0], (f"names = {shown(some[0])}",)
    if possible:
        listed = ", ".join(map(shown, possible))
        return None, (f"rows are named by their numbers; names could be {listed} (--name-column)",)
    return None, ()


def _asked_for(path: Path, shapes: Shapes, possible: list[str], wanted: tuple[str, ...]) -> str:
    if len(wanted) != 1 or wanted[0] not in possible:
        hint = did_you_mean(wanted[0], possible) if len(wanted) == 1 else ""
        expected = f"one array of two dimensions called {shown(','.join(wanted))}{hint}"
        raise BadInput(path, expected, _listed(shapes))
    return wanted[0]


def _is_number(kind: np.dtype[Any]) -> bool:
    return kind.kind in "biuf"


def _listed(shapes: Shapes) -> str:
    """Return the arrays with their shapes, the largest ones first."""
    order = sorted(shapes, key=lambda name: -math.prod(shapes[name][0]))
    listed = [f"{shown(name)} ({' x '.join(map(str, shapes[name][0])) or 'a number'})" for name in order[:10]]
    return ", ".join(listed) + (", ..." if len(order) > 10 else "") or "no array"
