"""D5. Vectors of large norm keep more than 80 % of their neighbours over time, others do not.

By dot product, neighbours searched in the whole catalogue are the items of largest norm of the item's spike, whatever the norm of
the item: all fifths then keep nearly the same share. Searched inside the item's own fifth, as in the authors' code, those of the
fifth of largest norm differ more from each other than noise does, and those of the other fifths do not (docs/theory.md, section
9.2). The share kept is told as the Jaccard index of the two lists; the authors' code calls "iou" the overlap, which is larger. In
the control growth does not follow degree: a trend moves popularity between items.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from experiments.claims.snapshots import (
    DOMAIN,
    MATRICES,
    NEIGHBOURS,
    by_fifth,
    by_growth_and_search,
    dated,
    growing,
    reversed_fifths,
    top_and_lead,
)
from experiments.judging.boundary import Boundary
from experiments.judging.claim import REPLICATES, Arm, Claim
from experiments.judging.criterion import Criterion, Rule
from experiments.judging.estimand import Estimand
from experiments.judging.family import Rival
from experiments.judging.figure import Figure
from experiments.running.study import Cell


def arms(points: Sequence[Cell], matrices: tuple[str, ...] = MATRICES) -> tuple[Arm, ...]:
    """Uniform growth; a trend as the control; arriving hubs and dated matrices as evidence."""
    return (
        growing("claim", points, "uniform", "dot"),
        growing("control", points[:4], "trend", "dot"),
        growing("evidence", points[:4], "arriving", "dot", "arriving-hubs"),
        *dated(points, matrices, "dot"),
    )


def measurements(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the stability of the fifth of largest norm and its lead, for each growth, search and dated matrix."""
    found = {}
    for words, part in by_growth_and_search(rows).items():
        jaccard, overlap = top_and_lead(part), top_and_lead(part, "overlap")
        found[Estimand("top", f"Jaccard index of the fifth of largest norm, {words}", "%")] = jaccard["top"]
        found[Estimand("lead", f"its lead over the others, {words}", "%")] = jaccard["lead"]
        found[Estimand("overlap", f"its overlap, {words}", "%")] = overlap["top"]
    return pd.DataFrame(found)


claim = Claim(
    id="D5",
    title="Vectors of large norm are stable",
    statement="Between two snapshots of a block model the fifth of the vectors with the largest norm keeps at least 80 % of its "
    "neighbours by dot product in U Sigma (Jaccard index), and clearly more than the other fifths.",
    source="The paper's figure of stability (as reconstructed); docs/theory.md, sections 9.1, 9.2 and 9.4.",
    expected="holds",
    version=4,
    arms=arms,
    replicates={"quick": REPLICATES, "default": 2 * REPLICATES, "thorough": 2 * REPLICATES},
    domain=DOMAIN,
    estimates=top_and_lead,
    boundary=Boundary(
        "neighbours are searched inside the item's own fifth, and their differences of popularity are at least 4.8 times the "
        "noise: many edges, few of them new, and popularity that varies",
        {"own": 9.73, "contrast": 4.54},
        -16.8,
        points=91,
        error=0.022,
    ),
    rivals=(Rival("the fifth of smallest norm in place of that of largest", reversed_fifths),),
    rule=Rule(
        (
            Criterion(
                Estimand("top", "neighbours that the fifth of largest norm keeps (Jaccard index)", "%"),
                ">=",
                0.8,
                asks=f"the fifth of largest norm keeps at least {{threshold}} of its {NEIGHBOURS} nearest neighbours",
                origin="the paper's 80 %",
                failure="even vectors of large norm lose more of their neighbours",
            ),
            Criterion(
                Estimand("lead", "neighbours kept, fifth of largest norm less the others", "%"),
                ">=",
                0.05,
                asks="the fifth of largest norm keeps at least {threshold} more of its neighbours than the others",
                origin="a difference that a reader sees in a figure",
                failure="vectors of smaller norm keep as many of their neighbours",
            ),
        ),
        control=("refuted",),
    ),
    finding="In block models every item has nearly the same neighbours in the whole catalogue, the items of largest norm of its "
    "spike, so that all fifths keep the same share. Films show a lead there too, half of it with their items permuted as well.",
    matrices=MATRICES,
    dated=True,
    measurements=measurements,
    control="a trend that moves popularity between items",
    figures=(
        Figure(
            kind="line",
            x="fifth",
            y="jaccard",
            hue="search",
            xlabel="fifth of the norm, smallest first",
            ylabel=f"Jaccard index of {NEIGHBOURS} neighbours",
            lines=(("80 %", 0.8),),
            finding="at the least favourable points the fifth of largest norm keeps {top:.0%}, and leads by {lead:.2f}",
            points=by_fifth,
        ),
    ),
)
