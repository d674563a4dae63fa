"""Studies and claims, the runner and the store, real matrices, file formats and twins."""

from experiments.block_fit import fit_bipartite, fit_graph
from experiments.claim import Claim, Figure
from experiments.ledger import Ledger, verify
from experiments.runner import run, run_all
from experiments.study import Study, product, zipped
from experiments.twins import (
    TwinComparison,
    TwinModel,
    compare_with_twins,
    find_item_blocks,
    fit_twin,
    sample_twins,
)
from experiments.verdict import Criterion, Rule

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
