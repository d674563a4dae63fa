"""Whom can one trust? The forecast of how many neighbours of each item stay as the data grow, in words and as a table."""

from __future__ import annotations

from typing import Any

from reports.rankings import as_sentence

LISTED = 10


def trust_words(trust: dict[str, Any] | None) -> str:
    """Return what the forecast is and how many lists should not be shown; empty without a forecast."""
    if not trust:
        return ""
    text = (
        f"For each of {trust['items']:,} items it is forecast which share of its {trust['k']} nearest stays when the data grow "
        f"by {trust['share']:.0%}. {as_sentence(trust['how'])}"
    )
    hidden = trust.get("not_shown")
    at = f" at f = {trust['rank']}" if trust.get("rank") else ""  # another f forecasts other lists
    if hidden:
        text += f" The lists of {hidden:,} items should not be shown{at}: most of their neighbours are forecast to change."
    elif hidden == 0:
        text += f" No list is forecast to change so much that it should not be shown{at}."
    if trust.get("by_norm") is not None:
        text += f" The rank correlation (Spearman) of the forecast with the norm is {trust['by_norm']:.2f}."
    return text


def least_trusted(about: dict[str, Any]) -> tuple[str, list[str], list[list[str]]] | None:
    """Return the items of least trust among those drawn; None without a forecast."""
    points = about.get("points") or {}
    trust = points.get("trust")
    if not trust:
        return None
    low, high = (points.get(key) or [None] * len(trust) for key in ("trust_low", "trust_high"))
    known = sorted((value, row) for row, value in enumerate(trust) if value is not None)[:LISTED]
    rows = [
        [
            points["names"][row],
            f"{value:.0%}",
            "–" if low[row] is None else f"{low[row]:.0%} to {high[row]:.0%}",
            f"{float(format(points['norms'][row], '.3g')):,g}",  # 1,230, not 1.23e+03
        ]
        for value, row in known
    ]
    of = f" among the {len(trust):,} rows shown" if points["of"] > len(trust) else ""
    return f"Items of least trust{of}", ["item", "neighbours that stay", "interval", "norm"], rows
