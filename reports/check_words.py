"""Which checks of the vectors were not made, and why? `experiments.real.faults` makes those that the data allow."""

from __future__ import annotations

from typing import Any

from reports.rankings import as_sentence

ALWAYS = {"zero-rows", "dimensions"}
NO_POPULARITY = {
    "embedding": "no log was given with the vectors (compare --log), which would tell how popular each item is",
    "graph": "a graph tells no popularity of its nodes beside their degree",
}
ONE_FILE = (
    "it is looked for between two files of vectors of the same items, given together (spikeproof compare BEFORE NOW), and "
    "said where they stand beside each other"
)


def not_made(about: dict[str, Any]) -> list[dict[str, str]]:
    """Return the checks that were not made, each with its `title` and the reason; none where no check was made yet.

    Those that the vectors themselves do not allow, which say so, come first (`was_made`).

    >>> [one["title"] for one in not_made({"kind": "graph", "checks": [{"check": "hubs", "sentence": "No hub."}]})]
    ['Popularity in the direction.', 'Drift of the basis.']
    """
    made = {one["check"] for one in about.get("checks") or []}
    if not made:
        return []
    if made <= ALWAYS:
        return [_one("All others", "no row has a direction")]
    found = [
        {"title": as_sentence(one["title"]), "sentence": as_sentence(one["sentence"])}
        for one in about["checks"]
        if not was_made(one)
    ]
    if "popularity" not in made:
        why = NO_POPULARITY.get(about["kind"], "the popularity of the items is not known")
        found.append(_one("Popularity in the direction", why))
    if "drift" not in made:
        found.append(_one("Drift of the basis", ONE_FILE))
    return found


def was_made(check: dict[str, Any]) -> bool:
    """Return whether a check could be made of these vectors."""
    return not str(check["sentence"]).startswith("Not looked at")


def _one(title: str, why: str) -> dict[str, str]:
    return {"title": f"{title}.", "sentence": f"Not looked at: {why}."}
