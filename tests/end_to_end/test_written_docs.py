"""What the documents say of the code follows from it: README's count of verdicts, and the first line of every module."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docs"))

from generate import modules  # noqa: E402


def test_the_readme_counts_the_verdicts_as_the_ledger_does():
    text, ledger = ((ROOT / name).read_text("utf-8") for name in ("README.md", "docs/claims.md"))
    words = re.findall(r"^### \w\d+\. .+: (\w+)$", ledger, flags=re.M)
    count = {word: words.count(word) for word in words}
    said = (
        f"{len(words)} claims, judged](docs/claims.md): {count['holds']} hold, {count['qualified']} hold in a "
        f"part of their domain that is named, {count['refuted']} are refuted"
    )
    assert said in " ".join(text.split())
    assert sum(count[word] for word in ("holds", "qualified", "refuted")) == len(words)


def test_every_module_says_what_it_holds():
    silent = [
        path
        for room in modules.ROOMS
        for path in (ROOT / room).rglob("*.py")
        if not modules.first_sentence(path)
    ]
    assert silent == []


def test_every_line_of_the_map_is_a_sentence():
    rows = [line.split(" | ", 1)[1] for line in modules.module_map().splitlines() if line.startswith("| `")]
    fragments = [row for row in rows if len(row.split()) < 4 or row.removesuffix(" |")[-1] not in ".?"]
    assert len(rows) > 150 and fragments == []


def test_every_sub_room_has_its_place_in_the_map():
    packages = {path.parent for room in modules.ROOMS for path in (ROOT / room).rglob("__init__.py")}
    shown = {ROOT / room for room in modules.ROOMS} | {
        sub for room in modules.ROOMS for sub in modules.sub_rooms(room)
    }
    assert packages == shown
