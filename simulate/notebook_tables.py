"""How does an object look in a notebook? As a small table of HTML.

A table takes its colours from the page, so that it can be read on a light and on a dark one. It holds no script and asks for no
file, and its size is bounded. Names and titles come from outside: they are shown as they are, and never become markup or
mathematics.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from numbers import Integral, Real

import numpy as np

from simulate.plain_text import printable

MOST_ROWS = 50  # of a table
MOST_COLUMNS = 12
MOST_SIGNS, MOST_IN_CELL = 2000, 400  # of a text, and of a cell among rows
IGNORED = "tex2jax_ignore mathjax_ignore"  # the classes by which MathJax leaves text alone, also that between dollars
LEFT, RIGHT = ' style="text-align:left"', ' style="text-align:right"'


def html_card(
    title: str,
    facts: Mapping[str, object],
    headings: Sequence[object] = (),
    rows: Sequence[Sequence[object]] = (),
    *,
    n_rows: int | None = None,
    notes: Sequence[str] = (),
) -> str:
    """Return a title, a table of facts by name, a table of rows below its headings, and notes, as HTML for a notebook.

    Parameters
    ----------
    title, notes : text.
    facts : text or numbers by name; those that are None are left out.
    headings, rows : of the second table; at most fifty rows and twelve columns of it are shown.
    n_rows : how many rows there are, where `rows` are only the first of them.

    Every text is quoted, and cut after 2000 signs, or 400 in a table of rows.

    Examples
    --------
    >>> card = html_card("a <b>", {"rows": 1200})
    >>> "a &lt;b&gt;" in card, "1,200" in card, "<b>" in card
    (True, True, False)
    """
    parts = [f"<p><strong>{quoted(title)}</strong></p>"]
    known = [(name, value) for name, value in facts.items() if value is not None]
    if known:
        parts.append(
            _table(
                "",
                [
                    f"<th{LEFT}>{quoted(name)}</th><td{LEFT}>{quoted(_told(value))}</td>"
                    for name, value in known
                ],
            )
        )
    if rows:
        sides = [RIGHT if _is_number(value) else LEFT for value in rows[0][:MOST_COLUMNS]]
        head = "".join(
            f"<th{side}>{quoted(_told(name), MOST_IN_CELL)}</th>" for side, name in zip(sides, headings)
        )
        body = ["".join(map(_cell, row[:MOST_COLUMNS])) for row in rows[:MOST_ROWS]]
        parts.append(_table(f"<thead><tr>{head}</tr></thead>" if head else "", body))
        left = (len(rows) if n_rows is None else n_rows) - len(body)
        notes = [*([f"{left:,} more rows"] if left > 0 else []), *notes]
    parts += [f"<p>{quoted(note)}</p>" for note in notes[:MOST_ROWS]]
    return f'<div class="{IGNORED}">{"".join(parts)}</div>'


def quoted(text: str, most: int = MOST_SIGNS) -> str:
    r"""Return text from outside as HTML that shows it: control signs made visible, long text cut, no markup.

    >>> quoted("<script>\x1b"), len(quoted("x" * 10**6))
    ('&lt;script&gt;\\x1b', 2000)
    """
    return escape(cut(text, most))


def cut(text: str, most: int) -> str:
    """Return `text` in one line that a terminal can show, of at most so many signs.

    >>> cut("a long title", 7)
    'a long…'
    """
    shown = printable(text[: most + 1])
    return shown if len(shown) <= most else shown[: most - 1] + "…"


def _table(head: str, rows: Sequence[str]) -> str:
    return f"<table>{head}<tbody>{''.join(f'<tr>{row}</tr>' for row in rows)}</tbody></table>"


def _cell(value: object) -> str:
    return f"<td{RIGHT if _is_number(value) else LEFT}>{quoted(_told(value), MOST_IN_CELL)}</td>"


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool | np.bool_)


def _told(value: object) -> str:
    """Return a number with four digits, an integer with all of them, a text as it is; a dash where there is no value."""
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, Integral):
        return f"{int(value):,}"
    if isinstance(value, Real):
        number = float(value)
        return (
            "–" if math.isnan(number) else f"{number:,.0f}" if 1e4 <= abs(number) < 1e9 else f"{number:.4g}"
        )
    return "–" if value is None else str(value)
