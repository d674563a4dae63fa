"""The page of real matrices beside their twins and nulls, from the store of `spikeproof compare` alone."""

from __future__ import annotations

import base64
import csv
import io
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from experiments.claim import Figure
from experiments.claims.published_spectra_fit_block_models import PUBLISHED_EXPONENT, PUBLISHED_RATIO
from experiments.export import provenance_words, read_rows
from experiments.matrix_statistics import RANKS
from reports.exhibits import draw_exhibit
from reports.figures import draw
from reports.page import data_uri, render, write
from reports.words import overview, paragraphs, predictive_p

MANIFEST = "compare.json"
SOURCES = {"real": "as it is", "twin": "twins", "null": "null"}


@dataclass(frozen=True, eq=False)
class Analysis:
    """One matrix as the store has it: its own measurements and description, and those of its twins and nulls."""

    name: str
    measured: dict[str, list[dict[str, Any]]]
    described: dict[str, Any]

    @property
    def real(self) -> dict[str, Any]:
        """The measurements of the matrix itself."""
        return self.measured["real"][0]


def write_comparison(folder: str | os.PathLike[str]) -> Path:
    """Draw `folder/compare.html` from the folder's store; return its path.

    Raises
    ------
    ValueError, OSError
        if the folder holds no comparison, or none of its matrices has been analysed.
    """
    folder = Path(folder)
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        raise ValueError(
            f"{folder} must hold a comparison that `spikeproof compare` wrote; it has no {MANIFEST}"
        ) from None
    analyses, failures = read_analyses(folder, manifest)
    if not analyses:
        raise ValueError(f"{folder} holds no analysed matrix: {'; '.join(failures) or 'nothing has run'}")
    images = folder / "figures"
    images.mkdir(exist_ok=True)
    page = render(
        "compare.html",
        scripts=("scatter.js",),
        manifest=manifest,
        overview=[overview(a.name, a.real, a.measured, a.described) for a in analyses],
        summary=_table(*_summary(analyses), name="summary"),
        published=_table(*_published(analyses), name="published-spectra"),
        sections=[_section(a, images) for a in analyses],
        failures=failures,
        provenance=provenance_words(folder),
    )
    return write(page, folder / "compare.html")


def read_analyses(folder: Path, manifest: dict[str, Any]) -> tuple[list[Analysis], list[str]]:
    """Return the matrices whose own analysis is in the store, and the errors of trials that failed."""
    tables = {source: read_rows(folder, f"compare-{source}", seed=manifest["seed"]) for source in SOURCES}
    found, failures = [], []
    for name in manifest["matrices"]:
        measured: dict[str, list[dict[str, Any]]] = {}
        described: dict[str, Any] = {}
        for source, table in tables.items():
            if not len(table):
                measured[source] = []
                continue
            mine = table[(table["matrix"] == name) & (table["blocks"] == manifest["blocks"])]
            failures += [f"{name}, {SOURCES[source]}: {error}" for error in mine["error"].dropna().unique()]
            fine = mine[mine["error"].isna()]
            if source == "twin":
                fine = fine[fine["replicate"] < manifest["twins"]]
            measured[source] = [json.loads(text) for text in fine.get("measured", pd.Series(dtype=str))]
            if source == "real" and len(fine):
                described = json.loads(fine["described"].iloc[0])
        if measured["real"]:
            found.append(Analysis(name, measured, described))
    return found, failures


def _section(analysis: Analysis, images: Path) -> dict[str, Any]:
    about, points = analysis.described, analysis.described["points"]
    stem = "".join(c if c.isalnum() else "-" for c in analysis.name)[:60]
    tables = [
        _table(*_curve_rows(analysis), name=f"{stem}-spk"),
        _table(*_predictive(analysis), name=f"{stem}-predictive"),
    ]
    tables.append(_table(*_spikes(about), name=f"{stem}-spikes"))
    for heading, columns, rows in _small_tables(about):
        tables.append(_table(heading, columns, rows, name=f"{stem}-{columns[0]}"))
    return {
        "name": analysis.name,
        "words": paragraphs(analysis.name, analysis.real, analysis.measured, about),
        "notes": about["notes"],
        "figures": [
            _save(svg, images / f"{stem}-{k}.svg", title)
            for k, (svg, title) in enumerate(_figures(analysis), 1)
        ],
        "tables": tables,
        "points": _payload(points),
        "shown": len(points["names"]),
        "of": points["of"],
        "dimensions": list(range(1, points["dimensions"] + 1)),
        "labelled": "label" in points,
        "still": _save(
            draw_exhibit(_exhibit(analysis)),
            images / f"{stem}-spikes.svg",
            f"Spikes of {analysis.name}: two projections",
        ),
    }


