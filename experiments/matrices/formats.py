"""Which reader a path belongs to, told by its name; the readers have a file each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from experiments.matrices.reading import BadInput
from experiments.matrices.real_matrix import RealMatrix


@dataclass(frozen=True)
class Reading:
    """How to read: `load` says what each option means."""

    columns: tuple[str, ...] | None = None
    separator: str | None = None
    header: bool = True
    encoding: str = "utf-8"
    skip_bad_rows: bool = False


def read_path(path: Path, options: Reading, name: str = "") -> RealMatrix:
    """Return the matrix that a file or folder holds."""
    from experiments.matrices.npz import read_npz

    if path.suffix == ".npz":
        return read_npz(path)
    raise BadInput(path, "a file of a known format (.npz)", f"the suffix {path.suffix!r}")
