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

import math
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from experiments.matrices.reading import BadInput
from experiments.matrices.toml_files import toml_tables, toml_text
from experiments.running.study import Cell, Grid, Study, zipped
from experiments.studies.given_trials import chosen_trials, trial_named
from experiments.studies.optional_parameters import with_optional
from experiments.studies.trials import Registered
from simulate.validation import did_you_mean, require_choice, require_integer

KEYS = ("name", "trial", "replicates", "grid", "zip", "fixed", "cells")
RANGE_KEYS = ("from", "to", "steps", "spacing")
MOST_TASKS = 1_000_000  # more have to be asked for
MOST_OF_ALL = 100_000_000


def shipped_studies() -> list[str]:
    """Return the names of the studies that come with the package.

    >>> "noise" in shipped_studies()
    True
    """
    folder = resources.files("experiments.studies")
    return sorted(
        entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")
    )


def read_study(
    path_or_name: str | Path,
    overrides: Sequence[str] = (),
    *,
    most_tasks: int = MOST_OF_ALL,
    trials: Iterable[str] = (),
) -> Study:
    """Return the study of a TOML file, or of a shipped one by name, with `key=value` overrides of parameters.

    An override replaces a parameter wherever it stands, by a value or a list of values in TOML's notation; "replicates" can be
    overridden too. `trials` are Python files and modules with trials of your own that the file may name
    (`experiments.studies.given_trials`); they are run, the study file never is. The tasks are counted before any list of them
    is made.

    Raises
    ------
    ValueError
        for a file that is no TOML, an unknown key, trial or parameter (the nearest known is named), a value of a type
        that does not fit, a missing parameter, an empty grid, or more than `most_tasks` tasks.
    OSError
        if the file cannot be read.

    Examples
    --------
    >>> read_study("noise", ["n=300", "replicates=1"]).grid[0]["n"]
    300
    """
    text, default_name = _text(path_or_name)
    document = toml_tables(text, str(path_or_name))
    for key in document:
        if key not in KEYS:
            raise ValueError(
                f"{path_or_name} must use the keys {', '.join(KEYS)}; got {key!r}{did_you_mean(key, KEYS)}"
            )
    name = str(document.get("name", default_name))
    registered = trial_named(document.get("trial"), chosen_trials(trials))
    changes = _overrides(overrides)
    registered = with_optional(registered, document, changes)
    replicates = require_integer(
        changes.pop("replicates", document.get("replicates", 1)), "replicates", least=1
    )
    cells = _cells(document, changes, str(path_or_name), registered, most_tasks)
    if (tasks := math.prod(map(len, cells.parts)) * replicates) > most_tasks:
        more = "; add --yes to run them all" if tasks <= MOST_OF_ALL else ""
        raise ValueError(f"{path_or_name} has {tasks:,} tasks, more than {most_tasks:,}{more}")
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
    return toml_text(path), path.stem


