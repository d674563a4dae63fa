"""The tables of a comparison: headings, columns and rows of text, each also as CSV."""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Sequence
from typing import Any

from experiments.matrices.published_spectra import PUBLISHED_EXPONENT, PUBLISHED_RATIO
from experiments.real.statistics import RANKS
from experiments.real.twin_p_value import least_adjusted_p_value
from experiments.running.spreadsheet import cell_of_text
from reports.analyses import Analysis
from reports.departures import adjusted
from simulate.plain_text import per_cent

Table = tuple[str, list[str], list[list[str]]]
COUNTS = ("peaks_at_rank", "singletons", "zero_rows")  # statistics that are whole numbers


def summary(analyses: Sequence[Analysis]) -> Table:
    """Return all matrices at a glance, one row per matrix."""
    columns = [
        "matrix",
        "items",
        "contexts",
        "pairs",
        "f",
        "peaks",
        "Spk",
        "peaks of twins",
        "peaks of nulls",
        "CV of norms in a spike",
    ]
    rows = []
    for a in analyses:
        rows.append(
            [
                a.name,
                f"{a.real['items']:,}",
                _count(
                    a.described.get("contexts"), {"embedding": "vectors"}.get(a.described["kind"], "graph")
                ),
                _count(a.described.get("pairs"), "–"),
                str(a.described["rank"]),
                f"{a.real['peaks_at_rank']:,}",
                f"{a.real['spk_at_rank']:.2%}",
                _range([one["peaks_at_rank"] for one in a.measured["twin"]], "{:,}"),
                _range([one["peaks_at_rank"] for one in a.measured["null"]], "{:,}"),
                _number(a.real["norm_cv"]),
            ]
        )
    return "Matrices at a glance", *_known_columns(columns, rows)


def curve_rows(a: Analysis) -> Table:
    """Return Spk at each rank f, with the ranges over twins and nulls."""
    rows = []
    for k, rank in enumerate(RANKS[: len(a.real["spk"])]):
        others = [[m["spk"][k] for m in a.measured[s] if len(m["spk"]) > k] for s in ("curve", "null")]
        rows.append(
            [
                str(rank),
                str(a.real["peaks"][k]),
                per_cent(a.real["spk"][k]),
                *(_span(list(map(per_cent, (min(o), max(o)) if o else ()))) for o in others),
            ]
        )
    columns = ["f", "peaks", "Spk", "Spk of twins", "Spk of nulls"]
    return "Spk at each rank f", *_known_columns(columns, rows)


def predictive(a: Analysis) -> Table:
    """Return statistics beside those of twins and nulls, with p-values among twins, adjusted for all that are looked at."""
    names = {
        "peaks_at_rank": f"peaks that hold half of the rows at f = {a.described['rank']}",
        "singletons": "peaks among them that stand alone",
        "norm_cv": "coefficient of variation of the norms within a spike (median)",
        "norm_degree": "rank correlation of norm and degree in the matrix",
        "norm_popularity": "rank correlation of norm and popularity",
        "estimated_degree": "rank correlation of the degree estimated from the embedding and the true one",
        "zero_rows": "rows without a direction",
    }
    twins, rows = a.measured["twin"], []
    departing = adjusted(twins, a.described["kind"])
    for key, words in names.items():
        if key == "norm_popularity" and a.described["kind"] == "graph":
            continue  # a node is as popular as its degree says
        form = "{:,}" if key in COUNTS else "{:.3g}"
        of_twins, of_nulls = (
            _range([m[key] for m in a.measured[source] if m[key] is not None], form)
            for source in ("twin", "null")
        )
        if a.described["kind"] == "embedding" and key == "norm_popularity" and of_nulls != "–":
            of_nulls = "the same, as its norms are"
        found = departing.get(key)
        row = [
            words,
            _range(_known(a.real[key]), form),
            of_twins,
            _number(found.p if found else None),
            of_nulls,
        ]
        if set(row[1:]) != {"–"}:
            rows.append(row)
    pairs = sum(one["beside_own_twin"] is not None for one in twins)
    p_value = f"p, adjusted for all ({least_adjusted_p_value(pairs):.2g} at least)"
    beside = " and ".join(f"{words}s" for words in ("twin", "null") if a.measured[words])
    columns = ["statistic", "matrix", "twins", p_value, "nulls"]
    return f"Beside {beside}" if beside else "Statistics", *_known_columns(columns, rows)


