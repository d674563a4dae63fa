"""Models with known truth, exact samplers, noise, interaction logs, growth and matched nulls."""

from simulate.block_models import BlockModel, dcbm, sbm
from simulate.edges import sample_graph
from simulate.heterogeneity import Constant, Heterogeneity, LogNormal, Pareto

__all__ = ["BlockModel", "Constant", "Heterogeneity", "LogNormal", "Pareto", "dcbm", "sample_graph", "sbm"]
