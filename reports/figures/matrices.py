"""The figures of one real matrix: its spikes as a still picture, and its curves beside those of its twins and nulls."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from experiments.judging.figure import Figure
from experiments.real.statistics import RANKS
from reports import rankings
from reports.analyses import DRAWN, SOURCES, Analysis
from reports.figures.claims import draw
from reports.figures.exhibits import draw_exhibit

MOST = 2000  # rows of the still picture
Drawn = tuple[str, str]  # SVG and title


def still(analysis: Analysis) -> Drawn:
    """Return the spikes of a matrix in two projections."""
    points = analysis.described["points"]
    rows = np.array(points["directions"], dtype=np.float64).reshape(-1, points["rank"])[:, :3] / 32767
    rows *= np.array(points["norms"])[:, None]
    chosen = np.linspace(0, len(rows) - 1, min(MOST, len(rows))).astype(int)
    exhibit = {
        "caption": f"f = {analysis.described['rank']}",
        "points": rows[chosen].tolist(),
        "spikes": np.array(points["spike"])[chosen].tolist(),
    }
    return draw_exhibit(exhibit), f"Spikes of {analysis.name}: two projections"


def curves(analysis: Analysis) -> list[Drawn]:
    """Return Spk, the spectrum, the norms and the angles of a matrix, its twins and its nulls."""
    real, name = analysis.real, analysis.name
    spk = _long(analysis, lambda m: zip(RANKS, m["spk"]), "rank", "Spk")
    spk["Spk"] *= 100
    found = [
        _line(
            spk,
            f"{name}: {real['peaks'][-1]:,} peaks hold half of the rows at f = {RANKS[len(real['peaks']) - 1]}",
            ("rank", "rank f"),
            ("Spk", "Spk, % of the non-zero rows"),
            log="xy",
        ),
        _spectrum(analysis),
        _line(
            _long(analysis, lambda m: zip(range(0, 101, 5), m["norm_quantiles"]), "quantile", "norm"),
            f"{name}: lengths (norms) of the vectors",
            ("quantile", "rows with a smaller norm, %"),
            ("norm", "norm of the vector"),
        ),
        _line(
            _long(analysis, lambda m: zip(range(0, 101, 5), m["angles"]), "quantile", "angle"),
            f"{name}: angle from a row to the peak whose cone covers it",
            ("quantile", "rows with a smaller angle, %"),
            ("angle", "angle, degrees"),
        ),
    ]
    return [one for one in found if one is not None]


def stability(analysis: Analysis) -> Drawn | None:
    """Return how many neighbours stay as dated pairs come in, by fifths of the norm; None where pairs have no dates."""
    rows = [
        {"fifth": k + 1, "overlap": value, "of": similarity}
        for similarity, values in (analysis.described.get("stability") or {}).items()
        for k, value in enumerate(values)
    ]
    return _line(
        pd.DataFrame(rows),
        f"{analysis.name}: neighbours that stay when the last 20 % of the pairs come in",
        ("fifth", "fifth of the rows by norm, smallest first"),
        ("overlap", "share of the 30 nearest that stay"),
    )


def recall_by_rank(analysis: Analysis) -> Drawn | None:
    """Return the share of hidden items found with each number of dimensions; None where none were hidden."""
    choice = analysis.described.get("rank_choice")
    if not choice or not choice.get("curve"):
        return None
    rows = pd.DataFrame(choice["curve"])[["rank", "recall", "low", "high"]]
    title = f"{analysis.name}: {rankings.rank_in_words(choice)}"
    figure = Figure(
        "line",
        "rank",
        "recall",
        "number of dimensions f",
        "share of hidden items found, with its 95 % interval",
        "",
        log="x" if len(rows) > 1 else "",
        band=("low", "high"),
        verticals=(("chosen", choice["rank"]),),
    )
    return draw(figure, rows, title), title


def _spectrum(analysis: Analysis) -> Drawn | None:
    if analysis.described.get("operator") == "bethe-hessian":
        rows = _long(analysis, lambda m: enumerate(m["spectrum"], 1), "k", "eigenvalue")
        title = f"{analysis.name}: eigenvalues, smallest first"
        return _line(rows, title, ("k", "place k"), ("eigenvalue", "eigenvalue λ_k"), log="x")
    rows = _long(analysis, lambda m: enumerate(map(abs, m["spectrum"]), 1), "k", "magnitude")
    title = f"{analysis.name}: eigenvalues, largest magnitude first"
    return _line(rows, title, ("k", "place k"), ("magnitude", "magnitude |λ_k|"), log="xy")


def _line(
    points: pd.DataFrame, title: str, x: tuple[str, str], y: tuple[str, str], **options: Any
) -> Drawn | None:
    """A line for each source; `x` and `y` name a column and its axis. None without points."""
    if not len(points):
        return None
    figure = Figure("line", x[0], y[0], x[1], y[1], "", hue="of", **options)
    return draw(figure, points, title), title


def _long(analysis: Analysis, pairs: Any, x: str, y: str) -> pd.DataFrame:
    rows = [
        {x: a, y: b, "of": SOURCES[source]}
        for source in DRAWN
        for one in analysis.measured[source]
        for a, b in pairs(one)
        if b is not None
    ]
    return pd.DataFrame(rows, columns=[x, y, "of"])
