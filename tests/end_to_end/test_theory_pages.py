"""The pages of the theory: numbers without holes, citations that resolve, examples that run, pictures that are drawn."""

import doctest
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "docs/theory.md", *sorted((ROOT / "docs/theory").glob("*.md"))]
SOURCES = [
    path
    for room in (
        "simulate",
        "theory",
        "experiments",
        "reports",
        "spikeproof",
        "tests",
        "examples",
        "benchmarks",
        "docs",
    )
    for suffix in ("*.py", "*.md")
    for path in (ROOT / room).rglob(suffix)
]
HEADING = re.compile(r"^#+ (\d+(?:\.\d+)?)\.? ", flags=re.M)
CITED = re.compile(
    r"\bsections?\s+(\d+(?:\.\d+)?(?:(?:, | and | to )\d+(?:\.\d+)?)*)|theory\.md (\d+(?:\.\d+)?)"
)


@pytest.fixture(scope="module")
def headings():
    return [number for page in PAGES for number in HEADING.findall(page.read_text("utf-8"))]


@pytest.fixture(scope="module")
def drawings():
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        import theory_pictures
    finally:
        sys.path.remove(str(ROOT / "docs"))
    return theory_pictures


def test_the_numbering_has_no_holes(headings):
    chapters = [int(number) for number in headings if "." not in number]
    assert chapters == list(range(11))
    sections = [tuple(map(int, number.split("."))) for number in headings if "." in number]
    for chapter in {chapter for chapter, _ in sections}:
        numbers = [number for one, number in sections if one == chapter]
        assert numbers == list(range(1, len(numbers) + 1)), f"chapter {chapter}: {numbers}"


def test_every_citation_is_of_a_section_that_exists(headings):
    """In the pages of the theory, and in every file that names them, which cites sections of nothing else."""
    seen = 0
    for path in [*SOURCES, *ROOT.glob("*.md")]:
        # a citation may go over the end of a line, where a comment begins anew or a string is closed and opened
        text = re.sub(r'\s*(?:"\s*\n\s*"|\n\s*#?)\s*', " ", path.read_text("utf-8"))
        if path in PAGES or "theory.md" in text:
            for cited in CITED.findall(text):
                for section in re.findall(r"\d+(?:\.\d+)?", " ".join(cited)):
                    assert section in headings, f"{path.relative_to(ROOT)} cites section {section}"
                    seen += 1
    assert seen > 250


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_examples_print_what_the_page_says(page):
    """Each block of `>>>` lines starts without the names of the others."""
    for number, code in enumerate(re.findall(r"```pycon\n(.*?)```", page.read_text("utf-8"), flags=re.S)):
        example = doctest.DocTestParser().get_doctest(code, {}, f"{page.stem}, block {number}", str(page), 0)
        printed: list[str] = []
        runner = doctest.DocTestRunner(verbose=False)
        runner.run(example, out=printed.append)
        assert runner.failures == 0, "".join(printed)


def parts(page):
    """Yield the number and the text of each section of a page."""
    yield from re.findall(r"^## (\d+\.\d+) .*?\n(.*?)(?=^## |\Z)", page.read_text("utf-8"), flags=re.M | re.S)


def test_every_section_says_what_a_reader_needs():
    for page in PAGES[2:-1]:  # after the index and the notation
        for number, text in parts(page):
            assert text.lstrip().startswith("**In words.**"), number
            for told in ("**What one must know.**", "**Why it matters.**", "**Checked**"):
                assert told in text, f"{number}: {told}"
            assert f"](pictures/{number.replace('.', '-')}.svg)" in text, number


def test_every_picture_of_a_page_is_drawn_and_no_other(drawings):
    shown = {
        name
        for page in PAGES
        for name in re.findall(r"\]\(pictures/([\d-]+)\.svg\)", page.read_text("utf-8"))
    }
    assert set(drawings.drawings()) == shown


def require_drawing(text):
    assert text.startswith("<svg")
    assert "mathdefault" not in text  # ticks that matplotlib writes as mathematics


def test_a_picture_of_each_chapter_is_drawn(drawings):
    first = {name.split("-")[0]: drawing for name, drawing in reversed(drawings.drawings().items())}
    assert len(first) == 11
    for drawing in first.values():
        require_drawing(drawings.draw(drawing))


@pytest.mark.slow
def test_all_pictures_are_drawn_into_the_folder(drawings, tmp_path):
    paths = drawings.draw_all(tmp_path / "pictures")
    assert len(paths) == len(drawings.drawings())
    for path in paths:
        require_drawing(path.read_text("utf-8"))


def names_of_tests():
    """Return the names of all tests, and `path::name` of each below the folder `tests`."""
    names, places = set(), set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        for name in re.findall(r"^def (test_\w+)", path.read_text("utf-8"), flags=re.M):
            names.add(name)
            places.add(f"{path.relative_to(ROOT / 'tests').as_posix()}::{name}")
    return names, places


def test_the_table_has_every_section_and_tests_and_claims_that_exist(headings):
    from experiments.claims import registry

    names, places = names_of_tests()
    rows = re.findall(r"^\| \[(\d+\.\d+)\]\([^)]*\) \|(.*)\|$", PAGES[0].read_text("utf-8"), flags=re.M)
    sections = [number for number in headings if "." in number and not number.startswith("0.")]
    assert [number for number, _ in rows] == sections
    for number, row in rows:
        _, valid, *_, tests = row.split(" | ")
        told = re.findall(r"`([^`]+)`", tests)
        assert told, number
        assert set(told) <= places, f"{number}: {set(told) - places}"
        assert set(re.findall(r"\b[A-F]\d\b", valid)) <= set(registry()), number
    for page in PAGES:
        text = page.read_text("utf-8")
        for name in re.findall(r"`(test_\w+)`", text):
            assert name in names, f"{page.name}: {name}"
        for told in re.findall(r"\*\*Checked\*\* in claims? ([A-F\d, and]+)", text):
            assert set(re.findall(r"[A-F]\d", told)) <= set(registry()), page.name


def test_links_to_a_section_lead_to_its_heading():
    """By the anchors that GitHub and MyST give a heading: lower case, hyphens for blanks, no punctuation."""
    seen = 0
    for page in PAGES:
        for number, target, anchor in re.findall(
            r"\[([\d.]+)\]\(([^)#]+)#([^)]+)\)", page.read_text("utf-8")
        ):
            headings = re.findall(r"^#+ (.+)$", (page.parent / target).read_text("utf-8"), flags=re.M)
            (heading,) = [heading for heading in headings if heading.split()[0] == number]
            assert anchor == re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
            seen += 1
    assert seen >= 47
