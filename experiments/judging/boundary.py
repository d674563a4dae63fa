"""Where in its domain is a claim true? A boundary: a frozen formula in at most two quantities, that each run tests on its points.

The formula is linear in the coordinates of the domain (logarithms where ranges are logarithmic), so that it reads as a power law:
score = constant + sum of coefficient x coordinate, and the claim is said to be true where the score is at least 0. It is fitted
to a map by logistic regression (`experiments.judging.map`) before the run that it is tested on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from experiments.judging.domain import Domain
from experiments.running.study import Cell

MOST_TERMS = 2


@dataclass(frozen=True)
class Boundary:
    """The region in which a claim is true.

    Parameters
    ----------
    words
        completes "True only if ...": the region, a condition under which the claim is true.
    terms
        coefficient for each quantity of the domain by name, at most two.
    constant
        of the score.
    points, error
        of the map that it was fitted to: how many, and the share told wrong in cross-validation.
    """

    words: str
    terms: Mapping[str, float]
    constant: float
    points: int
    error: float

    def __post_init__(self) -> None:
        if not 1 <= len(self.terms) <= MOST_TERMS:
            raise ValueError(
                f"a boundary is a formula in one or {MOST_TERMS} quantities; got {list(self.terms)}"
            )

    def score(self, domain: Domain, point: Cell) -> float:
        """Return how far inside the region a point lies, on the scale of the logistic regression; negative outside."""
        return self.constant + sum(
            coefficient * domain.coordinate(name, point) for name, coefficient in self.terms.items()
        )

    def inside(self, domain: Domain, point: Cell) -> bool:
        """Return whether the claim is said to be true at a point."""
        return self.score(domain, point) >= 0

    def recipe(self) -> list[Any]:
        """Return what the hash of a claim covers of it."""
        return [sorted(self.terms.items()), self.constant]

    def formula(self, domain: Domain) -> str:
        """Return the formula as text.

        >>> from experiments.judging.domain import Range
        >>> domain = Domain((Range("mean_degree", 10, 100, "mean degree", ""),))
        >>> Boundary("the graph is dense", {"mean_degree": 2.0}, -6.0, 100, 0.05).formula(domain)
        '2 ln(mean degree) >= 6'
        """
        words = {quantity.name: (quantity.words, quantity.log) for quantity in domain.derived}
        words |= {p.name: (p.words, getattr(p, "log", False)) for p in domain.parameters}
        parts = []
        for name, coefficient in self.terms.items():
            text = f"ln({words[name][0]})" if words[name][1] else words[name][0]
            sign = "-" if coefficient < 0 else "+"
            parts.append(f"{sign} {abs(coefficient):.3g} {text}")
        return f"{' '.join(parts).removeprefix('+ ')} >= {-self.constant:.3g}"
