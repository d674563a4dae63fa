"""Objects of Python for a study that runs by paths: each is written once into the folder of the results, under its content.

Tasks run in other processes, and a row of the store belongs to what it was computed from; so a matrix that is given as an
object becomes the file matrices/NAME-HASH.npz there, which has its names, labels and dates. The same object gives the same
file, and rows that are there already are not computed again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from experiments.matrices import RealMatrix, load
from experiments.matrices.objects import is_path
from experiments.real.options_of_inputs import object_is_vectors, options_of_matrix
from experiments.real.own_matrices import OwnMatrix, read_own
from experiments.real.own_vectors import OF_LOG, OF_TEXT, log_reading, vector_reading
from experiments.running.files import write_whole


def as_paths(
    matrices: Sequence[Any] | Mapping[str, Any],
    out: Path,
    reading: Mapping[str, Any],
    logs: Sequence[Any] = (),
) -> tuple[list[str], list[str | None], dict[str, Any]]:
    """Return a name or a path for each matrix and for each log beside vectors, and the options of reading that are left for them.

    Objects are read with all options, names and labels of a table of items included, and written below `out`.

    Parameters
    ----------
    logs
        interactions that vectors came from, read with the options of a log alone; None stays None.

    Raises
    ------
    ValueError, TypeError
        for an object that is no matrix, and for options where both files and objects are given.
    """
    named = list(matrices.items()) if isinstance(matrices, Mapping) else [(None, one) for one in matrices]
    has_log = any(one is not None for one in logs)
    beside, reading = _logs_as_paths(logs, out, reading)
    given = [one for _, one in named if not is_path(one)]
    if not given:
        return [str(one) for _, one in named], beside, dict(reading)
    left = {key: value for key, value in reading.items() if key == "kind"}
    if has_log:
        left |= {key: value for key, value in log_reading(reading).items() if key in (*OF_LOG, *OF_TEXT)}
    if len(given) < len(named) and left != dict(reading):
        raise ValueError(
            "options of reading are for all matrices; compare files and objects in calls of their own"
        )
    paths = [
        str(one if is_path(one) else _written(_read(one, reading, has_log, len(named) < 2), name, out))
        for name, one in named
    ]
    return paths, beside, left


def _logs_as_paths(
    logs: Sequence[Any], out: Path, reading: Mapping[str, Any]
) -> tuple[list[str | None], Mapping[str, Any]]:
    """A path for each log, and the options of reading that are left: without those of logs where these are objects."""
    given = [one for one in logs if one is not None]
    of_log = {key: value for key, value in reading.items() if key in (*OF_LOG, *OF_TEXT)}
    objects = [one for one in given if not is_path(one)]
    if objects and of_log and len(objects) < len(given):
        raise ValueError(
            "options of reading are for the log and the pairs held out; give both as files, or both as objects"
        )
    paths = [
        None
        if one is None
        else str(one if is_path(one) else _written(load(one, kind="interactions", **of_log), None, out))
        for one in logs
    ]
    left = {key: value for key, value in reading.items() if not objects or key not in of_log}
    return paths, left


def _read(one: Any, reading: Mapping[str, Any], has_log: bool, alone: bool) -> RealMatrix | OwnMatrix:
    """An object as vectors where it is said to hold some, else as interactions or a graph."""
    if isinstance(one, OwnMatrix):
        return one
    others = {key: v for key, v in reading.items() if not has_log or key not in (*OF_LOG, *OF_TEXT)}
    if object_is_vectors(one, others, alone=alone):
        return read_own(one, "embedding", **vector_reading(reading, has_log))
    return load(one, **(reading if alone else options_of_matrix(reading)))


def _written(real: RealMatrix | OwnMatrix, name: str | None, out: Path) -> Path:
    arrays = _arrays(real) if isinstance(real, RealMatrix) else _arrays_of_vectors(real)
    digest = hashlib.sha256()
    for key, value in arrays.items():
        digest.update(key.encode() + str(value.dtype).encode() + np.ascontiguousarray(value).tobytes())
    called = "".join(c if c.isalnum() else "-" for c in (name or real.name))[:60]
    path = out / "matrices" / f"{called}-{digest.hexdigest()[:12]}.npz"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, lambda file: _save(file, arrays))
    return path


def _arrays(real: RealMatrix) -> dict[str, NDArray[Any]]:
    """The arrays of a matrix as its .npz holds them, names as text."""
    matrix = real.matrix
    arrays: dict[str, Any] = {"data": matrix.data, "indices": matrix.indices, "indptr": matrix.indptr}
    arrays |= {
        "shape": np.array(matrix.shape),
        "format": np.array(b"csr"),
        "labels": real.labels,
        "times": real.times,
    }
    for key, names in (
        ("item_names", real.items),
        ("context_names", real.contexts),
        ("label_names", real.label_names),
    ):
        arrays[key] = None if names is None else np.array(list(map(str, names)))
    return {key: np.asarray(value) for key, value in arrays.items() if value is not None}


def _arrays_of_vectors(own: OwnMatrix) -> dict[str, NDArray[Any]]:
    """The arrays of vectors as `read_own` tells them in an .npz; names as text.

    Raises `ValueError` for what holds no vectors.
    """
    if own.kind != "embedding":
        raise ValueError(f"an OwnMatrix must hold an embedding to be compared; {own.name} holds {own.kind}")
    names = {} if own.items is None else {"names": np.array(list(map(str, own.items)))}
    return {"vectors": np.asarray(own.data), **names}


def _save(file: IO[bytes], arrays: dict[str, NDArray[Any]]) -> None:
    np.savez(file, **arrays)
