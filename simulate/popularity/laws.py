"""Laws of the propensities theta, which say how unequal the nodes of a block are.

Every random law is drawn by its inverse CDF. With a `maximum` it is conditioned on theta <= maximum: the uniform variate is
drawn below the CDF at the maximum, so that no mass piles up there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from simulate.popularity.matched_spread import matched_parameter, variation
from simulate.validation import require_array, require_generator, require_integer, require_number


@runtime_checkable
class Heterogeneity(Protocol):
    """A law of theta: anything with `sample(n, rng)` that returns n positive numbers."""

    def sample(self, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """Draw n propensities."""
        ...


@dataclass(frozen=True)
class Constant:
    """theta = 1: the plain stochastic block model.

    >>> Constant().sample(3, np.random.default_rng(0))
    array([1., 1., 1.])
    """

    def sample(self, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """Return n ones."""
        require_generator(rng)
        return np.ones(require_integer(n, "n"))


@dataclass(frozen=True)
class Pareto:
    """P(theta > x) = x^-exponent for x >= 1, conditioned on theta <= maximum.

    >>> bool(Pareto(2.5, maximum=30).sample(1000, np.random.default_rng(0)).max() <= 30)
    True
    """

    exponent: float
    maximum: float | None = None

    def __post_init__(self) -> None:
        require_number(self.exponent, "exponent", above=0)
        if self.maximum is not None:
            require_number(self.maximum, "maximum", above=1)

    @classmethod
    def from_cv(cls, cv: float, maximum: float | None = None) -> Pareto:
        """Return the law whose coefficient of variation is `cv` once conditioned: cv^2 = 1 / (a (a - 2)) without maximum.

        >>> round(Pareto.from_cv(1.0).exponent, 6)
        2.414214
        """
        require_number(cv, "cv", above=0)
        if maximum is None:
            return cls(1 + math.sqrt(1 + cv**-2))
        require_number(maximum, "maximum", above=1)

        def moment(power: float, a: float) -> float:
            # the integral of x^(power - a - 1) from 1 to the maximum; exact at power = a too
            return float(special.boxcox(maximum, power - a))

        return cls(
            matched_parameter(
                cv, lambda a: variation(*(moment(p, a) for p in (0, 1, 2))), 1e-3, 1e3, maximum
            ),
            maximum,
        )

    def sample(self, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """Draw n propensities."""
        survival = 0.0 if self.maximum is None else self.maximum**-self.exponent
        uniform = _uniform(n, rng)
        return np.asarray((1.0 - uniform * (1.0 - survival)) ** (-1.0 / self.exponent))


@dataclass(frozen=True)
class LogNormal:
    """ln theta is normal with mean 0 and standard deviation sigma, conditioned on theta <= maximum.

    >>> round(LogNormal.from_cv(0.8).sigma, 6)
    0.703346
    """

    sigma: float
    maximum: float | None = None

    def __post_init__(self) -> None:
        require_number(self.sigma, "sigma", least=0)
        if self.maximum is not None:
            require_number(self.maximum, "maximum", above=0)

    @classmethod
    def from_cv(cls, cv: float, maximum: float | None = None) -> LogNormal:
        """Return the law whose coefficient of variation is `cv` once conditioned: sigma^2 = ln(1 + cv^2) without maximum."""
        require_number(cv, "cv", least=0)
        if maximum is None or cv == 0:
            return cls(math.sqrt(math.log1p(cv**2)), maximum)
        top = math.log(require_number(maximum, "maximum", above=0))

        def moment(power: float, sigma: float) -> float:
            return float(np.exp((power * sigma) ** 2 / 2 + special.log_ndtr(top / sigma - power * sigma)))

        return cls(
            matched_parameter(
                cv, lambda s: variation(*(moment(p, s) for p in (0, 1, 2))), 1e-3, 10.0, maximum
            ),
            maximum,
        )

    def sample(self, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """Draw n propensities."""
        if self.sigma == 0:
            return np.ones(require_integer(n, "n"))
        below = 1.0 if self.maximum is None else float(special.ndtr(math.log(self.maximum) / self.sigma))
        return np.asarray(np.exp(self.sigma * special.ndtri(_uniform(n, rng) * below)))


@dataclass(frozen=True)
class Gamma:
    """theta is gamma distributed with mean 1 and coefficient of variation `cv`, conditioned on theta <= maximum.

    >>> Gamma(0.5).sample(4, np.random.default_rng(0)).shape
    (4,)
    """

    cv: float
    maximum: float | None = None

    def __post_init__(self) -> None:
        require_number(self.cv, "cv", above=0)
        if self.maximum is not None:
            require_number(self.maximum, "maximum", above=0)

    @classmethod
    def from_cv(cls, cv: float, maximum: float | None = None) -> Gamma:
        """Return the law whose coefficient of variation is `cv` once conditioned; `Gamma(cv)` without maximum."""
        require_number(cv, "cv", above=0)
        if maximum is None:
            return cls(cv)
        require_number(maximum, "maximum", above=0)

        def moment(power: int, own: float) -> float:
            shape = own**-2
            rising = (1.0, shape, shape * (shape + 1))[power]
            return float(rising * shape**-power * special.gammainc(shape + power, shape * maximum))

        return cls(
            matched_parameter(
                cv, lambda c: variation(*(moment(p, c) for p in (0, 1, 2))), 1e-2, 30.0, maximum
            ),
            maximum,
        )

    def sample(self, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """Draw n propensities."""
        shape = 1.0 / self.cv**2
        below = 1.0 if self.maximum is None else float(special.gammainc(shape, shape * self.maximum))
        return np.asarray(special.gammaincinv(shape, _uniform(n, rng) * below) / shape)


@dataclass(frozen=True)
class Zipf:
    """theta = rank^-exponent for the ranks 1..n in random order: the popularity of the r-th most popular item.

    >>> sorted(Zipf(1.0).sample(4, np.random.default_rng(0)).tolist())
    [0.25, 0.3333333333333333, 0.5, 1.0]
    """

    exponent: float = 1.0

    def __post_init__(self) -> None:
        require_number(self.exponent, "exponent", least=0)

    @classmethod
    def from_cv(cls, cv: float, n: int) -> Zipf:
        """Return the law whose n propensities have the coefficient of variation `cv`, at most sqrt(n - 1).

        >>> from simulate import realised
        >>> round(realised(Zipf.from_cv(2.0, 1000).sample(1000, np.random.default_rng(0))).cv, 9)
        2.0
        """
        require_number(cv, "cv", above=0)
        ranks = np.arange(1, require_integer(n, "n", least=2) + 1, dtype=np.float64)

        def own(exponent: float) -> float:
            theta = ranks**-exponent
            return float(theta.std() / theta.mean())

        return cls(matched_parameter(cv, own, 1e-6, 50.0, None))

    def sample(self, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """Return the n propensities in random order."""
        ranks = np.arange(1, require_integer(n, "n") + 1, dtype=np.float64)
        return np.asarray(require_generator(rng).permutation(ranks**-self.exponent))


@dataclass(frozen=True, eq=False)
class Given:
    """theta as given, in the order of the nodes; only models of that many nodes can be drawn.

    >>> Given([1.0, 2.0]).sample(2, np.random.default_rng(0)).tolist()
    [1.0, 2.0]
    """

    values: ArrayLike

    def __post_init__(self) -> None:
        values = require_array(self.values, "values")
        if values.ndim != 1 or (values.size and values.min() < 0):
            raise ValueError(f"values must be a vector of propensities of at least 0; got {self.values!r}")

    def sample(self, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """Return the values, if there are n."""
        values = np.array(self.values, dtype=np.float64)
        if values.shape != (n,):
            raise ValueError(f"values must be one propensity per node, shape ({n},); got {values.shape}")
        return values


def _uniform(n: int, rng: np.random.Generator) -> NDArray[np.float64]:
    # the open interval: an inverse CDF at 0 would be an infinity
    return np.asarray(require_generator(rng).random(require_integer(n, "n"))) * (1 - 2**-53) + 2**-54