def _exhibit(analysis: Analysis) -> dict[str, Any]:
    points = analysis.described["points"]
    rows = np.array(points["coordinates"]).reshape(-1, points["dimensions"]) * points["scale"] / 32767
    chosen = np.linspace(0, len(rows) - 1, min(2000, len(rows))).astype(int)
    name = f"f = {analysis.described['rank']}"
    return {
        "caption": name,
        "points": rows[chosen, :3].tolist(),
        "spikes": np.array(points["spike"])[chosen].tolist(),
    }


def _payload(points: dict[str, Any]) -> Markup:
    """The points as JSON that no HTML parser can leave: coordinates as 16-bit integers in base64."""
    data = {key: value for key, value in points.items() if key != "coordinates"}
    data["coordinates"] = base64.b64encode(np.array(points["coordinates"], dtype="<i2").tobytes()).decode()
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=True)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def _figures(analysis: Analysis) -> list[tuple[str, str]]:
    curve = _long(analysis, lambda m: zip(RANKS, m["spk"]), "rank", "Spk")
    curve["Spk"] *= 100
    real, name = analysis.real, analysis.name
    figures = []

    def add(points: pd.DataFrame, title: str, **options: Any) -> None:
        if len(points):
            figure = Figure(kind="line", finding="", hue="of", **options)
            figures.append((draw(figure, points, title), title))

    add(curve, f"{name}: {real['peaks'][-1]} peaks hold half of the rows at f = {RANKS[len(real['peaks']) - 1]}",
        x="rank", y="Spk", xlabel="rank f", ylabel="Spk, % of the non-zero rows", log="xy")  # fmt: skip
    spectrum = _long(analysis, lambda m: enumerate(map(abs, m["spectrum"]), 1), "k", "magnitude")
    add(spectrum, f"{name}: the spectrum beside its twins and null", x="k", y="magnitude",
        xlabel="k", ylabel="|λ_k|", log="xy")  # fmt: skip
    norms = _long(analysis, lambda m: zip(range(0, 101, 5), m["norm_quantiles"]), "quantile", "norm")
    add(
        norms,
        f"{name}: norms of the vectors",
        x="quantile",
        y="norm",
        xlabel="quantile, %",
        ylabel="norm in U|Λ|",
    )
    angles = _long(analysis, lambda m: zip(range(0, 101, 5), m["angles"]), "quantile", "angle")
    add(
        angles,
        f"{name}: angles to the covering peak",
        x="quantile",
        y="angle",
        xlabel="quantile, %",
        ylabel="degrees",
    )
    if stability := analysis.described.get("stability"):
        rows = [
            {"fifth": k + 1, "overlap": value, "of": similarity}
            for similarity, values in stability.items()
            for k, value in enumerate(values)
        ]
        add(pd.DataFrame(rows), f"{name}: neighbours kept from the first 80 % of the pairs to all of them",
            x="fifth", y="overlap", xlabel="fifth of the norm, quietest first", ylabel="overlap at 30")  # fmt: skip
    return figures


def _long(analysis: Analysis, pairs: Any, x: str, y: str) -> pd.DataFrame:
    rows = [
        {x: a, y: b, "of": SOURCES[source]}
        for source, many in analysis.measured.items()
        for one in many
        for a, b in pairs(one)
        if b is not None
    ]
    return pd.DataFrame(rows, columns=[x, y, "of"])


def _summary(analyses: Sequence[Analysis]) -> tuple[str, list[str], list[list[str]]]:
    columns = [
        "matrix",
        "items",
        "contexts",
        "pairs",
        "f",
        "peaks",
        "Spk",
        "twins' Spk",
        "null's Spk",
        "norm CV in spikes",
    ]
    rows = []
    for a in analyses:
        k = a.described["rank"]
        at = RANKS.index(k) if k in RANKS else len(a.real["spk"]) - 1
        rows.append(
            [
                a.name,
                f"{a.real['items']:,}",
                "graph" if a.described["contexts"] is None else f"{a.described['contexts']:,}",
                f"{a.described['pairs']:,}",
                str(RANKS[at]),
                f"{a.real['peaks'][at]:,}",
                f"{a.real['spk'][at]:.2%}",
                _range([m["spk"][at] for m in a.measured["twin"] if len(m["spk"]) > at], "{:.2%}"),
                _range([m["spk"][at] for m in a.measured["null"] if len(m["spk"]) > at], "{:.2%}"),
                _number(a.real["norm_cv"]),
            ]
        )
    return "Matrices at a glance", columns, rows


