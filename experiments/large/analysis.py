"""The analysis of a log that is larger than memory, from Parquet to Spk, in steps whose results are files.

Interactions become counts, counts PPMI, PPMI its eigenpairs of largest magnitude, and these the vectors whose spikes are counted:
what `theory.analyse` and `theory.spikiness` do in memory. The matrix has the same bits, the eigenpairs the same tolerance. Sums
run over blocks that follow from the log and from `memory` alone, in a fixed order, so that who runs the tasks changes no bit.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from threadpoolctl import threadpool_limits

from experiments.large import count_steps, log_steps
from experiments.large.analysis_folder import ABOUT, ITEMS, RESULT, VECTORS, analysis_folder
from experiments.large.crew import Crew
from experiments.large.crew_on_cluster import Witness, crew_at
from experiments.large.log_pieces import BYTES_OF_ROW, Piece, digest_of, log_files, pieces_of
from experiments.large.result_steps import read_found, settle_block, write_vectors
from experiments.large.steps import Step
from experiments.large.stored_vectors import StoredMatrix, StoredVectors, remove_basis
from experiments.running.code_identity import suite_code
from experiments.running.files import require_apart, write_whole
from experiments.running.waiting import WAIT_SECONDS
from simulate.progress import told_steps
from simulate.validation import require_choice, require_integer, require_number
from theory import embed
from theory.analysis.block_krylov_rounds import BLOCK, Breakdown, krylov_values, places, sizes
from theory.analysis.blocks.bounds import rows_of_part
from theory.analysis.blocks.contexts import MOST_PARTS
from theory.analysis.blocks.counts import smoothed
from theory.analysis.blocks.products import shift_of
from theory.analysis.embedding import capped_rank
from theory.analysis.ppmi import MIN_COUNT
from theory.analysis.rounding import numerical_rank, rounding_of
from theory.analysis.spikes import Spikes, spikiness

MEMORY = 1 << 29  # bytes of the blocks of one task
LEAST_MEMORY = 1 << 22
LEAST_ROWS = 1 << 15  # of a part of the vectors, where they fit: a task takes milliseconds to begin
TOLERANCE = {"float64": 1e-8, "float32": 1e-4}
# how much a filter may enlarge the largest eigenvalue: beyond that rounding keeps the others from converging, and no other solver
# stands behind this one where the matrix is large
WIDEST = {"float64": 1e6, "float32": 1e3}
FEW = 1000  # rows of a matrix that is decomposed in memory in any case
IN_MEMORY = 36  # bytes of an entry where the matrix is decomposed in memory
Progress = Callable[[int, int], None] | bool | None


@dataclass(frozen=True)
class LargeOptions:
    """What decides the result beside the log.

    Parameters
    ----------
    rank : f; lowered to what the matrix has.
    top_k, min_count, shift, smoothing : as in `theory.ppmi`.
    dtype, tol : as in `theory.embed`; tol 0 is 1e-8, in float32 1e-4.
    columns : names of the columns of contexts and items, None where their names say so.
    memory : bytes of the blocks of one task; a worker runs one at a time.
    """

    rank: int
    top_k: int | None = None
    min_count: int = MIN_COUNT
    shift: float = 0.0
    smoothing: float = 1.0
    dtype: str = "float64"
    tol: float = 0.0
    columns: tuple[str, ...] | None = None
    memory: int = MEMORY

    def __post_init__(self) -> None:
        require_integer(self.rank, "rank", least=1)
        if self.top_k is not None:
            require_integer(self.top_k, "top_k", least=1)
        require_integer(self.min_count, "min_count", least=1)
        require_number(self.shift, "shift", least=0)
        require_number(self.smoothing, "smoothing", above=0, most=1)
        require_choice(self.dtype, "dtype", ("float32", "float64"))
        require_number(self.tol, "tol", least=0)
        require_integer(self.memory, "memory", least=LEAST_MEMORY)

    @property
    def tolerance(self) -> float:
        """The largest relative residual accepted: never less than what the precision allows."""
        return self.tol or TOLERANCE[self.dtype]


@dataclass(frozen=True, eq=False)
class LargeAnalysis:
    """The result: row i of `vectors` (n, f), mapped from a file, is item `items[i]` of the log.

    `eigenvalues` (f,) by decreasing magnitude, signs kept; `residuals` (f,) relative; `spikes` of the vectors; `columns` of the
    log that were taken as contexts and items.
    """

    vectors: NDArray[Any]
    items: NDArray[np.int64]
    eigenvalues: NDArray[np.float64]
    residuals: NDArray[np.float64]
    spikes: Spikes
    columns: tuple[str, str]


def analyse_log(
    log: Path,
    out: Path,
    options: LargeOptions,
    *,
    dask: str | None = None,
    wait: float = WAIT_SECONDS,
    overwrite: bool = False,
    progress: Progress = None,
) -> LargeAnalysis:
    """Analyse a log of Parquet files in the folder `out`, and go on from what an earlier run has left there.

    Parameters
    ----------
    log : a Parquet file, or a folder of them, with columns of contexts and items, whole numbers of at least 0.
    dask : the address of a Dask scheduler, or local:N for N processes here; None runs everything in this process. All workers
        must see the log and `out` under the same paths. `wait` is in seconds, for the scheduler to answer.

    Time and disk are in docs/scale.md; memory is `options.memory` for each task under way, and some 40 bytes for each item.

    Raises
    ------
    ValueError
        for a log that is not as described, a folder that is not ours, options out of range, or a log of which nothing is left.
    OSError
        if a file cannot be read or written, or the scheduler is lost; what was written is kept.
    """
    log, out = log.absolute(), out.absolute()
    files = log_files(log)
    pieces = pieces_of(files, options.columns, options.memory)
    require_apart([out], [log])
    digests = [digest_of(path) for path in files]
    about = {"log": digests, "code": suite_code(), "options": asdict(options)}
    key = hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()
    with (
        analysis_folder(out, key, asdict(options), overwrite=overwrite) as work,
        crew_at(dask, Witness.of(out / ABOUT, key), wait) as crew,
        threadpool_limits(1, user_api="blas"),
    ):
        return _Run(work, pieces, digests, options, crew, progress).result(out)


class _Run:
    """One run through the steps."""

    def __init__(
        self,
        work: Path,
        pieces: list[Piece],
        digests: list[str],
        options: LargeOptions,
        crew: Crew,
        progress: Progress,
    ) -> None:
        self.work, self.options, self.crew, self.progress = work, options, crew, progress
        self.pieces = pieces
        self.log = Step.after(work, "items", digests, suite_code(), options.columns, options.memory)

    def result(self, out: Path) -> LargeAnalysis:
        """Run what is missing, and return what is there then."""
        ppmi, rows, bounds = self._matrix_blocks()
        items = np.array(rows.read(0)["items"])
        ids = np.asarray(self.items.read(0)["items"])[items]
        found = self._pairs(ppmi, rows, bounds)
        values, residuals = found
        if not (out / VECTORS).exists():
            self._write_vectors(out / VECTORS, values)
        vectors = np.load(out / VECTORS, mmap_mode="r", allow_pickle=False)
        write_whole(out / ITEMS, lambda file: np.save(file, ids))
        spikes = spikiness(vectors, in_memory=self.options.memory)
        about = {
            "items": len(ids),
            "eigenvalues": values.tolist(),
            "residuals": residuals.tolist(),
            "spk": spikes.value,
            "peaks": spikes.n_peaks,
            "rows": spikes.n_rows,
        }
        write_whole(out / RESULT, json.dumps(about, indent=1) + "\n")
        return LargeAnalysis(vectors, ids, values, residuals, spikes, self.pieces[0].columns)

    def _step(self, name: str, *decides: Any) -> Step:
        return Step.after(self.work, name, *decides)

    def _alone(self, step: Step, make: Callable[[], dict[str, NDArray[Any]]]) -> Step:
        """A step of one file that this process makes."""
        if not step.is_done(0):
            Path(step.folder).mkdir(parents=True, exist_ok=True)
            step.write(0, make())
        return step

    def _matrix_blocks(self) -> tuple[Step, Step, NDArray[np.int64]]:
        """PPMI in blocks of items, the rows that it has, and the bounds of the blocks."""
        o, crew, pieces = self.options, self.crew, len(self.pieces)
        tasks = [(piece,) for piece in self.pieces]
        self.log.run(crew, log_steps.find_items, tasks, "items of the log", self.progress)
        self.items = self._alone(
            self._step("all-items", self.log.key), lambda: {"items": log_steps.all_items(self.log, pieces)}
        )
        n = len(self.items.read(0)["items"])
        parts = log_steps.parts_for(self.pieces, BYTES_OF_ROW, o.memory, MOST_PARTS)
        split = self._step("split", self.log.key)
        contexts = self._step("contexts", self.log.key)
        tasks_of_split = [(piece, self.items, parts) for piece in self.pieces]
        if not all(contexts.is_done(part) for part in range(parts)):
            split.run(crew, log_steps.split_piece, tasks_of_split, "pairs by context", self.progress)
        contexts.run(crew, log_steps.gather_part, [(split, pieces, n)] * parts, "contexts", self.progress)
        for number in range(pieces):
            split.place(number).unlink(missing_ok=True)
        totals = self._alone(
            self._step("totals", self.log.key), partial(log_steps.totals, contexts, parts, n)
        )
        about = totals.read(0)
        n_contexts = int(about["contexts"][0])
        bounds = count_steps.blocks_of_items(about["occurrences"], about["others"], o.top_k, o.memory)
        blocks = list(zip(bounds[:-1].tolist(), bounds[1:].tolist()))
        counts = self._step("counts", self.log.key, o.min_count, o.top_k)
        tasks_of_counts = [(*block, n, contexts, parts, o.min_count, o.top_k) for block in blocks]
        counts.run(crew, count_steps.count_items, tasks_of_counts, "co-occurrence counts", self.progress)
        kept = self._alone(self._step("kept", counts.key), partial(count_steps.all_kept, counts, len(blocks)))
        weighing = (counts.key, o.shift, o.smoothing)
        c = self._alone(
            self._step("smoothed", *weighing),
            lambda: {"smoothed": smoothed(np.array(about["occurrences"]), o.smoothing)},
        )
        ppmi = self._step("ppmi", *weighing)
        tasks_of_ppmi = [(counts, kept, c, n_contexts, o.shift)] * len(blocks)
        ppmi.run(crew, count_steps.weigh_items, tasks_of_ppmi, "PPMI", self.progress)
        rows = self._alone(
            self._step("rows", ppmi.key), partial(count_steps.rows_of_items, ppmi, len(blocks))
        )
        return ppmi, rows, bounds

    def _pairs(
        self, ppmi: Step, rows: Step, bounds: NDArray[np.int64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The eigenvalues and residuals; the vectors are left as blocks `u-FIRST`."""
        o, crew = self.options, self.crew
        starts = rows.read(0)["starts"]
        n = len(starts) - 1
        if n < 2:
            raise ValueError(
                f"no two items of the log occur together in {o.min_count} contexts or more, and more often than chance, so there "
                "is nothing to embed; give a log with more items in a context, or more contexts"
            )
        self.rank = rank = capped_rank(o.rank, n)
        decides = (ppmi.key, rank, o.dtype, o.tolerance)
        self.found = self._step("found", *decides)
        columns = sizes(rank)[1] + 4 * BLOCK
        self.part_rows = rows_of_part(n, columns, np.dtype(o.dtype).itemsize, o.memory, LEAST_ROWS)
        self.parts = -(-n // self.part_rows)
        self.components = self._step("components", ppmi.key)
        tasks = [(rows, ppmi, len(bounds) - 1)]
        self.components.run(crew, count_steps.join_rows, tasks, "connected components", self.progress)
        if self.found.is_done(0):
            remove_basis(self.found)  # a command that was killed may have left it
            return read_found(self.found)
        Path(self.found.folder).mkdir(parents=True, exist_ok=True)
        if n <= max(FEW, 8 * rank):
            return self._small_pairs(ppmi, rows, bounds, rank)
        matrix = self._stored_matrix(ppmi, rows, bounds, n)
        with told_steps(self.progress is True, "eigenpairs") as say:
            vectors = StoredVectors(
                *(self.found, matrix, crew),
                lambda now: say(f"round {now.round}, {now.filled} of {sizes(rank)[1]} dimensions"),
            )
            state, rng = vectors.saved(), np.random.default_rng(0)
            try:
                values = krylov_values(vectors, rank, rng, o.tolerance, state, WIDEST[o.dtype])
            except Breakdown:
                return self._small_pairs(ppmi, rows, bounds, rank)
        missed = np.concatenate([vectors.missed[start] for start in sorted(vectors.missed)])
        residuals = missed / np.abs(values)
        f = numerical_rank(np.abs(values), residuals, rounding_of(np.zeros(0), n, o.dtype))
        self.found.write(0, {"values": values[:f], "residuals": residuals[:f]})
        remove_basis(self.found)
        return read_found(self.found)

    def _stored_matrix(self, ppmi: Step, rows: Step, bounds: NDArray[np.int64], n: int) -> StoredMatrix:
        o, part_rows = self.options, self.part_rows
        shift = shift_of(part_rows, BLOCK)
        slices = count_steps.slices_of_rows(np.asarray(rows.read(0)["starts"]), part_rows, o.memory)
        step = self._step("matrix", ppmi.key, part_rows, o.dtype)
        tasks = [
            (part * part_rows, first, last, rows, ppmi, bounds.tolist(), shift, o.dtype)
            for part, first, last in slices
        ]
        step.run(self.crew, count_steps.regroup_rows, tasks, "rows for products", self.progress)
        of_part = tuple(
            tuple(k for k, one in enumerate(slices) if one[0] == part) for part in range(self.parts)
        )
        return StoredMatrix(step, n, part_rows, shift, of_part, o.dtype)

    def _small_pairs(
        self, ppmi: Step, rows: Step, bounds: NDArray[np.int64], rank: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Decompose in memory: a matrix of few items, or one of low rank, for which the block method has no vectors left."""
        from experiments.large.vector_tasks import write_block

        matrix = stored_ppmi(ppmi, rows, len(bounds) - 1, self.options.memory)
        found = embed(matrix, rank, dtype=self.options.dtype, tol=self.options.tolerance)  # type: ignore[arg-type]
        for place in places(rank):
            for part in range(self.parts):
                some = slice(part * self.part_rows, (part + 1) * self.part_rows)
                write_block(self.found, f"u-{place.start:05d}", part, found.basis[some, place], lasting=True)
        assert found.residuals is not None
        self.found.write(0, {"values": found.eigenvalues, "residuals": found.residuals})
        return read_found(self.found)

    def _write_vectors(self, path: Path, values: NDArray[np.float64]) -> None:
        residuals = read_found(self.found)[1]
        settled = self._step("settled", self.found.key)
        used = [place for place in places(self.rank) if place.start < len(values)]
        names = [f"u-{place.start:05d}" for place in used]
        tasks = [
            (name, self.found, self.parts, self.part_rows, self.components, residuals[place])
            for name, place in zip(names, used)
        ]
        settled.run(self.crew, settle_block, tasks, "vectors", self.progress)
        n = len(self.components.read(0)["component"])
        shape = (values, self.options.dtype, n, settled, names, self.found, self.parts, self.part_rows)
        write_whole(path, lambda file: write_vectors(file, *shape, self.components))


def stored_ppmi(ppmi: Step, rows: Step, blocks: int, memory: int) -> sparse.csr_array:
    """Return the PPMI of the items that have an entry, in memory.

    Raises
    ------
    ValueError
        if it takes more than `memory` bytes.
    """
    about = rows.read(0)
    need = int(about["starts"][-1]) * IN_MEMORY
    if need > memory:
        raise ValueError(
            f"memory must be at least {-(-need // 2**20):,} MiB, or the rank smaller: the block method found no more dimensions "
            f"in this matrix, and it must be decomposed in memory; got {memory // 2**20:,} MiB"
        )
    found = [ppmi.read(block) for block in range(blocks)]
    columns = np.concatenate([about["row"][one["columns"]] for one in found])
    weights = np.concatenate([np.asarray(one["weights"]) for one in found])
    n = len(about["items"])
    starts = np.asarray(about["starts"]).astype(columns.dtype)
    return sparse.csr_array((weights, columns, starts), shape=(n, n))
