"""The reference: a page for everything that a room makes public, from its docstring, and a page for each room."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path
from typing import Any

from generate.docstrings import inline
from generate.modules import ROOT, first_sentence

PUBLIC = (
    "spikeproof",
    "spikeproof.simulate",
    "spikeproof.theory",
    "spikeproof.experiments",
    "spikeproof.experiments.matrices",
    "spikeproof.reports",
)
QUESTIONS = {
    "spikeproof": "the one root, and what its import can warn of",
    "spikeproof.simulate": "models whose truth is known, and exact samples of them",
    "spikeproof.theory": "analysis of a matrix, the theorem, and predictions of a sample",
    "spikeproof.experiments": "studies, claims and verdicts, and real data",
    "spikeproof.experiments.matrices": "real matrices by name, and readers of files",
    "spikeproof.reports": "figures and pages",
}
LONGEST = 200  # characters of a constant that is shown in full


def public_names() -> dict[tuple[str, str], Any]:
    """Return what has a place in the reference, by room and name; what two rooms export stands at the first."""
    found: dict[tuple[str, str], Any] = {}
    for room in PUBLIC:
        module = importlib.import_module(room)
        for name in sorted(module.__all__, key=str.lower):
            value = getattr(module, name)
            if not has_page(value) or all(value is not other for other in found.values()):
                found[room, name] = value
    return found


def has_page(value: Any) -> bool:
    """Say whether a public name is a function or a class; a constant is shown on its room's page."""
    return inspect.isfunction(value) or inspect.isclass(value)


def links() -> dict[str, str]:
    """Return the full name of everything public by the names that docstrings use for it: `embed`, `theory.embed`."""
    found: dict[str, str] = {}
    for (room, name), value in public_names().items():
        full = f"{room}.{name}"
        home = [f"{value.__module__}.{name}"] if has_page(value) else []
        for spelled in (name, full, full.removeprefix("spikeproof."), *home):
            found.setdefault(spelled, full)
    return found


def write_reference(folder: Path) -> None:
    """Write the pages of the reference into `folder`."""
    names = public_names()
    (folder / "index.rst").write_text(front(names), "utf-8")
    known = links()
    for room in PUBLIC:
        own = {name: value for (at, name), value in names.items() if at == room}
        (folder / f"{room}.rst").write_text(room_page(room, own, known), "utf-8")
        for name, value in own.items():
            if has_page(value):
                (folder / f"{page_name(room, name, own)}.rst").write_text(
                    object_page(room, name, value), "utf-8"
                )


def page_name(room: str, name: str, own: dict[str, Any]) -> str:
    """Return the name of an object's page; two that differ in capitals alone get names that differ on every disk."""
    twin = sum(other.lower() == name.lower() for other in own) > 1
    return f"{room}.{name}{'-class' if twin and inspect.isclass(own[name]) else ''}"


def titled(title: str, sign: str = "=") -> list[str]:
    """Return a heading of reStructuredText."""
    return [title, sign * len(title), ""]


def front(names: dict[tuple[str, str], Any]) -> str:
    """Return the first page of the reference."""
    lines = titled("Reference")
    lines += [
        "Everything that may be imported, from the docstrings. What is not listed here may change without notice. The short",
        "name of a room works too: ``from theory import embed`` gives the same function as",
        "``from spikeproof.theory import embed``.",
        "",
        ".. list-table::",
        "   :widths: auto",
        "   :header-rows: 1",
        "",
        "   * - room",
        "     - what it answers",
        "     - names",
    ]
    for room in PUBLIC:
        count = sum(at == room for at, _ in names)
        lines += [f"   * - :doc:`{room}`", f"     - {QUESTIONS[room]}", f"     - {count}"]
    lines += ["", ".. toctree::", "   :hidden:", "", *(f"   {room}" for room in PUBLIC)]
    return "\n".join(lines) + "\n"


def room_page(room: str, own: dict[str, Any], known: dict[str, str]) -> str:
    """Return the page of one room: its names by the sub-room that holds them, each with its first sentence."""
    module = importlib.import_module(room)
    lines = [*titled(room), f".. module:: {room}", "", inline(first_paragraph(module), known), ""]
    groups: dict[str, list[str]] = {}
    for name, value in own.items():
        if has_page(value):
            groups.setdefault(group_of(value), []).append(name)
    for group, members in groups.items():
        folder = ROOT / group.replace(".", "/")
        if len(groups) > 1:
            lines += titled(group, "-")
            lines += [inline(first_sentence(folder / "__init__.py"), known), ""]
        lines += [".. list-table::", "   :widths: 35 65", ""]
        for name in members:
            lines += [f"   * - :py:obj:`~{room}.{name}`", f"     - {inline(summary(own[name]), known)}"]
        lines += [""]
    constants = {name: value for name, value in own.items() if not has_page(value)}
    if constants:
        lines += titled("Constants", "-")
    for name, value in constants.items():
        lines += [f".. py:data:: {name}", "", f"   ``{shown(value)}``", ""]
    pages = [page_name(room, name, own) for name, value in own.items() if has_page(value)]
    return "\n".join([*lines, ".. toctree::", "   :hidden:", "", *(f"   {page}" for page in pages)]) + "\n"


def group_of(value: Any) -> str:
    """Return the sub-room that holds an object, such as `theory.analysis`, or its room."""
    parts = value.__module__.split(".")
    return ".".join(parts[:2]) if len(parts) > 2 or (ROOT / "/".join(parts[:2])).is_dir() else parts[0]


def object_page(room: str, name: str, value: Any) -> str:
    """Return the page of a function or a class with its methods."""
    kind = "autofunction" if inspect.isfunction(value) else "autoclass"
    if inspect.isclass(value) and issubclass(value, BaseException):
        kind = "autoexception"
    lines = [*titled(name), f".. currentmodule:: {room}", "", f".. {kind}:: {name}"]
    lines += [] if kind == "autofunction" else ["   :members:"]
    home = value.__module__.replace(".", "/")
    return "\n".join([*lines, "", f"Defined in ``{home}.py``.", ""])


def summary(value: Any) -> str:
    """Return the first sentence of a docstring."""
    text = first_paragraph(value)
    return text.split(". ")[0].rstrip(".:") + "."


def first_paragraph(value: Any) -> str:
    """Return the first paragraph of a docstring on one line."""
    return " ".join((inspect.getdoc(value) or "").split("\n\n")[0].split())


def shown(value: Any) -> str:
    """Return a constant as text; of a long one the names of its entries."""
    text = str(value).replace("typing.", "")
    if len(text) <= LONGEST:
        return text
    named = [str(getattr(entry, "name", entry)) for entry in value]
    return ", ".join(named)
