"""Code that a caller names: a Python file, or a module with a dot in its name. How is it loaded, and how does it reach workers?

A given module is known by its source and by the sources of what it imports from its own folder or package (`own_imports`). All of
them are read once. Workers get them with each task and import them from there, so that a worker runs what the coordinator runs,
on whatever machine, and without the file. Only what the caller names is loaded, never what a store names.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import os
import sys
import threading
import traceback
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from importlib.abc import ExecutionLoader
from importlib.machinery import ModuleSpec
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from types import ModuleType

from experiments.running.own_imports import ROOMS, Source, with_own_imports
from simulate.plain_text import printable

_LOCK = threading.RLock()


@dataclass(frozen=True)
class GivenModule:
    """A module of the caller's with all that it imports from its own folder or package; `sources[0]` is the module itself.

    `called` tells a reader which one it is: the name of the file, or the dotted name. `word` is how the caller named it, and may
    name it again on a command line.
    """

    called: str
    word: str
    sources: tuple[Source, ...]

    @property
    def name(self) -> str:
        """The name under which the module is imported."""
        return self.sources[0].name

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the sources, with line ends as on Linux; the same wherever the files lie."""
        total = hashlib.sha256()
        for k, source in enumerate(self.sources):
            total.update((source.name if k else "").encode() + b"\0")
            total.update(source.text.replace(b"\r\n", b"\n") + b"\0")
        return total.hexdigest()

    @cached_property
    def packed(self) -> bytes:
        """The sources as they are sent, packed once for all tasks."""
        return zlib.compress(bytes(ForkingPickler.dumps(self)))

    def place(self, error: BaseException) -> str:
        """Return "FILE, line N", the innermost line of these sources that `error` came through; "" where there is none."""
        paths = {source.path for source in self.sources}
        if isinstance(error, SyntaxError) and error.filename in paths and error.lineno:
            return line_of(error.filename, error.lineno)
        lines = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in paths]
        if lines:
            return line_of(lines[-1].filename, lines[-1].lineno or 1)
        return self.place(error.__cause__) if error.__cause__ else ""


_GIVEN: dict[str, GivenModule] = {}  # by the names of modules
_SENT: dict[str, Source] = {}  # what `_Finder` finds


def given(name: str) -> GivenModule | None:
    """Return the given module that is imported under `name`, or None for the name of another one."""
    return _GIVEN.get(name)


def line_of(path: str, number: int) -> str:
    """Return a place in a file as messages tell it."""
    return f"{printable(path)}, line {number}"


def told(error: BaseException) -> str:
    """Return an error of the caller's code in one line.

    >>> told(KeyError("x"))
    "KeyError: 'x'"
    """
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    return f"{type(error).__name__}: {' '.join(text.split())}".removesuffix(": ")


def load_file(path: str | os.PathLike[str]) -> ModuleType:
    """Return the module that a Python file holds, loaded under a name that no other module has.

    A file that was loaded before, and has not changed since, is not run again. One in a package (a folder with an `__init__.py`)
    is a module of it, so that it can import from the package.

    Raises
    ------
    ValueError
        if there is no such file, if it is no Python file, or if it raises; with the line.
    """
    text = _python_of(Path(path))
    whole = os.path.abspath(path)
    mark = hashlib.sha256(whole.encode("utf-8", "surrogateescape") + b"\0" + text).hexdigest()[:12]
    stem = "".join(sign if sign.isalnum() and sign.isascii() else "_" for sign in Path(path).stem)
    packages, folder = _packages_of(Path(whole).parent)
    root = Source(".".join([*packages, f"given_{stem}_{mark}"]), whole, text, package=False)
    needed = with_own_imports(root, folder)
    _require_apart(needed[root.name], str(path))
    with _LOCK:
        known = _GIVEN.get(root.name)
        module = _register(needed, Path(path).name, str(path))
        if known is None or known.digest != module.digest or root.name not in sys.modules:
            _let_be_found(module, keep=True)
            try:
                import_module(root.name)
            except (Exception, SystemExit) as error:
                sys.modules.pop(root.name, None)
                place = module.place(error) or printable(whole)
                raise ValueError(f"{place}: {told(error)}, while the file is loaded") from error
    return sys.modules[root.name]


def load_module(name: str) -> ModuleType:
    """Return the module of that dotted name, imported from where Python looks for modules.

    Raises
    ------
    ValueError
        if there is none, or if it raises; with the line.
    """
    try:
        module = import_module(name)
    except (Exception, SystemExit) as error:
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if _is_theirs(frame.filename)]
        place = line_of(frames[-1].filename, frames[-1].lineno or 1) if frames else printable(name)
        if isinstance(error, SyntaxError) and error.filename and error.lineno:
            place = line_of(error.filename, error.lineno)
        raise ValueError(
            f"{place}: the module {name} cannot be imported ({told(error)}). Modules are looked for where Python is installed "
            "and where PYTHONPATH says, not in the working folder; a file is named by its path, such as my_claims.py"
        ) from error
    give(module, name, name)
    return module


def give(module: ModuleType, called: str = "", word: str = "") -> GivenModule | None:
    """Let a module that is imported already count as given; None where it has no source that workers could import."""
    if module.__name__ in _GIVEN:
        return _GIVEN[module.__name__]
    needed = _sources_of(module)
    if not needed:
        return None
    path = needed[module.__name__][0].path
    return _register(needed, called or Path(path).name, word or path)


