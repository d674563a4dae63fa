"""Hand-made files of each data set's documented format, and what is said of a broken one: file, line, column, expected, found."""

import json

import pytest

from experiments.matrices import BadInput, load


def written(tmp_path, name, content):
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


CORNELL = {
    "train.txt": "91 92 93 \n2 2 1 \n0 1 1 \n1 0 \n",
    "song_hash.txt": "0\tOne\tAnn\n1\tTwo\tBob\n2\tThree\tCem\n",
    "tags.txt": "1 0\n#\n1\n",
    "tag_hash.txt": "0, rock\n1, pop\n",
}


class TestCornell:
    def folder(self, tmp_path, **changed):
        for name, text in {
            **CORNELL,
            **{key.replace("_txt", ".txt"): value for key, value in changed.items()},
        }.items():
            written(tmp_path, name, text)
        return tmp_path

    def test_playlists(self, tmp_path):
        matrix = load(self.folder(tmp_path))
        assert matrix.interactions.toarray().tolist() == [[1, 1], [1, 1]]
        assert matrix.items.tolist() == ["One - Ann", "Two - Bob"]
        assert matrix.labels.tolist() == [0, -1] and matrix.label_names.tolist() == ["rock", "pop"]
        assert matrix.notes[1] == "5 plays in 2 playlists" and "1 songs of the header" in matrix.notes[2]

    @pytest.mark.parametrize(
        ("changed", "message"),
        [
            ({"train_txt": "91 92 93\n2 2\n0 1\n"}, r"train\.txt, line 2: .*found 3 ids and 2 counts"),
            (
                {"train_txt": "91 92 93\n2 2 1\n0 3\n"},
                r"line 3, column 2: expected a song number from 0 to 2; found '3'",
            ),
            (
                {"train_txt": "91 92 93\n2 2 1\n0 x\n"},
                r"line 3, column 2: expected a song number, an integer; found 'x'",
            ),
            (
                {"song_hash_txt": "0\tOne\n"},
                r"song_hash\.txt, line 1, column 2: expected number, title and artist",
            ),
            ({"song_hash_txt": "0\tOne\tAnn\n"}, r"expected the songs 0 to 2, each once; found 1 songs"),
            ({"tags_txt": "1\n#\n7\n"}, r"tags\.txt, line 3: expected tag numbers from 0 to 1"),
            ({"tags_txt": "1\n"}, "expected 3 lines, one per song; found 1"),
        ],
    )
    def test_broken(self, tmp_path, changed, message):
        with pytest.raises(BadInput, match=message):
            load(self.folder(tmp_path, **changed))


HETREC = {
    "user_artists.dat": "userID\tartistID\tweight\r\n2\t51\t13\r\n2\t52\t1\r\n3\t52\t1\r\n",
    "user_taggedartists.dat": "userID\tartistID\ttagID\tday\tmonth\tyear\r\n2\t51\t13\t1\t4\t2009\r\n2\t52\t13\t2\t4\t2009\r\n"
    "3\t52\t14\t1\t1\t1970\r\n",
    "artists.dat": "id\tname\turl\tpictureURL\r\n51\tDuran\tu\tp\r\n52\tMorcheeba\tu\tp\r\n",
    "tags.dat": b"tagID\ttagValue\r\n13\tchillout\r\n14\tcaf\xe9\r\n",
}


class TestHetrec:
    def test_listeners_and_tags(self, tmp_path):
        for name, text in HETREC.items():
            written(tmp_path, name, text)
        plays = load(tmp_path)
        assert plays.interactions.toarray().tolist() == [[1, 1], [0, 1]]
        assert plays.items.tolist() == ["Duran", "Morcheeba"]
        assert plays.label_names.tolist() == ["chillout", "café"] and plays.labels.tolist() == [0, 0]
        tagged = load(tmp_path / "user_taggedartists.dat")
        assert tagged.contexts.tolist() == ["listener 2, chillout", "listener 3, café"]
        assert tagged.times.tolist() == [14335, 14336, 0]

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("2\t51\t13\n", r"line 1, column 1: expected the header userID artistID weight"),
            (
                "userID\tartistID\tweight\n2\tx\t1\n",
                r"line 2, column 2: expected artistID, an integer; found 'x'",
            ),
            (
                "userID\tartistID\tweight\n2 51 1\n",
                r"line 2, column 1: expected 3 fields between tabs; found 1",
            ),
        ],
    )
    def test_broken(self, tmp_path, text, message):
        with pytest.raises(BadInput, match=message):
            load(written(tmp_path, "user_artists.dat", text))

    def test_a_day_that_is_none(self, tmp_path):
        text = HETREC["user_taggedartists.dat"].replace("2\t4\t2009", "31\t4\t2009")
        with pytest.raises(
            BadInput, match=r"line 3, column 4: expected a day of the calendar; found day 31, month 4"
        ):
            load(written(tmp_path, "user_taggedartists.dat", text))


