"""The three answers with which the page of a matrix opens: is it spiky, does a block model explain it, and what to do?

Each is drawn from what was measured alone. What was not measured, or is not decided, is said to be so. Two numbers of
directions are said: that of the spikes, each with ten vectors in its cone or more, and that which half of the vectors need, as
`Spk` counts them; many of the latter may hold one vector alone.
"""

from __future__ import annotations

from typing import Any

from reports.advice import what_to_do
from reports.analyses import Analysis
from reports.answer import Answer, capital
from reports.departures import departures
from reports.sentences import NO_DIMENSION, RANDOM, beyond_chance, counts, has_structure
from simulate.plain_text import per_cents_apart

CONE = 26  # degrees: the angle whose cosine is 0.9


def answers(a: Analysis) -> tuple[Answer, Answer, Answer]:
    """Return the three answers for a matrix."""
    return spiky(a), explained(a), what_to_do(a)


def headline(a: Analysis) -> str:
    """Return the first two answers in one line."""
    return f"{a.name}: {spiky(a).short}; {explained(a).short}"


def spiky(a: Analysis) -> Answer:
    """Answer whether a matrix is spikier than chance."""
    question, formed = "Is it spiky beyond chance?", _formed(a)
    nulls = [one["peaks_at_rank"] for one in a.measured["null"]]
    if not nulls:
        text = f"{formed} Random data to compare with were not analysed yet."
        return Answer(question, "Not known yet.", text, "not yet compared with chance")
    text = f"{formed} {_half(a, nulls)}"
    if beyond_chance(a.real, a.measured, a.described):
        return Answer(question, "Yes, it is spiky beyond chance.", f"{text}.", "spiky beyond chance")
    if has_structure(a.real, a.measured, a.described):
        text = (
            f"{text}: in so few dimensions random data lie near about as few directions. But some of the "
            f"{a.described['rank']} dimensions are stronger than chance makes them, so there is structure: "
            f"{_of_what(a.described)}."
        )
        short = "structure beyond chance, but not spikier"
        return Answer(question, "It has structure, but is no spikier than chance.", text, short)
    if a.real["peaks_at_rank"] >= min(nulls):
        so = ": chance makes such spikes" if a.described.get("parts") else ""
        return Answer(question, "No, it is no spikier than chance.", f"{text}{so}.", "no spikier than chance")
    if a.described["kind"] == "embedding":
        text = f"{text}. That is fewer, but not by more than random vectors vary."
        return Answer(question, "No, it is no spikier than chance.", text, "no spikier than chance")
    text = f"{text}. That is fewer, but {NO_DIMENSION}."
    return Answer(question, "That is not shown.", text, "not shown to be spikier than chance")


def _formed(a: Analysis) -> str:
    """How many spikes there are, and how many vectors lie within their cones."""
    rows, spikes = a.real["items"] - a.real["zero_rows"], int(a.described.get("parts") or 0)
    if not spikes:
        return f"It has no spike: around none of the directions found lie ten of its {rows:,} vectors."
    if spikes == 1:
        formed, near, where = "one direction lie", "it", "to it too"
    else:
        formed, near, where = f"{spikes:,} directions lie", "one of them", "to the nearest"
    found = f"It has {spikes:,} spike{'s' * (spikes != 1)}: around {'each of ' * (spikes != 1)}{formed} at least ten vectors."
    inside = a.described.get("inside")
    if inside is None:
        return found
    if inside == rows:
        return f"{found} All {rows:,} vectors lie within {CONE} degrees of {near}."
    return (
        f"{found} {inside:,} of the {rows:,} vectors ({inside / rows:.0%}) lie within {CONE} degrees of {near}; "
        f"the others are counted {where}."
    )


def _half(a: Analysis, nulls: list[int]) -> str:
    """How many directions hold half of the vectors, and how many those of random data need; without a full stop."""
    peaks, alone = a.real["peaks_at_rank"], a.real.get("singletons") or 0
    single = f", {'all' if alone == peaks else f'{alone:,}'} of them for one vector alone" if alone else ""
    return (
        f"Half of the vectors need {peaks:,} direction{'s' * (peaks != 1)}{single}; {RANDOM[a.described['kind']]} "
        f"{counts(nulls)}"
    )


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
    share, *ends = per_cents_apart(value, max(low, 0.0), high)
    random = " to ".join(dict.fromkeys(ends))
    beside = "more than" if value > high else "less than" if value < low else "as much as"
    text = (
        f"A block model with one axis for each spike explains {share} of the dot products of the vectors (of their sum of "
        f"squares), and {random} of those of random vectors: {beside} chance gives. No more can be told of vectors alone."
    )
    return Answer(
        question,
        "More of it than by chance." if value > high else "No more than by chance.",
        text,
        f"a block model explains {share} of it, {beside} chance gives",
    )


def _listed(clauses: tuple[str, ...]) -> str:
    return clauses[0] if len(clauses) == 1 else f"{', '.join(clauses[:-1])} and {clauses[-1]}"
