"""Lines in pieces: the same lines whatever the size of a piece and the kind of line end."""

import gzip

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from experiments.matrices import BadInput, reading

SETTINGS = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@given(
    content=st.text(alphabet="ab\n\r", min_size=1, max_size=30), piece=st.integers(1, 8), zipped=st.booleans()
)
@SETTINGS
def test_lines_are_those_of_splitlines(tmp_path, monkeypatch, content, piece, zipped):
    path = tmp_path / "x.txt"
    path.write_bytes(gzip.compress(content.encode()) if zipped else content.encode())
    monkeypatch.setattr(reading, "PIECE", piece)
    assert [text for _, text in reading.lines(path)] == content.splitlines()


@given(content=st.binary(min_size=1, max_size=40), piece=st.integers(1, 8))
@SETTINGS
def test_any_bytes_give_lines_or_a_place(tmp_path, monkeypatch, content, piece):
    path = tmp_path / "x.txt"
    path.write_bytes(b"a" + content)  # no magic number of an archive begins so
    monkeypatch.setattr(reading, "PIECE", piece)
    try:
        whole = (b"a" + content).decode()
    except UnicodeDecodeError:
        with pytest.raises(BadInput, match=r"line \d+, column \d+: expected utf-8 text; found the byte 0x"):
            list(reading.lines(path))
    else:
        read = list(reading.lines(path))
        assert [number for number, _ in read] == list(range(1, len(read) + 1))
        assert "".join(text for _, text in read) == whole.replace("\r", "").replace("\n", "")


def test_a_line_without_end_is_refused_before_memory_fills(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "LONGEST_LINE", 1000)
    monkeypatch.setattr(reading, "PIECE", 100)
    path = tmp_path / "x.txt.gz"
    path.write_bytes(gzip.compress(b"x" * 1_000_000))
    with pytest.raises(BadInput, match="lines of at most 1,000 bytes"):
        list(reading.lines(path))


@pytest.mark.parametrize("text", ["", "1.5", "1e3", "\u0663", "0x1", "9" * 20, "--1"])
def test_integer_refuses_what_is_none(tmp_path, text):
    with pytest.raises(BadInput, match="line 2, column 3: expected an id, an integer"):
        reading.integer(text, tmp_path, 2, 3, "an id")
