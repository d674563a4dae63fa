"""Rows of delimited files: quotation marks, blanks, and lone marks that cost their own line only."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.matrices import BadInput
from experiments.matrices.reading import BadRows
from experiments.matrices.records import fields_of, records

FIELDS = st.text(alphabet='ab ",;', max_size=5).map(str.strip)


def read(tmp_path, text, separator=",", skip=False):
    path = tmp_path / "a.csv"
    path.write_text(text, newline="")
    bad = BadRows(skip)
    return [(line, fields) for line, fields, _ in records(path, "utf-8", separator, bad)], bad.notes()


@given(st.lists(FIELDS, min_size=2, max_size=5).filter(any))
def test_what_the_csv_module_writes_is_read_as_it_was(row):
    file = io.StringIO()
    csv.writer(file, lineterminator="").writerow(row)
    assert fields_of(file.getvalue(), ",") == row


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ('1, "Hello, World"', ["1", "Hello, World"]),
        ('1,12" mix', ["1", '12" mix']),
        ("a;b", ["a;b"]),
        (' a ,  "b" ', ["a", "b"]),
        ("a,,", ["a", "", ""]),
    ],
)
def test_fields(text, fields):
    assert fields_of(text, ",") == fields


def test_blanks_separate_however_many(tmp_path):
    rows, _ = read(tmp_path, " a  b\t c \n\nd e f\n", " ")
    assert rows == [(1, ["a", "b", "c"]), (3, ["d", "e", "f"])]


def test_a_field_may_go_on_over_lines(tmp_path):
    rows, _ = read(tmp_path, 'u,i\na,"two\nlines or\nthree, four"\nb,x\n')
    assert rows == [(1, ["u", "i"]), (2, ["a", "two\nlines or\nthree, four"]), (5, ["b", "x"])]


@pytest.mark.parametrize("end", ["", 'd,"Blue\n', 'd,"\n', 'd,y" z\n'])
def test_a_lone_mark_costs_its_own_line(tmp_path, end):
    text = 'u,i\na,"Heroes\nb,x\nc,y\n' + end
    with pytest.raises(BadInput, match="line 2: expected quotation marks in pairs"):
        read(tmp_path, text)
    rows, notes = read(tmp_path, text, skip=True)
    assert [line for line, _ in rows if line < 5] == [1, 3, 4] and "bad row" in notes[0]


def test_many_lone_marks_do_not_make_the_file_slow(tmp_path):
    rows, notes = read(tmp_path, "u,i\n" + 'a,"b\nc,d\n' * 2000, skip=True)
    assert len(rows) == 2001 and "2,000 bad rows" in notes[0]