def _curve_rows(a: Analysis) -> tuple[str, list[str], list[list[str]]]:
    rows = []
    for k, rank in enumerate(RANKS[: len(a.real["spk"])]):
        others = [[m["spk"][k] for m in a.measured[s] if len(m["spk"]) > k] for s in ("twin", "null")]
        rows.append(
            [
                str(rank),
                str(a.real["peaks"][k]),
                f"{a.real['spk'][k]:.3%}",
                *(_range(o, "{:.3%}") for o in others),
            ]
        )
    return "Spk over f", ["f", "peaks", "Spk", "twins (range)", "null (range)"], rows


def _predictive(a: Analysis) -> tuple[str, list[str], list[list[str]]]:
    names = {
        "norm_cv": "median CV of norms within spikes",
        "norm_degree": "norm against degree in the matrix (Spearman)",
        "norm_popularity": "norm against popularity (Spearman)",
        "estimated_degree": "estimated against true degree (Spearman)",
        "singletons": "spikes of one row",
        "zero_rows": "rows that the kept dimensions do not reach",
    }
    rows = []
    for key, words in names.items():
        twins = [m[key] for m in a.measured["twin"] if m[key] is not None]
        nulls = [m[key] for m in a.measured["null"] if m[key] is not None]
        p = predictive_p(a.real[key], twins)
        rows.append(
            [words, _number(a.real[key]), _range(twins, "{:.3g}"), _number(p), _range(nulls, "{:.3g}")]
        )
    return "Beside the twins", ["statistic", "real", "twins (range)", "p", "null (range)"], rows


def _spikes(about: dict[str, Any]) -> tuple[str, list[str], list[list[str]]]:
    labelled = any("label" in row for row in about["spikes"])
    rows = []
    for row in about["spikes"]:
        cells = [str(row["spike"]), f"{row['size']:,}", " · ".join(row["loudest"])]
        rows.append(
            cells
            + ([row.get("label", ""), f"{row['purity']:.0%}" if "purity" in row else ""] if labelled else [])
        )
    columns = ["spike", "rows", "loudest"] + (["commonest label", "its share"] if labelled else [])
    return f"The largest spikes at f = {about['rank']}", columns, rows


def _small_tables(about: dict[str, Any]) -> list[tuple[str, list[str], list[list[str]]]]:
    tables = [
        (
            "Agreement of partitions",
            ["partition", "with", "rows", "NMI", "adjusted Rand"],
            [
                [r["first"], r["second"], f"{r['rows']:,}", f"{r['nmi']:.2f}", f"{r['rand']:.2f}"]
                for r in about["agreement"]
            ],
        ),
        ("Which f", ["rule", "f"], [[name, str(rank)] for name, rank in about["truncation"].items()]),
        (
            "Which similarity",
            ["question", "use", "because", "confidence"],
            [[r["question"], r["use"], r["reason"], f"{r['confidence']:.0%}"] for r in about["advice"]],
        ),
    ]
    if about["retrieval"]:
        rows = [[name, f"{value:.3f}"] for name, value in about["retrieval"].items()]
        tables.append(("Held-out retrieval", ["ranking", "recall@50"], rows))
    return tables


def _published(analyses: Sequence[Analysis]) -> tuple[str, list[str], list[list[str]]]:
    """The spectra published with the paper's code, by their shape, beside these matrices'."""
    rows = [
        [name, f"{PUBLISHED_RATIO[name]:.2f}", f"{PUBLISHED_EXPONENT[name]:.2f}", "published"]
        for name in PUBLISHED_RATIO
    ]
    for a in analyses:
        if shape := a.described["shape"]:
            rows.append([a.name, f"{shape['ratio']:.2f}", f"{shape['exponent']:.2f}", "here"])
    return "Shape of the spectrum", ["matrix", "s1 / s128", "exponent of s_k, k = 10 to 128", ""], rows


def _table(heading: str, columns: list[str], rows: list[list[str]], *, name: str) -> dict[str, Any]:
    text = io.StringIO()
    csv.writer(text).writerows([columns, *rows])
    encoded = base64.b64encode(text.getvalue().encode("utf-8", errors="replace")).decode()
    return {
        "heading": heading,
        "columns": columns,
        "rows": rows,
        "csv": f"data:text/csv;base64,{encoded}",
        "file": f"{name}.csv",
    }


def _range(values: list[float], form: str) -> str:
    return f"{form.format(min(values))} to {form.format(max(values))}" if values else "–"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3g}"


def _save(svg: str, path: Path, caption: str) -> dict[str, str]:
    path.write_text(svg, encoding="utf-8")
    return {"image": data_uri(svg), "caption": caption}
