"""What do all tasks of a comparison share? The real matrix and its analysis: read and computed once a process, then kept.

A task names a matrix and not its content, so every process that runs tasks reads it once. It is kept under its name, the options
of reading, and the size and date of its files. At most four are kept, of at most thirty million pairs in all; the last one is
kept whatever its size. Nobody may change what is kept.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import theory
from experiments.matrices import RealMatrix, load
from experiments.matrices.catalogue import DATASETS, packaged
from experiments.matrices.formats import files_of
from experiments.matrices.kept import MATRICES, PAIRS, state_of
from experiments.matrices.loading import ask
from experiments.real.statistics import RANKS, analysed
from experiments.running.one_task import one_thread
from experiments.running.sent_files import here


@dataclass(frozen=True, eq=False)
class Prepared:
    """A real matrix and, once it is asked for, its analysis at `dimensions` or at all dimensions that it has."""

    real: RealMatrix
    dimensions: int
    operator: str | None = None

    @property
    def kind(self) -> Literal["interactions", "graph"]:
        """How the matrix is analysed."""
        return "interactions" if self.real.graph is None else "graph"

    @cached_property
    def found(self) -> theory.Analysed:
        """The analysis of the matrix itself: of its description, and of the blocks of its twins.

        On one thread, whether a trial is the first to ask for it or the coordinator: the same bits for any number of workers.
        """
        with one_thread():
            return analysed(self.real.matrix, self.kind, self.dimensions, self.operator)


def prepared(
    name: str, reading: dict[str, Any], *, binary: bool, rank: int, operator: str | None = None
) -> Prepared:
    """Return the matrix `name` with its analysis at `rank` and at the ranks of the curve, from what this process keeps.

    Parameters
    ----------
    name
        of the catalogue, or a path.
    reading
        options of `experiments.matrices.load`.
    binary
        every edge of a graph counts as 1, whatever its weight.
    rank
        f, at least 1.
    operator
        of `theory.OPERATORS`; None is the one of `theory.analyse`.

    Raises
    ------
    ValueError, OSError
        as `load`.
    """
    dimensions = max(*RANKS, rank)
    options = tuple(
        sorted((key, tuple(v) if isinstance(v, list | tuple) else v) for key, v in reading.items())
    )
    for path in (name, reading.get("items")):
        if path is not None:
            ask(path)  # also where what it holds is kept already
    tables = _state(str(table)) if (table := reading.get("items")) is not None else None
    key = (name, options, binary, dimensions, operator, _state(name), tables)
    if (kept := _KEPT.get(key)) is not None:
        _KEPT.move_to_end(key)
        return kept
    real = load(name, **reading)
    if binary and real.graph is not None:
        graph = real.graph.copy()
        graph.data[:] = 1.0
        real = replace(real, graph=graph, notes=(*real.notes, "every edge counts as 1, whatever its weight"))
    _KEPT[key] = new = Prepared(real, dimensions, operator)
    while len(_KEPT) > MATRICES or (
        len(_KEPT) > 1 and sum(p.real.matrix.nnz for p in _KEPT.values()) > PAIRS
    ):
        _KEPT.popitem(last=False)
    return new


_KEPT: OrderedDict[Hashable, Prepared] = OrderedDict()


def _state(name: str) -> Hashable:
    """The state of the files behind a name or path; None for what is packaged, and for what `load` will refuse."""
    if name in packaged():
        return None
    known = next((dataset for dataset in DATASETS if dataset.name == name), None)
    copy = here(name)
    path = Path(copy) if known is None or copy != name else known.found()
    return None if path is None or not path.exists() else state_of(files_of(path))
