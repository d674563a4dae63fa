"""Studies and claims, the runner and the store, real matrices, file formats and twins."""

from experiments.judging.claim import Claim, Figure
from experiments.judging.ledger import Ledger, verify
from experiments.judging.verdict import Criterion, Rule
from experiments.real.block_fit import fit_bipartite, fit_graph
from experiments.real.twins import (
    TwinComparison,
    TwinModel,
    compare_with_twins,
    find_item_blocks,
    fit_twin,
    sample_twins,
)
from experiments.running.runner import run, run_all
from experiments.running.study import Study, product, zipped

__all__ = [
    "Claim",
    "Criterion",
    "Figure",
    "Ledger",
    "Rule",
    "Study",
    "TwinComparison",
    "TwinModel",
    "compare_with_twins",
    "find_item_blocks",
    "fit_bipartite",
    "fit_graph",
    "fit_twin",
    "product",
    "run",
    "run_all",
    "sample_twins",
    "verify",
    "zipped",
]
