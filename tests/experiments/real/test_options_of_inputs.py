"""Options of a log beside vectors are obeyed by the log, and refused where no input takes them."""

import numpy as np
import pytest
from scipy import sparse

from experiments import stability_of
from experiments.real.chosen_ranks import vectors_among
from experiments.real.compared import Compared
from experiments.real.options_of_inputs import options_of_each
from experiments.real.prepared import prepared, prepared_vectors


@pytest.fixture
def files(tmp_path):
    """Vectors with names as an archive and as a table, and a log whose columns no one knows."""
    rows = np.random.default_rng(0).standard_normal((12, 3))
    names = np.array([f"song {k}" for k in range(12)])
    np.savez(tmp_path / "x.npz", vectors=rows, names=names)
    lines = [f"{name},{','.join(f'{x:.5f}' for x in row)}" for name, row in zip(names, rows)]
    (tmp_path / "x.csv").write_text("\n".join(["name,d0,d1,d2", *lines]))
    pairs = [f"{k % 7},{names[k % 12]}" for k in range(40)]
    (tmp_path / "log.csv").write_text("\n".join(["show,track", *pairs]))
    return tmp_path


@pytest.mark.parametrize("file", ["x.npz", "x.csv"])
def test_columns_are_those_of_the_log(files, file):
    vectors, log = str(files / file), str(files / "log.csv")
    reading = {"columns": ("show", "track")}
    assert vectors_among([vectors, log], Compared(reading=reading)) == [vectors]
    assert prepared_vectors(vectors, reading, rank=2).columns.shape == (12, 3)
    assert prepared(log, reading, binary=False, rank=2).real.matrix.shape == (7, 12)


def test_what_no_input_takes_is_refused(files):
    vectors = str(files / "x.npz")
    for names in ([vectors], [vectors, "davis"]):
        with pytest.raises(ValueError, match="columns does not apply"):
            vectors_among(names, Compared(reading={"columns": ("show", "track")}))


@pytest.mark.parametrize("file", ["x.npz", "x.csv"])
def test_snapshots_of_vectors_and_of_a_log_are_read_each_by_its_own_options(files, file):
    sources = [str(files / file), str(files / "log.csv")]
    reading = {"columns": ("show", "track"), "name_column": "names" if file == "x.npz" else "name"}
    vectors, log = options_of_each(sources, reading)
    assert vectors == {"name_column": reading["name_column"]} and log == {"columns": ("show", "track")}
    found = stability_of(sources, k=3, **reading)
    assert found.table["items"].iloc[0] == 12
    with pytest.raises(ValueError, match="columns does not apply"):
        stability_of([sources[0]] * 2, k=3, columns=("show", "track"))
    assert options_of_each([np.eye(3), np.eye(3)], {"kind": "embedding"}) == [{"kind": "embedding"}] * 2


