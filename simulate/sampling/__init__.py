"""What does a model produce? Exact samples of graphs and interaction logs, in time proportional to their edges."""

from simulate.sampling.bipartite_logs import sample_bipartite
from simulate.sampling.directed_graphs import sample_directed
from simulate.sampling.dot_product_graphs import sample_dot_product
from simulate.sampling.factor_graphs import sample_factor_graph
from simulate.sampling.graphs import sample_edges, sample_graph
from simulate.sampling.independent_pairs import LAWS, EdgeList, Law
from simulate.sampling.logs import Contexts, draw_contexts, sample_interactions
from simulate.sampling.logs_of_given_lengths import inclusion_probabilities, sample_fixed_lengths
from simulate.sampling.popularity_adjusted_graphs import sample_pabm
from simulate.sampling.sharded_graphs import Shard, ShardedGraph
from simulate.sampling.snapshots import sample_snapshots
from simulate.sampling.weighted_graphs import sample_weighted

__all__ = [
    "LAWS",
    "Contexts",
    "EdgeList",
    "Law",
    "Shard",
    "ShardedGraph",
    "draw_contexts",
    "inclusion_probabilities",
    "sample_bipartite",
    "sample_directed",
    "sample_dot_product",
    "sample_edges",
    "sample_factor_graph",
    "sample_fixed_lengths",
    "sample_graph",
    "sample_interactions",
    "sample_pabm",
    "sample_snapshots",
    "sample_weighted",
]
