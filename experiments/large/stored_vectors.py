"""The vectors of the block Krylov method as files, part by part, and its state after each step.

A block of the basis is named `q-GENERATION-COLUMN`; a new round, or a restart, writes a new generation, and the old one goes
when the state that needs it has been replaced. Blocks under way are named after this run, so that nothing that an earlier run or
a lost worker has left is ever taken for one of them. Changes of w (`subtract`, `multiply`) are kept until w is looked at: one
pass over the files then does all of them.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.large import vector_tasks as tasks
from experiments.large.array_files import read_arrays, write_arrays
from experiments.large.chain import Chain
from experiments.large.crew import Crew
from experiments.large.steps import Step
from theory.analysis.block_krylov_rounds import BLOCK, Filter, State, chebyshev

Array = NDArray[Any]
UNDER_WAY = "under-way"


@dataclass(frozen=True)
class StoredMatrix:
    """A symmetric matrix (n, n) in slices of rows, as `regroup_rows` wrote them: which each part of `part_rows` rows has."""

    step: Step
    n: int
    part_rows: int
    shift: int
    slices: tuple[tuple[int, ...], ...]
    dtype: str


class StoredVectors:
    """`theory.analysis.block_krylov_rounds.Vectors` in the folder of a step.

    Parameters
    ----------
    told : hears after each step of the method how many columns its basis has.
    """

    def __init__(
        self, step: Step, matrix: StoredMatrix, crew: Crew, told: Callable[[State], None] | None = None
    ) -> None:
        self.step, self.matrix, self.crew, self.told = step, matrix, crew, told
        self.n, self.dtype = matrix.n, np.dtype(matrix.dtype)
        self.missed: dict[int, NDArray[np.float64]] = {}
        self._generation = 0
        self._run, self._number = secrets.token_hex(4), 0
        self._w, self._image = "", ""
        self._changes: list[tasks.Change] = []
        Path(step.folder).mkdir(parents=True, exist_ok=True)
        remove_blocks(self.step, UNDER_WAY)

    @property
    def _state(self) -> Path:
        return Path(self.step.folder) / "state.arrays"

    def saved(self, chain: Chain) -> State | None:
        """Return the state that an earlier run has left, None where there is none, or where its basis is not whole."""
        if chain.has_all(self.step, [self._state]):
            chain.require_sound(self.step, [self._state])
            found = {k: np.array(array) for k, array in read_arrays(self._state, self.step.key).items()}
            filled, kept, round_, degree, self._generation = map(int, found["numbers"])
            parts = range(len(self.matrix.slices))
            names = self._blocks(slice(0, filled + BLOCK))
            basis = [tasks.place_of(self.step, name, part) for name in names for part in parts]
            if chain.has_all(self.step, basis):
                chain.require_sound(self.step, basis)
                draws = json.loads(found["draws"].tobytes())
                chosen = Filter(degree, float(found["cut"][0]))
                return State(found["t"], found["h"], filled, kept, round_, chosen, draws)
        remove_basis(self.step)
        self._generation = 0
        return None

    def save(self, state: State) -> None:
        """Write the state, and remove the basis of the generations before."""
        chosen = state.chosen
        numbers = [state.filled, state.kept, state.round, chosen.degree, self._generation]
        draws = np.frombuffer(json.dumps(state.draws).encode(), np.uint8)
        arrays = {"t": state.t, "h": state.h, "numbers": np.array(numbers), "cut": np.array([chosen.cut])}
        write_arrays(self._state, self.step.key, {**arrays, "draws": draws})
        remove_blocks(self.step, UNDER_WAY)
        for generation in range(max(self._generation - 2, 0), self._generation):
            remove_blocks(self.step, f"q-{generation:04d}")
        if self.told is not None:
            self.told(state)

    def draw(self, rng: np.random.Generator) -> None:
        """Draw each part from a seed of its own."""
        self._w, seed = self._new_name(), int(rng.integers(2**62))
        part_rows, n = self.matrix.part_rows, self.n
        self._run_parts(
            tasks.draw_part,
            lambda p: (
                *(self.step, self._w, p, min(part_rows, n - p * part_rows), BLOCK, seed),
                self.matrix.dtype,
            ),
        )

    def combine(self, rows: Array) -> None:
        """Write w."""
        self._w = self._new_name()
        blocks = self._blocks(slice(0, len(rows)))
        self._run_parts(tasks.combine_part, lambda p: (self.step, blocks, rows, self._w, p))

    def filter(self, filled: int, chosen: Filter) -> None:
        """Write the image and w, one product after the other."""
        given = self._block(filled)
        self._image = self._new_name()
        self._multiply(given, 1.0, None, self._image)
        self._w = self._image
        if chosen.degree == 1:
            return
        pair = [(given, 1.0), (self._image, 1 / chosen.cut)]

        def step(k: int, factor: float) -> None:
            (before, weight), (now, scale) = pair
            made = self._new_name()
            self._multiply(now, factor * scale, (before, weight), made)
            pair[:] = [pair[1], (made, 1.0)]
            self._drop(before)

        chebyshev(chosen, step)
        self._drop(pair[0][0])
        self._w = pair[1][0]

    def sums(self, columns: slice, *, image: bool) -> Array:
        """Add up the parts' sums."""
        blocks, of_a = self._blocks(columns), self._image if image else None
        return self._looked_at(tasks.sums_part, blocks, of_a)

    def square(self) -> NDArray[np.float64]:
        """Add up the parts' squares."""
        return self._looked_at(tasks.square_part)

    def subtract(self, columns: slice, rows: Array) -> None:
        """Note it; it is done when w is looked at."""
        self._changes.append(("subtract", self._blocks(columns), rows))

    def multiply(self, square: Array) -> None:
        """Note it; it is done when w is looked at."""
        self._changes.append(("multiply", (), square))

    def keep(self, first: int) -> None:
        """Write w into the basis; the first block begins a new generation."""
        if first == 0:
            self._generation += 1
        name, changes, w = self._block(first), self._changes, self._w
        self._run_parts(tasks.keep_part, lambda p: (self.step, w, changes, name, p))
        self._changes = []
        self._drop(w)

    def restart(self, best: Array, size: int) -> None:
        """Write a new generation."""
        blocks = self._blocks(slice(0, size + BLOCK))
        self._generation += 1
        names = self._blocks(slice(0, best.shape[1] + BLOCK))
        self._run_parts(tasks.restart_part, lambda p: (self.step, blocks, best, names, p))

    def misses(self, rows: Array, values: Array, place: slice) -> Array:
        """Write the combinations as `u-FIRST`, whose columns are not of length 1 to the last digits."""
        blocks, name = self._blocks(slice(0, len(rows))), f"u-{place.start:05d}"
        squares = self._run_parts(tasks.combine_part, lambda p: (self.step, blocks, rows, name, p))
        norms = np.sqrt(sum(squares)).astype(self.dtype)
        missed = np.sqrt(sum(self._multiply(name, 1.0, (name, -values.astype(self.dtype)), None, norms)))
        self.missed[place.start] = missed
        return np.asarray(missed)

    def _looked_at(self, task: Callable[..., Any], *arguments: Any) -> Array:
        """Sum what a task says of w, in the order of the parts, with all changes made."""
        w, changes = self._w, self._changes
        name = self._new_name() if changes else w
        found = self._run_parts(task, lambda p: (self.step, w, changes, name, *arguments, p))
        if changes:
            self._w, self._changes = name, []
            self._drop(w)
        return np.asarray(sum(found))

    def _multiply(
        self,
        given: str,
        scale: float,
        added: tuple[str, Any] | None,
        name: str | None,
        divisor: Array | None = None,
    ) -> list[Any]:
        a = self.matrix
        return self._run_parts(
            tasks.multiply_part,
            lambda p: (
                *(self.step, a.step, a.slices[p], a.shift, len(a.slices), a.part_rows),
                *(given, divisor, scale, added, name, p),
            ),
        )

    def _run_parts(self, task: Callable[..., Any], arguments: Callable[[int], tuple[Any, ...]]) -> list[Any]:
        return self.crew.run(task, [arguments(p) for p in range(len(self.matrix.slices))])

    def _block(self, first: int) -> str:
        return f"q-{self._generation:04d}-{first:05d}"

    def _blocks(self, columns: slice) -> list[str]:
        return [self._block(first) for first in range(columns.start, columns.stop, BLOCK)]

    def _new_name(self) -> str:
        self._number += 1
        return f"{UNDER_WAY}-{self._run}-{self._number:06d}"

    def _drop(self, name: str) -> None:
        """Remove a block that was under way, unless it is still needed."""
        if name.startswith(UNDER_WAY) and name != self._image:
            remove_blocks(self.step, name)


def remove_basis(step: Step) -> None:
    """Remove the basis, and what was under way, once the result of the step is written."""
    remove_blocks(step, "q")
    remove_blocks(step, UNDER_WAY)


def remove_blocks(step: Step, begin: str) -> None:
    """Remove the files of the blocks that are named so, or whose names go on from there after a "-"."""
    for path in Path(step.folder).glob(f"{begin}-*"):
        with suppress(FileNotFoundError):
            path.unlink()
