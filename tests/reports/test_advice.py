"""The third answer says the true reason why nothing was measured, and of a chosen f what is special about it."""

import pytest

from reports.advice import _which_rank, _why_not_asked


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ({"kind": "embedding", "pairs": None}, "no log was given"),
        ({"kind": "embedding", "pairs": 90, "not_asked": "12 vectors were joined"}, "12 vectors were joined"),
        ({"kind": "embedding", "pairs": 90}, "too few pairs of the log"),
        ({"kind": "graph", "pairs": 90}, "too few pairs"),
    ],
)
def test_no_log_is_said_only_where_none_was_given(about, words):
    said = _why_not_asked(about)
    assert said.startswith(words) and ("no log was given" in said) == (about["pairs"] is None)


def test_a_smaller_rank_than_the_best_is_not_said_to_find_most():
    curve = [{"rank": 12, "recall": 0.24}, {"rank": 24, "recall": 0.243}]
    (line,) = _which_rank({"rank_choice": {"rank": 12, "low": 8, "high": 24, "curve": curve}})
    assert "smallest f within one standard error of the best, f = 24 (8 to 24" in line and "most" not in line