@pytest.mark.parametrize("name", ["hetrec-user-artist", "hetrec-usertag-artist"])
def test_by_name_from_the_owners_files_alone(tmp_path, monkeypatch, name):
    (tmp_path / "hetrec2011-lastfm-2k").mkdir()
    for file, text in HETREC.items():
        written(tmp_path / "hetrec2011-lastfm-2k", file, text)
    monkeypatch.setenv("SPIKEPROOF_DATA", str(tmp_path))
    matrix = load(name)
    assert matrix.name == name
    assert (matrix.times is not None) == (name == "hetrec-usertag-artist")


def test_spotify_by_name_reads_every_slice(tmp_path, monkeypatch):
    (tmp_path / "spotify-mpd").mkdir()
    for first in (0, 1000):
        tracks = [{"track_uri": uri, "artist_name": "Ann", "track_name": uri} for uri in "ab"]
        playlists = [{"pid": first, "modified_at": 0, "tracks": tracks}]
        path = tmp_path / "spotify-mpd" / f"mpd.slice.{first}-{first + 999}.json"
        path.write_text(json.dumps({"playlists": playlists}))
    monkeypatch.setenv("SPIKEPROOF_DATA", str(tmp_path))
    assert load("spotify-mpd").interactions.shape == (2, 2)


SHA, SHB = "a" * 40, "0" * 40
LASTFM = "usersha1-artmbid-artname-plays.tsv"


class TestLastfm360k:
    def test_artists_by_id_or_name(self, tmp_path):
        text = f"{SHA}\tm1\tSigur Ros\t5\n{SHA}\t\tNobody\t1\n{SHB}\tm1\tSigur R.\t2\n"
        matrix = load(written(tmp_path, LASTFM, text))
        assert matrix.interactions.toarray().tolist() == [[1, 1], [1, 0]]
        assert matrix.items.tolist() == ["Sigur Ros", "Nobody"]

    @pytest.mark.parametrize(
        ("line", "message"),
        [
            ("user\tmbid\tname\tplays", r"line 1, column 1: expected a listener's SHA-1"),
            (f"{SHA}\tm\tname", "expected 4 fields between tabs; found 3"),
            (f"{SHA}\t\t\t3", "line 1, column 2: expected an artist's id or name; found neither"),
            (f"{SHA}\tm\tn\tmany", "line 1, column 4: expected plays, an integer; found 'many'"),
        ],
    )
    def test_broken(self, tmp_path, line, message):
        with pytest.raises(BadInput, match=message):
            load(written(tmp_path, LASTFM, line + "\n"))


class TestMovielens:
    @pytest.mark.parametrize(
        ("name", "text", "films"),
        [
            ("u.data", "1\t7\t3\t86400\n1\t8\t4\t0\n2\t7\t1\t172800\n", ("u.item", b"7|Caf\xe9|d||u|0|1|0\n8|B|d||u|1\n")),
            ("ratings.dat", "1::7::3::86400\n1::8::4::0\n2::7::1::172800\n",
             ("movies.dat", b"7::Caf\xe9::Action|War\n8::B::(no genres listed)\n")),
            ("ratings.csv", "userId,movieId,rating,timestamp\n1,7,3.5,86400\n1,8,4,0\n2,7,1,172800\n",
             ("movies.csv", 'movieId,title,genres\n7,Café,Action|War\n8,"B, The",(no genres listed)\n'.encode())),
        ],
    )  # fmt: skip
    def test_dialects(self, tmp_path, name, text, films):
        written(tmp_path, name, text)
        written(tmp_path, *films)
        matrix = load(tmp_path)
        assert matrix.interactions.toarray().tolist() == [[1, 1], [1, 0]]
        assert matrix.items[0] == "Café" and matrix.times.tolist() == [1, 0, 2]
        assert matrix.labels.tolist() == [0, -1] and matrix.label_names.tolist() == ["Action"]

    @pytest.mark.parametrize(
        ("name", "text", "message"),
        [
            (
                "ratings.dat",
                "userId::movieId::rating::timestamp\n",
                "line 1, column 1: expected a rating, there is no header",
            ),
            ("u.data", "1::7::3::0\n", r"line 1, column 1: expected 4 fields between '\\t'; found 1"),
            ("ratings.dat", "1::7::good::0\n", "line 1, column 3: expected a rating, a number; found 'good'"),
        ],
    )
    def test_broken(self, tmp_path, name, text, message):
        with pytest.raises(BadInput, match=message):
            load(written(tmp_path, name, text))


