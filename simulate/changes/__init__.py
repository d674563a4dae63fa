"""What spoils a graph, and how does it change? Noise of a stated size, thinning and growth."""

from simulate.changes.background_edges import background_edges, block_noise
from simulate.changes.corrupted import Corrupted
from simulate.changes.growth import Growing, grow_graph, grow_log
from simulate.changes.lost_and_moved_edges import dropout, rewire
from simulate.changes.noisy_weights import additive_gaussian, weighted
from simulate.changes.thinning import thin_graph, thin_log
from simulate.changes.wrong_labels import label_noise

__all__ = [
    "Corrupted",
    "Growing",
    "additive_gaussian",
    "background_edges",
    "block_noise",
    "dropout",
    "grow_graph",
    "grow_log",
    "label_noise",
    "rewire",
    "thin_graph",
    "thin_log",
    "weighted",
]
