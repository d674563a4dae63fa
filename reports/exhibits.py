"""Drawing spikes: two projections of the leading dimensions of an embedding, coloured by spike."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns

from reports.figures import PALETTE, style, svg

COLOURED = 8  # spikes with a colour of their own; the rest is grey


def draw_exhibit(exhibit: dict[str, Any]) -> str:
    """Return the exhibit as SVG: dimensions 1, 2 and 2, 3 (or as many as there are), one colour a spike."""
    points = np.asarray(exhibit["points"], dtype=float)
    spikes = np.asarray(exhibit["spikes"])
    pairs = [(0, 1), (1, 2)][: max(points.shape[1] - 1, 1)]
    colours = sns.color_palette(PALETTE, COLOURED)
    with style():
        canvas, axes = plt.subplots(1, len(pairs), figsize=(6.8, 3.5), squeeze=False)
        for axis, (first, second) in zip(axes[0], pairs):
            rest = (spikes < 0) | (spikes >= COLOURED)
            axis.scatter(*points[rest][:, [first, second]].T, s=5, color="0.75", linewidth=0, rasterized=True)
            for number in range(COLOURED):
                mine = points[spikes == number]
                axis.scatter(
                    mine[:, first], mine[:, second], s=7, color=colours[number], linewidth=0, rasterized=True
                )
            axis.axhline(0, color="0.6", linewidth=0.6)
            axis.axvline(0, color="0.6", linewidth=0.6)
            axis.set_xlabel(f"dimension {first + 1} of U|Λ|")
            axis.set_ylabel(f"dimension {second + 1} of U|Λ|")
        canvas.suptitle(
            exhibit["caption"].split(":")[0], fontsize="medium", fontweight="bold", x=0.02, ha="left"
        )
        canvas.tight_layout()
        return svg(canvas)
