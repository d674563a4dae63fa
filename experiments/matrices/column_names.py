"""Which columns of a table are context, item and time? Those that the caller names, or those whose names say so.

Names are known by their words: `userId`, `USER_ID` and `user` are the same. What is known under no name is taken only where
nothing else is left; where two columns could be meant, the caller is asked. What was taken is always told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from experiments.matrices.reading import BadInput, shown
from simulate.validation import did_you_mean


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


CONTEXTS = _set(
    "user playlist session listener viewer customer visitor member account basket order invoice transaction cart context person "
    "reader reviewer client buyer subscriber shopper household mixtape mix player patient student uid u username"
)
ITEMS = _set(
    "item track song artist movie film book product article sku isbn asin game anime video business news stock recipe restaurant "
    "place venue poi course app album title listing show podcast iid i"
)
TIMES = _set("time timestamp date datetime when ts t day")
VALUES = _set(
    "rating ratings score weight count plays playcount stars value freq frequency quantity qty amount price label genre genres"
)
ENDS = (_set("source target"), _set("from to"), _set("node1 node2"))
# words that say how a thing is identified, not what it is
IDENTIFIERS = _set("id ids key no nr number num idx code uri mbid hash uuid sha1 name")
NOT_EVENTS = _set("birth born release released publication published registered signup")
UNNAMED = frozenset({"", "index", "rownames", "rowname", "row", "level0"})
SHOWN = 20  # columns in a message


@dataclass(frozen=True)
class Taken:
    """Where context, item and perhaps time stand in a row (`places`, from 0), and what these columns are called.

    `times_asked`: whether the caller named the column of times or their unit, so that a value that is no time is an error.
    """

    places: tuple[int, ...]
    names: tuple[str, ...]
    times_asked: bool = False

    def note(self, clock: str = "") -> str:
        """Say what was taken.

        >>> Taken((0, 1, 3), ("user", "song", "when")).note("Unix seconds")
        'contexts = user, items = song, times = when (Unix seconds)'
        """
        words = [f"{what} = {name}" for what, name in zip(("contexts", "items", "times"), self.names)]
        return ", ".join(words) + (f" ({clock})" if clock and len(words) == 3 else "")

    def with_unit(self, unit: str | None) -> Taken:
        """Return the same columns; where the caller gives a unit of times, there must be some.

        Raises
        ------
        ValueError
            for a unit without a column of times.
        """
        if unit is None:
            return self
        if len(self.places) < 3:
            raise ValueError(
                f"time_unit needs a column of times; name it (--columns context,item,time); taken were {self.note()}"
            )
        return replace(self, times_asked=True)

    def without_times(self) -> Taken:
        """Return the same columns of context and item."""
        return replace(self, places=self.places[:2], names=self.names[:2])


def named_columns(
    path: Path, names: list[str], wanted: tuple[str, ...], *, header: bool = True, line: int | None = None
) -> Taken:
    """Return the columns that the caller asked for, by name or by number from 1.

    Raises
    ------
    ValueError
        for other than two or three columns, or one that is named twice.
    BadInput
        for a column that is not there, or stands there twice.
    """
    if len(wanted) not in (2, 3) or len(set(wanted)) < len(wanted):
        raise ValueError(
            f"columns must name context, item and perhaps time, each another column; got {', '.join(map(str, wanted))}"
        )
    places = []
    for name in wanted:
        if header and names.count(name) > 1:
            expected = f"one column {shown(name)} (numbers from 1 are accepted as well)"
            raise BadInput(path, expected, f"{names.count(name)} of that name", line=line)
        if header and name in names:
            places.append(names.index(name))
        elif name.isascii() and name.isdigit() and 1 <= int(name[:9]) <= len(names):
            places.append(int(name) - 1)
        else:
            known = names if header else [str(k + 1) for k in range(len(names))]
            expected = f"a column {shown(name)}{did_you_mean(name, known)}"
            raise BadInput(path, expected, f"columns {_listed(known)}", line=line)
    if len(set(places)) < len(places):
        raise ValueError(f"columns must name different columns; got {', '.join(wanted)}")
    return Taken(tuple(places), tuple(_called(names, k, header) for k in places), len(places) == 3)


def known_columns(path: Path, names: list[str], *, line: int | None = None) -> Taken:
    """Return the columns whose names say that they hold contexts, items and times.

    Raises
    ------
    BadInput
        where two could be meant, or none.

    Examples
    --------
    >>> known_columns(Path("log.csv"), ["date", "user_id", "itemId", "rating"]).note()
    'contexts = user_id, items = itemId, times = date'
    """
    roles = [_role(name) for name in names]
    contexts, items = (_best(names, roles, role) for role in ("context", "item"))
    others = [k for k, role in enumerate(roles) if role == "other"]
    candidates = [k for k, role in enumerate(roles) if role in ("context", "item", "other")]
    if len(candidates) == 2 and (len(contexts), len(items)) != (1, 1):
        if {"".join(_words(names[k])) for k in candidates} in ENDS:
            found = f"{_listed(names)}, which look like the two ends of an edge"
            raise BadInput(
                path, "columns of context and item (--columns), or edges (--kind graph)", found, line=line
            )
        one = contexts or items
        first = [k for k in candidates if k not in one] if len(one) == 1 else candidates[:1]
        contexts, items = (contexts or first), (items if contexts and items else [])
        items = items or [k for k in candidates if k not in contexts]
    elif not contexts and len(items) == 1 and len(others) == 1:
        contexts = others
    elif not items and len(contexts) == 1 and len(others) == 1:
        items = others
    if len(contexts) != 1 or len(items) != 1:
        expected = "columns of context and item whose names are known; name them (--columns context,item)"
        raise BadInput(path, expected, f"columns {_listed(names)}", line=line)
    times = [k for k, role in enumerate(roles) if role == "time"]
    places = (*contexts, *items, *(times if len(times) == 1 else ()))
    return Taken(places, tuple(_called(names, k, True) for k in places))


def is_known(name: str) -> bool:
    """Whether a word is the name of a column that logs have.

    >>> is_known("userId"), is_known("Ann")
    (True, False)
    """
    return _role(name) not in ("other", "unnamed")


def _role(name: str) -> str:
    words = _words(name)
    joined = "".join(words)
    if joined in UNNAMED or joined.startswith("unnamed"):
        return "unnamed"
    if joined in VALUES or words[-1] in VALUES:
        return "value"
    entity = _entity(words)
    for role, known in (("context", CONTEXTS), ("item", ITEMS)):
        if entity in known or joined in known:
            return role
    is_time = words[-1] in TIMES or (words[-1] == "at" and len(words) > 1) or words[0] == "timestamp"
    return "time" if is_time and not NOT_EVENTS & set(words) else "other"


def _words(name: str) -> list[str]:
    """Split a name at blanks, signs and capitals: `userId`, `user_id` and `USER ID` are all user, id."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return re.sub(r"[\W_]+", " ", parted).lower().split() or [""]


def _entity(words: list[str]) -> str:
    kept = [word for word in words if word not in IDENTIFIERS]
    if len(kept) != 1:
        return ""
    # userid, movieid
    return next(
        (kept[0][: -len(end)] for end in ("id", "no") if kept[0][: -len(end)] in CONTEXTS | ITEMS), kept[0]
    )


def _best(names: list[str], roles: list[str], role: str) -> list[int]:
    """Return the columns of a role; of one thing's id and name, the id."""
    places = [k for k, found in enumerate(roles) if found == role]
    if len({_entity(_words(names[k])) for k in places}) == 1 and len({names[k] for k in places}) == len(
        places
    ):
        ids = [k for k in places if _words(names[k])[-1] == "id"]
        return (ids or places)[:1] if len(ids) < 2 else places
    return places


def _called(names: list[str], place: int, header: bool) -> str:
    if not header or not names[place].strip():
        return f"column {place + 1}"
    name = names[place]
    return name if name.isprintable() and len(name) <= 40 else shown(name)


def _listed(names: list[str]) -> str:
    return ", ".join(map(shown, names[:SHOWN])) + (", ..." if len(names) > SHOWN else "")
