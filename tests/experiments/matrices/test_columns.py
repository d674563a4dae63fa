"""By columns or row by row: the same matrix or the same error, for any file; plain files are read by columns."""

import datetime
import gzip
import string
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from experiments.matrices import (
    columns,
    delimited,
    edge_columns,
    edge_lists,
    load,
    matrix_market,
    parquet,
    reading,
)
from experiments.matrices.edge_dialects import dialect_of
from experiments.matrices.formats import Reading

SETTINGS = settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(autouse=True)
def in_small_blocks(monkeypatch):
    monkeypatch.setattr(columns, "SMALL", 0)
    monkeypatch.setattr(columns, "BLOCK", 16)
    monkeypatch.setattr(reading, "PIECE", 8)
    monkeypatch.setattr(parquet, "ROWS", 3)


def told(path, options):
    """Everything that a reader says: its matrix, bit by bit, or its error."""
    try:
        found = load(path, **options)
    except ValueError as error:
        return type(error), str(error)
    x = found.matrix
    names = [None if part is None else part.tolist() for part in (found.items, found.contexts, found.times)]
    parts = [(part.dtype, part.tobytes()) for part in (x.data, x.indices, x.indptr)]
    return found.interactions is None, x.shape, parts, names, found.notes


def agree(path, **options):
    """Whether both ways say the same; what they say."""
    fast = told(path, options)
    with pytest.MonkeyPatch.context() as patch:
        for reader in (delimited, parquet):
            patch.setattr(reader, "by_columns", lambda read: None)
        patch.setattr(edge_lists, "edges_by_columns", lambda *_: None)
        patch.setattr(matrix_market, "_by_scipy", lambda *_: None)
        assert fast == told(path, options)
    return fast


FIELDS = st.one_of(
    st.sampled_from(
        ["ann", "bob", "x", "y", "é", "", " ", "\u2003", "nan", "NA", "#a", "1", "1e400", '"x"', '"a,""b"']
    ),
    st.text(alphabet="ab1.\" '\\#%\x00\x0b\x85\xa0é", max_size=4),
)
TIMES = st.sampled_from(
    ["3", "1704067200", "-1.5", "+1", " 2", "1_0", "2024-01-01", "2024-01-01T12:00:00+12:00", "nan", "x", ""]
)
SEPARATORS = st.sampled_from([",", "\t", ";", " ", '"', "é", "::"])


def lines_of(rows, separator, end, last):
    return end.join(separator.join(row) for row in rows) + end * last


@given(
    rows=st.lists(
        st.one_of(st.tuples(FIELDS, FIELDS, TIMES), st.lists(FIELDS, max_size=4)), min_size=1, max_size=8
    ),
    separator=SEPARATORS,
    end=st.sampled_from(["\n", "\r\n", "\r", "\n\n"]),
    last=st.booleans(),
    options=st.fixed_dictionaries(
        {
            "header": st.booleans(),
            "columns": st.sampled_from([None, ("1", "2"), ("2", "1", "3"), ("1", "1")]),
            "encoding": st.sampled_from(["utf-8", "latin-1", "cp1252", "utf-16", "odd"]),
            "skip_bad_rows": st.booleans(),
        }
    ),
    written_in=st.sampled_from(["utf-8", "utf-8-sig", "latin-1", "utf-16"]),
    zipped=st.booleans(),
)
@SETTINGS
def test_delimited_files(tmp_path, rows, separator, end, last, options, written_in, zipped):
    content = lines_of(rows, separator, end, last).encode(written_in, errors="ignore")
    path = tmp_path / "a.csv"
    path.write_bytes(gzip.compress(content) if zipped else content)
    try:
        agree(path, separator=separator, **options)
    except LookupError:
        assert options["encoding"] == "odd"


@given(
    rows=st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), TIMES), min_size=1, max_size=12),
    quoted=st.lists(st.booleans(), min_size=3, max_size=3),
)
@SETTINGS
def test_logs_that_are_mostly_sound(tmp_path, rows, quoted):
    path = tmp_path / "a.csv"
    rows = [[f'"{field}"' if q else field for field, q in zip(row, quoted, strict=True)] for row in rows]
    path.write_text(lines_of([("u", "i", "t"), *rows], ",", "\n", True))
    agree(path, columns=("u", "i", "t"))
    agree(path)


