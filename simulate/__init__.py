"""Models with known truth, exact samplers, noise, interaction logs, growth and matched nulls."""

from simulate.changes.growth import Growing, grow_graph, grow_log
from simulate.changes.thinning import thin_graph
from simulate.exchange import from_graspologic, from_networkx, to_graspologic, to_networkx
from simulate.models.bipartite_models import BipartiteModel, sample_bipartite
from simulate.models.block_models import BlockModel, dcbm, sbm
from simulate.models.factor_models import (
    FactorModel,
    mixed_membership,
    nested_blocks,
    overlapping_membership,
    sample_factor_graph,
)
from simulate.popularity import Constant, Gamma, Given, Heterogeneity, LogNormal, Pareto, Zipf
from simulate.sampling.graphs import sample_edges, sample_graph
from simulate.sampling.independent_pairs import LAWS, Law
from simulate.sampling.logs import InteractionModel, sample_interactions
from simulate.sampling.logs_of_given_lengths import inclusion_probabilities, sample_fixed_lengths

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
    "LAWS",
    "Law",
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
    "thin_graph",
]
