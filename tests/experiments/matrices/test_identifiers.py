"""Forms of one number are one id where all ids are whole numbers; words for a missing value are no ids."""

import pytest

from experiments.matrices import BadInput, load
from experiments.matrices.identifiers import MISSING, note_on_encoding, whole_numbers


def log(tmp_path, items, name="a.csv"):
    path = tmp_path / name
    path.write_text("user,item\n" + "".join(f"{'ab'[k % 2]},{item}\n" for k, item in enumerate(items)))
    return path


@pytest.mark.parametrize(
    ("written", "ids"),
    [
        (["100000", "1e+05", "99999"], ["100000", "99999"]),
        (["12.0", "12", "7.0"], ["12", "7"]),
        (['"1,234"', "1234", "5"], ["1234", "5"]),
        (["1e5", "2f3", "12.0"], ["1e5", "2f3", "12.0"]),
        (["007", "7", "8"], ["007", "7", "8"]),
        (["1.5", "2.0", "2"], ["1.5", "2.0", "2"]),
    ],
)
def test_ids_that_are_numbers(tmp_path, written, ids):
    found = load(log(tmp_path, written))
    assert found.items.tolist() == ids
    assert any("whole number" in note for note in found.notes) == (
        len(whole_numbers(s.strip('"') for s in written)) > 0
    )


def test_lost_digits_are_told(tmp_path):
    assert "may be one" in " ".join(load(log(tmp_path, ["1.23e+09", "4"])).notes)


@pytest.mark.parametrize("word", sorted(MISSING))
def test_a_missing_id_is_refused_or_skipped_and_in_quotes_it_is_a_name(tmp_path, word):
    with pytest.raises(BadInput, match=r"line 3, column 2: expected a name of the item"):
        load(log(tmp_path, ["x", word, "y", "x"]))
    skipped = load(log(tmp_path, ["x", word, "y", "x"]), skip_bad_rows=True)
    assert skipped.items.tolist() == ["x", "y"] and "1 bad row skipped" in skipped.notes[1]
    assert word in load(log(tmp_path, ["x", f'"{word}"', "y", "x"])).items.tolist()


def test_utf_8_read_as_latin_1_is_told(tmp_path):
    found = load(log(tmp_path, ["café", "tea", "tea"]), encoding="latin-1")
    assert "'café' in UTF-8" in found.notes[-1]
    assert note_on_encoding(["café"], "utf-8-sig") == () == note_on_encoding(["café"], "latin-1")


@pytest.mark.parametrize(
    ("encoding", "word"), [("odd", "known"), ("utf-16", "single bytes"), ("rot13", "known|single")]
)
def test_an_encoding_that_cannot_be_used_is_refused_at_once(tmp_path, encoding, word):
    with pytest.raises(ValueError, match=f"encoding must .*{word}"):
        load(log(tmp_path, ["x", "y"]), encoding=encoding)
