"""Which items does an analysis leave out, and why? One sentence, the same wherever items of a log are counted.

PPMI and the counts keep an item of a log if it occurs together with one other item in at least `MIN_COUNT` = 2 contexts, and PPMI
only where that is more often than chance: c_ij > c_i c_j / N. Of a graph every node is kept.
"""

from __future__ import annotations

import theory
from theory.analysis.pipeline import default_operator
from theory.analysis.ppmi import MIN_COUNT


def left_out(n_items: int, found: theory.Analysed) -> tuple[str, ...]:
    """Return how many of the items that were read have no row in their analysis, and why; empty where all have one.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.hstack([np.kron(np.eye(2), np.ones((3, 2))), np.eye(6, 1)])
    >>> left_out(5, theory.analyse(x, 2, kind="interactions"))[0].split(" (")[0]
    '1 of 5 items is left out: no other item occurs together with it in 2 contexts or more, and more often than chance'
    """
    lacking = n_items - found.items.size
    if lacking <= 0:
        return ()
    is_, it = ("is", "it") if lacking == 1 else ("are", "them")
    chance = ", and more often than chance" if found.operator == default_operator("interactions") else ""
    return (
        f"{lacking:,} of {n_items:,} items {is_} left out: no other item occurs together with {it} in {MIN_COUNT} contexts or "
        f"more{chance} (docs/formats.md)",
    )
