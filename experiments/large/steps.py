"""A step of a large analysis: many tasks, each of which leaves one file; what is there already is not made again.

The files of a step lie in a folder of their own, whose name is the step's and the beginning of its key. The key is a hash of all
that decides the files: the log, the options, the sizes of blocks, the sources, and the keys of the steps before.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.large.array_files import Array, is_there, read_arrays, write_arrays


@dataclass(frozen=True)
class Step:
    """Where the files of a step lie, and the key that they carry."""

    folder: str
    key: str

    @classmethod
    def after(cls, work: Path, name: str, *decides: Any) -> Step:
        """Return the step of this name, decided by these values; its folder is made by `Chain.run`.

        >>> Step.after(Path("work"), "counts", 1).folder == Step.after(Path("work"), "counts", 2).folder
        False
        """
        key = hashlib.sha256(json.dumps([name, *decides], sort_keys=True).encode()).hexdigest()
        return cls(str(work / f"{name}-{key[:12]}"), key)

    def place(self, number: int) -> Path:
        """Return the path of the file of a task."""
        return Path(self.folder) / f"{number:06d}.arrays"

    def write(self, number: int, arrays: dict[str, Array]) -> None:
        """Write the file of a task."""
        write_arrays(self.place(number), self.key, arrays)

    def read(self, number: int) -> dict[str, Array]:
        """Return the arrays of the file of a task, mapped."""
        return read_arrays(self.place(number), self.key)

    def is_done(self, number: int) -> bool:
        """Return whether the file of a task is there, whole and of this step."""
        return is_there(self.place(number), self.key)
