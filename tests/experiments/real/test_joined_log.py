"""Vectors and their log are joined by names and by nothing else; what is not joined is counted and said."""

import numpy as np
import pytest

from experiments.real.joined_log import joined_log


@pytest.fixture
def files(tmp_path):
    """A log of four items and three contexts, and pairs held out with an item and a context of their own."""
    log, later = tmp_path / "log.csv", tmp_path / "later.csv"
    log.write_text("user,item\nu1,a\nu1,b\nu2,b\nu2,7\nu3,b\nu3,z\n")
    later.write_text("user,item\nu1,new\nu1,b\nu2,a\nu9,a\nu3,a\n")
    return str(log), str(later)


def test_a_row_is_the_item_of_its_very_name(files):
    ids = np.array(["b", "A", "7", "a", "b", "new"], dtype=object)
    found = joined_log("x.npz", ids, files[0], None, {})
    names = ["a", "b", "7", "z"]  # as they come in the log
    assert [names[k] if k >= 0 else None for k in found.place] == ["b", None, "7", "a", None, None]
    np.testing.assert_array_equal(found.popularity, [3, np.nan, 1, 1, np.nan, np.nan])
    assert found.asked is None and found.known.shape == (3, 4)
    assert found.notes[0].startswith("3 of 6 vectors are items of")
    assert "1 vectors have a name that came before" in found.notes[1]


def test_pairs_held_out_are_joined_by_both_names(files):
    ids = np.array(["a", "b", "new"], dtype=object)
    found = joined_log("x.npz", ids, *files, {})
    asked = {(int(c), int(i)) for c, i in zip(*found.asked.nonzero())}
    assert found.known.shape == found.asked.shape == (3, 5)
    assert asked == {(0, 4), (1, 0), (2, 0)}  # u1 new, u2 a, u3 a
    assert found.place.tolist() == [0, 1, 4] and np.isnan(found.popularity[2])
    said = "; ".join(found.notes)
    assert "3 of 5 pairs of" in said and "1 pairs of" in said and "are in the log too" in said


@pytest.mark.parametrize(
    ("ids", "message"),
    [(None, "x.npz must have names"), (np.array(["q", "r"]), "none of its 4 items, such as 'a', is among")],
)
def test_what_cannot_be_joined_is_refused(ids, message, files):
    with pytest.raises(ValueError, match=message):
        joined_log("x.npz", ids, files[0], None, {})


def test_pairs_that_cannot_be_asked_for_are_left_out_and_said(files, tmp_path):
    later = tmp_path / "more.csv"
    later.write_text("user,item\nu1,q1\nu2,q2\nu2,a\nu8,a\nu3,a\n")
    found = joined_log("x.npz", np.array(["a", "7"], dtype=object), files[0], str(later), {})
    assert [tuple(map(int, pair)) for pair in zip(*found.asked.nonzero())] == [
        (1, 0)
    ]  # u2 a; of u3 no item has a vector
    said = "; ".join(found.notes)
    for words in (
        "1 of 5 pairs of",
        "2 pairs of",
        "such as 'q1' and 'q2'",
        "lacks, such as 'u8'",
        "no item with a vector",
    ):
        assert words in said
    with pytest.raises(ValueError, match="5 pairs can be asked for.*of items that no vector names"):
        joined_log("x.npz", np.array(["z"], dtype=object), files[0], str(later), {})


def test_where_less_than_half_is_joined_names_of_both_sides_are_said(files):
    few = joined_log("x.vec", np.array(["a", "B", "q r", "Z"], dtype=object), files[0], None, {})
    assert "x.vec alone has 'B' and 'q r'" in few.notes[1] and "alone has 'b' and '7'" in few.notes[1]
    half = joined_log("x.vec", np.array(["a", "b", "B", "Z"], dtype=object), files[0], None, {})
    assert len(half.notes) == 1


def test_a_file_that_is_missing_is_said_to_be_that_of_its_option(files):
    with pytest.raises(ValueError, match="^held_out must be a file.*none.csv"):
        joined_log("x.vec", np.array(["a"]), files[0], "none.csv", {})
