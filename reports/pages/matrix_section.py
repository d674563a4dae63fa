"""What does the page show of one matrix? Answers, the rows to turn, spikes, checks, trust, ranks, and all figures and tables."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
from markupsafe import Markup

from experiments.running.files import file_name
from reports import rankings, tables
from reports.analyses import Analysis
from reports.answers import answers
from reports.check_words import not_made, was_made
from reports.pages.page import can_draw, save_figure
from reports.sentences import paragraphs
from reports.spike_table import PLAIN, plain_rows, spike_columns
from reports.trust_words import least_trusted, trust_words


def section_of(analysis: Analysis, images: Path | None) -> dict[str, Any]:
    """Return what the template needs of a matrix; figures are saved in `images`, where there is such a folder."""
    about, stem = analysis.described, file_name(analysis.name)
    points, spikes = about.get("points"), about.get("spikes") or []
    # a first look must cost little
    drawn = _Figures(analysis, images, stem) if can_draw() and about.get("stage") != "first" else None

    def table(of: tables.Table, name: str) -> dict[str, Any]:
        return tables.table(*of, name=file_name(f"{stem}-{name}"))

    choice = about.get("rank_choice")
    return {
        "name": analysis.name,
        "answers": answers(analysis),
        "view": _view(points),
        "still": drawn.still() if drawn and points else None,
        "data": _payload(about),
        "spikes": {
            "columns": spike_columns(spikes),
            "rows": plain_rows(spikes),
            "many": len(spikes),
            "plain": PLAIN,
            "rank": about["rank"],
        },
        "questions": [
            table(rankings.question_table(one), f"question-{k}")
            for k, one in enumerate(about.get("questions") or [], 1)
        ],
        "found": [_check(one) for one in about.get("checks") or [] if one["found"]],
        "not_found": [_check(one) for one in about.get("checks") or [] if not one["found"] and was_made(one)],
        "not_made": not_made(about),
        "trust": trust_words(about.get("trust")),
        "least_trusted": _maybe(table, least_trusted(about), "least-trusted"),
        "stability": drawn.stability() if drawn else None,
        "reason": rankings.as_sentence(choice["reason"]) if choice else "",
        "choice_figure": drawn.recall_by_rank() if drawn else None,
        "choice_table": table(rankings.rank_table(choice), "ranks") if choice else None,
        "words": paragraphs(analysis.name, analysis.real, analysis.measured, about),
        "notes": about.get("notes") or [],
        "figures": drawn.curves() if drawn else [],
        "tables": [
            table(tables.curve_rows(analysis), "spk"),
            table(tables.predictive(analysis), "predictive"),
            *(table(one, one[1][0]) for one in tables.small_tables(about)),
        ],
    }


def _maybe(table: Any, of: tables.Table | None, name: str) -> dict[str, Any] | None:
    return None if of is None else table(of, name)


def _check(check: dict[str, Any]) -> dict[str, Any]:
    """A check as two sentences, and those of its rows that the second does not name."""
    rows = [] if all(row in check["sentence"] for row in check["rows"]) else check["rows"]
    return {
        "title": rankings.as_sentence(check["title"]),
        "sentence": rankings.as_sentence(check["sentence"]),
        "rows": rows,
    }


def _view(points: dict[str, Any] | None) -> dict[str, Any] | None:
    """What the view of the rows says of itself."""
    if not points or not points["names"]:
        return None
    return {
        "shown": len(points["names"]),
        "of": points["of"],
        "dimensions": list(range(1, points["rank"] + 1)),
        "labelled": "label" in points,
    }


def _payload(about: dict[str, Any]) -> Markup | None:
    """The rows and spikes as JSON that no HTML parser can leave: directions as 16-bit integers in base64."""
    points = about.get("points")
    if not points or not points["names"]:
        return None
    packed = base64.b64encode(np.array(points["directions"], dtype="<i2").tobytes()).decode()
    data = {
        "points": {**points, "directions": packed},
        "spikes": about.get("spikes") or [],
        "trust": about.get("trust"),
    }
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=True)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


class _Figures:
    """The figures of a matrix, saved and as the templates want them; matplotlib is imported only where there are figures."""

    def __init__(self, analysis: Analysis, images: Path | None, stem: str) -> None:
        from reports.figures import matrices

        self._draw, self._of, self._images, self._stem = matrices, analysis, images, stem

    def still(self) -> dict[str, str] | None:
        return self._saved(self._draw.still(self._of), "spikes")

    def stability(self) -> dict[str, str] | None:
        return self._saved(self._draw.stability(self._of), "stability")

    def recall_by_rank(self) -> dict[str, str] | None:
        return self._saved(self._draw.recall_by_rank(self._of), "ranks")

    def curves(self) -> list[dict[str, str]]:
        drawn = self._draw.curves(self._of)
        return [
            save_figure(svg, self._images, f"{self._stem}-{k}.svg", title)
            for k, (svg, title) in enumerate(drawn, 1)
        ]

    def _saved(self, drawn: tuple[str, str] | None, name: str) -> dict[str, str] | None:
        return (
            None
            if drawn is None
            else save_figure(drawn[0], self._images, f"{self._stem}-{name}.svg", drawn[1])
        )
