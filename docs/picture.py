"""Draws the picture of the README, `docs/spikes.svg`: run it as `python docs/picture.py`.

Block models without and with popularity, and films and their actors, each in two dimensions of U|Lambda|; lengths are
drawn as their square roots.
"""

import json
from pathlib import Path

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns

from experiments.studies.exhibits import exhibit_trial
from reports.figures.claims import PALETTE, style

PANELS = (
    ("sbm", "A block model:\ncommunities are points", (1, 2)),
    ("dcbm", "with popularity:\ncommunities are spikes", (1, 2)),
    ("films-actors", "films and their actors:\nspikes too", (0, 2)),
)
SHOWN, COLOURED = 420, 8


def panel(axis, source, title, dimensions):
    """Draw the rows of one embedding, a colour a spike."""
    cell = {"source": source, "null": False}
    row = exhibit_trial(cell, {role: np.random.default_rng(0) for role in ("data", "show")})
    exhibit = json.loads(row["exhibit"])
    points, spikes = np.array(exhibit["points"])[:, dimensions], np.array(exhibit["spikes"])
    lengths = np.linalg.norm(points, axis=1)
    loud = np.sort(np.argsort(-lengths)[:SHOWN])
    points = (
        points / np.sqrt(np.maximum(lengths, 1e-300) * lengths.max())[:, None]
    )  # directions kept, lengths by their root
    colours = [*sns.color_palette(PALETTE, COLOURED), (0.75, 0.75, 0.75)]
    chosen = [colours[k if 0 <= k < COLOURED else COLOURED] for k in spikes[loud]]
    axis.scatter(*points[loud].T, s=6, color=chosen, linewidth=0, clip_on=False)
    axis.axhline(0, color="0.7", linewidth=0.6, zorder=0)
    axis.axvline(0, color="0.7", linewidth=0.6, zorder=0)
    axis.set(xticks=[], yticks=[], aspect="equal", xlim=(-1.08, 1.08), ylim=(-1.08, 1.08))
    axis.set_title(title, fontsize="medium", loc="left")
    sns.despine(ax=axis, left=True, bottom=True)


def main() -> None:
    """Write the picture."""
    with style():
        canvas, axes = plt.subplots(1, len(PANELS), figsize=(8.4, 3.2))
        for axis, (source, title, dimensions) in zip(axes, PANELS):
            panel(axis, source, title, list(dimensions))
        canvas.tight_layout()
        matplotlib.rcParams["svg.hashsalt"] = "spikes"
        canvas.savefig(
            Path(__file__).with_name("spikes.svg"),
            metadata={"Date": None},
            facecolor="white",
            bbox_inches="tight",
            pad_inches=0.1,
        )


if __name__ == "__main__":
    main()