def digest_of(module: ModuleType) -> str:
    """Return the `digest` that a module has or would have as a given one; empty where it has no source."""
    if module.__name__ in _GIVEN:
        return _GIVEN[module.__name__].digest
    needed = _sources_of(module)
    return GivenModule("", "", tuple(needed[module.__name__])).digest if needed else ""


def _sources_of(module: ModuleType) -> dict[str, list[Source]]:
    """Return the sources that a module and its own imports need, by name; none for a module without a file, and for a script."""
    name, file = module.__name__, getattr(module, "__file__", None)
    if not file or not file.endswith(".py") or not os.path.isfile(file) or name == "__main__":
        return {}
    path, package = Path(os.path.abspath(file)), hasattr(module, "__path__")
    root = Source(name, str(path), path.read_bytes(), package)
    begin = path.parent if package else path.with_suffix("")
    named = name.split(".")
    folder = begin.parents[len(named) - 1] if begin.parts[-len(named) :] == tuple(named) else path.parent
    return with_own_imports(root, folder)


def install(name: str, digest: str, packed: bytes) -> None:
    """Let a module that was sent to this process be imported here: by its own sources, not by what lies on this machine.

    `packed` is that of the given module; it is opened only where no module of that name and `digest` is known here.
    """
    with _LOCK:
        known = _GIVEN.get(name)
        if known is None or known.digest != digest:
            sent: GivenModule = ForkingPickler.loads(zlib.decompress(packed))
            _GIVEN[name] = sent
            _let_be_found(sent)


def _let_be_found(module: GivenModule, *, keep: bool = False) -> None:
    """Let Python import these sources, in place of modules of the same names that hold something else.

    With `keep`, modules that this process has imported from the very same files stay.
    """
    ours = [source for source in module.sources if not (keep and _is_loaded(source))]
    changed = [source for source in ours if _SENT.get(source.name) != source]
    # a module that imports a changed one holds its old functions
    for source in changed if changed == [module.sources[0]] else ours if changed else ():
        sys.modules.pop(source.name, None)
        _SENT[source.name] = source
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


def _is_loaded(source: Source) -> bool:
    """Tell whether Python itself has imported a module from the file of this source."""
    loaded = sys.modules.get(source.name)
    return source.name not in _SENT and getattr(loaded, "__file__", None) == source.path


def _register(needed: dict[str, list[Source]], called: str, word: str) -> GivenModule:
    """Enter a module, and those of its folder or package that it imports, each with what it needs itself."""
    root = next(iter(needed))
    for name, sources in needed.items():
        dotted = "." in name
        shown = called if name == root else name if dotted else Path(sources[0].path).name
        again = word if name == root else name if dotted else sources[0].path
        _GIVEN[name] = GivenModule(shown, again, tuple(sources))
    return _GIVEN[root]


def _require_apart(sources: list[Source], path: str) -> None:
    """Raise `ValueError` if a module of the same name was loaded from another folder: one process has one of a name."""
    for source in sources[1:]:
        other = _SENT.get(source.name)
        if other is not None and other.path != source.path and other.text != source.text:
            raise ValueError(
                f"{printable(path)} imports {printable(source.path)}, and a file given before imports {printable(other.path)}, a "
                "module of the same name; rename one of them, or give the files one after the other"
            )


def _python_of(path: Path) -> bytes:
    """Return the bytes of a Python file whose syntax is right."""
    shown = printable(str(path))
    if path.is_dir():
        raise ValueError(f"{shown} is a folder; name the Python files in it")
    if path.suffix != ".py":
        raise ValueError(f"{shown} must be a Python file, whose name ends in .py")
    if not path.exists():
        raise ValueError(f"there is no such file: {shown}")
    if not path.is_file():
        raise ValueError(f"{shown} must be a Python file; it is no regular file")
    text = path.read_bytes()
    try:
        ast.parse(text, str(path))
    except (SyntaxError, ValueError) as error:  # a null byte is a ValueError in Python 3.11
        line = getattr(error, "lineno", None)
        place = line_of(os.path.abspath(path), line) if line else shown
        raise ValueError(f"{place}: this is not Python ({told(error)})") from None
    return text


def _packages_of(folder: Path) -> tuple[list[str], Path]:
    """Return the packages that a folder is, from the outermost on, and the folder in which that one lies."""
    packages, outer = list[str](), folder
    while (outer / "__init__.py").is_file():
        packages.insert(0, outer.name)
        outer = outer.parent
    return ([], folder) if packages and packages[0] in ROOMS else (packages, outer)


def _is_theirs(file: str) -> bool:
    """Tell a line of a module that is imported from the machinery that imports it."""
    return not file.startswith("<") and os.path.abspath(file) not in (importlib.__file__, __file__)


class _Finder:
    """Finds the modules whose sources were read or sent, before anything that lies on this machine."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return where the module comes from, or None for another one's name."""
        source = _SENT.get(name)
        if source is None:
            return None
        spec = ModuleSpec(name, _Loader(source), origin=source.path, is_package=source.package)
        spec.has_location = True
        if source.package:
            spec.submodule_search_locations = [os.path.dirname(source.path)]
        return spec


class _Loader(ExecutionLoader):
    """Runs a module's source as it was read."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def get_filename(self, fullname: str) -> str:
        """Return where the file lies, on the machine that read it."""
        return self.source.path

    def get_source(self, fullname: str) -> str:
        """Return the text, also for tracebacks on a machine that does not have the file."""
        return importlib.util.decode_source(self.source.text)
