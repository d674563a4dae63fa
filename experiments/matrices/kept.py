"""What has this process read already? A few matrices are kept, so that tasks on one matrix do not each read its files anew.

A matrix is kept under its name or path, the options of reading, and the size and date of every file that a reader may open:
a file that changes is read again. At most four are kept, of at most thirty million pairs in all (about 600 MB with dates);
the one used longest ago goes first. Callers get copies, which they may change.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import replace
from pathlib import Path
from threading import Lock

from experiments.matrices.real_matrix import RealMatrix

MATRICES, PAIRS = 4, 30_000_000


class KeptMatrices:
    """Matrices by key, at most `matrices` of them and at most `pairs` stored pairs in all.

    Examples
    --------
    >>> from experiments.matrices.real_matrix import from_pairs
    >>> reads = []
    >>> def read():
    ...     reads.append("toy")
    ...     return RealMatrix("toy", interactions=from_pairs([0, 1], [0, 1], (2, 2)))
    >>> kept = KeptMatrices(matrices=1, pairs=10)
    >>> [kept.get("toy", read).name for _ in range(2)], reads
    (['toy', 'toy'], ['toy'])
    """

    def __init__(self, matrices: int = MATRICES, pairs: int = PAIRS) -> None:
        self.matrices, self.pairs = matrices, pairs
        self._kept: OrderedDict[Hashable, RealMatrix] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, read: Callable[[], RealMatrix]) -> RealMatrix:
        """Return a copy of the matrix kept under `key`, or what `read` returns, which is then kept if there is room for it."""
        with self._lock:
            if (found := self._kept.get(key)) is not None:
                self._kept.move_to_end(key)
        if found is not None:
            return copied(found)
        new = read()
        if new.matrix.nnz <= self.pairs:
            own = copied(new)
            with self._lock:
                self._kept[key] = own
                while len(self._kept) > self.matrices or self._held() > self.pairs:
                    self._kept.popitem(last=False)
        return new

    def _held(self) -> int:
        return sum(matrix.matrix.nnz for matrix in self._kept.values())


def copied(real: RealMatrix) -> RealMatrix:
    """Return the same matrix in arrays of its own."""
    arrays = {name: value.copy() for name, value in vars(real).items() if hasattr(value, "copy")}
    return replace(real, **arrays)


def state_of(files: list[Path]) -> tuple[tuple[str, int, int], ...]:
    """Return the absolute path, the size and the date of each file: another state means another content.

    >>> state_of([])
    ()
    """
    listed = [(path.resolve(), path.stat()) for path in files]
    return tuple((str(path), stat.st_size, stat.st_mtime_ns) for path, stat in listed)
