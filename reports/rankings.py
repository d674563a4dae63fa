"""How well does each similarity find hidden items? What was measured of it, as words and as a table."""

from __future__ import annotations

from typing import Any

from experiments.real.retrieval import RANKING_WORDS


def in_words(ranking: str) -> str:
    """Return a ranking in words; one that this version has no words for as it is."""
    return RANKING_WORDS.get(ranking, ranking)


def rivals(question: dict[str, Any]) -> list[tuple[str, dict[str, float]]]:
    """Return the rankings that may serve as well as the best, the one that loses least first.

    Of a decided question it is the second best; empty where only one ranking was tried.
    """
    others = sorted(question["beside_best"].items(), key=lambda pair: float(pair[1]["loss"]))
    if question.get("decided"):
        return others[:1]
    return [(name, loss) for name, loss in others if loss["low"] <= 0] or others[:1]


def per_cent_range(one: dict[str, Any]) -> str:
    """Return an interval of shares.

    >>> per_cent_range({"low": 0.281, "high": 0.36})
    '95% interval 28% to 36%'
    """
    return f"95% interval {share_in_words(one['low'])} to {share_in_words(one['high'])}"


def share_in_words(share: float) -> str:
    """Return a share, below a tenth to one decimal, so that a loss of 6.5 points does not stand beside "6%".

    >>> share_in_words(0.281), share_in_words(0.0649), share_in_words(0.0), share_in_words(0.0996)
    ('28%', '6.5%', '0%', '10%')
    """
    return f"{share:.0%}" if share >= 0.0995 or share == 0 else f"{share:.1%}"


def points_range(one: dict[str, Any]) -> str:
    """Return an interval of differences of shares, in points of a hundred.

    >>> points_range({"low": -0.004, "high": 0.05})
    '-0.4 to 5.0'
    """
    return f"{100 * one['low']:.1f} to {100 * one['high']:.1f}"


def measure_of(question: dict[str, Any]) -> str:
    """Return what was counted, in words."""
    return str(question.get("measure") or f"hidden items found among the first {question['k']}")


def rank_in_words(choice: dict[str, Any]) -> str:
    """Return what is special about the chosen number of dimensions: it need not be the one that finds most.

    >>> curve = [{"rank": 12, "recall": 0.30}, {"rank": 24, "recall": 0.31}]
    >>> rank_in_words({"rank": 12, "curve": curve})
    'f = 12 is the smallest f within one standard error of the best, f = 24'
    >>> rank_in_words({"rank": 24, "curve": curve})
    'f = 24 finds most hidden items'
    """
    best = max(choice.get("curve") or [], key=lambda point: float(point["recall"]), default=None)
    if best is None:
        return f"f = {choice['rank']}"
    if best["rank"] == choice["rank"]:
        return f"f = {choice['rank']} finds most hidden items"
    return f"f = {choice['rank']} is the smallest f within one standard error of the best, f = {best['rank']}"


def question_table(one: dict[str, Any]) -> tuple[str, list[str], list[list[str]]]:
    """Return what each ranking found of one question, the best first."""
    rows = []
    for name, recall in sorted(one["recall"].items(), key=lambda pair: -float(pair[1]["value"])):
        loss = one["beside_best"].get(name)
        lost = (
            "–" if name == one["best"] or loss is None else f"{100 * loss['loss']:.1f} ({points_range(loss)})"
        )
        rows.append(
            [in_words(name), f"{recall['value']:.1%}", f"{recall['low']:.1%} to {recall['high']:.1%}", lost]
        )
    columns = ["ranking", measure_of(one), "95% interval", "points lost beside the best"]
    return f"{one['question']} ({one['asked']:,} asked)", columns, rows


def as_sentence(text: str) -> str:
    """Return a clause with a full stop and a capital letter, but for the symbol f.

    >>> as_sentence("f = 3 finds most")
    'f = 3 finds most.'
    >>> as_sentence("at f = 3 cosine finds most")
    'At f = 3 cosine finds most.'
    """
    first = text[:1] if text.startswith("f =") else text[:1].upper()
    return f"{first}{text[1:].rstrip('.')}."


def rank_table(choice: dict[str, Any]) -> tuple[str, list[str], list[list[str]]]:
    """Return what was found with each number of dimensions, and what it loses beside the best."""
    rows = [
        [
            str(one["rank"]),
            f"{one['recall']:.1%}",
            f"{one['low']:.1%} to {one['high']:.1%}",
            f"{100 * one['loss']:.1f} ({100 * one['loss_low']:.1f} to {100 * one['loss_high']:.1f})",
        ]
        for one in choice["curve"]
    ]
    asked = f" ({choice['asked']:,} asked)" if choice.get("asked") else ""
    return (
        f"What other f cost{asked}",
        ["f", "hidden items found", "95% interval", "points lost beside the best"],
        rows,
    )
