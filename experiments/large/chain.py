"""The steps of one command, one after the other: what is missing is made, and what is damaged is made again.

A file that an earlier command has left is read whole once, and its checksum compared, before a task takes anything from it; what
this command has written itself is not. Where a file is damaged it is removed, a warning names it, and the chain begins again: all
that is sound stays, and what is missing is made. So only what is needed is read, and nothing where the result is there already.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from experiments.large.array_files import Array, DamagedFile, is_sound, is_there
from experiments.large.crew import Crew
from experiments.large.steps import Step
from simulate.progress import shown

Progress = Callable[[int, int], None] | bool | None
T = TypeVar("T")


class Chain:
    """Runs steps in the folder `work`, their tasks by `crew`."""

    def __init__(self, work: Path, crew: Crew, progress: Progress = None) -> None:
        self.work, self.crew, self.progress = work, crew, progress
        self._sound: set[Path] = set()
        self._damaged: set[Path] = set()

    def step(self, name: str, *decides: Any) -> Step:
        """Return the step of this name, decided by these values."""
        return Step.after(self.work, name, *decides)

    def run(
        self,
        step: Step,
        function: Callable[..., object],
        tasks: Sequence[tuple[Any, ...]],
        what: str,
        reads: Iterable[tuple[Step, int]] = (),
    ) -> Step:
        """Call function(step, number, *task) for each task whose file is not there, and return the step.

        Parameters
        ----------
        what : in words, for whoever watches the progress.
        reads : the steps whose files the tasks read, and how many files each has.

        """
        left = [number for number in range(len(tasks)) if not step.is_done(number)]
        if not left:
            return step
        self._begin(step, left, reads)
        with shown(self.progress, what) as told:
            self.crew.run(
                function,
                [(step, number, *tasks[number]) for number in left],
                (lambda done: told(done + len(tasks) - len(left), len(tasks))) if told else None,
            )
        self._sound.update(step.place(number) for number in left)
        return step

    def alone(
        self, step: Step, make: Callable[[], dict[str, Array]], reads: Iterable[tuple[Step, int]] = ()
    ) -> Step:
        """Let this process make a step of one file, as `run` does, and return the step."""
        if not step.is_done(0):
            self._begin(step, [0], reads)
            step.write(0, make())
            self._sound.add(step.place(0))
        return step

    def read(self, step: Step) -> dict[str, Array]:
        """Return the arrays of a step of one file, which is there."""
        self.require_step(step, 1)
        return step.read(0)

    def require_step(self, step: Step, files: int) -> None:
        """`require_sound` of the files of the first tasks of a step."""
        self.require_sound(step, [step.place(number) for number in range(files)])

    def require_sound(self, step: Step, paths: Iterable[Path]) -> None:
        """Begin the chain again where one of these files of a step is not what was written into it; each is read once."""
        unknown = [path for path in paths if path not in self._sound]
        sound = self.crew.run(is_sound, [(path, step.key) for path in unknown])
        self._sound.update(path for path, found in zip(unknown, sound) if found)
        if damaged := [path for path, found in zip(unknown, sound) if not found]:
            self._put_away(damaged)
            raise _Again

    def has_all(self, step: Step, paths: Iterable[Path]) -> bool:
        """Return whether these files of a step are there; their sums are not compared, and what is cut off is put away."""
        missing = [path for path in paths if not is_there(path, step.key)]
        self._put_away([path for path in missing if os.path.lexists(path)])
        return not missing

    def until_sound(self, result: Callable[[], T]) -> T:
        """Return result(), which is called again whenever it meets a damaged file, without that file.

        Raises
        ------
        DamagedFile
            for a file that is damaged again after it was made again.
        """
        while True:
            try:
                return result()
            except DamagedFile as error:
                self._put_away([error.path])
            except _Again:
                pass

    def _begin(self, step: Step, left: Iterable[int], reads: Iterable[tuple[Step, int]]) -> None:
        for before, files in reads:
            self.require_step(before, files)
        Path(step.folder).mkdir(parents=True, exist_ok=True)
        self.has_all(step, [step.place(number) for number in left])

    def _put_away(self, damaged: Sequence[Path]) -> None:
        for path in damaged:
            if path in self._damaged:
                raise DamagedFile(path)
            path.unlink(missing_ok=True)
        self._damaged.update(damaged)
        self._sound.difference_update(damaged)
        if damaged:
            warn_of_damage(damaged)


def warn_of_damage(paths: Sequence[Path]) -> None:
    """Warn of files of a step that are made again.

    >>> with warnings.catch_warnings(record=True) as told:
    ...     warn_of_damage([Path("a"), Path("b")])
    >>> str(told[0].message)
    'a and 1 more did not hold what was written there, and are made again; check the disk'
    """
    said = f"{paths[0]} did not hold what was written there, and is made again; check the disk"
    if len(paths) > 1:
        said = (
            f"{paths[0]} and {len(paths) - 1:,} more did not hold what was written there, and are made again; "
            "check the disk"
        )
    warnings.warn(said, stacklevel=2)


class _Again(Exception):
    """Damaged files were put away: the chain begins again."""
