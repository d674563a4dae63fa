"""The pictures of the theory pages: what does each statement look like?

Each section N.M of `docs/theory/` shows `pictures/N-M.svg`, drawn by the function `section_N_M` of the file of its chapter.
`draw_all(folder)` draws them; from the folder `docs`, `python -m theory_pictures` does so too. Nothing that is drawn is
kept in the repository.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable
from pathlib import Path

from matplotlib.figure import Figure

from reports.figures.claims import blank, style, svg

WIDTH, HEIGHT = 6.0, 2.6  # inches


def drawings() -> dict[str, Callable[[Figure], None]]:
    """Return the functions that draw, by the name of their picture, such as `1-2`."""
    found: dict[str, Callable[[Figure], None]] = {}
    for module in pkgutil.iter_modules(__path__):
        if module.name.startswith("chapter_"):
            for name, value in vars(importlib.import_module(f"{__name__}.{module.name}")).items():
                if place := re.fullmatch(r"section_(\d+)_(\d+)", name):
                    found["-".join(place.groups())] = value
    return found


def draw(drawing: Callable[[Figure], None]) -> str:
    """Return one picture as SVG text."""
    with style():
        canvas = blank(WIDTH, HEIGHT)
        drawing(canvas)
        canvas.tight_layout()
        return svg(canvas)


def draw_all(folder: Path) -> list[Path]:
    """Draw all pictures into `folder`, which is made if need be, and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, drawing in drawings().items():
        paths.append(folder / f"{name}.svg")
        paths[-1].write_text(draw(drawing), encoding="utf-8")
    return paths
