"""What do trials show? Studies are run, claims are judged, and real matrices are compared with synthetic twins."""

from experiments.asserting import assert_verdict
from experiments.judging.boundary import Boundary
from experiments.judging.claim import Arm, Claim, at
from experiments.judging.claim_map import map_claim
from experiments.judging.criterion import Criterion, Rule
from experiments.judging.domain import Choice, Derived, Domain, Range
from experiments.judging.estimand import Estimand
from experiments.judging.falsification import falsify
from experiments.judging.family import Rival
from experiments.judging.figure import Figure
from experiments.judging.ledger import Ledger
from experiments.matrices import RealMatrix, load
from experiments.matrices.model_files import read_model
from experiments.matrices.writers import write_matrix
from experiments.new_claim import new_claim
from experiments.real.block_fit import fit_bipartite, fit_graph
from experiments.real.checked_forecast import CheckedForecast, check_forecast
from experiments.real.comparison import compare
from experiments.real.dated_snapshots import dated_logs, dated_snapshots
from experiments.real.graph_twins import GraphTwinModel, fit_graph_twin
from experiments.real.hidden_pairs import folds_of, given_pairs, pairs_to_find
from experiments.real.own_matrices import OwnMatrix, read_own
from experiments.real.own_spikes import OwnSpikes, spikes_of
from experiments.real.own_trust import OwnTrust, trust_of
from experiments.real.predictive_p_value import predictive_p_value
from experiments.real.questions import questions_of, questions_of_vectors
from experiments.real.rank_choice import RankChoice, choose_rank_by_recall
from experiments.real.retrieval import HeldOut, Retrieval, edge_recall, hide_edges, hold_out, retrieve
from experiments.real.snapshots import SnapshotStability, stability_of
from experiments.real.trust import Trust
from experiments.real.trust import forecast as forecast_trust
from experiments.real.twin_p_value import Departure, adjusted_p_values, twin_p_value
from experiments.real.twins import TwinModel, find_item_blocks, find_node_blocks, fit_twin, sample_twin
from experiments.running.export import export, read_rows
from experiments.running.runner import TooManyFailures, run, run_all
from experiments.running.spreadsheet import cell_of_text, text_of_cell
from experiments.running.study import Study, product, zipped
from experiments.stored_studies import replay
from experiments.studies.study_file import read_study, shipped_studies
from experiments.verification import verify

__all__ = [
    "Arm",
    "Boundary",
    "CheckedForecast",
    "Choice",
    "Claim",
    "Criterion",
    "Departure",
    "Derived",
    "Domain",
    "Estimand",
    "Figure",
    "GraphTwinModel",
    "HeldOut",
    "Ledger",
    "OwnMatrix",
    "OwnSpikes",
    "OwnTrust",
    "Range",
    "RankChoice",
    "RealMatrix",
    "Retrieval",
    "Rival",
    "Rule",
    "SnapshotStability",
    "Study",
    "TooManyFailures",
    "Trust",
    "TwinModel",
    "adjusted_p_values",
    "assert_verdict",
    "at",
    "cell_of_text",
    "choose_rank_by_recall",
    "check_forecast",
    "compare",
    "dated_logs",
    "dated_snapshots",
    "edge_recall",
    "export",
    "falsify",
    "find_item_blocks",
    "find_node_blocks",
    "fit_bipartite",
    "fit_graph",
    "fit_graph_twin",
    "fit_twin",
    "folds_of",
    "forecast_trust",
    "given_pairs",
    "hide_edges",
    "hold_out",
    "load",
    "map_claim",
    "new_claim",
    "pairs_to_find",
    "predictive_p_value",
    "product",
    "questions_of",
    "questions_of_vectors",
    "read_model",
    "read_own",
    "read_rows",
    "read_study",
    "replay",
    "retrieve",
    "run",
    "run_all",
    "sample_twin",
    "shipped_studies",
    "spikes_of",
    "stability_of",
    "text_of_cell",
    "trust_of",
    "twin_p_value",
    "verify",
    "write_matrix",
    "zipped",
]
