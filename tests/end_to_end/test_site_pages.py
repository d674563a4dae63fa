"""The pages of the site that follow from the code, and what the build does with documents: made here without Sphinx."""

import importlib.util
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docs"))

from generate import claims, commands, docstrings, mathjax, reference, sources, versions  # noqa: E402

from experiments.claims import registry  # noqa: E402

SPEC = importlib.util.spec_from_file_location("build_of_the_site", ROOT / "docs/build.py")
build = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(build)

RECORD = (ROOT / "docs/claims.md").read_text("utf-8")


def test_every_public_name_has_a_place_in_the_reference(tmp_path):
    reference.write_reference(tmp_path)
    listed = "\n".join(path.read_text("utf-8") for path in tmp_path.glob("spikeproof*.rst"))
    for (room, name), value in reference.public_names().items():
        kind = "auto(function|class|exception)" if reference.has_page(value) else "py:data"
        assert re.search(rf"\.\. {kind}:: {name}\n", listed), f"{room}.{name}"
    pages = [path.name.lower() for path in tmp_path.iterdir()]
    assert len(pages) > 250 and len(set(pages)) == len(pages)


def test_every_public_name_says_what_it_is():
    silent = [
        name
        for name, value in reference.public_names().items()
        if reference.has_page(value) and len(reference.summary(value).split()) < 3
    ]
    assert silent == []


def test_the_page_of_the_commands_names_every_option():
    page = commands.commands()
    for name in ("verify", "spk", "compare", "stability"):
        assert f"## spikeproof {name}\n" in page
    assert "| `--quick`" in page and "| `--rank" in page and "\\|" not in page.splitlines()[0]


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("`a b`s", "``a b``\\ s"),
        ("||A u|| of x_ * y", r"\|\|A u\|\| of x\_ \* y"),
        ("`embed`", ":py:obj:`~spikeproof.theory.embed`"),
        (">>> f(1) | 2\n3", ">>> f(1) | 2\n3"),
        ("As::\n\n    a | b\n\nthen |c|", "As::\n\n    a | b\n\nthen \\|c\\|"),
    ],
)
def test_docstrings_are_read_as_plain_text(text, page):
    assert docstrings.as_rest(text, {"embed": "spikeproof.theory.embed"}) == page


def test_paragraphs_below_the_parameters_are_notes():
    head = "Do.\n\nParameters\n----------\nx, y : of any sign,\n    finite.\n*more : others.\n\nTime is O(n)."
    text = f"{head}\n\nRaises\n------\nValueError\n    if not."
    page = docstrings.as_rest(text, {})
    assert "x, y\n    of any sign,\n    finite.\n\\*more\n    others." in page
    assert "Raises\n------\nValueError\n    if not." in page and page.endswith("Notes\n-----\nTime is O(n).")


def test_what_is_returned_may_be_sentences_or_a_type_with_its_description():
    prose = docstrings.as_rest("Do.\n\nReturns\n-------\nA matrix of `x`.\nIts rows sum to 1.", {})
    assert prose == "Do.\n\n**Returns:** A matrix of ``x``.\nIts rows sum to 1."
    entry = docstrings.as_rest("Do.\n\nReturns\n-------\nfloat or None\n    None without rows.", {})
    assert entry.endswith("Returns\n-------\nfloat or None\n    None without rows.")


def test_every_claim_has_a_page_also_without_a_run():
    told = claims.told_claims(RECORD, [])
    assert list(told) == list(registry())
    blind = claims.verdicts_of_both_seeds(RECORD)
    for name, claim in told.items():
        page = claims.claim_page(claim, blind[name])
        assert page.startswith(f"# {name}. ") and f"spikeproof verify {name} --seed 0" in page
        assert "not judged again" in page and "At the seed" not in page and "On record: at seed 0" in page
        assert f"[{name}. " in claims.index_page(told, RECORD)


def test_the_page_of_a_claim_shows_its_figures(tmp_path):
    for kind in ("2.svg", "1.svg", "domain.svg", "map.svg"):
        (tmp_path / f"B3-{kind}").write_text("<svg/>")
    figures = claims.figures_of("B3", tmp_path)
    assert [path.name for path in figures] == ["B3-1.svg", "B3-2.svg", "B3-domain.svg", "B3-map.svg"]
    told = claims.Told(
        "B3", "No spikes", "refuted", "Refuted.\n\n| | what the rule asks |", "spikeproof verify B3", figures
    )
    page = claims.claim_page(told, None)
    assert (
        page.index("Refuted.")
        < page.index("](B3-1.svg)")
        < page.index("](B3-map.svg)")
        < page.index("## The rule")
    )
    assert "not judged again" not in page


def test_links_lead_to_pages_or_name_the_file(tmp_path):
    path, target = ROOT / "examples/theorems/README.md", tmp_path / "deep/page.md"
    text = "[a](../../docs/theory.md#x) [b](claim_a.py) [c](https://x.y) [d](../../docs/claims.md) [e](#here)"
    assert sources.relinked(text, path, target, tmp_path) == (
        "[a](../theory.md#x) b (`examples/theorems/claim_a.py`) [c](https://x.y) [d](../ledger/index.md) [e](#here)"
    )


def test_pages_that_no_table_names_get_a_place(tmp_path):
    for name in ("guide.md", "theory.md", "named.md", "left.md", "theory/01.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("# A page\n")
    (tmp_path / "index.md").write_text("```{toctree}\nguide\nTheory <theory>\nnamed\n```\n")
    sources.name_all_pages(tmp_path)
    assert (tmp_path / "guide.md").read_text().endswith("```{toctree}\n:hidden:\n\nleft\n```\n")
    assert (tmp_path / "theory.md").read_text().endswith("```{toctree}\n:hidden:\n\ntheory/01\n```\n")


def test_versions_lie_beside_each_other_and_the_newest_comes_first(tmp_path):
    for name in ("0.9.0", "0.10.0"):
        (tmp_path / name).mkdir()
        (tmp_path / name / versions.MARK).touch()
    (tmp_path / "other").mkdir()
    versions.write_versions(tmp_path)
    assert '["0.10.0", "0.9.0"]' in (tmp_path / "versions.js").read_text()
    assert "url=0.10.0/index.html" in (tmp_path / "index.html").read_text()


def test_a_ledger_that_is_none_is_refused_in_a_sentence(tmp_path, capsys):
    assert build.main(["--ledger", str(tmp_path), "-o", str(tmp_path / "site")]) == 2
    assert "must be a folder of `spikeproof verify`" in capsys.readouterr().err
    assert not (tmp_path / "site").exists()


def test_without_npm_the_formulas_are_missed_in_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(RuntimeError, match="install npm"):
        mathjax.fetch_mathjax(tmp_path / "site")
