"""Models with known truth, exact samplers, noise, interaction logs, growth and matched nulls."""

from simulate.block_models import BlockModel, dcbm, sbm
from simulate.edges import sample_edges, sample_graph
from simulate.heterogeneity import Constant, Gamma, Given, Heterogeneity, LogNormal, Pareto, Zipf
from simulate.interactions import (
    InteractionModel,
    inclusion_probabilities,
    sample_fixed_lengths,
    sample_interactions,
)

__all__ = [
    "BlockModel",
    "Constant",
    "Gamma",
    "Given",
    "Heterogeneity",
    "InteractionModel",
    "LogNormal",
    "Pareto",
    "Zipf",
    "dcbm",
    "inclusion_probabilities",
    "sample_edges",
    "sample_fixed_lengths",
    "sample_graph",
    "sample_interactions",
    "sbm",
]