def mix(number, *songs, stamp="2003-06-13T22:08:00"):
    return {"mix_id": number, "timestamp": stamp, "playlist": [[["Ann", song], None] for song in songs]}


class TestPlaylistsJson:
    @pytest.mark.parametrize("piece", [1, 7, 1 << 20])
    @pytest.mark.parametrize("indent", [None, 2])
    def test_aotm_in_pieces(self, tmp_path, monkeypatch, piece, indent):
        monkeypatch.setattr("experiments.matrices.reading.PIECE", piece)
        text = json.dumps([mix(5, "x", "é]"), mix(6, "é]")], indent=indent, ensure_ascii=False)
        matrix = load(written(tmp_path, "aotm2011_playlists.json", text))
        assert matrix.interactions.toarray().tolist() == [[1, 1], [0, 1]]
        assert matrix.items.tolist() == ["x - Ann", "é] - Ann"] and set(matrix.times) == {
            12216 + 22 / 24 + 8 / 1440
        }

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            (json.dumps([mix(5, "x", "y"), mix(6, "y")])[:-1], "expected the end of the array, ']'"),
            (
                "[\n" + json.dumps(mix(5, "x", "y")) + ",\n" + json.dumps(mix(6, "y"))[:-9],
                r"line 3, column \d+: .*sound JSON",
            ),
            ('{"a": 1}', r"line 1, column 1: expected .\[. of a JSON array"),
            (
                json.dumps([{"mix_id": 1}]),
                "line 1, column timestamp: expected 'timestamp', a str; found 'null'",
            ),
            (json.dumps([mix(5, "x", stamp="yesterday")]), "expected a timestamp such as"),
            (
                json.dumps([{**mix(5), "playlist": [["x"]]}]),
                "expected \\[\\[artist, title\\], song id or null\\]",
            ),
            ("[" + "[" * 100_000, "nested too deeply|sound JSON"),
        ],
    )
    def test_broken_aotm(self, tmp_path, text, message):
        with pytest.raises(BadInput, match=message):
            load(written(tmp_path, "aotm2011_playlists.json", text))

    def test_spotify_slices_in_order(self, tmp_path):
        def track(uri):
            return {"track_uri": uri, "artist_name": "Ann", "track_name": uri.upper()}

        for first, uris in ((1000, "ab"), (0, "b")):
            playlist = {"pid": first, "modified_at": 86400, "tracks": [track(uri) for uri in uris]}
            written(tmp_path, f"mpd.slice.{first}-{first + 999}.json", json.dumps({"playlists": [playlist]}))
        matrix = load(tmp_path)
        assert matrix.contexts.tolist() == ["0", "1000"] and matrix.items.tolist() == ["B - Ann", "A - Ann"]
        whole = (tmp_path / "mpd.slice.0-999.json").read_text()
        written(tmp_path, "mpd.slice.0-999.json", whole[:40])
        with pytest.raises(
            BadInput, match=r"mpd\.slice\.0-999\.json, line 1, column \d+: expected sound JSON"
        ):
            load(tmp_path)


def test_unknown_file_and_folder_say_what_is_known(tmp_path):
    with pytest.raises(BadInput, match="a known format"):
        load(written(tmp_path, "a.docx", "x"))
    with pytest.raises(BadInput, match=r"a data set's folder.*a\.docx"):
        load(tmp_path)


LOG = "user_id,book_id,rating\n1,258,5\n1,70,4\n2,258,3\n"


