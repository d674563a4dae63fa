"""Playlists in JSON: AotM-2011 (McFee and Lanckriet 2012), Spotify's Million Playlist Dataset (2018).

AotM is one array of mixtapes, {"mix_id", "timestamp", "playlist": [[[artist, title], song id or null], ...],
...}: it is decoded one mixtape at a time. Spotify's is a folder of `mpd.slice.A-B.json`, each {"playlists":
[{"pid", "modified_at", "tracks": [{"track_uri", "artist_name", "track_name"}, ...]}, ...]}: one slice is in
memory at a time.
"""

from __future__ import annotations

import json
import re
from collections.abc import Hashable, Iterator
from pathlib import Path
from typing import Any

from experiments.matrices.clocks import Clock, NotATime, days_of_seconds
from experiments.matrices.collecting import PairCollector
from experiments.matrices.formats import Reading
from experiments.matrices.reading import BadInput, BadRows, pieces, shown
from experiments.matrices.real_matrix import RealMatrix

SLICE = re.compile(r"mpd\.slice\.(\d+)-(\d+)\.json(\.gz)?")
# what may come at the start, at the first place of the array, and after an element
ACCEPTED = {"start": "[", "first": "]", "after": ",]"}
LONGEST = 1 << 26  # bytes of one playlist
LARGEST_SLICE = 1 << 28  # bytes of one slice
LONGEST_NUMBER = 100  # digits


class _Infinite(ValueError):
    """A number that no finite one can stand for."""


def read_aotm(path: Path, options: Reading) -> RealMatrix:
    """Return mixtapes x songs; a song is its id where it has one, otherwise artist and title.

    Raises
    ------
    BadInput
        for JSON that is cut short or unsound, or a mixtape without the documented keys (those can be
        skipped).
    """
    bad, collector, names = BadRows(options.skip_bad_rows), PairCollector(), dict[Hashable, str]()
    for line, mix in array_elements(path):
        try:
            day = _day(path, line, mix)
            songs = [_aotm_song(path, line, song) for song in _get(path, line, mix, "playlist", list)]
        except BadInput as error:
            bad.meet(error)
            continue
        for song, name in songs:
            collector.add(mix["mix_id"], song, day)
            names.setdefault(song, name)
    return collector.finish(
        path.name,
        item_names=[names[song] for song in collector.items],
        notes=(
            "contexts = mix_id, items = playlist (songs), times = timestamp (ISO dates, UTC)",
            *bad.notes(),
        ),
    )


def read_spotify(path: Path, options: Reading) -> RealMatrix:
    """Return playlists x tracks from one slice, or from all of a folder in the order of their numbers.

    Raises
    ------
    BadInput
        as `read_aotm`; a broken slice is never skipped.
    """
    slices = [p for p in path.iterdir() if SLICE.fullmatch(p.name)] if path.is_dir() else [path]
    bad, collector, names = BadRows(options.skip_bad_rows), PairCollector(), dict[Hashable, str]()
    for part in sorted(slices, key=lambda p: int(re.findall(r"\d+", p.name + "0")[0])):
        content = _decode(part)
        for number, playlist in enumerate(_get(part, None, content, "playlists", list)):
            try:
                pid = _get(part, None, playlist, "pid", int, f"playlists[{number}]")
                day = _day_of_seconds(part, playlist, f"playlists[{number}]")
                for track in _get(part, None, playlist, "tracks", list, f"playlists[{number}]"):
                    where = f"playlists[{number}].tracks"
                    uri, artist, title = (
                        _get(part, None, track, key, str, where)
                        for key in ("track_uri", "artist_name", "track_name")
                    )
                    collector.add(pid, uri, day)
                    names.setdefault(uri, f"{title} - {artist}")
            except BadInput as error:
                bad.meet(error)
    return collector.finish(
        path.name,
        item_names=[names[uri] for uri in collector.items],
        notes=("contexts = pid, items = track_uri, times = modified_at (Unix seconds)", *bad.notes()),
    )


