"""What do installed packages offer to the suite? Claims, trials and matrices by name, as entry points of Python's packaging.

A package says so in its `pyproject.toml`, in lines `name = "package.module:object"` below `[project.entry-points."GROUP"]`.
Nothing of it is looked for before it is asked for, and a package that cannot be loaded hinders no other one.
Source: packaging.python.org, "Entry points specification".
"""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Literal

from experiments.running.given_modules import give, told

Group = Literal["spikeproof.claims", "spikeproof.trials", "spikeproof.matrices"]


def offered(group: Group) -> dict[str, str]:
    """Return the names that installed packages offer in a group, each with the package and its version; nothing is loaded.

    >>> isinstance(offered("spikeproof.trials"), dict)
    True
    """
    return {point.name: _package(point) for point in sorted(entry_points(group=group), key=lambda p: p.name)}


def load_offered(group: Group, name: str) -> Any:
    """Return what an installed package offers under that name; None where none does.

    Raises
    ------
    ValueError
        if it cannot be loaded, or two packages offer something else under one name; the packages are named.
    """
    found = {point.value: point for point in entry_points(group=group, name=name)}
    if not found:
        return None
    if len(found) > 1:
        packages = " and ".join(_package(point) for point in found.values())
        raise ValueError(f"{name!r} is offered by {packages} ({group}); remove one of these packages")
    (point,) = found.values()
    try:
        thing = point.load()
    except (Exception, SystemExit) as error:
        raise ValueError(
            f"the package {_package(point)} offers {name!r} ({group}: {point.value}), which cannot be loaded: {told(error)}"
        ) from error
    give(sys.modules[point.module], point.module, point.module)
    return thing


def _package(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else "(unknown)"