@given(
    rows=st.lists(
        st.one_of(
            st.tuples(st.sampled_from("abc"), st.sampled_from("abc")),
            st.tuples(
                st.sampled_from("abc"),
                st.sampled_from("abc"),
                st.sampled_from(["1", "0", ".5", "1e3", "-1", "inf"]),
            ),
            st.lists(FIELDS, max_size=4),
        ),
        min_size=1,
        max_size=8,
    ),
    separator=st.sampled_from([None, None, ",", "\t", "::"]),
    blank=st.sampled_from([" ", "\t", "  ", " \t", "\x0b", "\u2003"]),
    comment=st.sampled_from(["", "# c\n", " % c d\n", "\x0b#a b\n", "source target\n", "#a b\n"]),
    skip=st.booleans(),
    columns=st.sampled_from([None, None, ("1", "2"), ("2", "1", "3")]),
)
@SETTINGS
def test_edge_lists(tmp_path, rows, separator, blank, comment, skip, columns):
    path = tmp_path / "g.edges"
    path.write_text(comment + lines_of(rows, separator or blank, "\n", True) + comment, encoding="utf-8")
    agree(path, separator=separator, skip_bad_rows=skip, columns=columns)


LONG = st.text(alphabet="ab é\xa0#", min_size=1, max_size=20)


@given(
    rows=st.lists(
        st.one_of(
            st.tuples(
                LONG, LONG, st.sampled_from(["1", "0.30000000000000004", "+2", "1_0", "1e30", "-1", "x", ""])
            ),
            st.sampled_from([("# c",), ("%% c",), ("#",), (" ",), ("#\x0bc",), ("#\u2003c",)]),
        ),
        min_size=1,
        max_size=12,
    ),
    width=st.integers(2, 6),
    separator=st.sampled_from([None, ",", ", ", "\t", "#"]),
    columns=st.sampled_from([None, ("1", "2"), ("2", "1"), ("3", "2", "1"), ("1", "1")]),
    header=st.sampled_from(["", "source,target,kind,id,label,weight\n"]),
)
@SETTINGS
def test_edge_lists_of_names_of_any_length(tmp_path, rows, width, separator, columns, header):
    path = tmp_path / "g.edges"
    lines = [(separator or " ").join((row * 2)[:width] if len(row) > 1 else row) for row in rows]
    if separator is not None and separator.strip():
        lines = [header.replace(",", separator).strip("\n")] * bool(header) + lines
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    agree(path, separator=separator and separator.strip(" "), columns=columns)


@pytest.mark.parametrize("length", [1, 7, 8, 9, 30])
def test_many_names_are_numbered_as_they_first_appear(tmp_path, monkeypatch, length):
    monkeypatch.setattr(reading, "PIECE", 1 << 14)
    rng = np.random.default_rng(length)
    letters = rng.integers(97, 123, (6000, length)).astype(np.uint8)
    names = [bytes(row).decode() for row in letters[rng.integers(0, 6000, 20000)]]
    ends = names[::2], names[1::2]
    (tmp_path / "g.edges").write_text("".join(map("{} {}\n".format, *ends)))
    places = {name: k for k, name in enumerate(dict.fromkeys(names))}
    found = edge_columns.edges_by_columns(
        tmp_path / "g.edges", "utf-8", dialect_of(tmp_path / "g.edges", Reading(), None)
    )
    assert found is not None and found.nodes == list(places)
    for side, listed in zip((found.rows, found.columns), ends, strict=True):
        assert side.tolist() == [places[name] for name in listed]


WHOLE = st.sampled_from(["0", "1", "7", "10", "65536", "200000", "007", "-1", "1" * 18, "1" * 19, "a"])
PLAIN_WHOLE = st.sampled_from(["0", "1", "7", "10", "70000"])
WEIGHT = st.sampled_from(
    [
        "1",
        "0",
        "2.5",
        "5.",
        ".5",
        ".",
        "1e3",
        "1E-22",
        "2e+9",
        "1e23",
        "0.1",
        "9007199254740993",
        "1e",
        "007",
        "nan",
    ]
)


@given(
    rows=st.lists(
        st.one_of(
            st.tuples(PLAIN_WHOLE, PLAIN_WHOLE, WEIGHT, st.just("1" * 10)),
            st.tuples(WHOLE, WHOLE, WEIGHT, WEIGHT),
        ),
        min_size=1,
        max_size=8,
    ),
    width=st.integers(2, 4),
    separator=st.sampled_from([None, None, ",", "\t"]),
    blank=st.sampled_from([" ", "\t", "  ", " \t"]),
    around=st.sampled_from(["", "", " ", "\t"]),
    head=st.sampled_from(
        ["", "# Nodes: 70001 Edges: 8 (numbered from 0 to 70000)\n", "from to weight\n", "\n"]
    ),
    tail=st.sampled_from(["", " {}", "# c"]),
    columns=st.sampled_from([None, None, ("1", "2"), ("1", "2", "3")]),
)
@SETTINGS
def test_edge_lists_of_whole_numbers(tmp_path, rows, width, separator, blank, around, head, tail, columns):
    path = tmp_path / "g.edges"
    listed = [around + (separator or blank).join(row[:width]) + around + tail for row in rows]
    path.write_text(head + "\n".join(listed) + "\n")
    agree(path, separator=separator, columns=columns)


