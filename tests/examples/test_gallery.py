"""Every script of the gallery runs as a reader would run it, and its last assertion says that its point is true."""

import ast
import re
import runpy
from pathlib import Path

import pytest
from matplotlib import pyplot as plt

GALLERY = Path(__file__).parents[2] / "examples" / "gallery"
SCRIPTS = sorted(GALLERY.glob("*/plot_*.py"))
NAMES = [f"{path.parent.name}/{path.stem}" for path in SCRIPTS]
LINES = 40  # of a script without its docstring


@pytest.fixture(autouse=True)
def no_figures(monkeypatch):
    """A backend that needs no display, and no figure left from or to another test."""
    backend = plt.get_backend()
    plt.switch_backend("Agg")
    monkeypatch.setenv("MPLBACKEND", "Agg")
    yield
    plt.close("all")
    plt.switch_backend(backend)


def shown(path, folder, monkeypatch):
    """The figures of a script that runs in an empty folder."""
    monkeypatch.chdir(folder)
    plt.close("all")
    runpy.run_path(str(path), run_name="__main__")
    return [plt.figure(number) for number in plt.get_fignums()]


def check_figures(figures, folder):
    assert len(figures) in (1, 2)
    for figure in figures:
        assert figure.get_suptitle(), "no finding above the picture"
        assert all(axis.has_data() for axis in figure.axes), "an empty axis"
        assert not figure.legends and not any(axis.get_legend() for axis in figure.axes), "label directly"
    assert not list(folder.iterdir()), "the script left files"


def test_there_are_scripts_in_every_section():
    sections = {path.parent for path in SCRIPTS}
    assert sections == {path for path in GALLERY.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert all((section / "GALLERY_HEADER.rst").is_file() for section in sections)
    assert len({path.name for path in SCRIPTS}) == len(SCRIPTS)


def test_every_script_has_a_place_in_the_reading_order(monkeypatch):
    monkeypatch.syspath_prepend(str(GALLERY.parents[1] / "docs"))
    from generate.gallery_order import ORDER, ReadingOrder

    assert sorted(f"plot_{name}" for name in ORDER) == sorted(path.stem for path in SCRIPTS)
    assert ReadingOrder("")("plot_equal_popularity.py") == 1


@pytest.mark.parametrize("path", SCRIPTS, ids=NAMES)
def test_a_script_is_short_and_says_its_point(path):
    text = path.read_text("utf-8")
    module = ast.parse(text)
    title, underline, *rest = ast.get_docstring(module).splitlines()
    assert re.fullmatch("=+", underline) and len(underline) >= len(title) > 5
    assert 2 <= len(re.findall(r"[.:?](?=\s|$)", " ".join(rest))) <= 8, (
        "two or three plain sentences, or a few short ones"
    )
    code = text.splitlines()[module.body[0].end_lineno :]
    assert len("\n".join(code).strip().splitlines()) < LINES
    last = module.body[-1]
    last = last.body[-1] if isinstance(last, ast.If) else last  # under `if __name__ == "__main__":`
    assert isinstance(last, ast.Assert), "a script ends with an assertion of its point"
    assert "default_rng()" not in text and "plt.show" not in text


def test_one_script_runs(tmp_path, monkeypatch):
    check_figures(shown(GALLERY / "spikes" / "plot_spikes_appear.py", tmp_path, monkeypatch), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("path", SCRIPTS, ids=NAMES)
def test_every_script_runs_and_its_point_is_true(path, tmp_path, monkeypatch):
    check_figures(shown(path, tmp_path, monkeypatch), tmp_path)
