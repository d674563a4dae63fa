"""What does one check of an embedding say? Whether a fault was found, in one sentence, beside what chance gives.

Each check that compares with chance does so at the level `LEVEL`: of embeddings without the fault it names one in a thousand
at most, as far as its null describes them. Where a difference can be certain and still too small to matter, the check also
asks for a least size, which its sentence names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

LEVEL = 0.001
NAMED = 10  # rows that a check names at most


@dataclass(frozen=True)
class Check:
    """One check of an embedding.

    `check` is its id and `title` its name in words. `found` says whether the fault is there, and `sentence` what was found,
    where, and what to do. `value` is the statistic and `chance` the least and largest value that chance gives at the level
    0.001, each None where there is none. `rows` names at most ten rows that are concerned.

    >>> Check("zero-rows", "rows of zeros", False, "Every row has a direction.", 0.0).as_dict()["chance"] is None
    True
    """

    check: str
    title: str
    found: bool
    sentence: str
    value: float | None = None
    chance: tuple[float, float] | None = None
    rows: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the check as texts, numbers and lists, which JSON can hold."""
        found = asdict(self)
        return {
            **found,
            "chance": None if self.chance is None else list(self.chance),
            "rows": list(self.rows),
        }


def not_looked_at(check: str, title: str, why: str) -> Check:
    """Return a check that could not be made, and why.

    >>> not_looked_at("hubs", "hubs", "it needs 50 rows").sentence
    'Not looked at: it needs 50 rows.'
    """
    return Check(check, title, False, f"Not looked at: {why}.")


def counted(count: int, thing: str, things: str | None = None) -> str:
    """Return a number with its noun.

    >>> counted(1, "row"), counted(1200, "row"), counted(2, "axis", "axes")
    ('1 row', '1,200 rows', '2 axes')
    """
    return f"{count:,} {thing if count == 1 else things or thing + 's'}"


def listed(names: Sequence[str], of: int, most: int = 3) -> str:
    """Return the first of `of` names as a list in words, and how many more there are.

    >>> listed(["a", "b", "c", "d"], 40)
    'a, b, c and 37 more'
    """
    shown = [*names[:most], *([f"{of - most:,} more"] if of > most else [])]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
