"""CSV and TSV by hand: what they give, and what is said of a broken one: file, line, column, expected, found."""

import gzip
import tarfile

import pytest

from experiments.matrices import BadInput, load


def written(tmp_path, name, content):
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


CSV = "who,what,when\nann,x,3\nann,y,4\nbob,y,5\n"


class TestDelimited:
    def test_pairs_with_time(self, tmp_path):
        matrix = load(written(tmp_path, "a.csv", CSV), columns=("who", "what", "when"))
        assert matrix.interactions.toarray().tolist() == [[1, 1], [0, 1]]
        assert matrix.items.tolist() == ["x", "y"] and matrix.contexts.tolist() == ["ann", "bob"]
        assert matrix.times.tolist() == [3, 4, 5]

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_line_ends(self, tmp_path, end):
        assert load(written(tmp_path, "a.csv", CSV.replace("\n", end))).interactions.nnz == 3

    def test_mixed_line_ends_and_byte_order_mark(self, tmp_path):
        path = written(tmp_path, "a.csv", b"\xef\xbb\xbfwho,what\r\nann,x\rann,y\nbob,y")
        matrix = load(path, columns=("who", "what"))
        assert matrix.interactions.nnz == 3 and matrix.items.tolist() == ["x", "y"]

    def test_line_ends_across_pieces(self, tmp_path, monkeypatch):
        monkeypatch.setattr("experiments.matrices.reading.PIECE", 1)
        assert load(written(tmp_path, "a.csv", CSV.replace("\n", "\r\n"))).interactions.nnz == 3

    def test_gzip_quotes_numbers_of_columns_and_no_header(self, tmp_path):
        body = gzip.compress(b'1,ann,"x, ""y"""\n2,ann,z\n3,bob,z\n')
        matrix = load(written(tmp_path, "a.csv.gz", body), columns=("2", "3"), header=False)
        assert matrix.items.tolist() == ['x, "y"', "z"]

    def test_ids_beyond_31_bits_are_names(self, tmp_path):
        text = f"u,i\n{2**40},{2**63}\n{2**40},7\n8,7\n"
        assert load(written(tmp_path, "a.csv", text)).items.tolist() == [str(2**63), "7"]

    def test_hostile_names_are_kept_as_they_are(self, tmp_path):
        name = "<script>alert(1)</script>\u202e\x00" + "x" * 10_000
        path = written(tmp_path, "a.tsv", f"u\ti\na\t{name}\na\ty\nb\ty\n")
        assert load(path).items[0] == name

    def test_duplicates_are_counted_once_and_said(self, tmp_path):
        matrix = load(written(tmp_path, "a.csv", CSV + "bob,y,9\n"))
        assert matrix.interactions.nnz == 3 and "1 of 4 pairs" in matrix.notes[-1]

    @pytest.mark.parametrize(
        ("content", "options", "message"),
        [
            (
                CSV,
                {"columns": ("who", "wat")},
                r"a\.csv, line 1: expected a column 'wat' \(did you mean 'what'\?\)",
            ),
            (
                CSV.replace(",", ";"),
                {},
                r"line 1, column 1: expected at least 2 columns.*separator may be ';' \(--separator\)",
            ),
            ("1,2\n3,4\n", {}, r"line 1, column 1: expected a header.*found numbers.*--no-header"),
            ("u,i\na,x\nb\n", {}, r"line 3, column 1: expected 2 fields, as the header has; found 1: 'b'"),
            ("u,i\na,\nb,x\n", {}, r"line 2, column 2: expected a name of the item; found ''"),
            (
                CSV.replace(",4", ",four"),
                {"columns": ("who", "what", "when")},
                r"line 3, column 3: expected a time",
            ),
            (
                b"u,i\na,caf\xe9\nb,x\n",
                {},
                r"line 2, column 6: expected utf-8 text; found the byte 0xe9.*latin-1",
            ),
            (b"", {}, "found an empty file"),
            (b"\n\n", {}, "expected rows of pairs; found none"),
            (b"PK\x03\x04....", {}, "found a zip archive; unpack it"),
            (gzip.compress(b"u,i\na,x\n" * 9999, mtime=0)[:-20], {}, "found one cut short after"),
            (b"\x1f\x8b\x08\x00broken gzip", {}, "expected a (sound|whole) gzip file"),
            ("u,i\na,x\na,y\n", {}, r"2 contexts and 2 items; found 1 context\(s\) and 2 item"),
            ('u,i\na,"x\n', {}, r"line 2.*quoted"),
            (b"\xff\xfeu\x00", {}, "UTF-16"),
        ],
    )
    def test_broken(self, tmp_path, content, options, message):
        with pytest.raises(ValueError, match=message):
            load(written(tmp_path, "a.csv", content), **options)

    @pytest.mark.parametrize(
        ("when", "days"),
        [
            ("19723", 19723.0),
            ("1704067200", 19723.0),
            ("2024-01-01", 19723.0),
            ("2024-01-01T12:00:00", 19723.5),
            ("2024-01-01T12:00:00+12:00", 19723.0),
        ],
    )
    def test_times_are_days_seconds_or_dates(self, tmp_path, when, days):
        path = written(tmp_path, "a.csv", f"u,i,t\na,x,{when}\na,y,{when}\nb,x,{when}\n")
        assert load(path, columns=("u", "i", "t")).times.tolist() == [days] * 3

    def test_a_header_that_looks_like_a_pair_is_told(self, tmp_path):
        matrix = load(written(tmp_path, "a.csv", "a,x\na,y\nb,x\nb,y\n"))
        assert "line 1 was taken as the header" in matrix.notes[-1] and "--no-header" in matrix.notes[-1]
        assert load(written(tmp_path, "b.csv", "u,i\na,y\nb,x\n")).notes == ("contexts = u, items = i",)

    def test_bad_rows_are_skipped_counted_and_reported(self, tmp_path):
        path = written(tmp_path, "a.csv", b"u,i\na,x\nb\na,caf\xe9\na,y\nb,y\n")
        matrix = load(path, skip_bad_rows=True)
        assert matrix.interactions.nnz == 3
        assert matrix.notes[1].startswith("2 bad rows skipped") and "line 3" in matrix.notes[1]

    def test_latin_1_when_said(self, tmp_path):
        assert (
            load(written(tmp_path, "a.csv", b"u,i\na,caf\xe9\nb,x\n"), encoding="latin-1").items[0] == "café"
        )


def test_a_tar_is_refused_and_nothing_is_unpacked(tmp_path):
    (tmp_path / "inside.csv").write_text(CSV)
    with tarfile.open(tmp_path / "a.csv", "w") as archive:
        archive.add(tmp_path / "inside.csv", arcname="../escaped.csv")
    with pytest.raises(BadInput, match="found a tar archive; unpack it"):
        load(tmp_path / "a.csv")
    assert not (tmp_path.parent / "escaped.csv").exists()


def test_a_header_without_a_name_for_the_row_names_its_columns(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("user,item\n1,ann,x\n2,ann,y\n3,bob,y\n")
    read = load(path)
    assert read.contexts.tolist() == ["ann", "bob"] and read.items.tolist() == ["x", "y"]