def _overrides(words: Sequence[str]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for word in words:
        key, separator, value = word.partition("=")
        if not separator or not key.strip():
            raise ValueError(f"--set takes key=value; got {word!r}")
        try:
            changes[key.strip()] = toml_tables(f"value = {value}", "--set")["value"]
        except BadInput:
            changes[key.strip()] = value.strip()
    return changes


def _cells(
    document: Mapping[str, Any], changes: dict[str, Any], where: str, registered: Registered, most: int
) -> Grid:
    defaults = registered.defaults
    fixed = {**(defaults or {}), **_table(document, "fixed", where)}
    axes = _table(document, "grid", where)
    zips = document.get("zip", [])
    if not isinstance(zips, list) or not all(isinstance(part, dict) for part in zips):
        raise ValueError(f"{where}: zip must be a list of tables, written [[zip]]; got {zips!r}")
    listed = document.get("cells", [{}])
    if not isinstance(listed, list) or not all(isinstance(cell, dict) for cell in listed):
        raise ValueError(f"{where}: cells must be a list of tables, written [[cells]]; got {listed!r}")
    for key, value in changes.items():
        for place in (axes, *zips, *listed, fixed):
            place.pop(key, None)
        axes[key] = value
    names = [*fixed, *axes, *(key for part in (*zips, *listed) for key in part)]
    for name in names:
        if defaults is not None and name not in defaults:
            known = tuple(defaults)
            raise ValueError(
                f"{where}: parameter must be one of {', '.join(known)}; got {name!r}{did_you_mean(name, known)}"
            )

    def axis(key: str, value: Any) -> list[Any]:
        return _axis(key, value, defaults[key] if defaults is not None else _first_number(value), most)

    parts: list[Sequence[Cell]] = [listed]
    parts += [[{key: point} for point in axis(key, value)] for key, value in axes.items()]
    parts += [zipped(**{key: axis(key, value) for key, value in part.items()}) for part in zips if part]
    if not all(parts):
        raise ValueError(f"{where}: the grid must hold at least one cell; an axis of it is empty")
    typed = [[_typed(cell, registered, where) for cell in part] for part in parts]
    return Grid(_typed(fixed, registered, where), tuple(typed))


def _table(document: Mapping[str, Any], key: str, where: str) -> dict[str, Any]:
    table = document.get(key, {})
    if not isinstance(table, dict):
        raise ValueError(f"{where}: {key} must be a table, written [{key}]; got {table!r}")
    return dict(table)


def _axis(key: str, value: Any, default: Any, most: int) -> list[Any]:
    """Return the values of an axis: those of a list, the points of a range, or the one value."""
    if not isinstance(value, dict):
        return list(value) if isinstance(value, list) else [value]
    for name in value:
        if name not in RANGE_KEYS:
            raise ValueError(f"{key}: a range has the keys {', '.join(RANGE_KEYS)}; got {name!r}")
    if missing := {"from", "to", "steps"} - set(value):
        raise ValueError(f"{key}: a range needs from, to and steps; {sorted(missing)} is missing")
    spacing = require_choice(value.get("spacing", "linear"), f"{key}.spacing", ("linear", "log"))
    steps = require_integer(value["steps"], f"{key}.steps", least=1, most=most)
    first, last = (_bound(value[end], f"{key}.{end}") for end in ("from", "to"))
    if spacing == "log" and min(first, last) <= 0:
        raise ValueError(f"{key}: a range with log spacing needs from and to above 0; got {first} and {last}")
    points = _log_points(first, last, steps) if spacing == "log" else _even_points(first, last, steps)
    if type(default) is not int or not (float(first).is_integer() and float(last).is_integer()):
        return points
    whole = list(dict.fromkeys(map(round, points)))
    if spacing == "linear" and len(whole) < steps:
        raise ValueError(
            f"{key}: a range of whole numbers from {first} to {last} has fewer than {steps} different ones; give fewer steps"
        )
    return whole


def _bound(value: Any, name: str) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{name} must be a finite number; got {value!r}")
    return value


def _even_points(first: float, last: float, steps: int) -> list[float]:
    """Points at equal distances as one would write them down: from 0 to 1 in 11 steps holds 0.3, not 0.30000000000000004.

    >>> _even_points(0, 1, 11)[3]
    0.3
    """
    low, high = Fraction(repr(first)), Fraction(repr(last))
    return [float(low + (high - low) * k / max(steps - 1, 1)) for k in range(steps)]


def _log_points(first: float, last: float, steps: int) -> list[float]:
    """Points at equal ratios; one that differs from a number of 12 digits by rounding alone is that number.

    >>> _log_points(0.001, 1.0, 4)
    [0.001, 0.01, 0.1, 1.0]
    """
    points = map(float, np.geomspace(first, last, steps))
    short = [(point, float(f"{point:.12g}")) for point in points]
    return [near if abs(point - near) <= 4 * math.ulp(point) else point for point, near in short]


def _first_number(value: Any) -> Any:
    """Return the beginning of a range: whole numbers make whole points where a trial declares no types."""
    return value.get("from") if isinstance(value, dict) else None


def _typed(part: Mapping[str, Any], registered: Registered, where: str) -> dict[str, Any]:
    """Return a part of a cell whose values have the types of the defaults, where there are any; -0.0 is 0.0."""
    typed = dict(part)
    if registered.defaults is None:
        return typed
    for name, value in part.items():
        wanted = type(registered.defaults[name])
        if wanted is float and isinstance(value, int | float) and not isinstance(value, bool):
            typed[name] = _bound(value, f"{where}: {name}") + 0.0
        elif type(value) is not wanted:
            raise ValueError(
                f"{where}: {name} must be of type {wanted.__name__}; got {type(value).__name__} {value!r}"
            )
    return typed
