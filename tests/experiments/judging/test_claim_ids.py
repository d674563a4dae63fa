"""Ids that claims may have: free text that no command takes for something else."""

import pytest

from experiments.judging.claim_ids import is_id


@pytest.mark.parametrize("name", ["B3", "spectral-gap", "théorème_3", "7", "Qin&Rohe(2013)", "a" * 60, "x:1"])
def test_free_text_is_an_id(name):
    assert is_id(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "B",
        "é",
        "a b",
        "a\tb",
        "a\u00a0b",
        "a.b",
        "a/b",
        "a\\b",
        "a::b",
        "-a",
        "a" * 61,
        "a\x1bb",
        "a\u202eb",
    ],
)
def test_what_means_something_else_or_hides_is_none(name):
    assert not is_id(name)
