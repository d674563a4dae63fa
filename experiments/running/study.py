"""What is to be run? A study: a grid of cells, each run for several replicates by one trial.

A cell is a dict of parameters. A role is the name of a source of randomness with the parameters that it depends on: cells that
differ only in other parameters get the same random numbers, so that two methods meet the same graph. `trial(cell, rngs) -> dict`
of scalars gives one row.
"""

from __future__ import annotations

import hashlib
import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from experiments.running.seeds import canonical, generator, keys_of
from simulate.validation import did_you_mean, require_integer

Cell = Mapping[str, Any]
Trial = Callable[[Cell, Mapping[str, np.random.Generator]], dict[str, Any]]
Scalar = (str, int, float, bool, type(None))


def product(**axes: Sequence[Any]) -> list[dict[str, Any]]:
    """Return the cells of a full grid, the last axis fastest.

    >>> product(n=[10, 20], f=[2])
    [{'n': 10, 'f': 2}, {'n': 20, 'f': 2}]
    """
    return [dict(zip(axes, values)) for values in itertools.product(*axes.values())]


def zipped(**axes: Sequence[Any]) -> list[dict[str, Any]]:
    """Return the cells that pair the axes' values one by one. Raises `ValueError` for axes of different lengths.

    >>> zipped(n=[10, 20], f=[2, 3])
    [{'n': 10, 'f': 2}, {'n': 20, 'f': 3}]
    """
    lengths = {name: len(values) for name, values in axes.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"zipped axes must have one length; got {lengths}")
    return [dict(zip(axes, values)) for values in zip(*axes.values())]


@dataclass(frozen=True)
class Grid(Sequence[Cell]):
    """The cells of a full grid over `parts`, each a list of cells, the last fastest; every cell has the parameters of `fixed`.

    A cell is made when it is asked for, so that memory grows with the parts and not with their product.

    >>> list(Grid({"f": 2}, ([{"n": 10}, {"n": 20}], [{"a": 1, "b": 3}])))
    [{'f': 2, 'n': 10, 'a': 1, 'b': 3}, {'f': 2, 'n': 20, 'a': 1, 'b': 3}]
    """

    fixed: Cell
    parts: tuple[Sequence[Cell], ...]

    def __len__(self) -> int:
        return math.prod(len(part) for part in self.parts)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[k] for k in range(*index.indices(len(self)))]
        number = range(len(self))[index]
        chosen = []
        for part in reversed(self.parts):
            number, place = divmod(number, len(part))
            chosen.append(part[place])
        cell = dict(self.fixed)
        for more in reversed(chosen):
            cell.update(more)
        return cell


@dataclass(frozen=True)
class Task:
    """One trial to run: parameters and a seed, never a matrix. `key` names it in the store and on the command line."""

    study: str
    version: int
    seed: int
    cell: Cell
    replicate: int
    key: str


