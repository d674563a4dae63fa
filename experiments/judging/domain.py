"""Of which models or matrices is a claim meant to be true? Its domain: parameters with their ranges, from which points are drawn.

The points of a run are independent draws, each from a generator seeded by the claim, its version, the run's seed and the point's
number: the points of a small size are the first ones of a large size. Maps use a design that fills the domain evenly (Halton,
Numerische Mathematik 2, 1960) instead.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from experiments.judging.estimand import told
from experiments.running.seeds import canonical, generator
from experiments.running.study import Cell
from simulate.validation import require_number

TRIES = 1000  # draws of which none is allowed mean that the domain is empty, or nearly


@dataclass(frozen=True)
class Range:
    """Numbers from `low` to `high`, even in the logarithm unless `log` is False, whole ones where `whole`.

    `words` is a noun phrase for the reader; `origin` says where the range comes from.
    """

    name: str
    low: float
    high: float
    words: str
    origin: str
    log: bool = True
    whole: bool = False

    def __post_init__(self) -> None:
        for end in (self.low, self.high):
            require_number(end, f"each end of the range of {self.name}")
        least = 0.5 if self.whole else 0.0
        if not self.low < self.high or (self.log and self.low <= least):
            raise ValueError(
                f"the range of {self.name} must not be empty, and begin above {least} where it is logarithmic; "
                f"got {self.low} to {self.high}"
            )

    def value(self, u: float) -> float | int:
        """Return the number at the share `u`, from 0 to 1, of the range; three digits of it, so that it can be told.

        >>> Range("n", 500, 5000, "nodes", "", whole=True).value(0.5)
        1580
        """
        if self.whole:  # each number has its own share, the ends too
            low, high = self._scaled(self.low - 0.5), self._scaled(self.high + 0.5)
            return min(max(round(self._back(low + u * (high - low))), int(self.low)), int(self.high))
        low, high = self._scaled(self.low), self._scaled(self.high)
        return min(max(float(f"{self._back(low + u * (high - low)):.3g}"), self.low), self.high)

    def coordinate(self, value: Any) -> float:
        """Return where a value lies on the scale on which the range is even: its natural logarithm, or itself."""
        return self._scaled(float(value))

    def _scaled(self, value: float) -> float:
        return math.log(value) if self.log else float(value)

    def _back(self, value: float) -> float:
        return math.exp(value) if self.log else value

    def __str__(self) -> str:
        """The range in words.

        >>> str(Range("n", 500, 4000, "nodes", "", whole=True))
        'nodes 500 to 4,000'
        """
        return f"{self.words} {told(self.low)} to {told(self.high)}"


@dataclass(frozen=True)
class Choice:
    """One of a few `values`, all equally likely."""

    name: str
    values: tuple[str | int | float | bool, ...]
    words: str
    origin: str

    def __post_init__(self) -> None:
        if not self.values or len(set(self.values)) < len(self.values):
            raise ValueError(f"the values of {self.name} must differ, and be at least one; got {self.values}")

    def value(self, u: float) -> Any:
        """Return the value at the share `u`, from 0 to 1."""
        return self.values[min(int(u * len(self.values)), len(self.values) - 1)]

    def __str__(self) -> str:
        """The values in words.

        >>> str(Choice("f", (64, 128), "dimensions", ""))
        'dimensions 64 or 128'
        """
        shown = [
            told(v) if isinstance(v, float | int) and not isinstance(v, bool) else str(v) for v in self.values
        ]
        return f"{self.words} {' or '.join([', '.join(shown[:-1]), shown[-1]] if shown[1:] else shown)}"


@dataclass(frozen=True)
class Derived:
    """A quantity that follows from the parameters of a point, such as the distance to the spectral edge.

    `border` is where the theory says that the outcome turns, if it says so: it holds from there on upwards.
    """

    name: str
    words: str
    function: Callable[[Cell], float]
    log: bool = True
    border: float | None = None

    def coordinate(self, point: Cell) -> float:
        """Return the quantity at a point, on its scale."""
        value = float(self.function(point))
        return math.log(value) if self.log else value


@dataclass(frozen=True)
class Domain:
    """Parameters with their ranges, and what is held fixed.

    Parameters
    ----------
    parameters
        what varies, `Range` or `Choice`.
    fixed
        what is held fixed, in words that continue "with ...", such as "blocks of equal size".
    allowed, allowed_words
        which combinations belong to the domain, as a function of the point and in words that continue "where ...".
    dear, dear_words
        which points cost too much for the quick and the default size. They are left to the thorough one and to maps.
    derived
        quantities that follow from the parameters; boundaries and maps may use them.

    Examples
    --------
    >>> degree = Range("mean_degree", 10, 100, "mean degree", "recommendation logs")
    >>> domain = Domain((degree, Choice("blocks", (2, 8), "communities", "few and many")), "equal sizes")
    >>> points = domain.points("B9", 1, seed=0, count=3)
    >>> points == domain.points("B9", 1, seed=0, count=8)[:3]
    True
    >>> str(domain)
    'mean degree 10 to 100; communities 2 or 8; with equal sizes'
    """

    parameters: tuple[Range | Choice, ...]
    fixed: str = ""
    allowed: Callable[[Cell], bool] | None = None
    allowed_words: str = ""
    dear: Callable[[Cell], bool] | None = None
    dear_words: str = ""
    derived: tuple[Derived, ...] = field(default=())
    _asked: dict[str, bool] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        names = [*self.names, *(quantity.name for quantity in self.derived)]
        if not self.parameters or len(set(names)) < len(names):
            raise ValueError(
                f"the parameters of a domain must be at least one, with names of their own; got {names}"
            )

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the parameters."""
        return tuple(parameter.name for parameter in self.parameters)

    def points(
        self, claim: str, version: int, *, seed: int, count: int, dear: bool = False
    ) -> list[dict[str, Any]]:
        """Return `count` different points, drawn independently; fewer where the domain has no more.

        Raises
        ------
        ValueError
            if none of a thousand draws is an allowed point.
        """
        draws = (
            generator(seed, f"{claim}-domain", version, "point", {}, k).random(len(self.parameters))
            for k in itertools.count()
        )
        return self._first(draws, count, dear)

    def design(self, count: int, *, seed: int = 0) -> list[dict[str, Any]]:
        """Return `count` different points that fill the domain evenly, the dear ones too; fewer where it has no more."""
        from scipy.stats import qmc

        sequence = qmc.Halton(len(self.parameters), rng=np.random.default_rng(seed))
        return self._first((sequence.random(1)[0] for _ in itertools.count()), count, dear=True)

    def _first(self, draws: Iterator[Any], count: int, dear: bool) -> list[dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        in_vain = 0
        for shares in draws:
            point = {
                parameter.name: parameter.value(float(u)) for parameter, u in zip(self.parameters, shares)
            }
            text = canonical(point)
            if text in found or not self.contains(point) or (not dear and self.dear and self.dear(point)):
                in_vain += 1
                if in_vain < TRIES:
                    continue
                if found:
                    break
                raise ValueError(f"no point of the domain is allowed, of {TRIES} drawn: {self}")
            found[text], in_vain = point, 0
            if len(found) == count:
                break
        return list(found.values())

    def contains(self, point: Cell) -> bool:
        """Return whether a combination of the parameters belongs to the domain.

        `allowed` is asked once of a point: a prediction may decide it, and each run draws the same points again.
        """
        if self.allowed is None:
            return True
        text = canonical(point)
        if text not in self._asked:
            self._asked[text] = self.allowed(point)
        return self._asked[text]

    def with_values(self, name: str, values: tuple[Any, ...]) -> Domain:
        """Return the domain with other values of one choice, such as the caller's matrices."""
        return replace(
            self,
            parameters=tuple(
                replace(parameter, values=values)
                if isinstance(parameter, Choice) and parameter.name == name
                else parameter
                for parameter in self.parameters
            ),
        )

    def coordinate(self, name: str, point: Cell) -> float:
        """Return a parameter or derived quantity of a point, on the scale on which its range is even.

        Raises
        ------
        ValueError
            for a name that the domain does not have, or a choice of words.
        """
        for quantity in self.derived:
            if quantity.name == name:
                return quantity.coordinate(point)
        for parameter in self.parameters:
            if parameter.name == name:
                if isinstance(parameter, Range):
                    return parameter.coordinate(point[name])
                return float(point[name])
        raise ValueError(f"the domain has no {name!r}; it has {', '.join(self.names)}")

    def words_of(self, point: Mapping[str, Any]) -> str:
        """Return a point in words.

        >>> Domain((Choice("blocks", (2, 8), "communities", ""),)).words_of({"blocks": 8})
        'communities 8'
        """
        return ", ".join(
            f"{parameter.words} {told(value) if isinstance(value := point[parameter.name], float | int) else value}"
            for parameter in self.parameters
        )

    def recipe(self) -> list[Any]:
        """Return what the hash of a claim covers of its domain: names, ranges, scales; and the words of what functions decide."""
        ranges = [
            [p.name, list(p.values)] if isinstance(p, Choice) else [p.name, p.low, p.high, p.log, p.whole]
            for p in self.parameters
        ]
        return [
            ranges,
            self.fixed,
            self.allowed_words,
            self.dear_words,
            [quantity.name for quantity in self.derived],
        ]

    def __str__(self) -> str:
        where = [f"where {self.allowed_words}"] if self.allowed_words else []
        fixed = [f"with {self.fixed}"] if self.fixed else []
        dear = [f"{self.dear_words} left to the thorough size and to maps"] if self.dear_words else []
        return "; ".join([*map(str, self.parameters), *where, *fixed, *dear])
