"""The last steps of a large analysis: from combinations of the basis to the vectors of the items, in one .npy file.

Each column becomes what `theory.embed` would give: 0 on the connected components where it is noise, of length 1, and turned so
that its entry of largest magnitude is positive. Its rows, times the eigenvalues' magnitudes, are the vectors of the items.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.large.array_files import Summed
from experiments.large.steps import Step
from experiments.large.vector_tasks import read_block
from theory.analysis.rounding import components_of_noise


def settle_block(
    step: Step,
    number: int,
    name: str,
    vectors: Step,
    parts: int,
    part_rows: int,
    components: Step,
    residuals: NDArray[np.float64],
) -> None:
    """Write for each column of a block the components where it is noise, and the number that it is multiplied by."""
    about = components.read(0)
    count, component = int(about["count"][0]), about["component"]
    width = len(residuals)
    squares = np.zeros((width, count))
    epsilon = 0.0
    for part in range(parts):
        block = read_block(vectors, name, part)[:, :width]
        epsilon = float(np.finfo(block.dtype).eps)
        own = np.asarray(component[part * part_rows : part * part_rows + len(block)])
        for k in range(width):
            squares[k] += np.bincount(own, block[:, k].astype(np.float64) ** 2, minlength=count)
    squares /= squares.sum(axis=1, keepdims=True)
    noise = [
        components_of_noise(squares[k], residuals[k], epsilon) if count > 1 else np.zeros(0, np.int64)
        for k in range(width)
    ]
    largest, total = np.zeros(width), np.zeros(width)
    for part in range(parts):
        block = _without(noise, component, part_rows, part, read_block(vectors, name, part)[:, :width])
        total += (block**2).sum(axis=0)
        tallest = block[np.abs(block).argmax(axis=0), np.arange(width)]
        largest = np.where(np.abs(tallest) > np.abs(largest), tallest, largest)
    factors = np.where(largest < 0, -1.0, 1.0) / np.sqrt(total)
    lengths = np.array([len(one) for one in noise])
    step.write(number, {"noise": np.concatenate(noise), "lengths": lengths, "factors": factors})


def write_vectors(
    file: Summed,
    values: NDArray[np.float64],
    dtype: str,
    n: int,
    settled: Step,
    names: list[str],
    vectors: Step,
    parts: int,
    part_rows: int,
    components: Step,
) -> None:
    """Write the vectors (n, f) as .npy: the settled columns times the magnitudes of the eigenvalues; a part at a time."""
    npy: Any = np.lib.format
    header = {"descr": npy.dtype_to_descr(np.dtype(dtype)), "fortran_order": False, "shape": (n, len(values))}
    npy.write_array_header_1_0(file, header)
    component = components.read(0)["component"]
    for part in range(parts):
        columns = []
        for number, name in enumerate(names):
            about = settled.read(number)
            noise = np.split(np.array(about["noise"]), np.cumsum(about["lengths"])[:-1])
            block = read_block(vectors, name, part)[:, : len(noise)]
            columns.append(_without(noise, component, part_rows, part, block) * about["factors"])
        whole = np.hstack(columns) * np.abs(values)
        file.write(np.ascontiguousarray(whole, dtype).reshape(-1).view(np.uint8).data)


def folder_size(folder: Path) -> int:
    """Return the bytes of the files in a folder and those below it."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _without(
    noise: list[NDArray[np.int64]], component: Any, part_rows: int, part: int, block: NDArray[Any]
) -> NDArray[np.float64]:
    """A part of a block in float64, 0 where a column is noise."""
    wide = block.astype(np.float64)
    if any(len(one) for one in noise):
        own = np.asarray(component[part * part_rows : part * part_rows + len(block)])
        for k, one in enumerate(noise):
            if len(one):
                wide[np.isin(own, one), k] = 0.0
    return wide
