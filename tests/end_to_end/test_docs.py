"""The code that the documents show runs, their internal links lead somewhere, and README's commands are marked."""

import re
import sys
from pathlib import Path
from types import ModuleType

import matplotlib.pyplot as plt
import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def blocks(language):
    for path in DOCUMENTS:
        for number, code in enumerate(
            re.findall(rf"```{language}\n(.*?)```", path.read_text("utf-8"), flags=re.S)
        ):
            yield pytest.param(code, id=f"{path.name}-{number}")


@pytest.mark.parametrize("code", list(blocks("python")))
def test_python_in_the_documents_runs(code, tmp_path, monkeypatch):
    """Each block starts without the names of the others, in an empty folder, with a backend that opens no window."""
    plt.switch_backend("Agg")
    monkeypatch.chdir(tmp_path)
    block = ModuleType("block_of_a_document")
    monkeypatch.setitem(sys.modules, block.__name__, block)  # where dataclasses and annotations look
    exec(compile(code, "block of a document", "exec"), vars(block))
    plt.close("all")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_internal_links_lead_somewhere(path):
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", path.read_text("utf-8")):
        if not target.startswith("pictures/"):  # drawn when the site is built; test_theory_pages.py
            assert (path.parent / target).exists(), target
    for name in re.findall(
        r"`((?:docs|experiments|simulate|theory|reports|benchmarks)/[\w./-]+\.(?:md|py|toml))`",
        path.read_text("utf-8"),
    ):
        assert (ROOT / name).exists(), name


def test_the_readme_marks_its_two_commands():
    text = (ROOT / "README.md").read_text("utf-8")
    for mark in ("main job", "tests"):
        assert len(re.findall(rf"<!-- {mark} -->\s*```bash\n(.+?)```", text, flags=re.S)) == 1


def test_quoted_errors_are_said_by_the_code():
    rooms = ("simulate", "theory", "experiments", "reports", "spikeproof")
    source = "\n".join(path.read_text("utf-8") for room in rooms for path in (ROOT / room).rglob("*.py"))
    source = re.sub(r'"\s*\n\s*f?"', "", source)  # strings that run on over lines
    quoted = re.findall(r"^\| `([^`]+)`", (ROOT / "docs/errors.md").read_text("utf-8"), flags=re.M)
    assert len(quoted) >= 15
    for message in quoted:
        # what varies: ..., numbers, and names between quotes
        parts = [part.strip(" ;:,()") for part in re.split(r"\.\.\.|\b\d+\b|'[^']*'", message)]
        for part in parts:
            assert part in source, f"{message!r}: no code says {part!r}"


def test_the_study_in_the_documents_is_one(tmp_path):
    from experiments.studies.study_file import read_study

    (study,) = [
        code
        for code in re.findall(r"```toml\n(.*?)```", (ROOT / "docs/models.md").read_text("utf-8"), flags=re.S)
        if code.startswith("trial")
    ]
    (tmp_path / "mine.toml").write_text(study)
    found = read_study(tmp_path / "mine.toml")
    assert (found.name, found.replicates, len(found.grid)) == ("mine", 3, 12)
    assert [cell["n"] for cell in found.grid[::2]][:3] == [200, 400, 800]
