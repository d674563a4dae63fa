"""From PPMI in blocks to its eigenpairs of largest magnitude, and to the vectors of the items: in files, part by part.

The block Krylov method of `theory.embed` runs on vectors in files (`stored_vectors`). A matrix of few rows, or one in which the
method finds no more dimensions, is decomposed in memory. Sums run over parts in a fixed order, so that who runs the tasks changes
no bit.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from experiments.large import count_steps
from experiments.large.array_files import Summed, sum_of
from experiments.large.chain import Chain, warn_of_damage
from experiments.large.matrix_of_log import MatrixOfLog, matrix_in_memory
from experiments.large.options import LargeOptions
from experiments.large.result_steps import settle_block, write_vectors
from experiments.large.steps import Step
from experiments.large.stored_vectors import StoredMatrix, StoredVectors, remove_basis
from experiments.large.vector_tasks import place_of, write_block
from experiments.running.files import write_whole
from simulate.progress import told_steps
from theory import embed
from theory.analysis.block_krylov_rounds import BLOCK, Breakdown, krylov_values, places, sizes
from theory.analysis.blocks.bounds import rows_of_part
from theory.analysis.blocks.products import shift_of
from theory.analysis.embedding import capped_rank
from theory.analysis.rounding import numerical_rank, rounding_of

LEAST_ROWS = 1 << 15  # of a part of the vectors, where they fit: a task takes milliseconds to begin
FEW = 1000  # rows of a matrix that is decomposed in memory in any case


@dataclass(frozen=True)
class StoredPairs:
    """The step with the eigenvalues and with blocks of eigenvectors, and how these lie there.

    Attributes
    ----------
    rank : that was asked for, lowered to what the matrix may have; its `places` are the blocks `u-FIRST`.
    n, part_rows : rows of the vectors, and of each part.
    """

    step: Step
    components: Step
    rank: int
    n: int
    part_rows: int

    @property
    def parts(self) -> int:
        """How many parts the vectors have."""
        return -(-self.n // self.part_rows)

    def files(self) -> list[Path]:
        """Return the paths of the parts of all blocks of eigenvectors."""
        return [
            place_of(self.step, name_of(place), part)
            for place in places(self.rank)
            for part in range(self.parts)
        ]


def name_of(place: slice) -> str:
    """Return the name of a block of eigenvectors.

    >>> name_of(slice(4, 20))
    'u-00004'
    """
    return f"u-{place.start:05d}"


def find_pairs(chain: Chain, matrix: MatrixOfLog, options: LargeOptions) -> StoredPairs:
    """Make what is missing of the eigenpairs, and return where they lie.

    Raises
    ------
    ValueError
        for a matrix of less than two rows.
    """
    o = options
    n = len(chain.read(matrix.rows)["starts"]) - 1
    if n < 2:
        raise ValueError(
            f"no two items of the log occur together in {o.min_count} contexts or more, and more often than chance, so there "
            "is nothing to embed; give a log with more items in a context, or more contexts"
        )
    rank = capped_rank(o.rank, n)
    step = chain.step("found", matrix.ppmi.key, rank, o.dtype, o.tolerance)
    columns = sizes(rank)[1] + 4 * BLOCK
    part_rows = rows_of_part(n, columns, np.dtype(o.dtype).itemsize, o.memory, LEAST_ROWS)
    tasks = [(matrix.rows, matrix.ppmi, matrix.blocks)]
    components = chain.step("components", matrix.ppmi.key)
    chain.run(components, count_steps.join_rows, tasks, "connected components", matrix.reads)
    pairs = StoredPairs(step, components, rank, n, part_rows)
    if not chain.has_all(step, pairs.files()):
        step.place(0).unlink(missing_ok=True)
    chain.alone(step, lambda: _found(chain, matrix, pairs, o))
    remove_basis(step)  # a command that was killed may have left it
    return pairs


def write_vectors_of(chain: Chain, pairs: StoredPairs, path: Path, dtype: str) -> None:
    """Write the vectors of the items as .npy, unless the file is what an earlier command has written."""
    found = chain.read(pairs.step)
    values, residuals = np.array(found["values"]), np.array(found["residuals"])
    written = chain.step("written", pairs.step.key)
    if written.is_done(0) and _is_as_written(path, chain.read(written)):
        return
    used = [place for place in places(pairs.rank) if place.start < len(values)]
    names = [name_of(place) for place in used]
    chain.require_sound(pairs.step, pairs.files())
    settled = chain.step("settled", pairs.step.key)
    tasks = [
        (name, pairs.step, pairs.parts, pairs.part_rows, pairs.components, residuals[place])
        for name, place in zip(names, used)
    ]
    chain.run(settled, settle_block, tasks, "vectors", [(pairs.components, 1)])
    chain.require_step(settled, len(used))
    shape = (values, dtype, pairs.n, settled, names, pairs.step, pairs.parts, pairs.part_rows)
    made: dict[str, NDArray[np.int64]] = {}

    def write(file: IO[bytes]) -> None:
        summed = Summed(file)
        write_vectors(summed, *shape, pairs.components)
        made.update(sum=np.array([summed.sum]), size=np.array([summed.size]))

    chain.read(pairs.components)
    written.place(0).unlink(missing_ok=True)
    write_whole(path, write)
    chain.alone(written, lambda: made)


def _is_as_written(path: Path, about: dict[str, NDArray[Any]]) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        same = size == int(about["size"][0]) and sum_of(file, size) == int(about["sum"][0])
    if not same:
        warn_of_damage([path])
    return same


def _found(
    chain: Chain, matrix: MatrixOfLog, pairs: StoredPairs, o: LargeOptions
) -> dict[str, NDArray[np.float64]]:
    """The eigenvalues and residuals; the vectors are left as blocks."""
    step, rank, n = pairs.step, pairs.rank, pairs.n
    if n <= max(FEW, 8 * rank):
        return _found_in_memory(chain, matrix, pairs, o)
    stored = _regrouped(chain, matrix, pairs, o)
    with told_steps(chain.progress is True, "eigenpairs") as say:
        vectors = StoredVectors(
            *(step, stored, chain.crew),
            lambda now: say(f"round {now.round}, {now.filled} of {sizes(rank)[1]} dimensions"),
        )
        state = vectors.saved(chain)
        try:
            rng = np.random.default_rng(0)
            values = krylov_values(vectors, rank, rng, o.tolerance, state)
        except Breakdown:
            return _found_in_memory(chain, matrix, pairs, o)
    missed = np.concatenate([vectors.missed[start] for start in sorted(vectors.missed)])
    residuals = missed / np.abs(values)
    f = numerical_rank(np.abs(values), residuals, rounding_of(np.zeros(0), n, o.dtype))
    return {"values": values[:f], "residuals": residuals[:f]}


def _found_in_memory(
    chain: Chain, matrix: MatrixOfLog, pairs: StoredPairs, o: LargeOptions
) -> dict[str, NDArray[np.float64]]:
    whole = matrix_in_memory(chain, matrix, o.memory)
    found = embed(whole, pairs.rank, dtype=o.dtype, tol=o.tolerance)  # type: ignore[arg-type]
    for place in places(pairs.rank):
        for part in range(pairs.parts):
            some = slice(part * pairs.part_rows, (part + 1) * pairs.part_rows)
            write_block(pairs.step, name_of(place), part, found.basis[some, place], lasting=True)
    assert found.residuals is not None
    return {"values": found.eigenvalues, "residuals": found.residuals}


def _regrouped(chain: Chain, matrix: MatrixOfLog, pairs: StoredPairs, o: LargeOptions) -> StoredMatrix:
    """The matrix in slices of rows, regrouped for products."""
    part_rows = pairs.part_rows
    shift = shift_of(part_rows, BLOCK)
    starts = np.asarray(chain.read(matrix.rows)["starts"])
    slices = count_steps.slices_of_rows(starts, part_rows, o.memory)
    step = chain.step("matrix", matrix.ppmi.key, part_rows, o.dtype)
    tasks = [
        (part * part_rows, first, last, matrix.rows, matrix.ppmi, matrix.bounds.tolist(), shift, o.dtype)
        for part, first, last in slices
    ]
    chain.run(step, count_steps.regroup_rows, tasks, "rows for products", matrix.reads)
    chain.require_step(step, len(slices))
    of_part = tuple(tuple(k for k, one in enumerate(slices) if one[0] == part) for part in range(pairs.parts))
    return StoredMatrix(step, pairs.n, part_rows, shift, of_part, o.dtype)
