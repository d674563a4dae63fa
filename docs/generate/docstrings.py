"""How does a docstring become a page? This project writes plain text with single backticks; Sphinx reads reStructuredText.

Names between backticks become code, and links where they are public; signs that reStructuredText would obey are escaped; in
`Parameters` all that is said of a parameter is its description, and paragraphs below a section's entries become notes.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Mapping
from typing import Any

from generate.theory_links import linked_theory

CODE = re.compile(r"(``.+?``|`[^`]+`)", flags=re.S)
ENTRIES = ("Parameters", "Attributes", "Returns", "Raises", "Warns")
HEADING = re.compile(r"^([A-Z]\w+)\n-{3,}$\n?", flags=re.M)


def as_rest(text: str, links: Mapping[str, str]) -> str:
    """Return a docstring, without its indentation, as numpydoc reads it.

    `links` gives the full name of what has a page, by the name that stands between backticks.

    >>> as_rest("Peaks of `x`, |x| > 0.\\n\\nParameters\\n----------\\nx : (n,), real.\\n\\nTime is O(n).", {})
    'Peaks of ``x``, \\\\|x\\\\| > 0.\\n\\nParameters\\n----------\\nx\\n    (n,), real.\\n\\nNotes\\n-----\\nTime is O(n).'
    """
    head, *rest = HEADING.split(text)
    parts = [blocks(head, links)]
    notes: list[str] = []
    sections = dict(zip(rest[::2], rest[1::2], strict=True))
    if is_prose(sections.get("Returns", "")):
        parts.append("**Returns:** " + blocks(sections.pop("Returns").strip(), links))
    for name in list(sections):
        if name in ENTRIES:
            sections[name], left = entries(name, sections[name])
            notes += left
    if notes:
        sections["Notes"] = "\n\n".join(
            [*([sections["Notes"].strip()] if "Notes" in sections else []), *notes]
        )
    for name, body in sections.items():
        parts.append(f"{name}\n{'-' * len(name)}\n{blocks(body.strip(chr(10)), links)}")
    return "\n\n".join(part.strip("\n") for part in parts if part.strip())


def is_prose(returns: str) -> bool:
    """Say whether a section `Returns` is sentences, and no type with its description, indented, below it."""
    lines = returns.strip().split("\n")
    return bool(lines[0]) and not any(line.startswith(" ") for line in lines[1:2])


def written_signature(value: Any, what: str) -> tuple[str, str] | None:
    """Return parameters and result of a function, method or class as the source has them: `ArrayLike`, not what it stands for.

    None is returned where there is nothing to show.

    >>> written_signature(as_rest, "function")
    ('(text: str, links: Mapping[str, str])', 'str')
    """
    if what not in ("function", "method", "class"):
        return None
    try:
        found = inspect.signature(value)
    except (TypeError, ValueError):
        return None
    parameters = list(found.parameters.values())
    if what == "method" and parameters and parameters[0].name == "self":
        parameters = parameters[1:]
    plain = [
        p.replace(annotation=_Written(p.annotation)) if isinstance(p.annotation, str) else p
        for p in parameters
    ]
    shown = str(found.replace(parameters=plain, return_annotation=inspect.Signature.empty))
    unsaid = what == "class" or found.return_annotation is inspect.Signature.empty
    return shown, "" if unsaid else str(found.return_annotation)


class _Written(str):
    """An annotation that is shown as it is written, without quotes."""

    __repr__ = str.__str__


def entries(name: str, body: str) -> tuple[str, list[str]]:
    """Return a section of named entries, each with all of its words as description, and the paragraphs that belong to none."""
    kept: list[str] = []
    left: list[str] = []
    for paragraph in re.split(r"\n\s*\n", body.strip("\n")):
        first = paragraph.split("\n", 1)[0]
        inside = kept and first.startswith(" ")
        if not kept or inside or begins_entry(name, first):
            kept.append("\n".join(entry_lines(name, paragraph)))
        else:
            left.append(paragraph)
    return "\n\n".join(kept), left


def begins_entry(name: str, line: str) -> bool:
    """Say whether a line is the first of an entry: a name and a colon, or the name of an exception alone."""
    pattern = r"[\w., *]+" if name in ("Raises", "Warns") else r"[\w*]+(, [\w*]+)* : .*"
    return re.fullmatch(pattern, line) is not None


def entry_lines(name: str, paragraph: str) -> Iterable[str]:
    """Yield the lines of entries; what follows a parameter's colon begins its description, since it says more than a type."""
    for line in paragraph.split("\n"):
        found = re.fullmatch(r"([\w*]+(?:, [\w*]+)*) : (.+)", line)
        if found and name in ("Parameters", "Attributes", "Returns"):
            yield found[1]
            yield f"    {found[2]}"
        else:
            yield line


def blocks(text: str, links: Mapping[str, str]) -> str:
    """Return paragraphs as reStructuredText; doctests and what follows a double colon stay as they are."""
    done: list[str] = []
    literal = False
    for block in re.split(r"(\n[ \t]*\n)", text):
        indented = block.startswith((" ", "\t"))
        if (literal and indented) or block.lstrip().startswith(">>>") or not block.strip():
            done.append(block)
            continue
        literal = block.rstrip().endswith("::")
        done.append(inline(block, links))
    return "".join(done)


def inline(text: str, links: Mapping[str, str]) -> str:
    """Return one paragraph with code marked as code, links where there is a page, and every other sign as itself.

    >>> inline("`a`s of `b`: x_ * |y|", {"b": "room.b"})
    '``a``\\\\ s of :py:obj:`~room.b`: x\\\\_ \\\\* \\\\|y\\\\|'
    """
    parts = CODE.split(text.replace("`docs/theory.md`", "docs/theory.md"))
    done = ""
    for number, part in enumerate(parts):
        if number % 2 == 0:
            done += linked_theory(escaped(part), ":doc:`theory </{page}>`", ":doc:`theory </theory>`")
            continue
        name = part.strip("`")
        before = "" if not done or re.search(r"[\s'\"(\[{<\-/:]$", done) else "\\ "
        after = "\\ " if re.match(r"[\w(\[{<\\|]", parts[number + 1]) else ""
        plain = " ".join(name.split())
        call = plain.removesuffix("()")
        shown = f":py:obj:`~{links[call]}`" if call in links else f"``{plain}``"
        done += before + shown + after
    return done


def escaped(text: str) -> str:
    """Return text in which nothing is markup.

    >>> escaped("theta_ * |A|")
    'theta\\\\_ \\\\* \\\\|A\\\\|'
    """
    return re.sub(r"_(?!\w)", r"\\_", re.sub(r"([\\*|`])", r"\\\1", text))
