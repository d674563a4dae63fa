"""What do all tasks of a comparison share? The real matrix and its analysis: read and computed once a process, then kept.

A task names a matrix and not its content, so every process that runs tasks reads it once. It is kept under its name, the options
of reading, and the size and date of its files; so are vectors of one's own, with the log that they came from. At most four are
kept, of at most thirty million pairs or numbers in all; the last one is kept whatever its size. Nobody may change what is kept.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, TypeVar, cast

import theory
from experiments.matrices import RealMatrix, load
from experiments.matrices.catalogue import DATASETS, packaged
from experiments.matrices.formats import files_of
from experiments.matrices.kept import MATRICES, PAIRS, state_of
from experiments.matrices.loading import ask
from experiments.real.named_errors import errors_of
from experiments.real.options_of_inputs import options_of_matrix, options_of_vectors, options_taken
from experiments.real.own_vectors import HIGHEST, OwnVectors, read_vectors_and_log
from experiments.real.statistics import RANKS, analysed
from experiments.running.one_task import one_thread
from experiments.running.sent_files import here

T = TypeVar("T", "Prepared", OwnVectors)


@dataclass(frozen=True, eq=False)
class Prepared:
    """A real matrix and, once it is asked for, its analysis at `dimensions` or at all dimensions that it has."""

    real: RealMatrix
    dimensions: int
    operator: str | None = None

    @property
    def kind(self) -> Literal["interactions", "graph"]:
        """How the matrix is analysed."""
        return self.real.kind

    @cached_property
    def found(self) -> theory.Analysed:
        """The analysis of the matrix itself: of its description, and of the blocks of its twins.

        On one thread, whether a trial is the first to ask for it or the coordinator: the same bits for any number of workers.
        """
        with one_thread(), errors_of(self.real.name):
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
        options of `experiments.matrices.load`; those of tables that the format of the input lacks are for other inputs.
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

    def read() -> Prepared:
        real = load(name, **options_of_matrix(options_taken(name, reading)))
        if binary and real.graph is not None:
            graph = real.graph.copy()
            graph.data[:] = 1.0
            note = "every edge counts as 1, whatever its weight"
            real = replace(real, graph=graph, notes=(*real.notes, note))
        return Prepared(real, dimensions, operator)

    return _kept([name], reading, (binary, dimensions, operator), read)


def prepared_vectors(
    name: str, reading: dict[str, Any], *, rank: int, log: str | None = None, held_out: str | None = None
) -> OwnVectors:
    """Return vectors of one's own on 64 principal axes, or on `rank` where it is more, from what this process keeps.

    Parameters
    ----------
    name, reading, log, held_out
        as in `own_vectors.read_vectors_and_log`.
    rank
        f, at least 1.

    Raises
    ------
    ValueError, OSError
        as `read_vectors_and_log`.
    """
    most = max(HIGHEST, rank)
    own = reading if log is not None else options_of_vectors(options_taken(name, reading))
    return _kept(
        [name, log, held_out],
        reading,
        ("vectors", most),
        lambda: read_vectors_and_log(name, most, own, log, held_out),
    )


def _kept(
    sources: list[str | None], reading: dict[str, Any], more: tuple[Hashable, ...], read: Callable[[], T]
) -> T:
    """What is kept of some files and options, or what `read` returns, which is then kept."""
    options = tuple(
        sorted((key, tuple(v) if isinstance(v, list | tuple) else v) for key, v in reading.items())
    )
    files = [*sources, reading.get("items")]
    for path in files:
        if path is not None:
            ask(path)  # also where what it holds is kept already
    states = tuple(None if path is None else _state(str(path)) for path in files)
    key = (tuple(sources), options, more, states)
    if (kept := _KEPT.get(key)) is not None:
        _KEPT.move_to_end(key)
        return cast(T, kept)
    _KEPT[key] = new = read()
    while len(_KEPT) > MATRICES or (len(_KEPT) > 1 and sum(map(_size, _KEPT.values())) > PAIRS):
        _KEPT.popitem(last=False)
    return new


def _size(kept: Prepared | OwnVectors) -> int:
    """Numbers that are kept of a matrix."""
    return int(kept.real.matrix.nnz if isinstance(kept, Prepared) else kept.columns.size)


_KEPT: OrderedDict[Hashable, Prepared | OwnVectors] = OrderedDict()


def _state(name: str) -> Hashable:
    """The state of the files behind a name or path; None for what is packaged, and for what `load` will refuse."""
    if name in packaged():
        return None
    known = next((dataset for dataset in DATASETS if dataset.name == name), None)
    copy = here(name)
    path = Path(copy) if known is None or copy != name else known.found()
    return None if path is None or not path.exists() else state_of(files_of(path))
