"""`.npz` matrices as `scipy.sparse.save_npz` writes them, of any version of SciPy, with names, labels and times.

The formats csr, csc, bsr, coo and dia are read; the name of the format may be bytes or, as before SciPy 1.0, text. Extra arrays,
all optional: `labels` (items,) with `label_names`; `times`, days since 1970-01-01, one per stored entry of a csr or coo matrix;
`item_names`, `context_names`: UTF-8 bytes, one name per line, or an array of strings. An array of any other name is refused,
because it may say that the matrix means something else.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from experiments.matrices.collecting import object_names
from experiments.matrices.formats import Reading
from experiments.matrices.limits import require_not_too_sparse
from experiments.matrices.matrix_entries import matrix_of_entries
from experiments.matrices.npz_archive import read_arrays
from experiments.matrices.reading import BadInput, shown
from experiments.matrices.real_matrix import RealMatrix
from simulate.sparse_structure import require_compressed, require_coordinates
from simulate.validation import did_you_mean

KEYS = {
    "csr": ("data", "indices", "indptr"),
    "csc": ("data", "indices", "indptr"),
    "bsr": ("data", "indices", "indptr"),
    "coo": ("data", "row", "col"),
    "dia": ("data", "offsets"),
}
NAMES = ("item_names", "context_names", "label_names")
OURS = ("labels", "times", *NAMES)
PASSED_OVER = ("_is_array", "propensities", "artist", "meta")  # told by SciPy, by `sample`, of data sets
IMPLICIT = {"K", "user_factors", "item_factors"}
LATEST = 2.9e6  # days: the year 9999

Stored = tuple[NDArray[Any], NDArray[Any], NDArray[np.float64]]  # rows, columns, values


def read_npz(path: Path, options: Reading | None = None) -> RealMatrix:
    """Return the interactions, or the graph when the matrix is square and symmetric.

    Raises
    ------
    BadInput
        when it is no archive of arrays, an array is unknown, missing, pickled or of a wrong length, an index lies outside of the
        matrix, or a value is negative or not finite.
    """
    kind = options.kind if options is not None else None
    arrays = read_arrays(path)
    stored, shape = _entries(path, arrays)
    rows, columns, values = stored
    times, notes = _times(path, arrays, len(values))
    more: dict[str, Any] = {
        "items": _names(path, arrays, "item_names", shape[1]),
        "label_names": _names(path, arrays, "label_names", None),
        "labels": _labels(path, arrays, shape[1]),
        "contexts": _names(path, arrays, "context_names", shape[0]),
        "times": times,
    }
    return matrix_of_entries(path, path.stem, (rows, columns), values, shape, kind=kind, notes=notes, **more)


def _entries(path: Path, arrays: dict[str, NDArray[Any]]) -> tuple[Stored, tuple[int, int]]:
    """Return the stored entries and the shape, checked: nothing here trusts an index, a length or a shape."""
    kind = _format(path, arrays)
    keys = ("data", "coords") if kind == "coo" and "coords" in arrays else KEYS[kind]
    _require_known(path, arrays, (*keys, "format", "shape"))
    missing = [key for key in (*keys, "shape") if key not in arrays]
    if missing:
        raise BadInput(
            path, f"arrays {', '.join(keys)} and shape", f"no {missing[0]!r} among {', '.join(arrays)}"
        )
    shape = _shape(path, arrays["shape"])
    data = arrays["data"]
    if data.dtype.kind not in "buif" or not _finite(data) or (data.size and data.min() < 0):
        raise BadInput(path, "finite numbers of at least 0", f"others of type {data.dtype}", column="data")
    require_not_too_sparse(path, shape, data.size, column="shape")
    try:
        rows, columns, values = _coordinates(kind, [arrays[key] for key in keys], shape)
    except ValueError as error:
        text = str(error)
        lacks = text.startswith("matrix must have ")
        found = f"one that lacks {text.removeprefix('matrix must have ')}" if lacks else shown(text, 200)
        raise BadInput(path, f"a sound {kind} matrix of shape {shape}", found) from None
    return (rows, columns, values.astype(np.float64)), shape


def _finite(data: NDArray[Any]) -> bool:
    """Tell whether the values are finite as the 64-bit floats that they will be: long doubles reach further."""
    with np.errstate(over="ignore"):
        return bool(np.isfinite(data.astype(np.float64, copy=False)).all())


def _coordinates(
    kind: str, arrays: list[NDArray[Any]], shape: tuple[int, int]
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return rows, columns and values, in the order in which csr and coo store them.

    Raises
    ------
    ValueError
        for indices that are no whole numbers or lie outside, and lengths that do not fit.
    """
    data = arrays[0]
    if kind == "coo":
        rows, columns = arrays[1] if len(arrays) == 2 and arrays[1].shape[:1] == (2,) else arrays[1:]
        require_coordinates(rows, columns, data.size, shape, "matrix")
        return rows.astype(np.int64), columns.astype(np.int64), data.ravel()
    if kind == "dia":
        _require_offsets(arrays[1], shape)
        found = sparse.coo_array(sparse.dia_array((data, arrays[1].astype(np.int64)), shape=shape))
        return found.coords[0], found.coords[1], found.data
    indices, indptr = arrays[1:]
    require_compressed(kind, data, indices, indptr, shape, "matrix")
    if kind == "bsr":
        blocks = sparse.bsr_array((data, indices.astype(np.int64), indptr.astype(np.int64)), shape=shape)
        found = sparse.coo_array(blocks)
        return found.coords[0], found.coords[1], found.data
    entries = int(indptr[-1])
    index = np.int32 if max(*shape, entries) < 2**31 else np.int64
    lines = np.repeat(np.arange(indptr.size - 1, dtype=index), np.diff(indptr.astype(np.int64)))
    across = indices[:entries].astype(index)
    return (lines, across, data[:entries]) if kind == "csr" else (across, lines, data[:entries])


