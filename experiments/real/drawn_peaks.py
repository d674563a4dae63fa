"""How many peaks do draws of the null need? A task a draw, in this process or on a Dask cluster, with the same numbers.

A draw needs what the null keeps (`nulls`), the peaks of the matrix at each rank, where a search may end with a bound
(`peaks_beside_nulls`), and the seed. All of it is in one object, `Chance`. A cluster gets it as one file, sent once to each
worker (`experiments.running.sent_files`), so that no worker reads the matrix itself. BLAS has one thread in a draw, wherever it
runs: the last bits of a product depend on how many it has.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from threadpoolctl import threadpool_limits

import theory
from experiments.real.nulls import Kind, null_of
from experiments.real.own_embedding import Taken, embed
from experiments.real.peaks_beside_nulls import Counting
from experiments.running.runner import run_all
from experiments.running.seeds import canonical
from experiments.running.sent_files import FilesToSend, here
from experiments.running.study import Study
from experiments.running.waiting import WAIT_SECONDS
from simulate.random_directions import RowMoments, rows_of_moments

FILE = "null.npz"  # the name that tasks know; what it is called on a worker says `here`
Ranks = dict[int, theory.PeakCount]


@dataclass(frozen=True, eq=False)
class Chance:
    """What the draws of a null need.

    `data` is the graph or the interactions, None for an embedding; `moments`, what the null of an embedding keeps at each rank;
    `real`, the peaks of the matrix at each rank. Where `on_disk`, draws of more than `taken.in_memory` bytes lie in files.
    """

    kind: Kind
    data: Any
    moments: Mapping[int, RowMoments]
    real: Mapping[int, theory.PeakCount]
    taken: Taken
    counting: Counting
    seed: int
    on_disk: bool = False

    def peaks(self, draw: int) -> Ranks:
        """Return the peaks that a draw needs at each rank that it has."""
        with threadpool_limits(limits=1, user_api="blas"):
            return {
                rank: self.counting.of_null(
                    rows(), self.real[rank], np.random.default_rng([self.seed, draw, rank])
                )
                for rank, rows in self._drawn(draw).items()
            }

    def _drawn(self, draw: int) -> dict[int, Callable[[], NDArray[Any]]]:
        """How to make the vectors of a draw at each rank, so that those of one rank are held at a time."""
        seed = [self.seed, draw]
        if self.kind == "embedding":
            # at each rank the null has the norms, the mean and the spectrum of the vectors at this rank
            return {
                rank: partial(
                    rows_of_moments,
                    one,
                    np.random.default_rng(seed),
                    on_disk=self.on_disk and 8 * len(one.norms) * len(one.mean) > self.taken.in_memory,
                )
                for rank, one in self.moments.items()
            }
        null = null_of(self.data, self.kind, np.random.default_rng(seed))
        embedded, _, _ = embed(null, self.kind, max(self.real), self.taken)
        return {
            rank: partial(self.taken.vectors, embedded, self.kind, rank)
            for rank in self.real
            if rank <= embedded.rank
        }


def peaks_of_draws(
    chance: Chance,
    draws: int,
    say: Callable[[str], None],
    dask: str | None = None,
    wait: float = WAIT_SECONDS,
) -> list[Ranks]:
    """Return for each draw the peaks at each rank, computed here or by the workers of the scheduler at `dask`.

    Parameters
    ----------
    wait : seconds to wait for workers, while there are none.

    Raises
    ------
    ValueError
        for a draw that fails, an address that names no scheduler, workers of other sources.
    OSError
        if the scheduler is lost, or no worker comes.
    """
    if dask is None or not draws:
        found = []
        for draw in range(draws):
            say(f"null {draw + 1} of {draws}")
            found.append(chance.peaks(draw))
        return found
    with TemporaryDirectory() as folder:
        path = Path(folder) / FILE
        _write(path, chance)
        cell = {"null": FILE, "about": _about(chance)}
        study = Study("spk-null", [{**cell, "draw": draw} for draw in range(draws)], trial)
        files = FilesToSend({FILE: (path, [path])})
        table = run_all(
            [study],
            dask=dask,
            files=files,
            wait=wait,
            progress=lambda done, total, failed: say(f"null: {done} of {total} draws"),
        )[study.name]
    for draw, error in zip(table["draw"], table["error"]):
        if isinstance(error, str):
            raise ValueError(f"draw {draw + 1} of the null failed on its worker: {error}")
    return [_counts(json.loads(text)) for text in table["counts"]]


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Count the peaks of one draw; its random numbers follow from the seed in `about`, as where no cluster is."""
    counts = _read(here(cell["null"]), cell["about"]).peaks(cell["draw"])
    return {"counts": canonical(_as_lists(counts))}


def _as_lists(counts: Mapping[int, theory.PeakCount]) -> list[list[int]]:
    return [[rank, one.n_peaks, one.n_rows, int(one.at_least)] for rank, one in counts.items()]


def _counts(lists: list[list[int]]) -> Ranks:
    return {rank: theory.PeakCount(peaks, rows, bool(bound), None) for rank, peaks, rows, bound in lists}


def _about(chance: Chance) -> str:
    """All that is no array."""
    return canonical(
        {
            "kind": chance.kind,
            "real": _as_lists(chance.real),
            "taken": asdict(chance.taken),
            "counting": asdict(chance.counting),
            "seed": chance.seed,
            "on_disk": chance.on_disk,
        }
    )


def _write(path: Path, chance: Chance) -> None:
    arrays: dict[str, Any] = {}
    for rank, one in chance.moments.items():
        arrays |= {f"norms{rank}": one.norms, f"mean{rank}": one.mean, f"spread{rank}": one.spread}
    if chance.data is not None:
        csr = sparse.csr_array(chance.data)
        arrays |= {"data": csr.data, "indices": csr.indices, "indptr": csr.indptr, "shape": csr.shape}
    np.savez(path, **arrays)


@lru_cache(maxsize=1)
def _read(path: str, about: str) -> Chance:
    """What a file holds, kept for the next draw."""
    told = json.loads(about)
    real = _counts(told["real"])
    with np.load(path, allow_pickle=False) as file:
        arrays = dict(file)
    data = None
    if "data" in arrays:
        parts = (arrays["data"], arrays["indices"], arrays["indptr"])
        data = sparse.csr_array(parts, shape=tuple(arrays["shape"].tolist()))
    moments = {
        rank: RowMoments(arrays[f"norms{rank}"], arrays[f"mean{rank}"], arrays[f"spread{rank}"])
        for rank in real
        if f"norms{rank}" in arrays
    }
    taken, counting = Taken(**told["taken"]), Counting(**told["counting"])
    return Chance(told["kind"], data, moments, real, taken, counting, told["seed"], told["on_disk"])
