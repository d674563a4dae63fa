"""A table for a notebook: names stay names, its size is bounded, and it is HTML that closes what it opens."""

import math
import subprocess
import sys
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulate.notebook_tables import IGNORED, MOST_IN_CELL, MOST_ROWS, MOST_SIGNS, html_card

HOSTILE = [
    "<script>alert(1)</script>",
    "</td></table><img src=x onerror=alert(1)>",
    '"><a href="javascript:alert(1)">',
    "&lt;b&gt; &amp; 'x'",
    r"$\href{javascript:alert(1)}{x}$",
    "\x1b]0;title\x07 \u202egpj.exe",
]


class Read(HTMLParser):
    """The tags and the text of a piece of HTML."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.open, self.words, self.attributes = set(), [], [], set()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.open.append(tag)
        self.attributes |= set(attrs)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


OURS = {"div", "p", "strong", "table", "thead", "tbody", "tr", "th", "td"}
STYLES = {("style", "text-align:left"), ("style", "text-align:right"), ("class", IGNORED)}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_shown_and_never_becomes_markup(name):
    read = Read(html_card(name, {name: name}, (name,), [(name,)], notes=[name]))
    assert read.tags <= OURS and read.attributes <= STYLES and not read.open
    shown = "".join(read.words)
    assert (
        shown.count(name.replace("\x1b", r"\x1b").replace("\x07", r"\x07").replace("\u202e", r"\u202e")) == 6
    )


@given(st.text(st.characters()))
def test_any_text_leaves_our_tags_alone(text):
    read = Read(html_card(text, {text: text}, (text, "x"), [(text, 1)]))
    assert read.tags <= OURS and read.attributes <= STYLES and not read.open


def test_what_is_large_is_cut_and_what_is_left_out_is_counted():
    long = "<" * 10**6
    card = html_card(long, {long: long}, [long] * 1000, [[long] * 1000] * 1000)
    read = Read(card)
    assert len(card) < 4 * (MOST_ROWS * 12 * (MOST_IN_CELL + 20) + 4 * MOST_SIGNS)
    assert "950 more rows" in read.words
    assert "7 more rows" in Read(html_card("x", {}, ("a",), [(1,)], n_rows=8)).words
    assert not any("more rows" in word for word in Read(html_card("x", {}, ("a",), [(1,)])).words)


def test_numbers_are_short_and_on_the_right():
    values = (1234567, np.int64(5), 0.123456789, 123456.7, math.nan, np.float32(0.5), True, None, "7")
    read = Read(html_card("x", {}, (), [values]))
    assert read.words[1:] == ["1,234,567", "5", "0.1235", "123,457", "–", "0.5", "yes", "–", "7"]
    assert html_card("x", {}, (), [(True, None, "7")]).count("right") == 0
    assert html_card("x", {"unknown": None}, (), []).count("table") == 0


def test_a_notebook_shows_objects_without_pandas_or_matplotlib():
    code = """
import sys
import numpy as np
from simulate import BlockModel
from theory import Embedding, Spikes, SpikinessCurve
embedding = Embedding(np.array([3.0, -2.0, 1.0]), np.eye(4, 3))
spikes = Spikes(np.array([0]), np.array([2]), np.array([0, 0, -1]), 0, np.array([1.5]))
curve = SpikinessCurve(np.array([2]), (spikes,))
found = [BlockModel([1.0, 2.0], [0, 1], np.eye(2)), embedding, spikes, curve]
assert all("<table>" in one._repr_html_() and len(repr(one)) < 200 for one in found)
print(sorted({"pandas", "matplotlib", "seaborn", "IPython"} & set(sys.modules)))
"""
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"
