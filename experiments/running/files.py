"""How is a file written? Whole or not at all, through no link, over nothing that is not ours, under a name that no data chose.

A reader finds the old file or the new one, never a part, even if a run is killed or two write at once. The new content is
written beside its place as a draft with a random name, which must not exist yet, and then takes the place; a link that lies
there is replaced, not followed. The mode of a file that is replaced is kept.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from simulate.plain_text import printable

UNFINISHED = ".unfinished"
Content = str | bytes | Callable[[IO[bytes]], object]
_EXCLUSIVE = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def write_whole(path: str | os.PathLike[str], content: Content) -> Path:
    """Write text (UTF-8), bytes, or what `content(file)` writes, and return the path.

    Raises
    ------
    OSError
        if it cannot be written; `path` then keeps its old content.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     written = write_whole(Path(folder) / "a.txt", "whole")
    ...     [(file.name, file.read_text()) for file in Path(folder).iterdir()]
    [('a.txt', 'whole')]
    """
    path = Path(path)
    with _draft(path, content) as draft:
        draft.take_place()
    return path


def write_new(files: Mapping[Path, Content], *, overwrite: bool = False) -> list[Path]:
    """Write all of `files` and return their paths, or none of them where one would replace a file with other content.

    A file that holds the very same bytes already is left as it is, so that a command can be repeated. With `overwrite` files
    are replaced.

    Raises
    ------
    ValueError
        if a path exists and is no file with the same content.
    OSError
        if one cannot be written.
    """
    if not files:
        return []
    path, content = next(iter(files.items()))
    rest = {other: files[other] for other in files if other != path}
    with _draft(path, content) as draft:
        same = _is_same(path, draft.place)
        if os.path.lexists(path) and not overwrite and not same:
            raise ValueError(_exists(path))
        written = write_new(rest, overwrite=overwrite)
        if not same:
            draft.take_place()
    return [path, *written]


def require_places(paths: Iterable[Path]) -> None:
    """Raise `ValueError` where a file cannot be written since a folder has its name, or a file that of a folder above it.

    >>> require_places([Path("/dev")])
    Traceback (most recent call last):
    ...
    ValueError: /dev must be a file, to be written; it is a folder
    """
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            raise ValueError(f"{printable(str(path))} must be a file, to be written; it is a folder")
        above = next((folder for folder in path.parents if os.path.lexists(folder)), None)
        if above is not None and not above.is_dir():
            raise ValueError(f"{printable(str(path))} must lie in a folder; {printable(str(above))} is none")


def require_ours(starts: Mapping[Path, tuple[str, ...]], *, overwrite: bool = False) -> None:
    """Raise `ValueError` if one of these paths exists and is no earlier output of ours, which begins with one of the given texts.

    `overwrite` allows any file to be replaced, but no folder.
    """
    require_places(starts)
    for path, known in starts.items():
        if (
            not overwrite
            and os.path.lexists(path)
            and not any(_begins(path, start.encode()) for start in known)
        ):
            raise ValueError(_exists(path))


def require_apart(outputs: Iterable[Path], inputs: Iterable[str | os.PathLike[str]]) -> None:
    """Raise `ValueError` if a file that will be written is one that is read, by whatever path or link.

    >>> require_apart([Path("a.csv")], ["b.csv"])
    """
    read = [Path(path) for path in inputs]
    for output in outputs:
        for path in read:
            if output.absolute() == path.absolute() or _are_one(output, path):
                raise ValueError(
                    f"{output} must not be written over: it is read by this command; give another --out"
                )


def require_inputs_apart(
    folder: str | os.PathLike[str], names: Iterable[str], inputs: Iterable[object]
) -> None:
    """Raise `ValueError` if one of `inputs` (paths, or names of data sets) is a file of these `names` in the output `folder`.

    The same if one of the files cannot be written there, since a folder has its name.
    """
    files = [Path(folder) / name for name in names]
    require_apart(files, [str(given) for given in inputs])
    if Path(folder).is_dir():  # what stands in the place of the folder itself is told by the store
        require_places(path for path in files if path.suffix)


def require_output_folder(folder: str | os.PathLike[str]) -> None:
    """Raise `ValueError` if `folder` is there and cannot be a folder for results: a file, or a link to nothing."""
    path = Path(folder)
    if path.is_symlink() and not path.exists():
        raise ValueError(
            f"the output folder {path} must be a folder; it is a link to {os.readlink(path)}, which does not exist"
        )
    if path.exists() and not path.is_dir():
        raise ValueError(f"the output folder {path} must be a folder; it is a file")


def require_own_outputs(
    folder: Path,
    starts: Mapping[str, tuple[str, ...]],
    inputs: Iterable[str | os.PathLike[str]],
    *,
    overwrite: bool = False,
) -> None:
    """Raise `ValueError` unless files of these names can be written into an output `folder`.

    It must be no file, and none of the files one of the `inputs`, or one that is no earlier output of ours (`require_ours`).
    """
    outputs = {folder / name: known for name, known in starts.items()}
    require_output_folder(folder)
    require_apart(outputs, inputs)
    require_ours(outputs, overwrite=overwrite)


def require_own_folder(folder: Path) -> Path:
    """Make `folder`, where it is missing, and return it; it lies in a folder that may come from somebody else.

    Raises
    ------
    ValueError
        if it is a link, which may lead anywhere.
    """
    if folder.is_symlink():
        raise ValueError(
            f"{folder} must be a folder; it is a link to {os.readlink(folder)}, and nothing is written there"
        )
    folder.mkdir(exist_ok=True)
    return folder


def file_name(text: str, ending: str = "") -> str:
    """Return a name for a file about `text`, which comes from data: ASCII letters, digits, `-` and `_`, at most 60 characters.

    >>> file_name("x/../../victim logo", ".svg")
    'x-victim-logo.svg'
    """
    return (re.sub("[^A-Za-z0-9_]+", "-", text)[:60].strip("-") or "unnamed") + ending


def claim_file(name: str, ending: str) -> str:
    """Return a name for a file about the claim of that id, which no other claim's file has.

    >>> claim_file("B3", "1.svg"), claim_file("gap>2", "1.svg")
    ('B3-1.svg', 'gap-2-37cceb-1.svg')
    """
    plain = file_name(name)
    if plain != name:
        plain = f"{plain}-{hashlib.sha256(name.encode()).hexdigest()[:6]}"
    return f"{plain}-{ending}"


def is_draft(name: str) -> bool:
    """Tell whether a file of this name is a draft, which a run that was killed may have left.

    >>> is_draft(".0123456789abcdef.unfinished"), is_draft("thesis.unfinished")
    (True, False)
    """
    return re.fullmatch(rf"\.[0-9a-f]{{16}}{re.escape(UNFINISHED)}", name) is not None


class Draft:
    """A new file beside `path`, open as `file`, which then takes the place of `path` or is dropped.

    Raises
    ------
    OSError
        if it cannot be made; it names the `path` that was asked for.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.place = path.with_name(f".{secrets.token_hex(8)}{UNFINISHED}")
        self.file = os.fdopen(_opened(self.place, path), "w+b")
        if (mode := _mode(path)) is not None:
            os.fchmod(self.file.fileno(), mode)

    def take_place(self) -> None:
        """Let the draft be the file at `path`. Raises `OSError`, which names the `path`."""
        self.file.close()
        try:
            self.place.replace(self.path)
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(self.path)) from None

    def drop(self) -> None:
        """Remove what is left of the draft."""
        with suppress(OSError):
            self.file.close()
        with suppress(OSError):
            self.place.unlink()


