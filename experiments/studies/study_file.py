"""A study as a TOML file: it names a registered trial and its grid, never code.

trial = "spikes_of_a_block_model"      # one of `experiments.studies.trials.TRIALS`
name = "noise"                          # defaults to the file's
replicates = 5
[grid]                                  # every combination
mean_degree = [20, 40, 80]
n = { from = 1000, to = 4000, steps = 3, spacing = "log" }
[[zip]]                                 # lists that advance together
blocks = [2, 4]
mixing = [0.1, 0.05]
[fixed]
sigma = 0.6
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from experiments.running.study import Study, product, zipped
from experiments.studies.trials import TRIALS, Registered
from simulate.validation import did_you_mean, require_choice, require_integer

KEYS = ("name", "trial", "replicates", "grid", "zip", "fixed", "cells")
RANGE_KEYS = ("from", "to", "steps", "spacing")
MOST_TASKS = 1_000_000  # more need a word of assent


def shipped_studies() -> list[str]:
    """Return the names of the studies that come with the package.

    >>> "noise" in shipped_studies()
    True
    """
    folder = resources.files("experiments.studies")
    return sorted(
        entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")
    )


def read_study(path_or_name: str | Path, overrides: Sequence[str] = ()) -> Study:
    """Return the study of a TOML file, or of a shipped one by name, with `key=value` overrides of parameters.

    An override replaces a parameter wherever it stands, by a value or a list of values in TOML's notation; "replicates" can be
    overridden too.

    Raises
    ------
    ValueError
        for a file that is no TOML, an unknown key, trial or parameter (the nearest known is named), a value of a type
        that does not fit, a missing parameter or an empty grid.
    OSError
        if the file cannot be read.

    Examples
    --------
    >>> read_study("noise", ["n=300", "replicates=1"]).grid[0]["n"]
    300
    """
    text, default_name = _text(path_or_name)
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = "it is nested too deeply" if isinstance(error, RecursionError) else error
        raise ValueError(f"{path_or_name} must be a TOML file; {found}") from None
    for key in document:
        if key not in KEYS:
            raise ValueError(
                f"{path_or_name} must use the keys {', '.join(KEYS)}; got {key!r}{did_you_mean(key, KEYS)}"
            )
    name = str(document.get("name", default_name))
    trial = require_choice(document.get("trial"), "trial", tuple(TRIALS))
    registered = TRIALS[trial]
    changes = _overrides(overrides)
    replicates = require_integer(
        changes.pop("replicates", document.get("replicates", 1)), "replicates", least=1
    )
    cells = _cells(document, changes, str(path_or_name), registered)
    return Study(
        name,
        cells,
        registered.trial,
        replicates=replicates,
        version=registered.version,
        roles=registered.roles,
    )


def _text(path_or_name: str | Path) -> tuple[str, str]:
    path = Path(path_or_name)
    if path.suffix != ".toml" and not path.exists():
        known = shipped_studies()
        if str(path_or_name) not in known:
            raise ValueError(
                f"study must be a TOML file or one of {', '.join(known)}; "
                f"got {str(path_or_name)!r}{did_you_mean(path_or_name, known)}"
            )
        return resources.files("experiments.studies").joinpath(f"{path_or_name}.toml").read_text(
            "utf-8"
        ), str(path)
    try:
        return path.read_text(encoding="utf-8"), path.stem
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} must be UTF-8 text; {error}") from None


def _overrides(words: Sequence[str]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for word in words:
        key, separator, value = word.partition("=")
        if not separator or not key.strip():
            raise ValueError(f"--set takes key=value; got {word!r}")
        try:
            changes[key.strip()] = tomllib.loads(f"value = {value}")["value"]
        except (tomllib.TOMLDecodeError, RecursionError):
            changes[key.strip()] = value.strip()
    return changes


def _cells(
    document: Mapping[str, Any], changes: dict[str, Any], where: str, registered: Registered
) -> list[dict[str, Any]]:
    fixed = {**registered.defaults, **_table(document, "fixed", where)}
    axes = {key: _axis(key, value) for key, value in _table(document, "grid", where).items()}
    zips = document.get("zip", [])
    if not isinstance(zips, list) or not all(isinstance(part, dict) for part in zips):
        raise ValueError(f"{where}: zip must be a list of tables, written [[zip]]; got {zips!r}")
    groups = [{key: _axis(key, value) for key, value in part.items()} for part in zips]
    listed = document.get("cells", [{}])
    if not isinstance(listed, list) or not all(isinstance(cell, dict) for cell in listed):
        raise ValueError(f"{where}: cells must be a list of tables, written [[cells]]; got {listed!r}")
    for key, value in changes.items():
        for place in (axes, *groups, *listed, fixed):
            place.pop(key, None)
        axes[key] = _axis(key, value)
    result: list[dict[str, Any]] = [dict(cell) for cell in listed]
    for part in ([product(**axes)] if axes else []) + [zipped(**group) for group in groups if group]:
        result = [{**cell, **more} for cell in result for more in part]
    if not result:
        raise ValueError(f"{where}: the grid must hold at least one cell; an axis of it is empty")
    return [_typed({**fixed, **cell}, registered, where) for cell in result]


def _table(document: Mapping[str, Any], key: str, where: str) -> dict[str, Any]:
    table = document.get(key, {})
    if not isinstance(table, dict):
        raise ValueError(f"{where}: {key} must be a table, written [{key}]; got {table!r}")
    return dict(table)


def _axis(key: str, value: Any) -> list[Any]:
    if isinstance(value, dict):
        for name in value:
            if name not in RANGE_KEYS:
                raise ValueError(f"{key}: a range has the keys {', '.join(RANGE_KEYS)}; got {name!r}")
        if missing := {"from", "to", "steps"} - set(value):
            raise ValueError(f"{key}: a range needs from, to and steps; {sorted(missing)} is missing")
        spacing = require_choice(value.get("spacing", "linear"), f"{key}.spacing", ("linear", "log"))
        steps = require_integer(value["steps"], f"{key}.steps", least=1)
        points = (np.geomspace if spacing == "log" else np.linspace)(value["from"], value["to"], steps)
        whole = isinstance(value["from"], int) and isinstance(value["to"], int)
        return list(dict.fromkeys(round(float(x)) if whole else float(x) for x in points))
    return list(value) if isinstance(value, list) else [value]


def _typed(cell: dict[str, Any], registered: Registered, where: str) -> dict[str, Any]:
    known = tuple(registered.defaults)
    for name, value in cell.items():
        if name not in known:
            raise ValueError(
                f"{where}: parameter must be one of {', '.join(known)}; got {name!r}{did_you_mean(name, known)}"
            )
        wanted = type(registered.defaults[name])
        if wanted is float and isinstance(value, int) and not isinstance(value, bool):
            cell[name] = float(value)
        elif type(value) is not wanted:
            raise ValueError(
                f"{where}: {name} must be of type {wanted.__name__}; got {type(value).__name__} {value!r}"
            )
    return cell
