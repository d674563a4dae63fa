"""All verdicts in one picture: a field for each claim, a row for each section, coloured by verdict and told by shape."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from matplotlib.patches import FancyBboxPatch

from experiments.judging.shown_ledger import LOOK
from reports.figures.claims import blank, style, svg
from reports.pages.ledger_document import SECTIONS

MARKS = {"holds": "✓", "qualified": "◐", "refuted": "✗", "inconclusive": "?"}
FIELD, GAP = 1.0, 0.12  # of a row's height
LEFT = -4.2  # where the names of the sections begin


def draw_overview(verdicts: Mapping[str, str]) -> str:
    """Return the picture of the verdicts by claim as SVG text."""
    rows = {letter: [name for name in verdicts if name[0] == letter] for letter in SECTIONS}
    widest = max(map(len, rows.values()))
    with style():
        canvas = blank(6.4, 3.6)
        axis = canvas.add_axes((0.0, 0.0, 1.0, 1.0))
        axis.set_axis_off()
        for row, (letter, names) in enumerate(rows.items()):
            title = textwrap.fill(SECTIONS[letter], 22)
            axis.text(LEFT, -row, title, ha="left", va="center", fontsize=9, color="0.15")
            for place, name in enumerate(names):
                _field(axis, place, -row, name, verdicts[name])
        words = [word for word in LOOK if word in verdicts.values()]
        for place, word in enumerate(words):
            count = list(verdicts.values()).count(word)
            axis.text(
                LEFT + place * (widest - LEFT) / len(words),
                1.0,
                f"{MARKS[word]} {count} {'hold' if word == 'holds' and count != 1 else word}",
                color=LOOK[word][1],
                fontsize=11,
                fontweight="bold",
                ha="left",
                va="center",
            )
        axis.set(xlim=(LEFT - 0.1, widest - 0.4), ylim=(-len(rows) + 0.4, 1.4))
        return svg(canvas)


def _field(axis, x: float, y: float, name: str, verdict: str) -> None:
    """Draw one claim: its name on the colour of its verdict, and the mark of the verdict."""
    size = FIELD - GAP
    box = FancyBboxPatch(
        (x - size / 2, y - size / 2),
        size,
        size,
        boxstyle="round,pad=0,rounding_size=0.12",
        color=LOOK[verdict][1],
        linewidth=0,
    )
    axis.add_patch(box)
    axis.text(x, y + 0.13, name, ha="center", va="center", fontsize=9, fontweight="bold", color="white")
    axis.text(x, y - 0.22, MARKS[verdict], ha="center", va="center", fontsize=8, color="white")