NUMBER = st.sampled_from(["1", "2", "3", "02", "4", "0", "-1", "+1", "1.0", "x", "99999999999999999999"])
VALUE = st.sampled_from(
    ["1", "0", "2.5", "5.", ".5", "1e3", "1E-400", "1e400", "-1", "nan", "9007199254740993", "1_0", "1 1", ""]
)


@given(
    field=st.sampled_from(["real", "integer", "pattern"]),
    symmetry=st.sampled_from(["general", "symmetric"]),
    size=st.tuples(st.sampled_from("233"), st.sampled_from("233")),
    entries=st.lists(st.tuples(NUMBER, NUMBER, VALUE), max_size=6),
    sound=st.booleans(),
    missing=st.sampled_from([0, 0, 0, 1]),
    between=st.sampled_from([" ", " ", "\t", "  "]),
    comment=st.sampled_from(["", "% c\n", "\n"]),
    skip=st.booleans(),
)
@SETTINGS
def test_matrix_market(tmp_path, field, symmetry, size, entries, sound, missing, between, comment, skip):
    if sound:
        entries = [
            (str(1 + len(i) % 2), str(1 + len(j) % 2), v if v[:1].isdigit() else "7") for i, j, v in entries
        ]
    width = 2 if field == "pattern" else 3
    lines = "".join(between.join(entry[:width]) + "\n" for entry in entries)
    head = f"%%MatrixMarket matrix coordinate {field} {symmetry}\n{comment}{' '.join(size)} {len(entries) + missing}\n"
    path = tmp_path / "x.mtx"
    path.write_text(head + lines + comment)
    agree(path, skip_bad_rows=skip)


NAMES = {
    pa.string(): st.text(alphabet=string.ascii_lowercase[:3], max_size=1),
    pa.large_string(): st.sampled_from(["a", "b"]),
    pa.int64(): st.integers(0, 2),
    pa.float64(): st.sampled_from([0.0, -0.0, 1.5, np.nan]),
    pa.bool_(): st.booleans(),
    pa.dictionary(pa.int8(), pa.string()): st.sampled_from(["a", "b", ""]),
    pa.binary(): st.sampled_from([b"a", b""]),
}
DAYS = {
    pa.int64(): st.integers(-(2**62), 2**62),
    pa.float32(): st.floats(width=32),
    pa.bool_(): st.booleans(),
    pa.date32(): st.dates(),
    pa.timestamp("us"): st.datetimes(),
    pa.timestamp("us", tz="Asia/Tokyo"): st.datetimes(
        datetime.datetime(1900, 1, 1), datetime.datetime(2100, 1, 1)
    ),
    pa.string(): st.sampled_from(["2024-01-01"]),
}


@given(data=st.data(), skip=st.booleans(), present=st.booleans())
@SETTINGS
def test_parquet(tmp_path, data, skip, present):
    size = data.draw(st.integers(1, 10))
    arrays = {}
    for name, kinds in (("u", NAMES), ("i", NAMES), ("t", DAYS)):
        kind = data.draw(st.sampled_from(list(kinds)))
        values = kinds[kind] if present else st.one_of(st.none(), kinds[kind])
        arrays[name] = pa.array(data.draw(st.lists(values, min_size=size, max_size=size)), kind)
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table(arrays), path)
    agree(path, skip_bad_rows=skip)
    agree(path, columns=("u", "i", "t"), skip_bad_rows=skip)


