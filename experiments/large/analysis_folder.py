"""The folder of a large analysis: whose it is, and that one command at a time works in it.

| file | |
|---|---|
| `analysis.json` | the options, and the key of the log, the options and the sources |
| `work/` | what the steps leave (`steps`); it may be removed when the analysis is done |
| `vectors.npy`, `items.npy` | row i of the vectors belongs to item items[i] of the log |
| `result.json` | eigenvalues, residuals, Spk |
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from experiments.running.files import UNFINISHED, write_whole
from experiments.running.folder_locks import alone
from experiments.running.json_files import misfit, read_object
from experiments.running.output_places import require_output_folder
from experiments.running.waiting import WAIT_SECONDS

ABOUT, RESULT, VECTORS, ITEMS, WORK = "analysis.json", "result.json", "vectors.npy", "items.npy", "work"
OURS = (ABOUT, RESULT, VECTORS, ITEMS, WORK)
FORMAT = 1


@contextmanager
def analysis_folder(
    folder: Path, key: str, options: Mapping[str, Any], *, overwrite: bool, wait: float = WAIT_SECONDS
) -> Iterator[Path]:
    """Hold the folder for an analysis of this key, new or begun earlier, and yield the folder for its steps.

    Raises
    ------
    ValueError
        if the folder is a file, holds anything that is not ours, or another analysis (unless `overwrite`).
    TimeoutError
        an `OSError`, if another command is still at work in it after `wait` seconds.
    """
    require_output_folder(folder)
    folder.mkdir(parents=True, exist_ok=True)
    _require_ours(folder)
    with alone(folder, wait):
        _claim(folder, key, options, overwrite)
        work = folder / WORK
        work.mkdir(exist_ok=True)
        _remove_drafts(folder, work)  # of a command that was killed
        yield work
        _remove_drafts(folder, work)  # of workers that were lost


def _remove_drafts(folder: Path, work: Path) -> None:
    for path in [*folder.glob(f".*{UNFINISHED}"), *work.rglob(f".*{UNFINISHED}")]:
        path.unlink(missing_ok=True)


def _require_ours(folder: Path) -> None:
    inside = sorted(path.name for path in folder.iterdir())
    other = [name for name in inside if name not in OURS and not name.endswith(UNFINISHED)]
    links = [name for name in inside if (folder / name).is_symlink()]
    if other or links or (set(inside) & {RESULT, VECTORS, ITEMS, WORK} and ABOUT not in inside):
        named = ", ".join((other or links or inside)[:3])
        raise ValueError(f"the output folder {folder} must be empty, or hold an analysis; it holds {named}")
    if ABOUT in inside:
        _about(folder / ABOUT)


def _about(path: Path) -> dict[str, Any]:
    """What an earlier command has noted in the folder."""
    try:
        found = read_object(path)
        wrong = misfit(found, {"format": int, "key": str, "options": {}}, "")
    except ValueError as error:
        wrong = str(error)
    if wrong:
        raise ValueError(f"{path} must be what an analysis wrote; {wrong}")
    return found


def _claim(folder: Path, key: str, options: Mapping[str, Any], overwrite: bool) -> None:
    """Note whose the folder is; an analysis with other options is replaced only where that is asked for."""
    path = folder / ABOUT
    if path.exists():
        found = _about(path)
        if found["key"] == key:
            return
        if not overwrite:
            raise ValueError(
                f"{folder} holds {_difference(found['options'], options)}; give another --out, or --overwrite"
            )
    for name in (RESULT, VECTORS, ITEMS):
        (folder / name).unlink(missing_ok=True)
    text = json.dumps({"format": FORMAT, "key": key, "options": dict(options)}, indent=1)
    write_whole(path, text + "\n")


def _difference(found: Mapping[str, Any], options: Mapping[str, Any]) -> str:
    other = [f"{name}={found[name]!r}" for name in options if name in found and found[name] != options[name]]
    if other:
        return f"an analysis with other options ({', '.join(other)})"
    return "the analysis of another log, or by other sources of spikeproof"
