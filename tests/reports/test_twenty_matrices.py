"""What the page says of twenty matrices of known truth is true, every sentence of it; half a minute of processor time."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))
import twenty_matrices

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """All twenty with their analyses; deterministic at their seeds."""
    return list(twenty_matrices.seen(tmp_path_factory.mktemp("twenty")))


def test_every_sentence_is_right(found):
    assert len(found) == 20
    assert [said for one in found for said in twenty_matrices.wrong(*one)] == []


def test_communities_are_counted(found):
    """As many spikes as communities, but for a tenth, where nothing but communities makes them."""
    for known, analysis in found:
        if known.spikes:
            assert abs(analysis.described["parts"] - known.spikes) <= known.spikes / 10, known.name


def test_an_answer_that_is_not_true_is_told(found):
    """The same analyses held against another truth: no communities where there are, and none of the checks."""
    known, analysis = found[1]
    other = twenty_matrices.Known("other", "", known.write, twenty_matrices.FLAT, ("It may.",), must={"hubs"})
    assert len(twenty_matrices.wrong(other, analysis)) == 4


def test_the_table_in_the_documents_is_of_these_twenty():
    text = twenty_matrices.PAGE.read_text("utf-8")
    for known in twenty_matrices.TWENTY:
        assert f"| {known.name} | {known.truth} |" in text
    assert "| no |" not in text