def _known_columns(columns: list[str], rows: list[list[str]]) -> tuple[list[str], list[list[str]]]:
    """The columns in which any row has a value, and the first, which names the rows."""
    kept = [k for k in range(len(columns)) if k == 0 or any(row[k] != "–" for row in rows)]
    return [columns[k] for k in kept], [[row[k] for k in kept] for row in rows]


def small_tables(about: dict[str, Any]) -> list[Table]:
    """Return the tables of agreement and of the rank that each rule would choose, those that have rows."""
    tables: list[Table] = [
        (
            "How partitions agree",
            ["partition", "with", "rows in both", "normalised mutual information", "adjusted Rand index"],
            [
                [r["first"], r["second"], f"{r['rows']:,}", *(_two_places(r[key]) for key in ("nmi", "rand"))]
                for r in about.get("agreement") or []
            ],
        ),
        (
            "Number of dimensions f by each rule",
            ["rule", "f"],
            [[name, str(rank)] for name, rank in (about.get("truncation") or {}).items()],
        ),
    ]
    return [one for one in tables if one[2]]


def published(analyses: Sequence[Analysis]) -> Table:
    """Return the shape of these matrices' spectra, beside those published with the paper's code."""
    rows = [
        [name, f"{PUBLISHED_RATIO[name]:.2f}", f"{PUBLISHED_EXPONENT[name]:.2f}", "published"]
        for name in PUBLISHED_RATIO
    ]
    for a in analyses:
        if shape := a.described.get("shape"):
            rows.append([a.name, f"{shape['ratio']:.2f}", f"{shape['exponent']:.2f}", "this page"])
    return "Shape of the spectrum", ["matrix", "s_1 / s_128", "exponent of s_k, k = 10 to 128", "from"], rows


def pair_table(pairs: Sequence[dict[str, Any]]) -> Table:
    """Return the pairs of inputs that share named items (`analyses.read_pairs`) at a glance."""
    columns = [
        "first",
        "second",
        "items in common",
        "neighbours in common, cosine",
        "dot product",
        "by chance",
        "spikes agree (NMI)",
        "moved, columns as they are",
        "after the best rotation",
    ]
    rows = [
        [
            pair["first"],
            pair["second"],
            f"{pair['shared']:,}",
            *(
                _share((pair["overlap"].get(similarity) or {}).get("value"))
                for similarity in ("cosine", "dot")
            ),
            f"{pair['chance']:.1%}",
            _two_places((pair.get("agreement") or {}).get("nmi")),
            *(_share((pair.get("drift") or {}).get(key)) for key in ("as_is", "turned")),
        ]
        for pair in pairs
    ]
    return "The same items in several inputs", columns, rows


def table(heading: str, columns: list[str], rows: list[list[str]], *, name: str) -> dict[str, Any]:
    """Return a table as the template takes it, with its CSV, in which a spreadsheet runs nothing, as a data URI."""
    text = io.StringIO()
    csv.writer(text).writerows([map(cell_of_text, row) for row in (columns, *rows)])
    encoded = base64.b64encode(text.getvalue().encode("utf-8", errors="replace")).decode()
    return {
        "heading": heading,
        "columns": columns,
        "rows": rows,
        "csv": f"data:text/csv;base64,{encoded}",
        "file": f"{name}.csv",
    }


def _count(value: int | None, without: str) -> str:
    return without if value is None else f"{value:,}"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"


def _two_places(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _known(value: float | None) -> list[float]:
    return [] if value is None else [value]


def _range(values: list[float], form: str) -> str:
    return _span([form.format(min(values)), form.format(max(values))] if values else [])


def _span(ends: list[str]) -> str:
    return "–" if not ends else ends[0] if ends[0] == ends[1] else " to ".join(ends)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3g}"
