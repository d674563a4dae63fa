"""Is a file the known data set that its name says? Many files are called ratings.csv or train.txt; their first lines tell.

Names that nobody else uses (`u.data`, `user_artists.dat`, ...) are believed.
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from experiments.matrices.reading import BadInput, lines

FIRST_LINES = 50
MOVIELENS = ["userId", "movieId", "rating", "timestamp"]
CORNELL = ("song_hash.txt", "tags.txt", "tag_hash.txt")


def is_data_set(path: Path, name: str) -> bool:
    """Whether the first lines of a file are those of a data set; True for data sets whose file names are their own.

    A file that cannot be read as text is left to the data set's reader, which says where it is broken.
    """
    try:
        first = [text for _, text in islice(lines(path), FIRST_LINES)]
    except BadInput:
        return True
    if name == "movielens" and path.name == "ratings.csv":
        return first[0].strip().split(",") == MOVIELENS
    if name == "cornell":
        return any((path.parent / file).is_file() for file in CORNELL) or _is_cornell(first)
    return True


def _is_cornell(first: list[str]) -> bool:
    """Whether two lines of equally many numbers are followed by playlists of songs that are numbered below that."""
    rows = [text.split() for text in first]
    if len(rows) < 3 or not rows[0] or len(rows[0]) != len(rows[1]):
        return False
    return all(
        song.isdigit() and int(song) < len(rows[0]) for row in rows[2:] for song in row if len(song) < 10
    )


def likely_separator(path: Path) -> str:
    """Return the separator that the first line of a text file has; a blank where it has none of the others."""
    first = next((text for _, text in lines(path, encoding="latin-1") if text.strip()), "")
    return next((separator for separator in ("\t", "::", ";", ",", "|") if separator in first), " ")
