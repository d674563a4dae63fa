"""The analysis of a log that is larger than memory, from Parquet to Spk, in steps whose results are files.

Interactions become counts, counts PPMI (`matrix_of_log`), PPMI its eigenpairs of largest magnitude, and these the vectors
(`pairs_of_matrix`) whose spikes are counted: what `theory.analyse` and `theory.spikiness` do in memory. The matrix has the same
bits, the eigenpairs the same tolerance. Sums run over blocks that follow from the log and from `memory` alone, in a fixed order,
so that who runs the tasks changes no bit.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from experiments.large.analysis_folder import ABOUT, ITEMS, RESULT, VECTORS, analysis_folder
from experiments.large.chain import Chain, Progress
from experiments.large.crew_on_cluster import Witness, crew_at
from experiments.large.log_pieces import Piece, digest_of, log_files, pieces_of
from experiments.large.matrix_of_log import matrix_of_log
from experiments.large.options import LargeOptions
from experiments.large.pairs_of_matrix import find_pairs, write_vectors_of
from experiments.running.code_identity import suite_code
from experiments.running.files import write_whole
from experiments.running.output_places import require_apart
from experiments.running.waiting import WAIT_SECONDS
from theory.analysis.spikes import Spikes, spikiness


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
        must see the log and `out` under the same paths. `wait` is in seconds, for the scheduler to answer, and for
        another command that is at work in `out`.

    Time and disk are in docs/scale.md; memory is `options.memory` for each task under way, and some 40 bytes for each item.

    Raises
    ------
    ValueError
        for a log that is not as described, a folder that is not ours, options out of range, or a log of which nothing is left.
    OSError
        if a file cannot be read or written, or the scheduler is lost; what was written is kept.

    Warns where a file that an earlier run has left is damaged; it is made again.
    """
    log, out = log.absolute(), out.absolute()
    files = log_files(log)
    pieces = pieces_of(files, options.columns, options.memory)
    require_apart([out], [log])
    digests = [digest_of(path) for path in files]
    about = {"log": digests, "code": suite_code(), "options": asdict(options)}
    key = hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()
    with (
        analysis_folder(out, key, asdict(options), overwrite=overwrite, wait=wait) as work,
        crew_at(dask, Witness.of(out / ABOUT, key), wait) as crew,
        threadpool_limits(1, user_api="blas"),
    ):
        chain = Chain(work, crew, progress)
        return chain.until_sound(lambda: _result(chain, out, pieces, digests, options))


def _result(
    chain: Chain, out: Path, pieces: Sequence[Piece], digests: Sequence[str], options: LargeOptions
) -> LargeAnalysis:
    """Make what is missing, and return what is there then."""
    matrix = matrix_of_log(chain, pieces, digests, options)
    pairs = find_pairs(chain, matrix, options)
    write_vectors_of(chain, pairs, out / VECTORS, options.dtype)
    found = chain.read(pairs.step)
    values, residuals = np.array(found["values"]), np.array(found["residuals"])
    ids = np.asarray(chain.read(matrix.items)["items"])[np.asarray(chain.read(matrix.rows)["items"])]
    write_whole(out / ITEMS, lambda file: np.save(file, ids))
    vectors = np.load(out / VECTORS, mmap_mode="r", allow_pickle=False)
    spikes = spikiness(vectors, in_memory=options.memory)
    about = {
        "items": len(ids),
        "eigenvalues": values.tolist(),
        "residuals": residuals.tolist(),
        "spk": spikes.value,
        "peaks": spikes.n_peaks,
        "rows": spikes.n_rows,
    }
    write_whole(out / RESULT, json.dumps(about, indent=1) + "\n")
    return LargeAnalysis(vectors, ids, values, residuals, spikes, pieces[0].columns)
