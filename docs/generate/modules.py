"""The map of the modules: every room, sub-room and file by the question that it answers, from the first line of its docstring."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("simulate", "theory", "experiments", "reports", "spikeproof")


def first_sentence(path: Path) -> str:
    """Return what a module's docstring says first: a sentence, or a question and, if it is short, its answer.

    A claim's id before it is left out.
    """
    paragraph = (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").split("\n\n")[0]
    text = re.sub(r"^[A-Z]\d+\. ", "", " ".join(paragraph.split()))
    first, *rest = re.split(r"(?<=[.?])(?<!et al\.)\s", text)
    answered = f"{first} {rest[0]}" if rest else first
    return answered if first.endswith("?") and len(answered) < 180 else first


def sub_rooms(room: str) -> list[Path]:
    """Return the sub-rooms of a room in the order in which data flow, which its import contract states, each before its own."""
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
    layers = [c["layers"] for c in tool["importlinter"]["contracts"] if c.get("containers") == [room]]
    names = [name.strip() for layer in reversed(*layers) for name in layer.split("|")]
    found = [ROOT / room / name for name in names if (ROOT / room / name / "__init__.py").exists()]
    return [path.parent for sub in found for path in sorted(sub.rglob("__init__.py"))]


def module_map() -> str:
    """Return the page: a heading and a table for every room and sub-room."""
    lines = [
        "# Where things are",
        "",
        "Every file by the question that it answers, in its own words. How the rooms depend on each other: [design](design.md).",
    ]
    for room in ROOMS:
        lines += section(ROOT / room, "##")
        for sub in sub_rooms(room):
            lines += section(sub, "###")
    return "\n".join(lines) + "\n"


def section(folder: Path, level: str) -> list[str]:
    """Return the lines of one room: its name, its own sentence, and a row for each file."""
    name = folder.relative_to(ROOT).as_posix()
    lines = ["", f"{level} `{name}/`", "", in_markdown(first_sentence(folder / "__init__.py")), ""]
    files = [path for path in sorted(folder.glob("*.py")) if path.name != "__init__.py"]
    rows = [f"| `{path.name}` | {in_markdown(first_sentence(path))} |" for path in files]
    return [*lines, "| file | what it is about |", "|---|---|", *rows] if rows else lines[:-1]


def in_markdown(text: str) -> str:
    """Return a sentence of a docstring for a cell of a table: signs that Markdown would obey stand for themselves.

    >>> in_markdown("U |Lambda| of `a|b`, x_i * y")
    'U \\\\|Lambda\\\\| of `a\\\\|b`, x\\\\_i \\\\* y'
    """
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(
        re.sub(r"([|])" if number % 2 else r"([\\|*_$<>\[\]])", r"\\\1", part)
        for number, part in enumerate(parts)
    )
