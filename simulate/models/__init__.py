"""What is the truth? Models of graphs and of interaction logs, and what follows from them: P, degrees, spectrum."""

from simulate.models.bipartite_models import BipartiteModel, Side
from simulate.models.block_models import BlockModel
from simulate.models.directed_models import DirectedBlockModel
from simulate.models.dot_product_models import DotProductModel, as_dot_product
from simulate.models.dynamic_models import DynamicBlockModel, moving_labels
from simulate.models.edge_probabilities import WorstPair
from simulate.models.factor_models import FactorModel, mixed_membership, overlapping_membership
from simulate.models.log_models import InteractionModel
from simulate.models.popularity_adjusted_models import PopularityAdjustedModel, pabm
from simulate.models.recipes import bipartite_dcbm, dcbm, directed_dcbm, nested_blocks, sbm
from simulate.models.weight_laws import GaussianWeights, NegativeBinomialWeights, mean_model

__all__ = [
    "BipartiteModel",
    "BlockModel",
    "DirectedBlockModel",
    "DotProductModel",
    "DynamicBlockModel",
    "FactorModel",
    "GaussianWeights",
    "InteractionModel",
    "NegativeBinomialWeights",
    "PopularityAdjustedModel",
    "Side",
    "WorstPair",
    "as_dot_product",
    "bipartite_dcbm",
    "dcbm",
    "directed_dcbm",
    "mean_model",
    "mixed_membership",
    "moving_labels",
    "nested_blocks",
    "overlapping_membership",
    "pabm",
    "sbm",
]
