"""Last.fm as HetRec 2011 published it (Cantador, Brusilovsky and Kuflik 2011): tab-separated, with a header and CRLF line ends.

`user_artists.dat`: listener, artist, plays. `user_taggedartists.dat`: listener, artist, tag, day, month,
year; a context is then a listener's tag. `artists.dat` and `tags.dat` give names (the latter in latin-1). An
artist's label is the tag most often assigned to it among the 50 most assigned of all; such labels are
circular for (listener, tag) contexts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np

from experiments.matrices.collecting import PairCollector, object_names
from experiments.matrices.formats import Reading
from experiments.matrices.reading import BadInput, BadRows, integer, lines, shown
from experiments.matrices.real_matrix import RealMatrix

TAGS = 50
TAGGED = ("userID", "artistID", "tagID", "day", "month", "year")
PLAYS = ("userID", "artistID", "weight")
TAKEN = {
    "user_artists.dat": "contexts = userID, items = artistID",
    "user_taggedartists.dat": "contexts = userID and tagID, items = artistID, times = day, month, year",
}


def read_hetrec(path: Path, options: Reading) -> RealMatrix:
    """Return listeners x artists or, from `user_taggedartists.dat`, (listener, tag) x artists.

    Raises
    ------
    BadInput
        for another header, a field that is no integer, or a day that is none; rows can be skipped.
    """
    if path.is_dir():
        path = path / "user_artists.dat"
    bad = BadRows(options.skip_bad_rows)
    collector = PairCollector()
    if path.name == "user_artists.dat":
        for _, (user, artist, _) in _table(path, PLAYS, bad):
            collector.add(user, artist)
    else:
        for line, (user, artist, tag, *parts) in _table(path, TAGGED, bad):
            try:
                collector.add((user, tag), artist, _day(path, line, *parts))
            except BadInput as error:
                bad.meet(error)
    names = _names(path.parent / "artists.dat")
    tag_names = _names(path.parent / "tags.dat", "latin-1")
    contexts = (
        f"listener {c[0]}, {tag_names.get(c[1], c[1])}" if isinstance(c, tuple) else f"listener {c}"
        for c in collector.contexts
    )
    labels, label_names = _labels(path.parent / "user_taggedartists.dat", collector, tag_names)
    return collector.finish(
        path.name,
        item_names=[names.get(artist, f"artist {artist}") for artist in collector.items],
        context_names=contexts,
        notes=(TAKEN[path.name], *bad.notes()),
        labels=labels,
        label_names=label_names,
    )


def _table(path: Path, header: tuple[str, ...], bad: BadRows) -> Iterator[tuple[int, list[int]]]:
    for line, text in lines(path):
        fields = text.split("\t")
        if line == 1:
            if fields != list(header):
                raise BadInput(
                    path, f"the header {' '.join(header)} between tabs", shown(text), line=1, column=1
                )
            continue
        try:
            if len(fields) != len(header):
                found = f"{len(fields)}: {shown(text)}"
                raise BadInput(
                    path, f"{len(header)} fields between tabs", found, line=line, column=len(fields)
                )
            yield line, [integer(field, path, line, k + 1, header[k]) for k, field in enumerate(fields)]
        except BadInput as error:
            bad.meet(error)


def _day(path: Path, line: int, day: int, month: int, year: int) -> float:
    try:
        return float(date(year, month, day).toordinal() - date(1970, 1, 1).toordinal())
    except (ValueError, OverflowError):
        found = f"day {day}, month {month}, year {year}"
        raise BadInput(path, "a day of the calendar", found, line=line, column=4) from None


def _names(path: Path, encoding: str = "utf-8") -> dict[object, str]:
    if not path.is_file():
        return {}
    names: dict[object, str] = {}
    for line, text in lines(path, encoding=encoding):
        number, tab, rest = text.partition("\t")
        if line == 1:
            continue
        if not tab:
            raise BadInput(path, "a number and a name between tabs", shown(text), line=line, column=1)
        names[integer(number, path, line, 1, "an id")] = rest.split("\t")[0]
    return names


def _labels(path: Path, collector: PairCollector, tag_names: dict[object, str]) -> tuple[object, object]:
    if not path.is_file() or not tag_names:
        return None, None
    totals: Counter[int] = Counter()
    by_artist: dict[int, Counter[int]] = {}
    for _, (_, artist, tag, *_) in _table(path, TAGGED, BadRows(skip=True)):
        totals[tag] += 1
        by_artist.setdefault(artist, Counter())[tag] += 1
    common = [tag for tag, _ in sorted(totals.items(), key=lambda pair: (-pair[1], pair[0]))[:TAGS]]
    labels = np.full(len(collector.items), -1, dtype=np.int64)
    for position, item in enumerate(collector.items):
        counts = by_artist.get(int(str(item)), Counter())
        best = max(common, key=lambda tag: counts[tag])
        if counts[best]:
            labels[position] = common.index(best)
    return labels, object_names(tag_names.get(tag, f"tag {tag}") for tag in common)