def array_elements(path: Path) -> Iterator[tuple[int, Any]]:
    """Yield (line where it begins, element) of a file that is one JSON array, one element at a time.

    Raises
    ------
    BadInput
        where the JSON is unsound or ends too early.
    """
    decoder, text, line, state = _DECODER, "", 1, "start"
    for piece in _text(path):
        text += piece
        while True:
            bare = text.lstrip(" \t\r\n\ufeff" if state == "start" else " \t\r\n")
            line += text.count("\n", 0, len(text) - len(bare))
            text = bare
            if not text:
                break
            if state in ACCEPTED and (state != "first" or text[0] == "]"):
                if text[0] not in ACCEPTED[state]:
                    expected = " or ".join(map(repr, ACCEPTED[state]))
                    raise BadInput(path, f"{expected} of a JSON array", shown(text[:20]), line=line, column=1)
                if text[0] == "]":
                    return
                state, text = ("first" if text[0] == "[" else "element"), text[1:]
                continue
            try:
                element, end = decoder.raw_decode(text)
            except RecursionError:
                raise BadInput(path, "a playlist", "JSON nested too deeply", line=line) from None
            except _Infinite as error:
                raise BadInput(path, "finite numbers", str(error), line=line) from None
            except json.JSONDecodeError as error:
                if len(text) > LONGEST:
                    raise BadInput(
                        path, "a JSON playlist", error.msg, line=line, column=error.colno
                    ) from None
                break  # perhaps the rest is in the next piece
            if end == len(text) and not isinstance(element, dict | list):
                break
            yield line, element
            line += text.count("\n", 0, end)
            text, state = text[end:], "after"
    if not text:
        raise BadInput(path, "the end of the array, ']'", "the end of the file", line=line)
    try:
        decoder.raw_decode(text)
    except json.JSONDecodeError as error:
        found = f"{error.msg}, or the end of the file too early"
        raise BadInput(path, "sound JSON", found, line=line + error.lineno - 1, column=error.colno) from None
    raise BadInput(path, "the end of the array, ']'", "the end of the file", line=line)


def _text(path: Path) -> Iterator[str]:
    import codecs

    decoder, done = codecs.getincrementaldecoder("utf-8")(), 0
    try:
        for piece in pieces(path):
            yield decoder.decode(piece)
            done += len(piece)
        yield decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise BadInput(path, "UTF-8 text", f"another byte near byte {done + error.start + 1:,}") from None


def _decode(path: Path) -> Any:
    parts: list[str] = []
    held = 0
    for piece in _text(path):
        parts.append(piece)
        held += len(piece)
        if held > LARGEST_SLICE:
            raise BadInput(path, f"a slice of at most {LARGEST_SLICE:,} bytes", "a larger one")
    try:
        return _DECODER.decode("".join(parts).removeprefix("\ufeff"))
    except _Infinite as error:
        raise BadInput(path, "finite numbers", str(error)) from None
    except json.JSONDecodeError as error:
        raise BadInput(path, "sound JSON", error.msg, line=error.lineno, column=error.colno) from None
    except RecursionError:
        raise BadInput(path, "playlists", "JSON nested too deeply") from None


def _get(path: Path, line: int | None, holder: Any, key: str, kind: type, where: str = "") -> Any:
    value = holder.get(key) if isinstance(holder, dict) else None
    if not isinstance(value, kind):
        expected = f"{where + ' with ' if where else ''}{key!r}, a {kind.__name__}"
        raise BadInput(path, expected, shown(json.dumps(value)), line=line, column=key)
    return value


def _whole(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise _Infinite(f"one of {len(digits):,} digits")
    return int(digits)


def _constant(name: str) -> float:
    raise _Infinite(name)


_DECODER = json.JSONDecoder(parse_int=_whole, parse_constant=_constant)


def _day_of_seconds(path: Path, playlist: Any, where: str) -> float:
    seconds = _get(path, None, playlist, "modified_at", int, where)
    try:
        return days_of_seconds(seconds)
    except NotATime as error:
        raise BadInput(path, str(error), shown(seconds), column="modified_at") from None


def _day(path: Path, line: int, mix: Any) -> float:
    stamp = _get(path, line, mix, "timestamp", str)
    if isinstance(mix.get("mix_id"), dict | list | None):
        raise BadInput(
            path, "'mix_id', a number", shown(json.dumps(mix.get("mix_id"))), line=line, column="mix_id"
        )
    if not re.match(r"\d{4}-\d{2}-\d{2}", stamp):
        raise BadInput(
            path, "a timestamp such as 2003-06-13T22:08:00", shown(stamp), line=line, column="timestamp"
        )
    try:
        return Clock("iso").day(stamp)
    except NotATime:
        raise BadInput(path, "a day of the calendar", shown(stamp), line=line, column="timestamp") from None


def _aotm_song(path: Path, line: int, song: Any) -> tuple[Hashable, str]:
    match song:
        case [[str(artist), str(title)], None | str() as identifier]:
            return identifier or (artist, title), f"{title} - {artist}"
    expected = "[[artist, title], song id or null]"
    raise BadInput(path, expected, shown(json.dumps(song)), line=line, column="playlist")
