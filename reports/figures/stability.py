"""The figure of stability: the share of neighbours that items keep, by fifth of the norm, over snapshots or for one pair.

With three or more snapshots each line is a fifth of the norm, and its points are the overlaps of each snapshot with the last
one, as in the paper. With two snapshots the fifths lie on the x axis.
"""

from __future__ import annotations

import pandas as pd

from experiments.judging.figure import Figure
from reports.figures.claims import draw

WORDS = ("smallest norm", "second", "third", "fourth", "largest norm")


def draw_stability(table: pd.DataFrame, k: int, similarity: str, title: str) -> str:
    """Return the overlap by fifth of the norm as SVG text.

    Parameters
    ----------
    table
        that of `experiments.stability_of`.
    k, similarity
        of its neighbours.
    title
        what the figure shows.

    Raises
    ------
    ValueError
        for a table without a fifth of the norm.
    """
    last = int(table["later"].max())
    norms = table[(table["group"] == "norm") & (table["later"] == last)]
    ylabel = f"share kept of the {k} nearest by {similarity}"
    if last == 2:
        figure = Figure(
            "line",
            "part",
            "overlap",
            "fifth of the norm, smallest first",
            ylabel,
            "",
            band=("overlap_low", "overlap_high"),
        )
        return draw(figure, norms, title)
    fifths = norms.assign(norm=norms["part"].map(lambda part: WORDS[part - 1]))
    # the largest norm first in the legend, as its line usually lies highest
    fifths = fifths.sort_values(["part", "earlier"], ascending=[False, True])
    figure = Figure(
        "line", "earlier", "overlap", f"snapshot, compared with the last one ({last})", ylabel, "", hue="norm"
    )
    return draw(figure, fifths, title)
