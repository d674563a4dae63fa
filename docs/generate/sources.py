"""The sources of the site in one folder: the documents as they are, and beside them the pages that follow from the code.

Nothing is written into the tree. A document that no table of contents names is put below the page of its folder's name, such as
`theory.md` for `theory/`, and others at the end of the user guide. A link to a file of the tree
that is no page becomes the name of that file, and a picture from elsewhere in the tree comes along.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from theory_pictures import draw_all

from generate.claims import write_ledger
from generate.commands import commands
from generate.mathjax import fetch_mathjax
from generate.modules import ROOT, module_map
from generate.reference import write_reference

RECORD = "claims.md"  # the ledger's pages hold what it says
KINDS = {".md", ".rst", ".svg", ".png", ".ipynb", ".css", ".js", ".html"}
ELSEWHERE = {
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "reporting-a-vulnerability.md",
    "examples/theorems/README.md": "theorems-of-others.md",
    "benchmarks/README.md": "benchmarks.md",
    "examples/notebooks/theorist.ipynb": "notebooks/theorist.ipynb",
    "examples/notebooks/engineer.ipynb": "notebooks/engineer.ipynb",
}
LINK = re.compile(r"(!?)\[([^\]]*)\]\((?!https?:|mailto:|#)([^)\s#]+)(#[^)\s]*)?\)")


def write_sources(folder: Path, ledgers: list[Path]) -> None:
    """Write all sources of the site into the folder."""
    documents = ROOT / "docs"
    for path in sorted(documents.rglob("*")):
        inside = path.relative_to(documents)
        if path.suffix in KINDS and inside.as_posix() != RECORD:
            copy(path, folder / inside, folder)
    for name, page in ELSEWHERE.items():
        copy(ROOT / name, folder / page, folder)
    shutil.copy(documents / "conf.py", folder / "conf.py")
    (folder / "commands.md").write_text(commands(), "utf-8")
    (folder / "modules.md").write_text(module_map(), "utf-8")
    for part in ("reference", "ledger"):
        (folder / part).mkdir(exist_ok=True)
    write_reference(folder / "reference")
    write_ledger(folder / "ledger", (documents / RECORD).read_text("utf-8"), ledgers)
    draw_all(folder / "theory" / "pictures")
    fetch_mathjax(folder / "_static" / "mathjax")
    name_all_pages(folder)


def copy(path: Path, target: Path, folder: Path) -> None:
    """Copy a file; links of a document are those of its new place."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".md":
        target.write_text(relinked(path.read_text("utf-8"), path, target, folder), "utf-8")
    else:
        shutil.copy(path, target)


def relinked(text: str, path: Path, target: Path, folder: Path) -> str:
    """Return a document whose links lead to pages of the site or, where there is none, name the file; its pictures are copied."""

    def link(found: re.Match[str]) -> str:
        picture, words, aim, anchor = found.groups()
        place = (path.parent / aim).resolve()
        page = page_of(place)
        if page is None and picture:
            page = place.name
            shutil.copy(place, folder / page)
        if page is None:
            return (
                f"{words} (`{place.relative_to(ROOT).as_posix()}`)" if place.is_relative_to(ROOT) else words
            )
        steps = "../" * len(target.relative_to(folder).parent.parts)
        return f"{picture}[{words}]({steps}{page}{anchor or ''})"

    return LINK.sub(link, text)


def page_of(place: Path) -> str | None:
    """Return the page of the site that shows a file of the tree, None where there is none."""
    if not place.is_relative_to(ROOT):
        return None
    name = place.relative_to(ROOT).as_posix()
    if name == f"docs/{RECORD}":
        return "ledger/index.md"
    if name == "README.md":
        return "index.md"
    if name.startswith("docs/") and place.suffix in KINDS:
        return name.removeprefix("docs/")
    return ELSEWHERE.get(name)


def name_all_pages(folder: Path) -> None:
    """Put documents that no table of contents names into that of their folder's page, or into the user guide's."""
    named = set()
    for path in folder.rglob("*.md"):
        for table in re.findall(r"^```\{toctree\}\n(.*?)^```", path.read_text("utf-8"), flags=re.M | re.S):
            entries = [
                line.strip() for line in table.splitlines() if line.strip() and not line.startswith(":")
            ]
            named |= {(path.parent / re.sub(r"^.*<(.+)>$", r"\1", entry)).resolve() for entry in entries}
    left: dict[Path, list[str]] = {}
    for path in sorted([*folder.rglob("*.md"), *folder.rglob("*.ipynb")]):
        page = path.relative_to(folder).with_suffix("")
        if page.name != "index" and page.parts[0] != "gallery" and (folder / page).resolve() not in named:
            owner = folder / f"{page.parts[0]}.md"
            left.setdefault(
                owner if len(page.parts) > 1 and owner.is_file() else folder / "guide.md", []
            ).append(page.as_posix())
    for owner, pages in left.items():
        table = ["```{toctree}", ":hidden:", "", *pages, "```", ""]
        owner.write_text("\n".join([owner.read_text("utf-8").rstrip(), "", *table]), "utf-8")
