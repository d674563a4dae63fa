"""Which reader reads vectors? The name of the file says the format; a table, an archive or a .txt also by what is in it.

Formats that hold vectors and nothing else are read as vectors. Formats that may hold a log or a graph as well are looked
into, unless the caller says what they hold: `kind`, `vector_columns` or, for a log, `columns`. Every option is obeyed or
refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from importlib import import_module
from pathlib import Path
from typing import Any

from experiments.matrices.limits import require_regular, unpack_limit
from experiments.matrices.named_vectors import NamedVectors, VectorReading
from experiments.matrices.pickles import require_no_pickle
from experiments.matrices.reading import BadInput

TEXT = ("separator", "encoding")


@dataclass(frozen=True)
class VectorFormat:
    """`pattern` of file names, `reader` and, for formats that may hold something else, `told`: functions, module first.

    `options` are those that it obeys beyond `skip_bad_rows` and `unpack_limit`.
    """

    pattern: str
    reader: str
    told: str | None = None
    options: tuple[str, ...] = ("name_column", "vector_columns")


NAMED = ("name_column", "vector_columns")
FORMATS = (
    VectorFormat(r".*\.npy", "vectors_archives.read_npy"),
    VectorFormat(r".*\.npz", "vectors_archives.read_named_arrays", "vectors_archives.is_named_arrays"),
    VectorFormat(r".*\.safetensors", "vectors_archives.read_safetensors"),
    VectorFormat(r".*\.(h5|hdf5|hdf)", "vectors_hdf5.read_hdf5"),
    VectorFormat(r".*\.h5ad", "vectors_hdf5.read_anndata"),
    VectorFormat(r".*\.(faiss|index)", "vectors_faiss.read_faiss_flat", options=()),
    VectorFormat(r".*\.(vec|glove)(\.gz)?", "vectors_text.read_word_vectors", options=TEXT),
    VectorFormat(
        r".*\.txt(\.gz)?", "vectors_text.read_word_vectors", "vectors_text.is_word_vectors", options=TEXT
    ),
    VectorFormat(r".*\.bin(\.gz)?", "vectors_binary.read_word2vec_binary", options=("encoding",)),
    VectorFormat(r".*\.(parquet|pq)", "vectors_arrow.read_arrow_vectors", "vectors_arrow.is_arrow_vectors"),
    VectorFormat(r".*\.(feather|arrow|ipc)", "vectors_arrow.read_arrow_vectors"),
    VectorFormat(
        r".*\.(csv|tsv|tab)(\.gz)?",
        "vectors_csv.read_vector_table",
        "vectors_csv.is_vector_table",
        options=(*NAMED, *TEXT, "header"),
    ),
)
SHARDS = VectorFormat("", "vector_shards.read_vector_shards")  # a folder
ALWAYS = ("skip_bad_rows", "unpack_limit")


def read_vectors(path: Path, options: VectorReading | None = None) -> NamedVectors:
    """Return the vectors of a file, with their names where it has them.

    Raises
    ------
    BadInput
        for a path of no such format, a pickle (the line that converts it is named), and what the reader refuses.
    ValueError
        for an option that the format does not obey.
    """
    given = options or VectorReading()
    require_no_pickle(path)
    format = SHARDS if path.is_dir() else _format_of(path)
    if format is None:
        expected = (
            "vectors (.npy .npz .csv .tsv .parquet .feather .vec .txt .bin .h5 .h5ad .safetensors .faiss)"
        )
        raise BadInput(path, expected, f"the name {path.name!r}")
    for field in fields(given):
        if field.name not in (*format.options, *ALWAYS) and getattr(given, field.name) != field.default:
            obeyed = ", ".join((*format.options, *ALWAYS))
            raise ValueError(
                f"{path}: {field.name} does not apply to vectors of this format (they take {obeyed})"
            )
    if format is not SHARDS:
        require_regular(path)
    with unpack_limit(given.unpack_limit):
        found: NamedVectors = _function(format.reader)(path, given)
    return found


def holds_vectors(path: Path, options: VectorReading | None = None) -> bool:
    """Whether a file holds vectors, by its name and, where that leaves it open, by its first rows or its header.

    Raises
    ------
    BadInput
        for a pickle.
    """
    given = options or VectorReading()
    if path.is_dir():
        from experiments.matrices.vector_shards import is_vector_shards

        return is_vector_shards(path)
    require_no_pickle(path)
    format = _format_of(path)
    if format is None or format.told is None or given.vector_columns is not None:
        return format is not None
    require_regular(path)
    with unpack_limit(given.unpack_limit):
        return bool(_function(format.told)(path, given))


def always_vectors(path: Path) -> bool:
    """Whether files of this name can hold nothing but vectors.

    >>> always_vectors(Path("x.npy")), always_vectors(Path("x.csv"))
    (True, False)
    """
    format = _format_of(path)
    return format is not None and format.told is None and not path.is_dir()


def _format_of(path: Path) -> VectorFormat | None:
    found = (
        format for format in FORMATS if re.fullmatch(format.pattern, path.name, re.IGNORECASE | re.DOTALL)
    )
    return next(found, None)


def _function(place: str) -> Any:
    module, name = place.split(".")
    return getattr(import_module(f"experiments.matrices.{module}"), name)
