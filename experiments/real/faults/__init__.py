"""What is wrong with an embedding? Checks of its rows and columns, each with its null and one sentence that says what to "
"do."""

from experiments.real.faults.all_checks import checks_of
from experiments.real.faults.check import Check

__all__ = ["Check", "checks_of"]
