"""Models with known truth, exact samplers, noise, interaction logs, growth and matched nulls."""

from simulate.bipartite import BipartiteModel, sample_bipartite
from simulate.block_models import BlockModel, dcbm, sbm
from simulate.edges import sample_edges, sample_graph
from simulate.factor_models import (
    FactorModel,
    mixed_membership,
    nested_blocks,
    overlapping_membership,
    sample_factor_graph,
)
from simulate.growth import Growing, grow_graph, grow_log
from simulate.heterogeneity import Constant, Gamma, Given, Heterogeneity, LogNormal, Pareto, Zipf
from simulate.interactions import InteractionModel, sample_interactions
from simulate.interop import from_graspologic, from_networkx, to_graspologic, to_networkx
from simulate.successive_sampling import inclusion_probabilities, sample_fixed_lengths

__all__ = [
    "from_graspologic",
    "from_networkx",
    "to_graspologic",
    "to_networkx",
    "BipartiteModel",
    "sample_bipartite",
    "sample_factor_graph",
    "overlapping_membership",
    "nested_blocks",
    "mixed_membership",
    "grow_log",
    "grow_graph",
    "Growing",
    "FactorModel",
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
