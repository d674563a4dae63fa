"""The analysis and its mathematics: PPMI, embedding, Spk, Theorem 3.4 both ways, and predictions."""

from theory.block_structure import Rays, RecoveredBlockModel, block_model_from_spikes, rays
from theory.cooccurrence import PPMI, ppmi
from theory.degrees import estimate_degrees
from theory.embedding import Embedding, embed
from theory.spikes import Spikes, spikiness

__all__ = ["PPMI", "Embedding", "Rays", "RecoveredBlockModel", "Spikes", "block_model_from_spikes", "embed", "estimate_degrees", "ppmi", "rays", "spikiness"]
