"""Which settings may lie in the working folder? None: a folder received from somebody is data.

numba reads `.numba_config.yaml` and matplotlib reads `matplotlibrc` from the folder in which a process stands, when they are
imported and, numba, before each compilation. They have no switch for it. The finder of this file loads the two modules that
do so with an `open` of their own, to which these files are empty. Settings that the user makes elsewhere (environment
variables, files in the home folder) are read as ever.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType
from typing import Any

# the module that reads the file, and the path that it opens
SETTINGS = {"numba.core.config": ".numba_config.yaml", "matplotlib": "matplotlibrc"}


def ignore_settings_here() -> None:
    """Make numba and matplotlib, where they are not imported yet, take no settings from the working folder."""
    if not any(isinstance(finder, _SettingsFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _SettingsFinder())


class _SettingsFinder:
    """Finds the modules of `SETTINGS` where Python finds them, and changes how they are loaded."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return where such a module comes from, or None for any other name."""
        if fullname not in SETTINGS:
            return None
        found = PathFinder.find_spec(fullname, path, target)
        if found is not None and isinstance(found.loader, SourceFileLoader):
            found.loader = _Loader(found.loader.name, found.loader.path)
        return found


class _Loader(SourceFileLoader):
    """Loads a module whose global name `open` hides the built-in one."""

    def exec_module(self, module: ModuleType) -> None:
        """Run the module, which finds our `open` already there."""
        module.__dict__["open"] = _open_all_but(SETTINGS[module.__name__])
        super().exec_module(module)


def _open_all_but(ignored: str) -> Callable[..., Any]:
    """Return `open`, to which a file of the working folder with this name is empty."""

    def opened(file: Any, *arguments: Any, **options: Any) -> Any:
        return io.StringIO() if file == ignored else open(file, *arguments, **options)

    return opened
