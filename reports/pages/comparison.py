"""The page of real matrices beside their twins and nulls, drawn from what `spikeproof compare` stored and from nothing else."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup
from numpy.typing import NDArray

from experiments.judging.figure import Figure
from experiments.real.statistics import RANKS
from experiments.running.export import provenance_words
from experiments.running.files import file_name
from reports import tables
from reports.analyses import DRAWN, SOURCES, Analysis, read_analyses, read_manifest
from reports.pages.page import can_draw, places, render, save_figure, write
from reports.sentences import beyond_chance, headline, paragraphs


def write_comparison(
    folder: str | os.PathLike[str], *, out: str | os.PathLike[str] | None = None, overwrite: bool = False
) -> Path:
    """Draw `folder/compare.html` from the folder's store; return its path.

    With `out`, nothing is written into `folder`, and the page alone into that folder; `overwrite` replaces a file there that is
    no page of ours. Without matplotlib and seaborn (extra `figures`) the page has tables and the scatter plot that turns, but no
    figures.

    Raises
    ------
    ValueError, OSError
        if the folder holds no comparison, one of another version, or none whose matrices have been analysed; if the page cannot
        be written.
    """
    folder = Path(folder)
    manifest = read_manifest(folder)
    analyses, failures = read_analyses(folder, manifest)
    if not analyses:
        raise ValueError(f"{folder} holds no analysed matrix: {'; '.join(failures) or 'nothing has run'}")
    path, images = places(folder, "compare.html", out, overwrite)
    page = render(
        "compare.html",
        scripts=("scatter.js",),
        manifest=manifest,
        overview=[headline(a.name, a.real, a.measured, a.described) for a in analyses],
        summary=tables.table(*tables.summary(analyses), name="summary"),
        published=tables.table(*tables.published(analyses), name="published-spectra"),
        sections=[_section(a, images) for a in analyses],
        failures=failures,
        provenance=provenance_words(folder),
    )
    return write(page, path)


def _section(analysis: Analysis, images: Path | None) -> dict[str, Any]:
    about, points = analysis.described, analysis.described["points"]
    stem = file_name(analysis.name)
    shown = [
        tables.table(*tables.curve_rows(analysis), name=f"{stem}-spk"),
        tables.table(*tables.predictive(analysis), name=f"{stem}-predictive"),
    ]
    shown.append(tables.table(*tables.spikes(about), name=f"{stem}-spikes"))
    for heading, columns, rows in tables.small_tables(
        about, advice=beyond_chance(analysis.real, analysis.measured, about)
    ):
        shown.append(tables.table(heading, columns, rows, name=file_name(f"{stem}-{columns[0]}")))
    return {
        "name": analysis.name,
        "words": paragraphs(analysis.name, analysis.real, analysis.measured, about),
        "notes": about["notes"],
        "figures": [
            save_figure(svg, images, f"{stem}-{k}.svg", title)
            for k, (svg, title) in enumerate(_figures(analysis), 1)
        ],
        "tables": shown,
        "points": _payload(points),
        "shown": len(points["names"]),
        "of": points["of"],
        "dimensions": list(range(1, points["rank"] + 1)),
        "labelled": "label" in points,
        "still": _still(analysis, images, f"{stem}-spikes.svg") if can_draw() else None,
    }


def _still(analysis: Analysis, images: Path | None, name: str) -> dict[str, str]:
    from reports.figures.exhibits import draw_exhibit

    caption = f"Spikes of {analysis.name}: two projections"
    return save_figure(draw_exhibit(_exhibit(analysis)), images, name, caption)


def _exhibit(analysis: Analysis) -> dict[str, Any]:
    points = analysis.described["points"]
    rows = _coordinates(points)
    chosen = np.linspace(0, len(rows) - 1, min(2000, len(rows))).astype(int)
    name = f"f = {analysis.described['rank']}"
    return {
        "caption": name,
        "points": rows[chosen, :3].tolist(),
        "spikes": np.array(points["spike"])[chosen].tolist(),
    }


def _coordinates(points: dict[str, Any]) -> NDArray[np.float64]:
    """The rows shown, from their directions and norms."""
    units = np.array(points["directions"]).reshape(-1, points["rank"]) / 32767
    return np.asarray(units * np.array(points["norms"])[:, None])


def _payload(points: dict[str, Any]) -> Markup:
    """The points as JSON that no HTML parser can leave: coordinates as 16-bit integers in base64."""
    data = {key: value for key, value in points.items() if key not in ("directions", "norms")}
    rows = _coordinates(points)
    whole = np.round(rows / np.abs(rows).max() * 32767).astype("<i2")
    data |= {"dimensions": points["rank"], "coordinates": base64.b64encode(whole.tobytes()).decode()}
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=True)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def _figures(analysis: Analysis) -> list[tuple[str, str]]:
    if not can_draw():
        return []
    from reports.figures.claims import draw

    curve = _long(analysis, lambda m: zip(RANKS, m["spk"]), "rank", "Spk")
    curve["Spk"] *= 100
    real, name = analysis.real, analysis.name
    figures = []

    def add(points: pd.DataFrame, title: str, **options: Any) -> None:
        if len(points):
            figure = Figure(kind="line", finding="", hue="of", **options)
            figures.append((draw(figure, points, title), title))

    add(curve, f"{name}: {real['peaks'][-1]:,} peaks hold half of the rows at f = {RANKS[len(real['peaks']) - 1]}",
        x="rank", y="Spk", xlabel="rank f", ylabel="Spk, % of the non-zero rows", log="xy")  # fmt: skip
    if analysis.described.get("operator") == "bethe-hessian":
        spectrum = _long(analysis, lambda m: enumerate(m["spectrum"], 1), "k", "eigenvalue")
        add(spectrum, f"{name}: eigenvalues, smallest first", x="k", y="eigenvalue",
            xlabel="place k", ylabel="eigenvalue λ_k", log="x")  # fmt: skip
    else:
        spectrum = _long(analysis, lambda m: enumerate(map(abs, m["spectrum"]), 1), "k", "magnitude")
        add(spectrum, f"{name}: eigenvalues, largest magnitude first", x="k", y="magnitude",
            xlabel="place k", ylabel="magnitude |λ_k|", log="xy")  # fmt: skip
    norms = _long(analysis, lambda m: zip(range(0, 101, 5), m["norm_quantiles"]), "quantile", "norm")
    add(
        norms,
        f"{name}: lengths (norms) of the vectors",
        x="quantile",
        y="norm",
        xlabel="rows with a smaller norm, %",
        ylabel="norm of the row of U|Λ|",
    )
    angles = _long(analysis, lambda m: zip(range(0, 101, 5), m["angles"]), "quantile", "angle")
    add(
        angles,
        f"{name}: angle from a row to the peak whose cone covers it",
        x="quantile",
        y="angle",
        xlabel="rows with a smaller angle, %",
        ylabel="angle, degrees",
    )
    if stability := analysis.described.get("stability"):
        rows = [
            {"fifth": k + 1, "overlap": value, "of": similarity}
            for similarity, values in stability.items()
            for k, value in enumerate(values)
        ]
        add(pd.DataFrame(rows), f"{name}: neighbours that stay when the last 20 % of the pairs come in",
            x="fifth", y="overlap", xlabel="fifth of the rows by norm, smallest first",
            ylabel="share of the 30 nearest that stay")  # fmt: skip
    return figures


def _long(analysis: Analysis, pairs: Any, x: str, y: str) -> pd.DataFrame:
    rows = [
        {x: a, y: b, "of": SOURCES[source]}
        for source in DRAWN
        for one in analysis.measured[source]
        for a, b in pairs(one)
        if b is not None
    ]
    return pd.DataFrame(rows, columns=[x, y, "of"])
