"""Vectors in NumPy's .npy and .npz and in safetensors: an array with a row per item, and perhaps an array of their names.

What a header declares is compared with the file before memory is taken, and nothing is ever unpickled. A structured .npy has
a field for each column, or one field of vectors, and perhaps one of names. bfloat16, which NumPy lacks, becomes float32
exactly.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.recfunctions import structured_to_unstructured
from numpy.typing import NDArray

from experiments.matrices.limits import require_regular
from experiments.matrices.named_vectors import NamedVectors, VectorReading, finished
from experiments.matrices.npz_archive import DAMAGE, array_names, array_shapes, read_arrays
from experiments.matrices.reading import BadInput, shown
from experiments.matrices.vector_choice import Shapes, chosen_array, chosen_names
from simulate.optional import require_extra

MAPPED = 2**22  # bytes of an array from which on it is not copied into memory
SPARSE = {"format", "indptr", "indices", "row", "col", "coords", "offsets"}  # keys of a sparse matrix


def read_npy(path: Path, options: VectorReading) -> NamedVectors:
    """Return the array of a .npy file.

    Raises
    ------
    BadInput
        for a damaged file, one that declares more than it holds, pickled objects, and anything but rows of numbers.
    """
    require_regular(path)
    try:
        # mapped first: a header that declares more than the file holds takes no memory
        with np.errstate(over="ignore"):
            data = np.load(path, allow_pickle=False, mmap_mode="r")
    except DAMAGE as error:
        if isinstance(error, PermissionError):
            raise
        pickled = "pickle" in str(error).lower() or "object" in str(error).lower()
        longer = "mmap length" in str(error) or "too big" in str(error)
        found = (
            "objects, which are never unpickled"
            if pickled
            else f"a header that declares more than the {path.stat().st_size:,} bytes of the file"
            if longer
            else shown(str(error), 200)
        )
        raise BadInput(path, "a .npy file of numbers", found) from None
    if not isinstance(data, np.ndarray):
        raise BadInput(path, "a .npy file of numbers", "an archive of arrays (.npz)")
    if data.dtype.names:
        return _read_structured(path, data, options)
    if options.name_column or options.vector_columns:
        raise BadInput(path, "no --name-column or --vector-columns for a .npy of one array", "one")
    if data.ndim != 2 or data.dtype.kind not in "biuf":
        raise BadInput(
            path, "a matrix of real numbers, one row per item", f"{data.dtype} of shape {data.shape}"
        )
    # a large array stays in the file, whose pages need not be kept in memory
    return finished(path, data if data.nbytes > MAPPED else np.array(data), None, (), options)


def _read_structured(path: Path, data: NDArray[Any], options: VectorReading) -> NamedVectors:
    """Fields of text or integers called as names are, and all other fields of numbers as columns."""
    fields = list(data.dtype.names or ())
    texts = [field for field in fields if data.dtype[field].kind in "SU" and not data.dtype[field].shape]
    name = options.name_column or (texts[0] if texts else None)
    wanted = options.vector_columns or tuple(
        field for field in fields if field != name and data.dtype[field].base.kind in "biuf"
    )
    unknown = [field for field in (*wanted, *([name] if name else [])) if field not in fields]
    if unknown or not wanted:
        raise BadInput(
            path,
            f"fields of numbers {', '.join(map(shown, unknown))}",
            f"fields {', '.join(map(shown, fields))}",
        )
    if wrong := [field for field in wanted if data.dtype[field].base.kind not in "biuf"]:
        raise BadInput(path, "fields of numbers", f"{data.dtype[wrong[0]]}", column=wrong[0])
    vectors = structured_to_unstructured(data[list(wanted)])
    note = f"names = {shown(name) if name else 'the numbers of the rows'}; vectors = {', '.join(map(shown, wanted[:5]))}"
    return finished(path, np.array(vectors), None if name is None else data[name].tolist(), (note,), options)


def read_named_arrays(path: Path, options: VectorReading) -> NamedVectors:
    """Return the vectors of an .npz archive with named arrays, as `numpy.savez` and `implicit` write them.

    Raises
    ------
    BadInput
        for a damaged archive, pickles, and arrays among which the vectors or the names cannot be told.
    """
    shapes: Shapes = array_shapes(path)
    vectors, notes = chosen_array(path, shapes, options)
    names, more = chosen_names(path, shapes, vectors, options)
    arrays = read_arrays(path, (vectors, *([names] if names else [])))
    found = None if names is None else arrays[names].tolist()
    return finished(path, arrays[vectors], found, (*notes, *more), options)


def is_named_arrays(path: Path, options: VectorReading) -> bool:
    """Whether an .npz archive holds arrays of numbers rather than a sparse matrix."""
    try:
        return not SPARSE & set(array_names(path))
    except BadInput:
        return False  # the reader of matrices says what is wrong


def read_safetensors(path: Path, options: VectorReading) -> NamedVectors:
    """Return a tensor of a .safetensors file; the format has no names of rows.

    Raises
    ------
    BadInput
        for a damaged file, and tensors among which the vectors cannot be told.
    ModuleNotFoundError
        without safetensors (extra `safetensors`).
    """
    require_extra("safetensors", "reading .safetensors")
    require_regular(path)
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy") as file:
            slices = {name: file.get_slice(name) for name in file.keys()}  # noqa: SIM118
            shapes = {
                name: (tuple(part.get_shape()), _kind_of(part.get_dtype())) for name, part in slices.items()
            }
            chosen, notes = chosen_array(path, shapes, options)
            names, more = chosen_names(path, shapes, chosen, options)
            if slices[chosen].get_dtype() == "BF16":
                vectors = _bfloat16(path, chosen, shapes[chosen][0])
            else:
                vectors = file.get_tensor(chosen)
            found = None if names is None else file.get_tensor(names).tolist()
    except SafetensorError as error:
        raise BadInput(path, "a whole .safetensors file", shown(str(error), 200)) from None
    return finished(path, vectors, found, (*notes, *more), options)


def _kind_of(dtype: str) -> np.dtype[Any]:
    """The NumPy type by which a tensor's type is chosen; object for types that NumPy lacks."""
    letters = {"F": "f", "I": "i", "U": "u", "BO": "b"}
    if dtype == "BF16":
        return np.dtype(np.float32)
    if dtype[1:] in ("8", "16", "32", "64") and dtype != "F8":
        return np.dtype(f"{letters[dtype[0]]}{int(dtype[1:]) // 8}")
    return np.dtype(bool) if dtype == "BOOL" else np.dtype("V1")


def _bfloat16(path: Path, name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """The upper halves of float32 numbers, read from where the checked header says they are."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        start, end = json.loads(file.read(length))[name]["data_offsets"]
        file.seek(8 + length + start)
        halves = np.frombuffer(file.read(end - start), dtype="<u2").reshape(shape)
    if math.prod(shape) * 2 != end - start:
        raise BadInput(path, "a whole .safetensors file", "a tensor that is cut short", column=name)
    return (halves.astype(np.uint32) << 16).view(np.float32)
