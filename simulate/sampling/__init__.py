"""What does a model produce? Exact samples of graphs and interaction logs, in time proportional to their edges."""

from simulate.sampling.bipartite_logs import sample_bipartite
from simulate.sampling.factor_graphs import sample_factor_graph
from simulate.sampling.graphs import sample_edges, sample_graph
from simulate.sampling.independent_pairs import LAWS, EdgeList, Law
from simulate.sampling.logs import Contexts, draw_contexts, sample_interactions
from simulate.sampling.logs_of_given_lengths import inclusion_probabilities, sample_fixed_lengths

__all__ = [
    "LAWS",
    "Contexts",
    "EdgeList",
    "Law",
    "draw_contexts",
    "inclusion_probabilities",
    "sample_bipartite",
    "sample_edges",
    "sample_factor_graph",
    "sample_fixed_lengths",
    "sample_graph",
    "sample_interactions",
]