@contextmanager
def _draft(path: Path, content: Content) -> Iterator[Draft]:
    """Write `content` to a new file beside `path`; whatever is left of it afterwards is removed."""
    draft = Draft(path)
    try:
        if callable(content):
            content(draft.file)
        else:
            draft.file.write(content.encode() if isinstance(content, str) else content)
        draft.file.close()
        yield draft
    finally:
        draft.drop()


def _opened(draft: Path, path: Path) -> int:
    """Open a new file; an error names the `path` that was asked for."""
    try:
        return os.open(draft, _EXCLUSIVE, 0o666)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None


def _mode(path: Path) -> int | None:
    """Return the permissions of the file at `path`, None where there is none that they could be kept of."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return stat.S_IMODE(found.st_mode) & 0o777 if stat.S_ISREG(found.st_mode) else None


def _begins(path: Path, start: bytes) -> bool:
    if not stat.S_ISREG(path.lstat().st_mode):
        return False
    with path.open("rb") as file:
        return file.read(len(start)) == start


def _is_same(path: Path, draft: Path) -> bool:
    if not (path.is_file() and not path.is_symlink() and path.stat().st_size == draft.stat().st_size):
        return False
    with path.open("rb") as one, draft.open("rb") as other:
        return all(block == other.read(len(block)) for block in iter(lambda: one.read(1 << 20), b""))


def _are_one(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def _exists(path: Path) -> str:
    if path.is_symlink() and not path.exists():
        return (
            f"{printable(str(path))} is a link to {printable(os.readlink(path))}, which does not exist; remove it, give another "
            "--out, or --overwrite to replace it"
        )
    return (
        f"{printable(str(path))} exists and is not what this command wrote there before; give another --out, or --overwrite "
        "to replace it"
    )
