"""Text from outside is shown, never obeyed: no control character, no mark of direction, no word of a command."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulate.plain_text import command, printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
        ("a\x9b2Jb", r"a\x9b2Jb"),
        ("a\u202etxt.exe", r"a\u202etxt.exe"),
        ("one\ntwo\rthree", r"one\ntwo\rthree"),
        ("\ud800", r"\ud800"),
        ("Bjørk 東京 👩‍👩‍👧 [bold] :x: $x$", "Bjørk 東京 👩‍👩‍👧 [bold] :x: $x$"),
    ],
)
def test_what_would_be_obeyed_is_shown(text, shown):
    assert printable(text) == shown


@given(st.text(st.characters()))
def test_nothing_is_left_for_a_terminal_to_obey(text):
    shown = printable(text)
    assert not any(c < " " or "\x7f" <= c <= "\x9f" or "\u202a" <= c <= "\u202e" for c in shown)
    assert printable(text, lines=True).count("\n") == text.count("\n")


@given(st.lists(st.text(st.characters(exclude_categories=["C", "Zl", "Zp"])), min_size=1))
def test_a_copied_command_has_the_words_that_were_given(words):
    assert shlex.split(command(*words)) == words
