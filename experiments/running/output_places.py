"""May a command write here? No folder where a file goes, nothing over what is not ours, no input, and through no link.

All is asked before the work, so that hours of it are not lost at its end.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path

from simulate.plain_text import printable


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
            raise ValueError(taken(path))


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


def taken(path: Path) -> str:
    """Return the words for a file that is there already and none of ours."""
    if path.is_symlink() and not path.exists():
        return (
            f"{printable(str(path))} is a link to {printable(os.readlink(path))}, which does not exist; remove it, give another "
            "--out, or --overwrite to replace it"
        )
    return (
        f"{printable(str(path))} exists and is not what this command wrote there before; give another --out, or --overwrite "
        "to replace it"
    )


def _begins(path: Path, start: bytes) -> bool:
    if not stat.S_ISREG(path.lstat().st_mode):
        return False
    with path.open("rb") as file:
        return file.read(len(start)) == start


def _are_one(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False
