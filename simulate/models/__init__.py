"""What is the truth? Models of graphs and of interaction logs, and what follows from them: P, degrees, spectrum."""

from simulate.models.bipartite_models import BipartiteModel, Side
from simulate.models.block_models import BlockModel
from simulate.models.edge_probabilities import WorstPair
from simulate.models.factor_models import FactorModel, mixed_membership, overlapping_membership
from simulate.models.log_models import InteractionModel
from simulate.models.recipes import bipartite_dcbm, dcbm, nested_blocks, sbm

__all__ = [
    "BipartiteModel",
    "BlockModel",
    "FactorModel",
    "InteractionModel",
    "Side",
    "WorstPair",
    "bipartite_dcbm",
    "dcbm",
    "mixed_membership",
    "nested_blocks",
    "overlapping_membership",
    "sbm",
]