def _require_offsets(offsets: NDArray[Any], shape: tuple[int, int]) -> None:
    """Raise `ValueError` unless each diagonal crosses the matrix; scipy holds offsets in 32 bits."""
    if offsets.dtype.kind not in "iu":
        raise ValueError(f"matrix must have whole numbers as offsets; got dtype {offsets.dtype}")
    if offsets.size and not -shape[0] < int(offsets.min()) <= int(offsets.max()) < shape[1]:
        raise ValueError(
            f"matrix must have offsets from {1 - shape[0]} to {shape[1] - 1}; got {offsets.min()} to {offsets.max()}"
        )


def _format(path: Path, arrays: dict[str, NDArray[Any]]) -> str:
    if "format" not in arrays:
        found = ", ".join(arrays) or "nothing"
        if IMPLICIT & set(arrays):
            found += ", as implicit saves its models; give the matrix that the model was fitted to"
        raise BadInput(path, "a sparse matrix (an array 'format')", found)
    given = arrays["format"]
    kind = given.item() if given.size == 1 and given.dtype.kind in "SU" else ""
    kind = kind.decode("ascii", errors="replace") if isinstance(kind, bytes) else kind
    if kind not in KEYS:
        found = shown(kind) if kind else f"{given.dtype} of shape {given.shape}"
        raise BadInput(path, f"a sparse format of {', '.join(KEYS)}", found, column="format")
    return kind


def _require_known(path: Path, arrays: dict[str, NDArray[Any]], needed: tuple[str, ...]) -> None:
    known = (*needed, *OURS, *PASSED_OVER)
    for key in arrays:
        if key not in known:
            hint = " (of a model that implicit saved)" if key in IMPLICIT else did_you_mean(key, known)
            expected = f"a matrix ({', '.join(needed)}), perhaps with {', '.join(OURS)}"
            raise BadInput(path, expected, f"the array {shown(key)}{hint}")


def _shape(path: Path, given: NDArray[Any]) -> tuple[int, int]:
    if given.dtype.kind not in "iu" or given.shape != (2,):
        found = f"{given.dtype} of shape {given.shape}"
        raise BadInput(path, "two whole numbers", found, column="shape")
    shape = int(given[0]), int(given[1])
    if min(shape) < 2:
        raise BadInput(path, "at least 2 contexts and 2 items", f"shape {shape}", column="shape")
    return shape


def _times(
    path: Path, arrays: dict[str, NDArray[Any]], entries: int
) -> tuple[NDArray[np.float64] | None, tuple[str, ...]]:
    if "times" not in arrays:
        return None, ()
    times = arrays["times"]
    if times.shape != (entries,):
        found = f"{len(times)}" if times.ndim == 1 else f"shape {times.shape}"
        raise BadInput(path, f"times of length {entries}, one per stored pair", found, column="times")
    if times.dtype.kind not in "iuf" or not np.isfinite(times).all():
        raise BadInput(path, "finite numbers of days", f"others of type {times.dtype}", column="times")
    days = times.astype(np.float64)
    if entries and np.abs(days).max() > LATEST:
        found = f"{np.abs(days).max():g}; seconds divided by 86400 are days"
        raise BadInput(path, "days since 1970-01-01", found, column="times")
    old = int((days / 365.25 + 1970 < 2000).sum())
    return days, (f"{old} pairs are dated before 2000; they are kept as dated",) if old else ()


def _names(
    path: Path, arrays: dict[str, NDArray[Any]], key: str, count: int | None
) -> NDArray[np.object_] | None:
    if key not in arrays:
        return None
    value = arrays[key]
    if value.dtype != np.uint8:
        if value.ndim != 1 or value.dtype.kind not in "US":
            raise BadInput(path, "a list of names", f"{value.dtype} of shape {value.shape}", column=key)
        texts = value.tolist()
    else:
        texts = value.tobytes().split(b"\n")
    names = [_utf8(path, key, k + 1, text) for k, text in enumerate(texts)]
    if count is not None and len(names) != count:
        raise BadInput(path, f"{count:,} names, one for each", f"{len(names):,}", column=key)
    return object_names(names)


def _utf8(path: Path, key: str, line: int, text: str | bytes) -> str:
    if isinstance(text, str):
        return text
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError as error:
        found = f"the byte 0x{text[error.start]:02x}"
        raise BadInput(path, "UTF-8 names", found, line=line, column=key) from None


def _labels(path: Path, arrays: dict[str, NDArray[Any]], items: int) -> NDArray[np.int64] | None:
    if "labels" not in arrays:
        return None
    labels = arrays["labels"]
    if labels.shape != (items,) or labels.dtype.kind not in "iu":
        found = f"{labels.dtype} of shape {labels.shape}"
        raise BadInput(path, f"{items:,} whole numbers, one label for each item", found, column="labels")
    names = _names(path, arrays, "label_names", None)
    most = 2**31 if names is None else len(names) - 1
    if labels.size and (int(labels.min()) < -1 or int(labels.max()) > most):
        found = f"labels from {int(labels.min())} to {int(labels.max())}"
        raise BadInput(path, f"labels from -1 (unknown) to {most}", found, column="labels")
    return labels.astype(np.int64)
