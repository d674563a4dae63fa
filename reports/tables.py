"""The tables of a comparison, as headings, columns and rows of text, each also as CSV."""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Sequence
from typing import Any

from experiments.matrices.published_spectra import PUBLISHED_EXPONENT, PUBLISHED_RATIO
from experiments.real.statistics import RANKS
from reports.pages.analyses import Analysis
from reports.sentences import predictive_p, spk_of

Table = tuple[str, list[str], list[list[str]]]


def summary(analyses: Sequence[Analysis]) -> Table:
    """Return all matrices at a glance, a row each."""
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
        rows.append(
            [
                a.name,
                f"{a.real['items']:,}",
                "graph" if a.described["contexts"] is None else f"{a.described['contexts']:,}",
                f"{a.described['pairs']:,}",
                str(a.described["rank"]),
                f"{a.real['peaks_at_rank']:,}",
                f"{a.real['spk_at_rank']:.2%}",
                _range(spk_of(a.measured["twin"]), "{:.2%}"),
                _range(spk_of(a.measured["null"]), "{:.2%}"),
                _number(a.real["norm_cv"]),
            ]
        )
    return "Matrices at a glance", columns, rows


def curve_rows(a: Analysis) -> Table:
    """Return Spk over f with the ranges of twins and nulls."""
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


def predictive(a: Analysis) -> Table:
    """Return statistics beside those of the twins, with posterior predictive p-values."""
    names = {
        "spk_at_rank": f"Spk at f = {a.described['rank']}",
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


def spikes(about: dict[str, Any]) -> Table:
    """Return the largest spikes with their loudest items."""
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


def small_tables(about: dict[str, Any]) -> list[Table]:
    """Return agreement, truncation, similarity and retrieval, where known."""
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


def published(analyses: Sequence[Analysis]) -> Table:
    """The spectra published with the paper's code, by their shape, beside these matrices'."""
    rows = [
        [name, f"{PUBLISHED_RATIO[name]:.2f}", f"{PUBLISHED_EXPONENT[name]:.2f}", "published"]
        for name in PUBLISHED_RATIO
    ]
    for a in analyses:
        if shape := a.described["shape"]:
            rows.append([a.name, f"{shape['ratio']:.2f}", f"{shape['exponent']:.2f}", "here"])
    return "Shape of the spectrum", ["matrix", "s1 / s128", "exponent of s_k, k = 10 to 128", ""], rows


def table(heading: str, columns: list[str], rows: list[list[str]], *, name: str) -> dict[str, Any]:
    """Return a table as the template wants it, with its CSV as a data URI."""
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
