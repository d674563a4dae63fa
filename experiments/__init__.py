"""Studies and claims, the runner and the store, real matrices, file formats and twins."""

from experiments.judging.claim import Arm, Claim
from experiments.judging.criterion import Criterion, Rule
from experiments.judging.estimand import Estimand
from experiments.judging.figure import Figure
from experiments.judging.ledger import Ledger
from experiments.real.block_fit import fit_bipartite, fit_graph
from experiments.real.twins import (
    TwinModel,
    find_item_blocks,
    fit_twin,
)
from experiments.running.export import export, read_rows
from experiments.running.runner import TooManyFailures, run, run_all
from experiments.running.study import Study, product, zipped
from experiments.stored_studies import replay
from experiments.studies.study_file import read_study, shipped_studies
from experiments.verification import verify

__all__ = [
    "Arm",
    "Claim",
    "Criterion",
    "Estimand",
    "Figure",
    "Ledger",
    "Rule",
    "Study",
    "TooManyFailures",
    "TwinModel",
    "export",
    "find_item_blocks",
    "fit_bipartite",
    "fit_graph",
    "fit_twin",
    "product",
    "read_rows",
    "read_study",
    "replay",
    "run",
    "run_all",
    "shipped_studies",
    "verify",
    "zipped",
]