@pytest.fixture
def tables(tmp_path):
    """Tables of vectors whose columns have no numbers, and logs of numbers: only what is asked for tells them apart."""
    rng = np.random.default_rng(0)
    rows = rng.standard_normal((30, 3)).round(4)

    def write(name, header, columns):
        text = "\n".join(",".join(map(str, row)) for row in zip(*columns))
        (tmp_path / name).write_text(f"{header}\n{text}\n")

    write("v.csv", "song,x,y,z", [range(30), *rows.T])
    write("whole.csv", "song,x,y,z", [range(30), *rng.integers(-9, 9, (3, 30))])
    write("log.csv", "user,song,stars", [np.arange(60) % 9, np.arange(60) % 30, np.arange(60) / 4])
    write("both.csv", "user,song,x,y,z", [np.arange(60) % 9, np.arange(60) % 30, *rng.random((3, 60))])
    np.savez(tmp_path / "v.npz", factors=rows, song=np.arange(30), other=rows)
    pairs = sparse.csr_array((np.ones(60), (np.arange(60) % 9, np.arange(60) % 30)))
    sparse.save_npz(tmp_path / "log.npz", pairs)
    return tmp_path


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    ("vectors", "log", "reading"),
    [
        ("v.csv", "log.csv", {"vector_columns": ("x", "y", "z")}),
        ("v.csv", "log.csv", {"vector_columns": ("2-4",)}),
        ("v.csv", "log.csv", {"vector_columns": ("x", "y"), "columns": ("user", "song")}),
        ("v.csv", "log.csv", {"vector_columns": ("2-4",), "columns": ("1", "2")}),
        ("v.csv", "log.csv", {"vector_columns": ("2-3",), "columns": ("user", "song")}),
        ("whole.csv", "log.csv", {"vector_columns": ("x", "y", "z")}),
        ("whole.csv", "log.csv", {"vector_columns": ("2-4",), "columns": ("user", "song")}),
        ("v.csv", "log.npz", {"vector_columns": ("x", "y", "z")}),
        ("v.csv", "davis", {"vector_columns": ("x", "y", "z")}),
        ("v.npz", "log.csv", {"vector_columns": ("factors",)}),
        ("v.npz", "log.npz", {"vector_columns": ("factors",)}),
        ("v.npz", "log.csv", {"vector_columns": ("factors",), "columns": ("user", "song")}),
        ("v.npz", "log.csv", {"vector_columns": ("factors",), "name_column": "song"}),
    ],
)
def test_vectors_and_a_log_are_told_apart_by_the_columns_that_each_has(tables, turned, vectors, log, reading):
    names = [str(tables / vectors), log if log == "davis" else str(tables / log)]
    asked = names[::-1] if turned else names
    if vectors == "whole.csv" and "2-4" in reading["vector_columns"]:
        with pytest.raises(
            ValueError, match=r"whole\.csv may hold vectors or a log: it has vector_columns 2-4"
        ):
            vectors_among(asked, Compared(reading=reading))
        return
    assert vectors_among(asked, Compared(reading=reading)) == names[:1]
    assert prepared_vectors(names[0], reading, rank=2).columns.shape[0] == 30
    assert prepared(names[1], reading, binary=False, rank=2).kind == "interactions"
    theirs, of_log = options_of_each(names, reading)
    assert "vector_columns" in theirs and not {"vector_columns", "name_column"} & set(of_log)


@pytest.mark.parametrize(
    ("names", "reading", "words"),
    [
        (("v.csv", "log.csv"), {"vector_columns": ("2-3",)}, "log.csv may hold vectors or a log"),
        (("v.csv", "log.csv"), {"vector_columns": ("*",)}, "log.csv may hold vectors or a log"),
        (
            ("both.csv", "log.csv"),
            {"vector_columns": ("x", "y"), "columns": ("user", "song")},
            "both.csv may hold .* and the columns of a log are there too",
        ),
        (
            ("log.csv", "davis"),
            {"vector_columns": ("x",)},
            "vector_columns is for vectors; there are none in",
        ),
        (("log.csv",), {"name_column": "song"}, "name_column is for vectors; there are none in"),
    ],
)
def test_what_may_be_either_is_asked_for(tables, names, reading, words):
    paths = [name if name == "davis" else str(tables / name) for name in names]
    with pytest.raises(ValueError, match=words):
        vectors_among(paths, Compared(reading=reading))


def test_two_tables_of_vectors_share_their_columns_and_a_place_makes_no_log_of_them(tables, files):
    both = [str(tables / "v.csv"), str(files / "x.csv")]
    assert vectors_among(both, Compared(reading={"vector_columns": ("2-4",)})) == both
    # x.csv is told for vectors by its columns d0, d1, d2, which are numbered; places would fit them too
    log = [str(files / "x.csv"), str(tables / "log.csv")]
    assert vectors_among(log, Compared(reading={"columns": ("1", "2")})) == log[:1]
