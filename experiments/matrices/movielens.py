"""MovieLens (Harper and Konstan 2015): one line per rating (viewer, film, rating, seconds since 1970), in three dialects.

100K: `u.data`, tabs, films in `u.item` (latin-1, 19 flags of genres). 1M and 10M: `ratings.dat`, `::`, films
in `movies.dat` (latin-1). 20M and later: `ratings.csv` with a header, films in `movies.csv`. A film that was
rated counts, whatever the rating; its label is the first of its genres.
"""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np

from experiments.matrices.clocks import NotATime, days_of_seconds
from experiments.matrices.collecting import PairCollector, object_names
from experiments.matrices.formats import Reading
from experiments.matrices.reading import BadInput, BadRows, integer, lines, shown
from experiments.matrices.real_matrix import RealMatrix
from experiments.matrices.recognising import MOVIELENS

SEPARATORS = {"u.data": "\t", "ratings.dat": "::", "ratings.csv": ","}
FILMS = {"u.data": "u.item", "ratings.dat": "movies.dat", "ratings.csv": "movies.csv"}
TAKEN = "contexts = viewers, items = films (whatever the rating), times = timestamp (Unix seconds)"
GENRES_100K = [
    "unknown", "Action", "Adventure", "Animation", "Children's", "Comedy", "Crime", "Documentary", "Drama",
    "Fantasy", "Film-Noir", "Horror", "Musical", "Mystery", "Romance", "Sci-Fi", "Thriller", "War", "Western",
]  # fmt: skip


def read_movielens(path: Path, options: Reading) -> RealMatrix:
    """Return viewers x films, times in days since 1970-01-01.

    Raises
    ------
    BadInput
        for a header where none should be (or none where one should), a wrong number of fields, an id or a
        second that is no integer, or a rating that is no number; rows can be skipped, the header cannot.
    """
    if path.is_dir():
        path = next(path / name for name in SEPARATORS if (path / name).is_file())
    separator = SEPARATORS[path.name]
    bad, collector = BadRows(options.skip_bad_rows), PairCollector()
    for line, text in lines(path, bad=bad):
        fields = text.split(separator)
        if line == 1 and path.suffix == ".csv":
            if fields != MOVIELENS:
                raise BadInput(path, f"the header {','.join(MOVIELENS)}", shown(text), line=1, column=1)
            continue
        if line == 1 and path.suffix != ".csv" and fields[0].isalpha():
            raise BadInput(path, "a rating, there is no header", shown(text), line=1, column=1)
        try:
            collector.add(*_rating(path, line, fields, separator))
        except BadInput as error:
            bad.meet(error)
    films = _films(path)
    genres = sorted({genre for _, genre in films.values() if genre})
    # every id in the collector is an int: `_rating` gave it
    known = [films.get(film, (f"film {film}", "")) for film in map(int, map(str, collector.items))]
    return collector.finish(
        path.name,
        item_names=[title for title, _ in known],
        context_names=[f"viewer {viewer}" for viewer in collector.contexts],
        notes=(TAKEN, *bad.notes()),
        labels=np.array([genres.index(genre) if genre else -1 for _, genre in known]) if genres else None,
        label_names=object_names(genres) if genres else None,
    )


def _rating(path: Path, line: int, fields: list[str], separator: str) -> tuple[int, int, float]:
    if len(fields) != 4:
        found = f"{len(fields)}: {shown(separator.join(fields))}"
        raise BadInput(path, f"4 fields between {separator!r}", found, line=line, column=len(fields))
    viewer = integer(fields[0], path, line, 1, "a viewer")
    film = integer(fields[1], path, line, 2, "a film")
    try:
        rating = float(fields[2])
    except ValueError:
        rating = math.nan
    if not math.isfinite(rating):
        raise BadInput(path, "a rating, a number", shown(fields[2]), line=line, column=3)
    second = integer(fields[3].strip(), path, line, 4, "a second since 1970")
    try:
        return viewer, film, days_of_seconds(second)
    except NotATime as error:
        raise BadInput(path, str(error), str(second), line=line, column=4) from None


def _films(path: Path) -> dict[int, tuple[str, str]]:
    source = path.parent / FILMS[path.name]
    if not source.is_file():
        return {}
    films = {}
    for line, text in lines(source, encoding="utf-8" if source.suffix == ".csv" else "latin-1"):
        if source.name == "u.item":
            fields = text.split("|")
            flags = [genre for genre, flag in zip(GENRES_100K, fields[5:], strict=False) if flag == "1"]
            genres = "|".join(flags)
        else:
            fields = text.split("::") if source.suffix == ".dat" else next(csv.reader([text]))
            genres = fields[2] if len(fields) > 2 else ""
        if line == 1 and source.suffix == ".csv":
            continue
        if len(fields) < 3:
            found = f"{len(fields)}: {shown(text)}"
            raise BadInput(source, "number, title and genres", found, line=line, column=len(fields))
        first = genres.split("|")[0]
        film = integer(fields[0], source, line, 1, "a film")
        films[film] = (fields[1], "" if first in ("unknown", "(no genres listed)") else first)
    return films