@dataclass(frozen=True)
class Study:
    """A named grid of cells and the trial that turns each, `replicates` times, into a row.

    Cells of which `fixed(cell)` says that nothing in them is drawn are run once. Where `roles` is None, every role that the trial
    asks for is known, and depends on all parameters of the cell. Generators are seeded under the name `draws`
    (the study's own by default): studies of one such name meet the same draws where a role and its parameters agree.

    Raises
    ------
    ValueError
        for an empty grid, cells with different parameters or twice the same, or a role that declares a parameter which
        no cell has.

    Examples
    --------
    >>> study = Study("demo", product(n=[5]), lambda cell, rngs: {"x": rngs["draw"].random()},
    ...               replicates=2, version=1, roles={"draw": ("n",)})
    >>> len(list(study.tasks(seed=0)))
    2
    """

    name: str
    grid: Sequence[Cell]
    trial: Trial
    replicates: int = 1
    version: int = 1
    roles: Mapping[str, tuple[str, ...]] | None = field(default_factory=dict)
    fixed: Callable[[Cell], bool] | None = None
    draws: str = ""

    def __post_init__(self) -> None:
        require_integer(self.replicates, "replicates", least=1)
        require_integer(self.version, "version", least=0)
        if not self.grid:
            raise ValueError(f"the grid of study {self.name!r} must have at least one cell; it is empty")
        names = set(self.grid[0])
        seen: set[bytes] = set()
        negative_zeros = False
        for cell in self.grid:
            _require_cell(cell, names, self.name)
            text = canonical(dict(cell))
            if "-0.0" in text and (whole := canonical(_without_negative_zeros(cell))) != text:
                text, negative_zeros = whole, True
            if "\\ud" in text:
                _require_text(cell, self.name)
            seen.add(hashlib.sha256(text.encode()).digest()[:12])
        for role, parameters in (self.roles or {}).items():
            for name in parameters:
                if name not in names:
                    raise ValueError(
                        f"role {role!r} declares {name!r}, which is no parameter of {self.name!r}; "
                        f"those are {sorted(names)}{did_you_mean(name, sorted(names))}"
                    )
        if len(seen) < len(self.grid):
            raise ValueError(f"the grid of {self.name!r} holds the same cell twice")
        if negative_zeros:  # equal cells must have equal keys
            object.__setattr__(self, "grid", [_without_negative_zeros(cell) for cell in self.grid])

    def count(self) -> int:
        """Return the number of tasks."""
        if self.fixed is None:
            return len(self.grid) * self.replicates
        return sum(map(self._replicates_of, self.grid))

    def tasks(self, seed: int) -> Iterator[Task]:
        """Yield the tasks of this study, cell by cell, replicate by replicate."""
        for cell in self.grid:
            keys = keys_of(self.name, self.version, seed, cell, self._replicates_of(cell))
            for replicate, key in enumerate(keys):
                yield Task(self.name, self.version, seed, cell, replicate, key)

    def generators(self, task: Task) -> dict[str, np.random.Generator]:
        """Return one generator for each role of `task`."""
        return generators_of(task, self.roles, self.draws)

    def _replicates_of(self, cell: Cell) -> int:
        return 1 if self.fixed is not None and self.fixed(cell) else self.replicates


def generators_of(
    task: Task, roles: Mapping[str, tuple[str, ...]] | None, draws: str = ""
) -> dict[str, np.random.Generator]:
    """Return one generator for each of `roles`, seeded under the name `draws` (the study's own by default).

    For None each role gets its generator when it is first asked for.
    """

    def make(role: str, declared: Iterable[str]) -> np.random.Generator:
        parameters = {name: task.cell[name] for name in declared}
        return generator(task.seed, draws or task.study, task.version, role, parameters, task.replicate)

    if roles is None:
        return _OnDemand(lambda role: make(role, task.cell))
    return {role: make(role, declared) for role, declared in roles.items()}


class _OnDemand(dict[str, np.random.Generator]):
    """Generators that are made when they are first asked for."""

    def __init__(self, make: Callable[[str], np.random.Generator]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, role: str) -> np.random.Generator:
        self[role] = self._make(role)
        return self[role]


def _require_cell(cell: Cell, names: set[str], study: str) -> None:
    """Raise an error if `cell` has other parameters than `names`, or a value that no key could be made of."""
    if cell.keys() != names:
        odd = sorted(set(cell) ^ names)
        raise ValueError(f"every cell of {study!r} must have the same parameters; {odd} are not in all")
    if bad := {name: value for name, value in cell.items() if not isinstance(value, Scalar)}:
        raise TypeError(f"parameters of a cell must be str, int, float, bool or None; got {bad}")
    if bad := {
        name: value for name, value in cell.items() if value != value or value in (math.inf, -math.inf)
    }:
        raise ValueError(f"parameters of a cell must be finite; got {bad}")


def _without_negative_zeros(cell: Cell) -> Cell:
    return {name: value + 0.0 if isinstance(value, float) else value for name, value in cell.items()}


def _require_text(cell: Cell, study: str) -> None:
    """Raise `ValueError` for a text that has no UTF-8 form, as names of files can have: it could not be written into a table."""
    for name, value in cell.items():
        try:
            str(value).encode()
        except UnicodeEncodeError:
            raise ValueError(
                f"parameters of {study!r} must be text that UTF-8 can hold; got {name} = {value!a}"
            ) from None
