"""The analysis and its mathematics: PPMI, embedding, Spk, Theorem 3.4 both ways, and predictions."""

from theory.analysis.advice import Advice, advise
from theory.analysis.angles_to_axes import axes_of_blocks, cosines_to_axes
from theory.analysis.communities import leiden
from theory.analysis.cooccurrence import Cooccurrence, cooccurrence
from theory.analysis.degrees import estimate_degrees, estimate_degrees_within_spikes
from theory.analysis.embedding import Embedding, capped_rank, embed
from theory.analysis.factorizations import factorize
from theory.analysis.norm_dispersion import norm_dispersion
from theory.analysis.operators.edge_matrices import bethe_hessian
from theory.analysis.operators.matrices import operator_matrix
from theory.analysis.operators.population import population
from theory.analysis.operators.table import OPERATORS, Operator
from theory.analysis.optimal_cover import Cover, max_coverage_greedy, optimal_cover
from theory.analysis.partition import SpikePartition, nearest_spike, partition_by_spikes
from theory.analysis.peak_count import PeakCount, count_peaks
from theory.analysis.pipeline import Analysed, analyse
from theory.analysis.ppmi import PPMI, ppmi
from theory.analysis.principal_axes import on_principal_axes
from theory.analysis.rectangular_embedding import RectangularEmbedding, embed_rectangular
from theory.analysis.row_normalisation import eigenvector_ratios, unit_rows
from theory.analysis.scalings import POWER, SCALINGS, Scaling, scaled
from theory.analysis.similarity import Neighbours, ndcg_at_k, recall_at_k, top_k
from theory.analysis.spikes import Spikes, spikiness
from theory.analysis.spikiness_curve import SpikinessCurve, default_ranks, spikiness_curve
from theory.analysis.spikiness_grid import SpikinessGrid, spikiness_grid
from theory.analysis.spikiness_of_sample import spikiness_of_sample
from theory.analysis.stability import Stability, align, shared_neighbours, stability
from theory.analysis.truncation import parallel_analysis, spikiness_knee, zhu_ghodsi_elbows
from theory.prediction.chance_of_spectrum import chance_peaks_of_spectrum
from theory.prediction.chance_peaks import ChancePeaks, cap_probability, chance_peaks
from theory.prediction.collinear_share import CollinearFraction
from theory.prediction.degree_error import DegreeError
from theory.prediction.outliers import Outliers
from theory.prediction.row_covariance import RowCovariance
from theory.prediction.sample import PredictedSample
from theory.prediction.shortcuts import (
    collinear_fraction,
    degree_error,
    expected_squared_sine,
    low_degree_norm_bias,
    noise_energy,
    outliers,
    predicted_spikiness,
    predicted_stability,
    row_covariance,
    spectral_edge,
    surrogate,
    visibility,
)
from theory.prediction.spikiness import PredictedSpikiness
from theory.prediction.stability import PredictedStability, predicted_overlap, thinned_snapshots
from theory.prediction.truncations import Truncations, compare_truncations
from theory.theorem.certificates import Certificate, certify
from theory.theorem.merging import merged_communities
from theory.theorem.rays import Rays, rays
from theory.theorem.recovery import RecoveredBlockModel, block_model_from_spikes

__all__ = [
    "OPERATORS",
    "Operator",
    "bethe_hessian",
    "eigenvector_ratios",
    "operator_matrix",
    "population",
    "unit_rows",
    "Advice",
    "PredictedStability",
    "advise",
    "analyse",
    "Analysed",
    "capped_rank",
    "default_ranks",
    "partition_by_spikes",
    "POWER",
    "scaled",
    "SCALINGS",
    "SpikePartition",
    "axes_of_blocks",
    "leiden",
    "zhu_ghodsi_elbows",
    "merged_communities",
    "predicted_stability",
    "PredictedSample",
    "PredictedSpikiness",
    "predicted_spikiness",
    "noise_energy",
    "Cover",
    "SpikinessCurve",
    "SpikinessGrid",
    "max_coverage_greedy",
    "nearest_spike",
    "norm_dispersion",
    "on_principal_axes",
    "optimal_cover",
    "spikiness_curve",
    "spikiness_grid",
    "spikiness_of_sample",
    "Truncations",
    "compare_truncations",
    "parallel_analysis",
    "spikiness_knee",
    "ChancePeaks",
    "PeakCount",
    "cap_probability",
    "chance_peaks",
    "chance_peaks_of_spectrum",
    "count_peaks",
    "DegreeError",
    "degree_error",
    "estimate_degrees_within_spikes",
    "low_degree_norm_bias",
    "Certificate",
    "certify",
    "embed_rectangular",
    "RectangularEmbedding",
    "cooccurrence",
    "Cooccurrence",
    "Neighbours",
    "Stability",
    "align",
    "factorize",
    "ndcg_at_k",
    "predicted_overlap",
    "recall_at_k",
    "shared_neighbours",
    "stability",
    "thinned_snapshots",
    "top_k",
    "PPMI",
    "CollinearFraction",
    "Embedding",
    "Outliers",
    "Rays",
    "RecoveredBlockModel",
    "RowCovariance",
    "Scaling",
    "Spikes",
    "block_model_from_spikes",
    "collinear_fraction",
    "cosines_to_axes",
    "embed",
    "estimate_degrees",
    "expected_squared_sine",
    "outliers",
    "ppmi",
    "rays",
    "row_covariance",
    "spectral_edge",
    "spikiness",
    "surrogate",
    "visibility",
]
