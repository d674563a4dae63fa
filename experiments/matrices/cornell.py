"""Playlists as Cornell published them (Chen et al. 2012): `train.txt` or `test.txt`, with names and tags in other files.

Two header lines (the songs' ids elsewhere; how often each song appears), then one playlist per line: song numbers
from 0, a space after each, the last one too. `song_hash.txt`: number, title, artist between tabs. `tags.txt`:
one song per line, with its tag numbers or `#`. `tag_hash.txt`: "number, name" per line. Tags are numbered by decreasing use;
a song's label is the most used of its tags. A playlist may repeat a song; the pair counts once.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from experiments.matrices.collecting import object_names
from experiments.matrices.finishing import finish_interactions
from experiments.matrices.formats import Reading
from experiments.matrices.reading import BadInput, BadRows, integer, lines, shown
from experiments.matrices.real_matrix import RealMatrix


def read_cornell(path: Path, options: Reading) -> RealMatrix:
    """Return playlists x songs from `train.txt` (a folder's, or the file); songs never played are left out.

    Raises
    ------
    BadInput
        for a header that is no two rows of equal length, or a song number outside it; playlists can be
        skipped.
    """
    playlists = path / "train.txt" if path.is_dir() else path
    bad = BadRows(options.skip_bad_rows)
    numbered = lines(playlists)
    n_songs = _header(playlists, numbered)
    rows, columns = array("i"), array("i")
    contexts = 0
    for line, text in numbered:
        try:
            songs = _playlist(playlists, line, text, n_songs)
        except BadInput as error:
            bad.meet(error)
            continue
        rows.extend([contexts] * len(songs))
        columns.extend(songs)
        contexts += bool(songs)
    notes = (
        "contexts = lines, items = song numbers",
        f"{len(rows):,} plays in {contexts:,} playlists",
        *bad.notes(),
    )
    played, items = np.unique(np.array(columns, dtype=np.int64), return_inverse=True)
    if played.size < n_songs:
        notes = (*notes, f"{n_songs - played.size} songs of the header are in no playlist")
    labels, label_names = _tags(playlists.parent, n_songs)
    return finish_interactions(
        path.name,
        np.array(rows),
        items,
        (contexts, played.size),
        items=object_names(_songs(playlists.parent, n_songs))[played],
        contexts=object_names(f"playlist {k + 1}" for k in range(contexts)),
        notes=notes,
        labels=None if labels is None else labels[played],
        label_names=label_names,
    )


def _header(path: Path, numbered: Iterator[tuple[int, str]]) -> int:
    ids = next(numbered, (1, ""))[1].split()
    line, counts = next(numbered, (2, ""))
    if not ids or len(ids) != len(counts.split()):
        found = f"{len(ids)} ids and {len(counts.split())} counts"
        raise BadInput(path, "two header lines: the songs' ids and as many counts", found, line=line)
    for k, text in enumerate(counts.split()):
        integer(text, path, line, k + 1, "a count")
    return len(ids)


def _playlist(path: Path, line: int, text: str, n_songs: int) -> list[int]:
    songs = []
    for k, field in enumerate(text.split()):
        song = integer(field, path, line, k + 1, "a song number")
        if not 0 <= song < n_songs:
            raise BadInput(
                path, f"a song number from 0 to {n_songs - 1}", shown(field), line=line, column=k + 1
            )
        songs.append(song)
    return songs


def _songs(folder: Path, n_songs: int) -> list[str]:
    path = folder / "song_hash.txt"
    if not path.is_file():
        return [f"song {k}" for k in range(n_songs)]
    names = {}
    for line, text in lines(path):
        fields = text.split("\t")
        if len(fields) != 3:
            found = f"{len(fields)} fields: {shown(text)}"
            raise BadInput(
                path, "number, title and artist between tabs", found, line=line, column=len(fields)
            )
        number = integer(fields[0].strip(), path, line, 1, "a song number")
        names[number] = f"{fields[1].strip()} - {fields[2].strip()}"
    if sorted(names) != list(range(n_songs)):
        raise BadInput(path, f"the songs 0 to {n_songs - 1}, each once", f"{len(names)} songs")
    return [names[k] for k in range(n_songs)]


def _tags(folder: Path, n_songs: int) -> tuple[NDArray[np.int64] | None, NDArray[np.object_] | None]:
    tags, names = folder / "tags.txt", folder / "tag_hash.txt"
    if not (tags.is_file() and names.is_file()):
        return None, None
    listed: list[str] = []
    for line, text in lines(names):
        number, comma, name = text.partition(",")
        if not comma or integer(number.strip(), names, line, 1, "a tag number") != len(listed):
            raise BadInput(names, f"'{len(listed)}, name'", shown(text), line=line, column=1)
        listed.append(name.strip())
    labels = []
    for line, text in lines(tags):
        codes = [] if text.strip() == "#" else text.split()
        numbers = [integer(code, tags, line, k + 1, "a tag number") for k, code in enumerate(codes)]
        if numbers and not 0 <= min(numbers) <= max(numbers) < len(listed):
            raise BadInput(tags, f"tag numbers from 0 to {len(listed) - 1}", shown(text), line=line)
        labels.append(min(numbers, default=-1))
    if len(labels) != n_songs:
        raise BadInput(tags, f"{n_songs} lines, one per song", f"{len(labels)}")
    return np.array(labels, dtype=np.int64), object_names(listed)
