"""`.npz` matrices as `scipy.sparse.save_npz` writes them (CSR, CSC or COO), with names, labels and times.

Extra arrays, all optional: `labels` (items,) with `label_names`; `times`, days since 1970-01-01, one per stored
pair; `item_names`, `context_names`: UTF-8 bytes, one name per line, or an array of strings. Pickles are never
read.
"""

from __future__ import annotations

import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from experiments.matrices.collecting import object_names
from experiments.matrices.reading import BadInput
from experiments.matrices.real_matrix import RealMatrix

KEYS = {
    "csr": ("data", "indices", "indptr"),
    "csc": ("data", "indices", "indptr"),
    "coo": ("data", "row", "col"),
}


def read_npz(path: Path, name: str | None = None) -> RealMatrix:
    """Return the interactions, or the graph when the matrix is square and symmetric.

    Raises
    ------
    BadInput
        when it is no archive of arrays, an array is missing, pickled or of a wrong length, or a value is not
        finite.
    """
    name = name or path.stem
    arrays = _arrays(path)
    matrix = _matrix(path, arrays)
    labels = arrays.get("labels")
    times = arrays.get("times")
    items, contexts = _names(path, arrays, "item_names"), _names(path, arrays, "context_names")
    label_names = _names(path, arrays, "label_names")
    notes: tuple[str, ...] = ()
    if times is not None:
        if len(times) != matrix.nnz:
            raise BadInput(
                path, f"times of length {matrix.nnz}, one per stored pair", f"{len(times)}", column="times"
            )
        years = np.asarray(times) / 365.25 + 1970
        old = int((years < 2000).sum())
        if old:
            notes = (f"{old} pairs are dated before 2000; they are kept as dated",)
    if matrix.shape[0] == matrix.shape[1] and not (matrix != matrix.T).nnz:
        return RealMatrix(
            name, graph=matrix, items=items, labels=_int64(labels), label_names=label_names, notes=notes
        )
    weighted = bool((matrix.data != 1).any())
    binary = sparse.csr_array((np.ones(matrix.nnz), matrix.indices, matrix.indptr), shape=matrix.shape)
    if weighted:
        notes = (*notes, "stored values other than 1 were taken as 1")
    return RealMatrix(
        name,
        interactions=binary,
        items=items,
        contexts=contexts,
        labels=_int64(labels),
        label_names=label_names,
        times=times,
        notes=notes,
    )


def _arrays(path: Path) -> dict[str, NDArray[Any]]:
    with path.open("rb") as file:
        head = file.read(4)
    if head[:2] != b"PK":
        found = "an empty file" if not head else f"a file that begins with {head!r}"
        raise BadInput(path, "an .npz archive of arrays (scipy.sparse.save_npz)", found)
    try:
        with np.load(path, allow_pickle=False) as archive:
            unpacked = sum(member.file_size for member in archive.zip.infolist())
            if unpacked > (memory := os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")):
                raise BadInput(
                    path,
                    f"arrays that fit into the memory ({memory:,} bytes)",
                    f"{unpacked:,} bytes when unpacked",
                )
            return {key: archive[key] for key in archive.files}
    except (ValueError, EOFError, zipfile.BadZipFile, KeyError, OSError) as error:
        found = f"{type(error).__name__}: {error}"
        raise BadInput(path, "an .npz archive of arrays without pickles", found) from None


def _matrix(path: Path, arrays: dict[str, NDArray[Any]]) -> sparse.csr_array:
    kind = (
        bytes(arrays["format"].item()).decode()
        if "format" in arrays and arrays["format"].dtype.kind == "S"
        else "csr"
    )
    if kind not in KEYS:
        raise BadInput(path, f"a sparse format of {', '.join(KEYS)}", repr(kind), column="format")
    missing = [key for key in (*KEYS[kind], "shape") if key not in arrays]
    if missing:
        raise BadInput(
            path, f"arrays {', '.join(KEYS[kind])} and shape", f"no {missing[0]!r} among {', '.join(arrays)}"
        )
    shape = tuple(int(side) for side in arrays["shape"])
    data, first, second = (arrays[key] for key in KEYS[kind])
    if len(shape) != 2 or min(shape) < 2:
        raise BadInput(path, "at least 2 contexts and 2 items", f"shape {shape}", column="shape")
    if data.dtype.kind not in "buif" or not np.isfinite(data).all() or (data.size and data.min() < 0):
        raise BadInput(path, "finite numbers of at least 0", f"others of type {data.dtype}", column="data")
    try:
        if kind == "coo":
            built = sparse.coo_array((data.astype(np.float64), (first, second)), shape=shape).tocsr()
        else:
            build = sparse.csr_array if kind == "csr" else sparse.csc_array
            built = build((data.astype(np.float64), first, second), shape=shape)
            built.check_format(full_check=True)
    except ValueError as error:
        raise BadInput(path, f"a sound {kind} matrix of shape {shape}", str(error)) from None
    if kind == "csr":
        # already in order: times stay aligned with its entries
        return sparse.csr_array(built)
    out = sparse.csr_array(built)
    out.sum_duplicates()
    return out


def _names(path: Path, arrays: dict[str, NDArray[Any]], key: str) -> NDArray[np.object_] | None:
    if key not in arrays:
        return None
    value = arrays[key]
    if value.dtype != np.uint8:
        return object_names(str(entry) for entry in value)
    raw = value.tobytes()
    try:
        return object_names(raw.decode("utf-8").split("\n"))
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        found = f"the byte 0x{raw[error.start]:02x}"
        raise BadInput(path, "UTF-8 names", found, line=line, column=key) from None


def _int64(labels: NDArray[Any] | None) -> NDArray[np.int64] | None:
    return None if labels is None else labels.astype(np.int64)