PLAIN = {
    "a.csv": (delimited, "_pair", 'u,i,t\nann,"x, y",1\nann,é,2\n\nbob,x,1e3\n', {"columns": ("u", "i", "t")}),
    "b.tsv": (delimited, "_pair", b"u\ti\nann\t12\" mix\r\nann\tcaf\xe9\r\nbob\tx", {"encoding": "latin-1"}),
    "g.edges": (edge_lists, "_weight", "# c\na b 1\na  c\t2\n b c 3 \n", {}),
    "i.edges": (edge_lists, "_weight", "# c\n0 1 1\n1  70000\t.25\n 2 3 3e2 \n", {}),
    "n.edges": (edge_lists, "_weight", "0 1 {}\n1 2 {}\n", {}),
    "h.edges": (edge_lists, "_weight", "a,b\na,a\n b , c\n", {"separator": ","}),
    "o.edges": (edge_lists, "_weight", "#rock #pop\n# c\n#rock jazz\n\n%% d\njazz \"pop\"\n", {}),
    "p.edges": (edge_lists, "_weight", "a b 0.30000000000000004\nb c +2\n", {}),
    "q.edges": (edge_lists, "_weight", "a b 1 0\nb c 2 -5\n", {}),
    "r.edges": (edge_lists, "_weight", "Source,Target,Kind,Id,Weight\na,b b,,0,2\nb b,c,x,1,3\n", {"separator": ","}),
    "s.edges": (edge_lists, "_weight", "1 2 3\n2 4 4\n", {"columns": ("3", "1")}),
    "t.edges": (edge_lists, "_weight", "a b\nb c\u00e9\n".replace(" ", "\t"), {"separator": "\t"}),
    "u.edges": (edge_lists, "_weight", "99999999999 1\n1 2\n", {}),
    "x.mtx": (matrix_market, "_entry", "%%MatrixMarket matrix coordinate real symmetric\n% c\n3 3 2\n2 1 0.5\n3 1 2\n", {}),
}  # fmt: skip


@pytest.mark.parametrize("name", PLAIN)
def test_plain_files_are_read_by_columns(tmp_path, monkeypatch, name):
    reader, careful, content, options = PLAIN[name]
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    said = agree(path, **options)
    assert isinstance(said[0], bool)

    def row(*_):
        raise AssertionError("it was read row by row")

    monkeypatch.setattr(reader, careful, row)
    assert told(path, options) == said


@pytest.mark.parametrize(
    ("name", "content", "options"),
    [
        ("a.csv", b'u,i\n"a"b,x\na,x\nb,y\n', {}),
        ("a.csv", b'u,i\na,"x"y"\na,x\nb,y\n', {}),
        ("a.csv", b'u,i\n"a\n\nb",x\nc,y\n', {}),
        ("a.csv", b'u,i\na,x\nb,"y\n', {}),
        ("a.csv", b"\xef\xbb\xbfa,x\nb,y\n", {"header": False}),
        ("a.csv", b"\xff\xfea,x\nb,y\n", {"header": False, "encoding": "latin-1"}),
        ("a.csv", b"u,i\n" + b"\xef\xbb\xbfa name of sixteen,x\nb,y\n" * 3, {}),
        ("g.edges", b"\xef\xbb\xbfa b\nb c\n", {}),
        ("g.edges", b"\xff\xfea b\nb c\n", {"encoding": "latin-1"}),
        ("g.edges", b"a b\nb c 2\n", {}),
        ("x.mtx", b"%%MatrixMarket matrix coordinate real general\n2 2 2\n1 1 1 1\n2 2\n", {}),
        (
            "x.mtx",
            gzip.compress(b"%%MatrixMarket matrix coordinate real general\n2 2 1\n1 1 1\n" * 9, mtime=0)[:-9],
            {},
        ),
    ],
)
def test_odd_files(tmp_path, name, content, options):
    (tmp_path / name).write_bytes(content)
    agree(tmp_path / name, **options)


def test_plain_parquet_is_read_by_columns(tmp_path, monkeypatch):
    times = pa.array([datetime.date(2024, 1, k) for k in (1, 2, 3, 4)])
    pq.write_table(pa.table({"u": list("aabb"), "i": [1, 2, 2, 3], "t": times}), tmp_path / "x.parquet")
    monkeypatch.setattr(parquet, "_by_rows", None)
    found = load(tmp_path / "x.parquet", columns=("u", "i", "t"))
    assert found.items.tolist() == ["1", "2", "3"] and found.times.tolist() == [19723, 19724, 19725, 19726]


def test_without_pyarrow_text_is_read_row_by_row(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    (tmp_path / "a.csv").write_text("u,i\na,x\na,y\nb,y\n")
    assert load(tmp_path / "a.csv").interactions.toarray().tolist() == [[1, 1], [0, 1]]


def test_small_files_do_without_pyarrow(tmp_path, monkeypatch):
    monkeypatch.setattr(columns, "SMALL", 1 << 19)
    (tmp_path / "a.csv").write_text("u,i\na,x\na,y\nb,y\n")
    monkeypatch.setattr(columns, "columns_of", None)
    assert load(tmp_path / "a.csv").interactions.nnz == 3


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_blocks_are_the_lines_in_utf_8(tmp_path, encoding):
    text = "".join(f"é{k}\r\n" for k in range(40)) + "end"
    (tmp_path / "x").write_bytes(text.encode(encoding))
    blocks = list(columns.text_blocks(tmp_path / "x", encoding))
    assert len(blocks) > 5 and all(block.endswith(b"\n") for block in blocks)
    assert b"".join(blocks).decode().split("\n") == [*text.split("\r\n"), ""]
