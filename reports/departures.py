"""In what does a matrix depart from samples of a block model fitted to it (twins)? Each property that was looked at, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from experiments.real.statistics import COMPARED
from experiments.real.twin_p_value import LEVEL, Departure, adjusted_p_values, least_adjusted_p_value

# what is said of a matrix that has more of the property than its twins, and less
WORDS = {
    "peaks_at_rank": {"more": "it is less spiky", "less": "it is spikier"},
    "singletons": {"more": "more of its vectors stand alone", "less": "fewer of its vectors stand alone"},
    "norm_cv": {
        "more": "its norms vary more inside a spike than a block model's",
        "less": "its norms vary less inside a spike than a block model's",
    },
    "norm_degree": {
        "more": "its norms follow the degrees more closely",
        "less": "its norms follow the degrees less closely",
    },
    "norm_popularity": {
        "more": "its norms follow popularity more closely",
        "less": "its norms follow popularity less closely",
    },
    "estimated_degree": {
        "more": "degrees estimated from its vectors are more accurate",
        "less": "degrees estimated from its vectors are less accurate",
    },
    "zero_rows": {"more": "it has more empty rows", "less": "it has fewer empty rows"},
}


@dataclass(frozen=True)
class Departures:
    """What was found: `seen`, a clause for each departure; `looked_at`, the number of properties; `decidable`, whether the twins
    are enough to see any."""

    seen: tuple[str, ...]
    looked_at: int
    decidable: bool


def departures(twins: list[dict[str, Any]], kind: str) -> Departures | None:
    """Return in what a matrix departs from its twins; None without twins, or where no twin could have a twin of its own."""
    found = {key: one for key, one in adjusted(twins, kind).items() if one is not None}
    if not found:
        return None
    pairs = sum(one["beside_own_twin"] is not None for one in twins)
    seen = tuple(WORDS[key][one.direction] for key, one in found.items() if one.p <= LEVEL)
    return Departures(seen, len(found), least_adjusted_p_value(pairs) <= LEVEL)


def adjusted(twins: list[dict[str, Any]], kind: str) -> dict[str, Departure | None]:
    """Return each property that is looked at, with its p-value adjusted for all of them; empty without twins.

    In a graph a node is as popular as its degree says, so popularity is no property of its own.
    """
    looked_at = [key for key in COMPARED if not (kind == "graph" and key == "norm_popularity")]
    return adjusted_p_values(twins, looked_at) if twins else {}
