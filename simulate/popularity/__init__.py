"""How unequal are the nodes? Laws of the propensities theta, chosen by parameter or by spread, and the spread of a sample."""

from simulate.popularity.laws import Constant, Gamma, Given, Heterogeneity, LogNormal, Pareto, Zipf
from simulate.popularity.realised_spread import Realised, realised

__all__ = [
    "Constant",
    "Gamma",
    "Given",
    "Heterogeneity",
    "LogNormal",
    "Pareto",
    "Realised",
    "Zipf",
    "realised",
]
