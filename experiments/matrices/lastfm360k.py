"""Last.fm-360K (Celma 2010): listener (SHA-1), MusicBrainz id of the artist (or none), its name, plays; separated by tabs.

There is no header. An artist is the MusicBrainz id where there is one, otherwise the name.
"""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path

from experiments.matrices.collecting import PairCollector
from experiments.matrices.formats import Reading
from experiments.matrices.reading import BadInput, BadRows, integer, lines, shown
from experiments.matrices.real_matrix import RealMatrix

TAKEN = "contexts = listener (column 1), items = artist (its MusicBrainz id, or its name)"


def read_lastfm360k(path: Path, options: Reading) -> RealMatrix:
    """Return listeners x artists from `usersha1-artmbid-artname-plays.tsv`.

    Raises
    ------
    BadInput
        for a row that has not four fields, a listener that is no SHA-1, or plays that are no integer.
    """
    if path.is_dir():
        path = path / "usersha1-artmbid-artname-plays.tsv"
    bad, collector = BadRows(options.skip_bad_rows), PairCollector()
    names: dict[Hashable, str] = {}
    for line, text in lines(path, encoding=options.encoding, bad=bad):
        try:
            user, artist, name = _row(path, line, text)
        except BadInput as error:
            bad.meet(error)
            continue
        collector.add(user, artist)
        names.setdefault(artist, name)
    return collector.finish(
        path.name, item_names=[names[artist] for artist in collector.items], notes=(TAKEN, *bad.notes())
    )


def _row(path: Path, line: int, text: str) -> tuple[str, str, str]:
    fields = text.split("\t")
    if len(fields) != 4:
        found = f"{len(fields)}: {shown(text)}"
        raise BadInput(path, "4 fields between tabs", found, line=line, column=len(fields))
    user, identifier, name, plays = fields
    if len(user) != 40 or not set(user) <= set("0123456789abcdef"):
        raise BadInput(path, "a listener's SHA-1 (40 hexadecimal digits)", shown(user), line=line, column=1)
    if not identifier and not name.strip():
        raise BadInput(path, "an artist's id or name", "neither", line=line, column=2)
    integer(plays.strip(), path, line, 4, "plays")
    return user, identifier or name, name or identifier