class TestOptions:
    """Every option is obeyed, or refused for a format that does not know it."""

    @pytest.mark.parametrize("name", ["ratings.csv", "train.txt", "log.txt", "u.data", "test.txt"])
    def test_options_of_a_table_make_a_table_of_any_text(self, tmp_path, name):
        path = written(tmp_path, name, LOG)
        matrix = load(path, columns=("user_id", "book_id"), separator=",")
        assert matrix.interactions.shape == (2, 2) and matrix.items.tolist() == ["258", "70"]

    def test_a_name_of_a_data_set_is_not_believed_alone(self, tmp_path):
        assert load(written(tmp_path, "ratings.csv", LOG)).notes[0] == "contexts = user_id, items = book_id"
        assert load(written(tmp_path, "train.txt", "0 1\n1 2\n2 0\n")).graph.shape == (3, 3)

    def test_a_text_file_may_be_either_and_it_is_said(self, tmp_path):
        path = written(tmp_path, "a.txt", "1 1\n1 2\n2 2\n")
        assert "--kind interactions" in load(path).notes[0]
        assert load(path, kind="interactions", header=False).interactions.shape == (2, 2)
        assert load(path, kind="graph").graph.shape == (2, 2)

    @pytest.mark.parametrize("separator", ["\\t", "tab", "\t"])
    def test_a_tab_as_a_shell_passes_it(self, tmp_path, separator):
        path = written(tmp_path, "a.csv", LOG.replace(",", "\t"))
        assert load(path, separator=separator).interactions.shape == (2, 2)

    def test_the_format_is_named_where_the_file_does_not(self, tmp_path):
        path = written(tmp_path, "export.log", LOG)
        with pytest.raises(BadInput, match="--format"):
            load(path)
        assert load(path, format="csv").interactions.nnz == 3

    @pytest.mark.parametrize(
        ("name", "options", "message"),
        [
            ("a.npz", {"columns": ("a", "b")}, "columns does not apply to the format npz"),
            ("a.mtx", {"encoding": "latin-1"}, "encoding does not apply to the format mtx"),
            ("a.parquet", {"separator": ";"}, "separator does not apply to the format parquet"),
            ("a.parquet", {"kind": "graph"}, "holds interactions; got kind='graph'"),
            ("a.graphml", {"kind": "interactions"}, "holds graph"),
            ("a.edges", {"time_unit": "s"}, "time_unit does not apply"),
            ("u.data", {"time_unit": "s"}, "time_unit does not apply to the format movielens"),
            ("aotm.json", {"header": False}, "header does not apply to the format aotm"),
            ("a.csv", {"time_unit": "weeks"}, "time_unit"),
            ("a.csv", {"format": "xls"}, "format"),
        ],
    )
    def test_an_option_that_is_not_obeyed_is_refused(self, tmp_path, name, options, message):
        with pytest.raises(ValueError, match=message):
            load(written(tmp_path, name, "x"), **options)

    def test_a_data_set_of_a_package_takes_no_options(self):
        with pytest.raises(ValueError, match="no option changes; got columns"):
            load("davis", columns=("a", "b"))


class TestDialects:
    @pytest.mark.parametrize(
        "text",
        [
            ",user,item\n0,a,x\n1,b,y\n",
            '"","user","item"\n"1","a","x"\n"2","b","y"\n',
            '"user" "item"\n"1" "a" "x"\n"2" "b" "y"\n',
            "user,item,\na,x,\nb,y,\n",
            "user, item\na, x\nb , y\n",
            "# user,item\na,x\nb,y\n",
            '\ufeff"user","item"\r\n"a","x"\r\n"b","y"\r\n',
        ],
    )
    def test_tables_as_programs_write_them(self, tmp_path, text):
        separator = " " if '" "' in text else ","
        matrix = load(written(tmp_path, "a.csv", text), separator=separator)
        assert matrix.contexts.tolist() == ["a", "b"] and matrix.items.tolist() == ["x", "y"]
        assert matrix.notes[0] == "contexts = user, items = item"

    @pytest.mark.parametrize(
        ("text", "options", "message"),
        [
            ("user,title,track\na,Hello, World,t\n", {"columns": ("user", "track")}, "line 2, column 4: expected 3 fields"),
            ("user,item\na,x\nb", {}, "line 3, column 1: expected 2 fields"),
            ("user,item\na,x\nb,y\n", {"header": False}, "leave out --no-header"),
            ("1,2,3\n4,5,6\n", {"header": False}, "numbers of the columns"),
            ("ann,5\nbob,6\n", {}, "if there is no header, say so"),
            ("source,target\na,b\nb,c\n", {}, "--kind graph"),
        ],
    )  # fmt: skip
    def test_what_is_unclear_is_refused(self, tmp_path, text, options, message):
        with pytest.raises(BadInput, match=message):
            load(written(tmp_path, "a.csv", text), **options)

    def test_a_header_among_pairs_is_doubted(self, tmp_path):
        found = load(written(tmp_path, "a.csv", "uid_x,mid_x\n1,2\n2,3\n"), header=False)
        assert "line 1 is the only row whose ids are no numbers" in found.notes[1]
        found = load(written(tmp_path, "a.csv", "ann,x\nbob,y\ncem,x\n"))
        assert found.notes[1] == "line 1 was taken as the header: 'ann,x'"


@pytest.mark.parametrize(
    ("seconds", "message"),
    [("1" + "0" * 400, "finite numbers"), ("1" + "0" * 50, "Unix seconds"), ("NaN", "finite numbers")],
)
def test_numbers_of_playlists_are_bounded(tmp_path, seconds, message):
    text = '{"playlists": [{"pid": 0, "modified_at": ' + seconds + ', "tracks": []}]}'
    with pytest.raises(BadInput, match=message):
        load(written(tmp_path, "mpd.slice.0-9.json", text))


def test_a_slice_of_playlists_is_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr("experiments.matrices.playlists_json.LARGEST_SLICE", 100)
    with pytest.raises(BadInput, match="a slice of at most 100 bytes"):
        load(written(tmp_path, "mpd.slice.0-9.json", '{"playlists": [' + " " * 100))
