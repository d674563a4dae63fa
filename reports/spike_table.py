"""The table of the spikes: its columns, and its first rows as text for readers without a script."""

from __future__ import annotations

from typing import Any

PLAIN = 50  # rows that the page shows without its script
# key of a spike, heading
COLUMNS = (
    ("spike", "spike"),
    ("size", "rows"),
    ("inside", "within its cone"),
    ("loudest", "longest vectors"),
    ("typical", "most typical"),
    ("label", "most frequent label"),
    ("purity", "its share"),
    ("trust", "trust"),
)
SHARES = ("inside", "purity", "trust")


def spike_columns(spikes: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Return the columns that any of the spikes has a value for, each with its `key` and `heading`."""
    return [
        {"key": key, "heading": heading}
        for key, heading in COLUMNS
        if any(spike.get(key) not in (None, []) for spike in spikes)
    ]


def plain_rows(spikes: list[dict[str, Any]]) -> list[list[str]]:
    """Return the first rows as text.

    >>> plain_rows([{"spike": 1, "size": 1200, "purity": 0.5, "loudest": ["a", "b"]}])
    [['1', '1,200', 'a · b', '50%']]
    """
    keys = [column["key"] for column in spike_columns(spikes)]
    return [[_text(spike.get(key), key) for key in keys] for spike in spikes[:PLAIN]]


def _text(value: Any, key: str) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return " · ".join(value)
    if key in SHARES:
        return f"{value:.0%}"
    return f"{value:,}" if isinstance(value, int) else str(value)
