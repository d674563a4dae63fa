"""The documents that follow from the code are what `python docs/write.py` would write."""

import importlib.util
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SPEC = importlib.util.spec_from_file_location("write", ROOT / "docs" / "write.py")
write = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(write)


def test_the_commands_are_current():
    assert (ROOT / "docs/commands.md").read_text("utf-8") == write.commands()


def test_the_interface_is_current_and_every_part_of_it_says_what_it_is():
    text = (ROOT / "docs/api.md").read_text("utf-8")
    assert text == write.api()
    assert "```\n\n\n" not in text  # a description follows every signature


def test_the_module_map_is_current():
    text = (ROOT / "docs/design.md").read_text("utf-8")
    assert text == write.design(text)


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
        path for room in write.ROOMS for path in (ROOT / room).rglob("*.py") if not write.first_sentence(path)
    ]
    assert silent == []


def test_every_line_of_the_map_is_a_sentence():
    rows = [line.split(" | ", 1)[1] for line in write.module_map().splitlines() if line.startswith("| `")]
    fragments = [row for row in rows if len(row.split()) < 4 or row.removesuffix(" |")[-1] not in ".?"]
    assert len(rows) > 150 and fragments == []


def test_every_sub_room_has_its_place_in_the_map():
    packages = {path.parent for room in write.ROOMS for path in (ROOT / room).rglob("__init__.py")}
    shown = {ROOT / room for room in write.ROOMS} | {
        sub for room in write.ROOMS for sub in write.sub_rooms(room)
    }
    assert packages == shown
