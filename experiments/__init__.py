"""Studies and claims, the runner and the store, real matrices, file formats and twins."""

from experiments.claim import Claim, Figure
from experiments.ledger import Ledger, verify
from experiments.runner import run, run_all
from experiments.study import Study, product, zipped
from experiments.verdict import Criterion, Rule

__all__ = [
    "Claim",
    "Criterion",
    "Figure",
    "Ledger",
    "Rule",
    "Study",
    "product",
    "run",
    "run_all",
    "verify",
    "zipped",
]
