"""Matrices prepared as `.npz` (SciPy's sparse format with extra arrays) in the folder that SPIKEPROOF_DATA names."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from experiments.matrices.real_matrix import RealMatrix


def read_npz(path: Path, name: str | None = None) -> RealMatrix:
    """Read a sparse matrix saved by SciPy; a square symmetric one is a graph, any other one interactions.

    Extra arrays `labels`, `label_names`, `items`, `artist`, `times` are taken where their lengths fit.
    Nothing is ever unpickled.

    Raises
    ------
    ValueError
        if the file is no such archive, is cut short, or holds pickled objects.
    """
    try:
        matrix = sparse.csr_array(sparse.load_npz(path))
        with np.load(path, allow_pickle=False) as archive:
            known = {"data", "indices", "indptr", "format", "shape", "row", "col", "_is_array"}
            extra: dict[str, Any] = {key: archive[key] for key in archive.files if key not in known}
    except (ValueError, KeyError, zipfile.BadZipFile, EOFError, OSError) as error:
        if isinstance(error, FileNotFoundError | PermissionError | IsADirectoryError):
            raise
        raise ValueError(
            f"{path} must be a sparse matrix saved by scipy.sparse.save_npz, without pickled objects; {error}"
        ) from None
    name = name or path.stem
    if matrix.shape[0] == matrix.shape[1] and (abs(matrix - matrix.T)).max() == 0:
        return RealMatrix(
            name, graph=matrix.astype(np.float64), items=_fitting(extra, "items", matrix.shape[1])
        )
    matrix.sort_indices()
    return RealMatrix(
        name,
        interactions=matrix.astype(np.float64),
        items=_fitting(extra, "items", matrix.shape[1]),
        labels=_fitting(extra, "labels", matrix.shape[1]),
        label_names=extra.get("label_names"),
        times=_fitting(extra, "times", matrix.nnz),
    )


def _fitting(extra: dict[str, Any], key: str, length: int) -> Any:
    found = extra.get(key)
    return found if found is not None and len(found) == length else None
