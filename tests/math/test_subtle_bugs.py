"""Each bug of `subtle_bugs.py` fails the test that it names, planted in a copy of the tree; and the table says what there is."""

import ast
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[0]))
sys.path.append(str(Path(__file__).resolve().parents[1]))
from changed_tree import ROOT, Tree
from subtle_bugs import BUGS

NAMES = [bug.words for bug in BUGS]


def test_there_are_at_least_forty_of_them_in_simulation_and_in_theory():
    assert len(BUGS) >= 40 and len(set(NAMES)) == len(BUGS)
    rooms = [bug.path.split("/")[0] for bug in BUGS]
    assert set(rooms) == {"simulate", "theory"} and min(map(rooms.count, set(rooms))) >= 20


@pytest.mark.parametrize("bug", BUGS, ids=NAMES)
def test_the_place_of_a_bug_is_there_once_and_its_test_exists(bug):
    source = (ROOT / bug.path).read_text("utf-8")
    assert source.count(bug.was) == 1
    changed = source.replace(bug.was, bug.becomes)
    assert ast.dump(ast.parse(changed)) != ast.dump(ast.parse(source))
    path, _, test = bug.caught_by.partition("::")
    assert f"\ndef {test}(" in (ROOT / path).read_text("utf-8")


def test_the_document_lists_each_bug_with_the_test_that_fails_under_it():
    lines = (ROOT / "docs/testing.md").read_text("utf-8").splitlines()
    first = lines.index(BUGS[0].row())
    assert lines[first : first + len(BUGS)] == [bug.row() for bug in BUGS]
    assert not lines[first + len(BUGS)].startswith("|")


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    return Tree(tmp_path_factory.mktemp("planted"))


@pytest.mark.slow
def test_what_catches_bugs_passes_in_a_copy_without_them(tree):
    """One test of each file; the others pass in the tree itself, and would fail in a copy only with their file."""
    of_each_file = {bug.caught_by.partition("::")[0]: bug.caught_by for bug in BUGS}
    assert tree.first_failure(sorted(of_each_file.values())) == ""


@pytest.mark.slow
@pytest.mark.parametrize("bug", BUGS, ids=NAMES)
def test_a_planted_bug_fails_the_test_that_is_named(bug, tree):
    source = (tree.root / bug.path).read_text("utf-8")
    with tree.changed(bug.path, source.replace(bug.was, bug.becomes).encode()):
        assert tree.first_failure([bug.caught_by]).startswith(bug.caught_by)
