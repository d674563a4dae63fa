"""What to do? Which similarity and which number of dimensions serve, as far as that was measured."""

from __future__ import annotations

from typing import Any

from reports.analyses import Analysis
from reports.answer import Answer, capital
from reports.rankings import (
    in_words,
    measure_of,
    per_cent_range,
    points_range,
    rank_in_words,
    rivals,
    share_in_words,
)
from reports.sentences import has_structure


def what_to_do(a: Analysis) -> Answer:
    """Answer which similarity and which f serve the questions of the reader, as far as they were measured."""
    question = "What to do?"
    asked = a.described.get("questions") or []
    rank = _which_rank(a.described)
    if not asked and not a.measured["null"]:
        text = "That depends on whether its spikes are more than chance."
        return Answer(question, "Not known yet.", text, lines=rank)
    if a.measured["null"] and not has_structure(a.real, a.measured, a.described):
        text = (
            "Its spikes are not told from chance, so they show no communities: do not choose a similarity that looks for items "
            "of the same community."
        )
        found = tuple(_without_communities(one) for one in asked)
        return Answer(question, "Do not rely on the spikes.", text, lines=found)
    if asked:
        return Answer(question, _lead(asked), _measured(asked), lines=(*map(_advice, asked), *rank))
    text = (
        "From the spikes alone: cosine finds items of the same community, popular or not; the dot product prefers long vectors "
        f"among them. Which of them serves better was not measured, since {_why_not_asked(a.described)}."
    )
    return Answer(question, "Choose the similarity by the purpose.", text, lines=rank)


def _measured(asked: list[dict[str, Any]]) -> str:
    """What the lines below it are."""
    if not any(one.get("seen") for one in asked):
        return "Measured:"
    return (
        "Measured; the vectors may have been made from the hidden pairs too, so the shares may be too high:"
    )


def _why_not_asked(about: dict[str, Any]) -> str:
    """The reason why no question was put; of vectors with a log it was stored with the analysis."""
    if about["kind"] != "embedding":
        return "too few pairs could be hidden and looked for"
    if about.get("pairs") is None:
        return "no log was given with the vectors (--log), of which pairs could be hidden"
    return str(about.get("not_asked") or "too few pairs of the log could be hidden and looked for")


def _lead(asked: list[dict[str, Any]]) -> str:
    """The ranking that is decided to serve best, where it may serve best of every question."""
    best = {one["best"] for one in asked if one.get("decided")}
    if not best:
        return "No similarity is shown to serve best."
    only = str(next(iter(best)))
    alike = all(only == one["best"] or only in dict(rivals(one)) for one in asked if not one.get("decided"))
    if len(best) > 1 or not alike:
        return "It depends on the question."
    return "Rank by popularity." if only == "popularity" else f"Use {in_words(only)}."


def _advice(one: dict[str, Any]) -> str:
    """What was measured of one question, in a sentence or two."""
    found = capital(_found(one, one["best"], "serves best, with" if one.get("decided") else "found most,"))
    others = rivals(one)
    if not others:
        return f"{one['question']} {found}."
    name, loss = others[0]
    loses = f"{100 * loss['loss']:.1f} points ({points_range(loss)})"
    if one.get("decided"):
        return f"{one['question']} {found}. The second best, {in_words(name)}, loses {loses}."
    more = "" if len(others) == 1 else f", and {len(others) - 1} other{'s' * (len(others) > 2)}"
    alike = f"Not told apart from it: {in_words(name)}, which loses {loses}{more}"
    return f"{one['question']} {found}. {alike}."


def _without_communities(one: dict[str, Any]) -> str:
    """What was measured of one question by rankings that assume no communities, beside popularity alone."""
    plain = {name: float(recall["value"]) for name, recall in one["recall"].items() if name != "within"}
    best = max(plain, key=lambda name: plain[name])
    recall = one["recall"][best]
    found = f"{in_words(best)} finds most, {share_in_words(recall['value'])} ({measure_of(one)}; {per_cent_range(recall)})"
    said = f"{one['question']} Of the similarities that assume no communities, {found}"
    if best == "popularity" or "popularity" not in plain:
        return f"{said}."
    if best != one["best"]:  # what popularity loses was measured beside another ranking
        return f"{said}; popularity alone finds {share_in_words(plain['popularity'])}."
    loss = one["beside_best"]["popularity"]
    verdict = "loses" if loss["low"] > 0 else "is not told apart from it: it loses"
    return f"{said}; popularity alone {verdict} {100 * loss['loss']:.1f} points ({points_range(loss)})."


def _found(one: dict[str, Any], ranking: str, verb: str) -> str:
    recall = one["recall"][ranking]
    return f"{in_words(ranking)} {verb} {share_in_words(recall['value'])} ({measure_of(one)}; {per_cent_range(recall)})"


def _which_rank(about: dict[str, Any]) -> tuple[str, ...]:
    """One line on the number of dimensions; none where no rank was chosen by what it finds."""
    if not (chosen := about.get("rank_choice")):
        return ()
    low, high = chosen["low"], chosen["high"]
    alike = "" if low == high else f" ({low} to {high} are not told apart from the best)"
    popular = chosen.get("popularity")
    as_many = " Popularity alone may find as many." if popular and popular["loss_low"] <= 0 else ""
    return (f"Number of dimensions: {rank_in_words(chosen)}{alike}.{as_many}",)
