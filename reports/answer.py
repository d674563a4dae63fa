"""An answer of a page: a question, the answer in a few words, and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """A `question`, the answer in a few words (`lead`), what it rests on (`text`), and one line for each further finding.

    `short` is the answer as a part of a longer line.
    """

    question: str
    lead: str
    text: str
    short: str = ""
    lines: tuple[str, ...] = ()


def capital(text: str) -> str:
    """Return a text with a capital letter.

    >>> capital("dot product")
    'Dot product'
    """
    return text[0].upper() + text[1:]
