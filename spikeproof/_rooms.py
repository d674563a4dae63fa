"""How `spikeproof.theory` comes to be the very module `theory`, and always ours: a finder for Python's import system.

The rooms are top-level packages with common names, so a folder of the user may have the same name. The finder answers for two
kinds of names. `spikeproof.ROOM` and all below it: it imports `ROOM`, and enters that module in `sys.modules` under both
names, so that classes are identical and pickles made under one name load under the other. And `ROOM` itself, when it is not
imported yet: it is taken from the folder that holds `spikeproof`, wherever that folder stands on `sys.path`.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import find_spec
from types import ModuleType
from typing import Any

ROOMS = ("simulate", "theory", "experiments", "reports")  # each imports those before it
HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PREFIX = "spikeproof."


class HiddenModuleWarning(UserWarning):
    """A module of the user cannot be imported because a room of spikeproof has the same name."""


def install() -> None:
    """Put the finder in front of all others, once in a process."""
    if not any(isinstance(finder, RoomFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, RoomFinder())


def stand_aside() -> None:
    """Leave the bare names of rooms to whatever else has them, until a room is asked for below `spikeproof`.

    For a process that has loaded this package and may never use it, such as a run of pytest. Rooms that are loaded stay.
    """
    for finder in sys.meta_path:
        if isinstance(finder, RoomFinder) and not finder.used:
            finder.aside = True


class RoomFinder:
    """Finds the rooms beside `spikeproof`, and the same modules again below it.

    Raises
    ------
    ImportError
        if a module of the user is loaded under the name of a room that is needed.

    Warns
    -----
    HiddenModuleWarning
        if a room comes before a module of the user that has the same name; once for each name.
    """

    def __init__(self) -> None:
        self.compared: set[str] = set()
        self.used = False  # a room has been asked for
        self.aside = False

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return where the module comes from, or None for a name that is no room's."""
        name = fullname.removeprefix(PREFIX)
        room = name.partition(".")[0]
        if room not in ROOMS or (fullname == name and name != room):
            return None
        if self.aside and fullname == name:
            return None
        self.used, self.aside = True, False
        _require_own_rooms(room)
        if fullname == name:
            found = PathFinder.find_spec(name, [HOME])
            if found is not None and name not in self.compared:
                self.compared.add(name)
                _warn_of_hidden_module(name)
            return found
        if find_spec(name) is None:
            return None
        loader: Any = _SameModule(
            name
        )  # the base class for loaders would double the time that `import spikeproof` takes
        return ModuleSpec(fullname, loader, origin=name)


class _SameModule:
    """Loads a name by importing another one: both then mean one module."""

    def __init__(self, name: str) -> None:
        self.name = name

    def create_module(self, spec: ModuleSpec) -> None:
        """Let Python make an empty module, which `exec_module` replaces; the real one keeps its `__spec__`."""

    def exec_module(self, module: ModuleType) -> None:
        """Enter the real module under the name of `module`; the import system returns what stands there."""
        sys.modules[module.__name__] = import_module(self.name)


def _require_own_rooms(room: str) -> None:
    """Raise `ImportError` if `room`, or a room that it imports, is the name of a loaded module that is not ours."""
    for name in ROOMS[: ROOMS.index(room) + 1]:
        loaded = sys.modules.get(name)
        place = None if loaded is None else _place(getattr(loaded, "__spec__", None), loaded)
        if place is not None and not _is_ours(name, place):
            raise ImportError(
                f"spikeproof needs its own module {name!r} ({os.path.join(HOME, name)}), but this process has already imported "
                f"another module of that name from {place}; rename that one, or use it in another process",
                name=name,
                path=place,
            )


def _warn_of_hidden_module(name: str) -> None:
    """Warn if Python alone would have found another module `name`, or a folder with Python files, before ours."""
    if _is_worker():
        return  # the process that started this one has said it
    for entry in sys.path:
        if _same_folder(entry or os.getcwd(), HOME):
            return
        found = PathFinder.find_spec(name, [entry])
        if found is None or (found.origin is None and not _holds_python(found)):
            continue
        place = _place(found)
        if not _is_ours(name, place):
            warnings.warn(
                f"spikeproof's module {name!r} ({os.path.join(HOME, name)}) hides {place}, which cannot be imported in this "
                "process under that name; rename it if you need it beside spikeproof",
                HiddenModuleWarning,
                stacklevel=3,
            )
            return


def _is_worker() -> bool:
    """Tell whether `multiprocessing` has started this process; while it is being loaded it has no parent yet."""
    processes = sys.modules.get("multiprocessing.process")
    if processes is None:
        return False
    return processes.parent_process() is not None or hasattr(processes.current_process(), "_inheriting")


def _place(spec: ModuleSpec | None, module: ModuleType | None = None) -> str:
    """Return the file of a module, or its folder where it has no file."""
    if spec is not None and spec.has_location and spec.origin is not None:
        return spec.origin
    folders = list(spec.submodule_search_locations or ()) if spec is not None else []
    return str(folders[0] if folders else getattr(module, "__file__", None) or "memory, without a file")


def _holds_python(spec: ModuleSpec) -> bool:
    """Tell a folder of scripts, which can be imported without an `__init__.py`, from one of data."""
    folders = spec.submodule_search_locations or ()
    return any(entry.endswith(".py") for folder in folders for entry in os.listdir(folder))


def _is_ours(name: str, place: str) -> bool:
    return _same_folder(os.path.dirname(place), os.path.join(HOME, name))


def _same_folder(one: str, other: str) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)
