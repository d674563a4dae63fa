"""Draws the picture of the README, `docs/spikes.svg`: run it as `python docs/picture.py`.

A block model without popularity, one with it, and actors who share films: the second and third dimension of U|Lambda| in every
panel, and the rows that are longest in these two. Directions are as they are; lengths are drawn as their square roots, and the
picture says so.
"""

from pathlib import Path

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns

import theory
from experiments.studies.exhibits import source_matrix
from reports.figures.claims import PALETTE, style

PANELS = (
    ("sbm", "Block model, equal popularity:\na community is a point"),
    ("dcbm", "Block model, varying popularity:\na community is a spike"),
    ("films-actors", "Actors who share films (real):\nspikes, too"),
)
DIMENSIONS, RANK, SHOWN, COLOURED = [1, 2], 6, 1000, 8


def panel(axis, source, title):
    """Draw rows of one embedding, coloured by spike."""
    data, kind, _ = source_matrix(source, False, np.random.default_rng(0))
    vectors = theory.analyse(data, RANK, kind=kind).embedding.vectors("full")
    spikes = theory.spikiness(vectors).membership
    lengths = np.linalg.norm(vectors[:, DIMENSIONS], axis=1)
    shown = np.sort(np.argsort(-lengths, kind="stable")[:SHOWN])
    points, spikes, lengths = vectors[shown][:, DIMENSIONS], spikes[shown], lengths[shown]
    points = points / np.sqrt(lengths * lengths.max())[:, None]
    colours = [*sns.color_palette(PALETTE, COLOURED), (0.75, 0.75, 0.75)]
    axis.scatter(
        *points.T, s=5, color=[colours[k if 0 <= k < COLOURED else COLOURED] for k in spikes], linewidth=0
    )
    axis.axhline(0, color="0.7", linewidth=0.6, zorder=0)
    axis.axvline(0, color="0.7", linewidth=0.6, zorder=0)
    axis.set(xticks=[], yticks=[], aspect="equal", xlim=(-1.05, 1.05), ylim=(-1.05, 1.05))
    axis.set_title(title, fontsize="medium", loc="left")
    sns.despine(ax=axis, left=True, bottom=True)


def main() -> None:
    """Write the picture."""
    with style():
        canvas, axes = plt.subplots(1, len(PANELS), figsize=(8.4, 3.4))
        for axis, (source, title) in zip(axes, PANELS):
            panel(axis, source, title)
        canvas.tight_layout(rect=(0, 0.09, 1, 1))
        note = (
            f"Second and third dimension of U|Λ| at f = {RANK}; the {SHOWN:,} rows that are longest in these two. Directions are "
            "true, lengths are drawn as\ntheir square roots. Colours: spikes, in all dimensions kept; grey: rows outside the "
            "spikes that Spk counts."
        )
        canvas.text(0.01, 0.02, note, fontsize="small", color="0.35")
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
