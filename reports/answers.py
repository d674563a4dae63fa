"""The three answers with which the page of a matrix opens: is it spiky, does a block model explain it, and what to do?

Each is drawn from what was measured alone. What was not measured, or is not decided, is said to be so. Few directions that hold
half of the vectors are what `Spk` counts; here they are only set beside those of random data, and the one count is that of the
spikes that all vectors belong to.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from reports.advice import what_to_do
from reports.analyses import Analysis
from reports.answer import Answer, capital
from reports.departures import departures
from reports.sentences import beyond_chance, has_structure
from simulate.plain_text import part_in_words

RANDOM = {
    "graph": "the same graph with its edges swapped at random",
    "interactions": "the same log with its items permuted among the contexts",
    "embedding": "a set of random vectors of the same lengths, mean and spectrum",
}


def answers(a: Analysis) -> tuple[Answer, Answer, Answer]:
    """Return the three answers for a matrix."""
    return spiky(a), explained(a), what_to_do(a)


def headline(a: Analysis) -> str:
    """Return the first two answers in one line."""
    return f"{a.name}: {spiky(a).short}; {explained(a).short}"


def spiky(a: Analysis) -> Answer:
    """Answer whether a matrix is spikier than chance."""
    question = "Is it spiky beyond chance?"
    rows, spikes = a.real["items"] - a.real["zero_rows"], int(a.described.get("parts") or 0)
    formed = (
        f"Its {rows:,} vectors form {spikes:,} spike{'s' * (spikes != 1)}: groups of at least ten that point in nearly the same "
        "direction."
        if spikes
        else f"Its {rows:,} vectors form no spike: there are no ten that point in nearly the same direction."
    )
    nulls = [one["peaks_at_rank"] for one in a.measured["null"]]
    if not nulls:
        text = f"{formed} Random data to compare with were not analysed yet."
        return Answer(question, "Not known yet.", text, "not yet compared with chance")
    random, peaks = RANDOM[a.described["kind"]], a.real["peaks_at_rank"]
    fewer = peaks < min(nulls)
    few = f"half of them lie close to few directions, {_as_many(peaks, nulls)} as in {random}"
    if beyond_chance(a.real, a.measured, a.described):
        return Answer(
            question, "Yes, it is spiky beyond chance.", f"{formed} {capital(few)}.", "spiky beyond chance"
        )
    if has_structure(a.real, a.measured, a.described):
        text = (
            f"{formed} In so few dimensions {random} has half of its vectors close to as few directions. But some of the "
            f"{a.described['rank']} dimensions are stronger than chance makes them, so there is structure: "
            f"{_of_what(a.described)}."
        )
        short = "structure beyond chance, but not spikier"
        return Answer(question, "It has structure, but is no spikier than chance.", text, short)
    if not fewer:
        so = ", so chance makes such spikes" if spikes else ""
        text = f"{formed} Half of them lie close to as many directions as in {random}{so}."
        return Answer(question, "No, it is no spikier than chance.", text, "no spikier than chance")
    fewer_than = f"{formed} Half of them lie close to fewer directions than in {random}"
    if a.described["kind"] == "embedding":
        text = f"{fewer_than}, but not by more than random vectors vary."
        return Answer(question, "No, it is no spikier than chance.", text, "no spikier than chance")
    text = f"{fewer_than}, but none of its dimensions after the first is stronger than those of random data."
    return Answer(question, "That is not shown.", text, "not shown to be spikier than chance")


def _of_what(about: dict[str, Any]) -> str:
    """What the structure may be: communities, or a fault that was found and makes structure too."""
    found = [
        one["title"]
        for one in about.get("checks") or []
        if one["found"] and one["check"] in ("duplicates", "bots")
    ]
    return (
        f"communities, or the {' and '.join(found)} that were found (see below)"
        if found
        else "communities, for example"
    )


def _as_many(peaks: int, nulls: list[int]) -> str:
    part = part_in_words(peaks / float(np.median(nulls)))
    return "nearly as many" if part == "nearly all" else f"{part} as many"


def explained(a: Analysis) -> Answer:
    """Answer whether a block model explains what was measured of a matrix; of vectors alone, whether rays do."""
    question = "Does a block model explain it?"
    if a.described["kind"] == "embedding":
        return _on_rays(question, a.described.get("on_rays"))
    twins = a.measured["twin"]
    if not twins:
        text = "Samples of a block model fitted to it (twins) were not analysed yet."
        return Answer(question, "Not known yet.", text, "not yet compared with a block model")
    found = departures(twins, a.described["kind"])
    many = f"{len(twins)} sample{'s' * (len(twins) != 1)} of a block model fitted to it (twins)"
    if found is None or not found.decidable:
        text = (
            f"{capital(many)} {'are' if len(twins) > 1 else 'is'} too few to see a departure from the model."
        )
        return Answer(
            question, "That cannot be told.", text, "too few twins to tell whether a block model explains it"
        )
    looked = f"{found.looked_at} properties that were looked at"
    if not found.seen:
        text = f"In none of the {looked} does it depart from {many}. That does not make the model true."
        return Answer(
            question, "As far as was looked, yes.", text, "a block model explains what was looked at"
        )
    text = f"Beside {many}, {_listed(found.seen)}: {len(found.seen)} of the {looked}. A model of other blocks may explain more."
    return Answer(
        question, "Not the one fitted to it.", text, "the block model fitted to it does not explain all of it"
    )


def _on_rays(question: str, found: dict[str, Any] | None) -> Answer:
    if not found or found.get("value") is None:
        return Answer(
            question,
            "Not known.",
            "No block model can be fitted to vectors alone.",
            "no block model can be fitted to vectors alone",
        )
    value, (low, high) = found["value"], found["chance"]
    more = value > high
    left, least, most = (_two_digits(1 - share) for share in (value, high, max(low, 0.0)))
    text = (
        f"A block model with one axis for each spike reproduces all but {left} of the products of the vectors, and all but "
        f"{least} to {most} of those of random vectors. No more can be told of vectors alone."
    )
    return Answer(
        question,
        "More of it than by chance." if more else "No more than by chance.",
        text,
        f"a block model reproduces all but {left} of it, {'more than' if more else 'as'} by chance",
    )


def _two_digits(share: float) -> str:
    """A share in per cent with two digits, which tell 99.97 % from all.

    >>> _two_digits(0.0567), _two_digits(0.000312), _two_digits(1.0)
    ('5.7%', '0.031%', '100%')
    """
    return f"{float(f'{100 * share:.2g}'):g}%"


def _listed(clauses: tuple[str, ...]) -> str:
    return clauses[0] if len(clauses) == 1 else f"{', '.join(clauses[:-1])} and {clauses[-1]}"
