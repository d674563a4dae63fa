"""Which modules does a Python file import from its own folder or package? They are part of the code that a caller names.

The import statements say so, wherever they stand in the file, and those of the modules found in turn. What is installed, or part
of Python, comes first, as it does where the working folder is the last place to look.
"""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.machinery import PathFinder
from pathlib import Path

ROOMS = ("simulate", "theory", "experiments", "reports", "spikeproof")
INSTALLED = ("site-packages", "dist-packages")


@dataclass(frozen=True)
class Source:
    """A module as it is sent: its name, the path of its file, the bytes of it, and whether it is a package."""

    name: str
    path: str
    text: bytes
    package: bool


def with_own_imports(root: Source, folder: Path) -> dict[str, list[Source]]:
    """Return the sources that `root` and its own imports need, by the name of each: itself first, then what it imports.

    `folder` is where the names of modules begin. Files are read, nothing is run.
    """
    found: dict[str, Source] = {root.name: root}
    needs: dict[str, set[str]] = {}
    left = [root]
    while left:
        source = left.pop()
        needs[source.name] = set()
        for name in _imported(source):
            own = found.get(name) or _own(name, folder, root)
            if own is None or name == source.name:
                continue
            needs[source.name].add(name)
            if name not in found:
                found[name] = own
                left.append(own)
    return {name: [found[one] for one in _reached(name, needs)] for name in found}


def _reached(name: str, needs: dict[str, set[str]]) -> list[str]:
    reached, left = [], [name]
    while left:
        one = left.pop()
        if one not in reached:
            reached.append(one)
            left += sorted(needs[one])
    return [name, *sorted(reached[1:])]


def _imported(source: Source) -> Iterator[str]:
    """Yield the names of all modules that a source may import, and of the packages that these lie in."""
    try:
        tree = ast.parse(source.text)
    except (SyntaxError, ValueError):
        return  # told when it is imported
    yield from _with_packages(source.name.rpartition(".")[0])
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _with_packages(alias.name)
        elif isinstance(node, ast.ImportFrom):
            base = _base(node, source)
            yield from _with_packages(base)
            if base:
                yield from (f"{base}.{alias.name}" for alias in node.names)


def _base(node: ast.ImportFrom, source: Source) -> str:
    """Return the module that a `from ... import` names, where it counts from the module it stands in too."""
    if not node.level:
        return node.module or ""
    parts = source.name.split(".")
    kept = parts[: len(parts) - node.level + source.package]
    return ".".join([*kept, *(node.module or "").split(".")]).strip(".")


def _with_packages(name: str) -> Iterator[str]:
    parts = [part for part in name.split(".") if part]
    for k in range(len(parts)):
        yield ".".join(parts[: k + 1])


def _own(name: str, folder: Path, root: Source) -> Source | None:
    """Return the source of a module in `folder`; None where there is none, or Python would find another one first."""
    top = name.partition(".")[0]
    if top in ROOMS or top in sys.stdlib_module_names:
        return None
    base = folder.joinpath(*name.split("."))
    path, package = base.with_name(f"{base.name}.py"), False
    if (base / "__init__.py").is_file() or not path.is_file():
        path, package = base / "__init__.py", True  # which a package may lack
        if not base.is_dir():
            return None
    if any(part in INSTALLED for part in folder.parts):
        if top != root.name.partition(".")[0]:
            return None
    elif _is_elsewhere(top, folder):
        return None
    return Source(name, str(path), path.read_bytes() if path.is_file() else b"", package)


def _is_elsewhere(top: str, folder: Path) -> bool:
    spec = PathFinder.find_spec(top)
    if spec is None:
        return False
    places = [spec.origin] if spec.origin else list(spec.submodule_search_locations or ())
    return bool(places) and not any(
        Path(os.path.realpath(place)).is_relative_to(os.path.realpath(folder)) for place in places
    )
