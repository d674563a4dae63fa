"""D6. Under cosine too, vectors of large norm keep more of their neighbours.

Within a ray all cosines are 1 in the population: an item's neighbours by cosine are ordered by noise alone, and the noises of a
row in two snapshots correlate as sqrt(keep) whatever its norm (docs/theory.md, section 9.3). The share of neighbours kept then
does not depend on the norm, unless edges are so few that items of small norm lose their direction, and with it their community.
The control is the dot product, where the norm decides. Dated real matrices are shown beside these.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from experiments.claims.snapshots import (
    DOMAIN,
    MATRICES,
    NEIGHBOURS,
    OWN,
    by_fifth,
    by_growth_and_search,
    dated,
    growing,
    top_and_lead,
)
from experiments.judging.claim import REPLICATES, Arm, Claim
from experiments.judging.criterion import Criterion, Rule
from experiments.judging.estimand import Estimand
from experiments.judging.figure import Figure
from experiments.running.study import Cell


def arms(points: Sequence[Cell], matrices: tuple[str, ...] = MATRICES) -> tuple[Arm, ...]:
    """Growing graphs under cosine; under dot product inside the own fifth as the control; dated matrices as evidence."""
    inside = [{**point, "search": OWN} for point in points[:4]]
    return (
        growing("claim", points, "uniform", "cosine"),
        growing("control", inside, "uniform", "dot"),
        *dated(points, matrices, "cosine"),
    )


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the lead of the fifth of largest norm over the mean of the others."""
    return top_and_lead(rows)[["lead"]]


def measurements(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the stability of the fifth of largest norm and its lead, for each search and dated matrix."""
    found = {}
    for words, part in by_growth_and_search(rows).items():
        jaccard = top_and_lead(part)
        found[Estimand("top", f"Jaccard index of the fifth of largest norm, cosine, {words}", "%")] = jaccard[
            "top"
        ]
        found[Estimand("lead", f"its lead over the others, cosine, {words}", "%")] = jaccard["lead"]
    return pd.DataFrame(found)


claim = Claim(
    id="D6",
    title="Under cosine vectors of large norm are stable too",
    statement="Between two snapshots of a block model, by cosine in U Sigma too, the fifth of the vectors with the largest norm "
    "keeps clearly more neighbours than the others.",
    source="The paper's figure of stability (as reconstructed); docs/theory.md, section 9.3.",
    expected="refuted",
    version=3,
    arms=arms,
    replicates={"quick": REPLICATES, "default": 2 * REPLICATES, "thorough": 2 * REPLICATES},
    domain=DOMAIN,
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                Estimand("lead", "neighbours kept by cosine, fifth of largest norm less the others", "%"),
                ">=",
                0.05,
                asks="by cosine the fifth of largest norm keeps at least {threshold} more of its neighbours than the others",
                origin="a difference that a reader sees in a figure, as in D5",
                failure="by cosine the share of neighbours kept hardly depends on the norm",
            ),
        ),
        control=("holds",),
    ),
    finding="In block models a lead appears only where communities hardly stand out of the noise. Films show one under cosine, "
    "half of it or more with their items permuted as well: finite counts leave items of small norm few pairs.",
    matrices=MATRICES,
    dated=True,
    measurements=measurements,
    control="dot product in place of cosine inside the own fifth, where the norm decides which items come first",
    figures=(
        Figure(
            kind="line",
            x="fifth",
            y="jaccard",
            hue="search",
            xlabel="fifth of the norm, smallest first",
            ylabel=f"Jaccard index of {NEIGHBOURS} neighbours",
            finding="by cosine the fifth of largest norm leads by {lead:.3f} where it leads by least",
            points=by_fifth,
        ),
    ),
)
