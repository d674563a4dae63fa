"""Vectors in HDF5 and in AnnData's .h5ad: a dataset with a row per item, and perhaps one of names.

Of an AnnData file the vectors are an array of `obsm`, such as X_pca, and the names are those of `obs`. Links to other files,
and data that lie outside the file, are never followed. A dataset that declares more than was written to it is refused before
memory is taken.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from experiments.matrices.limits import require_regular, require_unpacked
from experiments.matrices.named_vectors import NamedVectors, VectorReading, finished
from experiments.matrices.reading import BadInput, shown
from experiments.matrices.vector_choice import Shapes, chosen_array, chosen_names
from simulate.optional import require_extra

MOST_DATASETS = 10_000
DEEPEST = 100  # groups in groups: a path is walked from the root for each


def read_hdf5(path: Path, options: VectorReading) -> NamedVectors:
    """Return the vectors of an HDF5 file; memory is that of the array.

    Raises
    ------
    BadInput
        for a damaged file, and datasets among which the vectors or the names cannot be told.
    ModuleNotFoundError
        without h5py (extra `hdf5`).
    """
    with _opened(path, "hdf5", "reading HDF5") as file:
        shapes = _shapes(path, file)
        vectors, notes = chosen_array(path, shapes, options)
        names, more = chosen_names(path, shapes, vectors, options)
        found = None if names is None else _read(path, file[names]).tolist()
        return finished(path, _read(path, file[vectors]), found, (*notes, *more), options)


def read_anndata(path: Path, options: VectorReading) -> NamedVectors:
    """Return an array of `obsm` (or of `varm`, asked for as varm/NAME) of a .h5ad file, with the names of its rows.

    Raises
    ------
    BadInput
        for a damaged file, and arrays among which the vectors cannot be told.
    ModuleNotFoundError
        without h5py (extra `anndata`).
    """
    with _opened(path, "anndata", "reading .h5ad") as file:
        shapes = {
            name: shape for name, shape in _shapes(path, file).items() if name.startswith(("obsm/", "varm/"))
        }
        of_obs = {
            name.removeprefix("obsm/"): shape for name, shape in shapes.items() if name.startswith("obsm/")
        }
        if not of_obs and options.vector_columns is None:
            expected = "vectors in obsm (scanpy.pp.pca(data) makes X_pca)"
            raise BadInput(path, expected, f"none; there are {', '.join(map(shown, file)) or 'no groups'}")
        of_var = {name: shape for name, shape in shapes.items() if name.startswith("varm/")}
        chosen, notes = chosen_array(
            path, {**of_obs, **of_var} if options.vector_columns else of_obs, options
        )
        place = chosen if chosen.startswith("varm/") else f"obsm/{chosen}"
        table = file[place[:3]]
        column = options.name_column or _index(table)
        names = _column(path, table, column)
        note = f"names = {place[:3]}[{shown(column)}]"
        return finished(path, _read(path, file[place]), names, (*notes, note), options)


@contextmanager
def _opened(path: Path, extra: str, what: str) -> Iterator[Any]:
    require_extra(extra, what)
    require_regular(path)
    import h5py

    try:
        with h5py.File(path, "r") as file:
            yield file
    except BadInput:
        raise
    except (OSError, RuntimeError, KeyError, ValueError, TypeError) as error:
        if isinstance(error, PermissionError):
            raise
        if isinstance(error, UnicodeDecodeError):
            raise BadInput(path, "names in UTF-8", f"the byte 0x{error.object[error.start]:02x}") from None
        raise BadInput(path, "a whole HDF5 file", shown(str(error), 200)) from None


def _shapes(path: Path, file: Any) -> Shapes:
    """Shape and type of all datasets of the file itself; links to others are passed over."""
    import h5py

    found: dict[str, tuple[tuple[int, ...], np.dtype[Any]]] = {}

    def note(name: str, node: Any) -> None:
        if isinstance(node, h5py.Dataset) and node.shape is not None:
            found[name] = (node.shape, node.dtype)
        if name.count("/") >= DEEPEST:
            raise BadInput(path, f"groups nested at most {DEEPEST} deep", "deeper ones")
        if len(found) > MOST_DATASETS:
            raise BadInput(path, f"at most {MOST_DATASETS:,} datasets", "more")

    file.visititems(note)
    return found


def _read(path: Path, dataset: Any) -> Any:
    """Read a dataset whose every part is in the file, after comparing what it declares with what was written."""
    import h5py

    name = dataset.name
    if not isinstance(dataset, h5py.Dataset):
        raise BadInput(path, "an array", "a group of several (a sparse matrix, or a table)", column=name)
    if dataset.external or dataset.is_virtual:
        raise BadInput(
            path, "data in the file itself", "data in other files, which are not followed", column=name
        )
    declared = math.prod(dataset.shape) * dataset.dtype.itemsize
    if dataset.chunks is None:
        if dataset.id.get_storage_size() < declared:
            found = f"{dataset.id.get_storage_size():,}"
            raise BadInput(path, f"{declared:,} bytes, as declared", found, column=name)
    else:
        chunks = math.prod(-(-side // part) for side, part in zip(dataset.shape, dataset.chunks))
        if (written := dataset.id.get_num_chunks()) < chunks:
            found = f"{written:,}; the file was not written to its end"
            raise BadInput(path, f"{chunks:,} chunks", found, column=name)
        require_unpacked(path, declared, path.stat().st_size)
    if h5py.check_string_dtype(dataset.dtype) is not None:
        return dataset.asstr("utf-8")[...]
    return dataset[...]


def _index(table: Any) -> str:
    """The column that holds the index of `obs` or `var`, as AnnData notes it."""
    name = table.attrs.get("_index", "_index") if hasattr(table, "attrs") else "_index"
    return name.decode("utf-8") if isinstance(name, bytes) else str(name)


def _column(path: Path, table: Any, column: str) -> list[Any]:
    """A column of `obs` or `var`: plain, of categories with a code for each row, or with a mask of what is missing."""
    import h5py

    if not isinstance(table, h5py.Group):
        expected = "a table of AnnData 0.7 or later (read and write it once more with anndata)"
        raise BadInput(path, expected, "an older one", column=table.name)
    if column not in table or table.get(column, getlink=True).__class__ is not h5py.HardLink:
        raise BadInput(
            path,
            f"a column {shown(column)} of {table.name}",
            ", ".join(map(shown, list(table)[:20])) or "none",
        )
    node = table[column]
    if isinstance(node, h5py.Group) and {"codes", "categories"} <= set(node):
        codes, categories = _read(path, node["codes"]), _read(path, node["categories"])
        if codes.size and not -1 <= codes.min() <= codes.max() < len(categories):
            raise BadInput(path, f"codes of {len(categories):,} categories", f"{codes.max()}", column=column)
        return ["" if code < 0 else categories[code] for code in codes]
    if isinstance(node, h5py.Group) and {"values", "mask"} <= set(node):
        pairs = zip(_read(path, node["values"]), _read(path, node["mask"]))
        return ["" if missing else value for value, missing in pairs]
    return list(_read(path, node).tolist())
