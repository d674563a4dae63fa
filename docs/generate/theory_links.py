"""Citations of the theory, such as "docs/theory.md, section 5.1", as links to the page of the chapter."""

from __future__ import annotations

import re
from functools import cache

from generate.modules import ROOT

CITED = re.compile(r"docs/theory\.md(?=,\s+sections?\s+(\d+))")


@cache
def chapters() -> dict[int, str]:
    """Return the page of each chapter by its number, such as `theory/05-spectrum-of-a-sample`."""
    found = sorted((ROOT / "docs" / "theory").glob("[0-9]*.md"))
    return {int(path.name.split("-")[0]): f"theory/{path.stem}" for path in found}


def linked_theory(text: str, link: str, whole: str) -> str:
    """Return text in which a citation of a section is a link to its chapter, made of the pattern `link`, and the rest is `whole`.

    >>> linked_theory("docs/theory.md, sections 1.1 to 1.3; docs/theory.md", "[theory](../{page}.md)", "[theory](../theory.md)")
    '[theory](../theory/01-rays.md), sections 1.1 to 1.3; [theory](../theory.md)'
    """
    known = chapters()
    text = CITED.sub(lambda found: link.format(page=known.get(int(found[1]), "theory")), text)
    return text.replace("docs/theory.md", whole)
