"""Films and their actors (Wikidata, CC0), from bokeh-sampledata: films are contexts, actors are items.

`movies.db` is SQLite; in its table `omdb` the column `Cast` lists actors separated by commas, and a "Jr.",
"Sr." or "III" behind a comma belongs to the name before it: taken as actors, "Jr." and "Sr." would join
strangers' films. It is joined without the comma, as the same source writes it for most people, so that both
spellings are one actor.

Rejoining removes "Jr." (113 films) and "Sr." as actors: with pairs counted from 2 contexts, 14,972 items
instead of 14,987 keep a positive PMI, 143,078 instead of 143,504 entries; Spk is the same, 12, 25, 68 and 225
peaks at ranks 8, 16, 32 and 64.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from experiments.matrices.real_matrix import RealMatrix, from_pairs, majority_labels
from simulate.optional import require_extra

SUFFIXES = frozenset({"Jr.", "Sr.", "Jr", "Sr", "II", "III", "IV"})


def films_actors(*, rejoin_suffixes: bool = True) -> RealMatrix:
    """Return films x actors: every film that lists an actor; an actor's label is the most frequent first genre.

    `rejoin_suffixes=False` splits the lists at every comma as they stand.

    Raises
    ------
    ModuleNotFoundError
        without bokeh-sampledata, which holds the data (extra `films`).
    """
    require_extra("films", "films-actors")
    database = Path(str(resources.files("bokeh_sampledata"))) / "_data" / "movies.db"
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        records = connection.execute(
            'SELECT "Title", "Year", "Genre", "Cast" FROM omdb ORDER BY ID'
        ).fetchall()
    titles, years, genres, casts = [], [], [], []
    for title, year, genre, cast in records:
        if actors := split_cast(cast or "", rejoin_suffixes=rejoin_suffixes):
            titles.append(str(title))
            years.append(int(year))
            genres.append((genre or "").split(",")[0].strip())
            casts.append(actors)
    index: dict[str, int] = {}
    rows = [film for film, cast in enumerate(casts) for _ in cast]
    columns = [index.setdefault(actor, len(index)) for cast in casts for actor in cast]
    interactions = from_pairs(rows, columns, (len(casts), len(index)))
    label_names = sorted({genre for genre in genres if genre})
    numbers = {genre: number for number, genre in enumerate(label_names)}
    film_labels = np.array([numbers.get(genre, -1) for genre in genres])
    return RealMatrix(
        "films-actors",
        interactions=interactions,
        items=np.array(list(index), dtype=object),
        contexts=np.array(titles, dtype=object),
        labels=majority_labels(interactions, film_labels, len(label_names)),
        label_names=np.array(label_names, dtype=object),
        context_labels=np.array(years),
        times=np.repeat(_new_years_days(years), np.diff(interactions.indptr)),
        notes=(
            "an actor's label is the first genre of most of their films; times are 1 January of each year",
            "'Jr.', 'Sr.' and the like behind a comma are joined to the name before them"
            if rejoin_suffixes
            else "cast lists are split at every comma",
        ),
    )


def _new_years_days(years: list[int]) -> NDArray[np.int64]:
    first = np.array([f"{year:04d}-01-01" for year in years], dtype="datetime64[D]")
    return first.astype(np.int64)


def split_cast(cast: str, *, rejoin_suffixes: bool = True) -> list[str]:
    """Return the names of a cast list.

    >>> split_cast("Amy Adams, Robert Downey, Jr., Zoe Saldana")
    ['Amy Adams', 'Robert Downey Jr.', 'Zoe Saldana']
    """
    names: list[str] = []
    for part in (piece.strip() for piece in cast.split(",")):
        if rejoin_suffixes and part in SUFFIXES and names:
            names[-1] = f"{names[-1]} {part}"
        elif part:
            names.append(part)
    return list(dict.fromkeys(names))


def most_frequent(matrix: RealMatrix, count: int, name: str) -> RealMatrix:
    """Return the interactions of the `count` items in most contexts (ties by index), in their old order."""
    occurrences = np.bincount(matrix.matrix.indices, minlength=matrix.n_items)
    kept = np.sort(np.argsort(-occurrences, kind="stable")[:count])
    return matrix.restricted_to(kept, name, f"the {count:,} items in most contexts, of {matrix.n_items:,}")


def films_actors_3000() -> RealMatrix:
    """Return `films_actors` cut to its 3,000 most frequent actors.

    >>> films_actors_3000().matrix.shape
    (15701, 3000)
    """
    return most_frequent(films_actors(), 3000, "films-actors-3000")
