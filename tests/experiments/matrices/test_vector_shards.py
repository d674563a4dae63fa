"""Vectors in a folder of Parquet shards: the vectors of one file, in the order of names, or a sentence that names the shard."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from experiments import read_own, spikes_of
from experiments.matrices import vector_shards
from experiments.matrices.bad_input import BadInput
from simulate.pages import is_mapped

ROWS = np.random.default_rng(0).standard_normal((30, 4)).astype(np.float32)
PARTS = (slice(0, 12), slice(12, 13), slice(13, 13), slice(13, 30))


def of_lists(rows):
    return pa.table({"v": pa.array(list(rows), type=pa.list_(pa.float32()))})


def of_fixed_lists(rows):
    return pa.table({"v": pa.FixedSizeListArray.from_arrays(pa.array(rows.ravel()), rows.shape[1])})


def of_columns(rows):
    return pa.table({f"x{k}": column for k, column in enumerate(rows.T)})


def write(folder, make=of_lists, ending="parquet"):
    folder.mkdir()
    for number, part in enumerate(PARTS):
        pq.write_table(make(ROWS[part]), folder / f"part-{number}.{ending}")
    return folder


@pytest.mark.parametrize("make", [of_lists, of_fixed_lists, of_columns])
@pytest.mark.parametrize("mapped", [False, True])
def test_shards_are_the_vectors_of_one_file(make, mapped, tmp_path, monkeypatch):
    monkeypatch.setattr(vector_shards, "MAPPED", 0 if mapped else 2**22)
    folder = write(tmp_path / "vectors.parquet", make, "pq")
    (folder / "_SUCCESS").touch()
    (folder / "README.txt").write_text("about")
    own = read_own(str(folder))
    assert own.kind == "embedding" and own.items is None and is_mapped(own.data) == mapped
    np.testing.assert_array_equal(own.data, ROWS)
    assert own.data.dtype == np.float32
    assert own.notes[0] == "4 shards, 'part-0.pq' to 'part-3.pq' by name; not read: 'README.txt'"


def test_names_and_numbers_of_several_types(tmp_path):
    folder = tmp_path / "shards"
    folder.mkdir()
    for number, kind in enumerate((np.float32, np.float64)):
        rows = ROWS[10 * number : 10 * number + 10].astype(kind)
        names = [f"song {10 * number + k}" for k in range(10)]
        pd.DataFrame({"item": names, "v": list(rows)}).to_parquet(folder / f"{number}.parquet")
    own = read_own(str(folder))
    assert own.data.dtype == np.float64 and own.items.tolist() == [f"song {k}" for k in range(20)]
    np.testing.assert_array_equal(own.data, ROWS[:20])


def test_shards_an_array_and_a_file_give_the_same_numbers(tmp_path, monkeypatch):
    folder = write(tmp_path / "shards")
    np.save(tmp_path / "x.npy", ROWS)
    expected = spikes_of(ROWS)
    for module in ("vector_shards", "vectors_archives"):
        monkeypatch.setattr(f"experiments.matrices.{module}.MAPPED", 0)
    for source in (folder, tmp_path / "x.npy"):
        for options in ({"in_memory": 0}, {}):
            found = spikes_of(str(source), **options)
            pd.testing.assert_frame_equal(found.curve, expected.curve, check_exact=True)
            pd.testing.assert_frame_equal(found.spikes, expected.spikes, check_exact=True)


def test_rows_that_are_no_vectors_are_named_or_skipped(tmp_path):
    folder = write(tmp_path / "shards")
    pq.write_table(pa.table({"v": [[1.0, 2.0, 3.0, 4.0], [1.0, 2.0], None]}), folder / "part-4.parquet")
    with pytest.raises(BadInput, match=r"part-4.parquet, line 2.*expected 4 finite numbers"):
        read_own(str(folder))
    own = read_own(str(folder), skip_bad_rows=True)
    assert len(own.data) == 31 and "2 bad rows" in " ".join(own.notes)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (
            pa.table({"v": [[1.0, 2.0]]}),
            "part-9.parquet: expected vectors of 4 numbers, as in 'part-0.parquet'; found vectors of 2",
        ),
        (
            pa.table({"w": [[1.0, 2.0]]}),
            "part-9.parquet: expected vectors in the column 'v', as in 'part-0.parquet'",
        ),
        (
            pa.table({"id": ["a"], "v": [[1.0] * 4]}),
            "part-9.parquet: expected no column of names, as in 'part-0.parquet'",
        ),
        (of_columns(ROWS), "found vectors in 4 columns, 'x0' to 'x3'"),
    ],
)
def test_a_shard_unlike_the_first_is_named(table, words, tmp_path):
    folder = write(tmp_path / "shards")
    pq.write_table(table, folder / "part-9.parquet")
    with pytest.raises(BadInput, match=words):
        read_own(str(folder))


def test_what_else_a_folder_may_hold(tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(BadInput, match="a folder of Parquet files; found no file"):
        read_own(str(empty), "embedding")
    pq.write_table(of_lists(ROWS[:0]), empty / "a.parquet")
    with pytest.raises(BadInput, match="1 shards without a row"):
        read_own(str(empty))
    damaged = write(tmp_path / "damaged")
    whole = (damaged / "part-3.parquet").read_bytes()
    (damaged / "part-3.parquet").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BadInput, match="part-3.parquet: expected a whole Parquet"):
        read_own(str(damaged))
    with pytest.raises(ValueError, match="separator does not apply to vectors of this format"):
        read_own(str(write(tmp_path / "fine")), separator=";")
    assert not vector_shards.is_vector_shards(tmp_path)


def test_a_disk_without_room_names_the_folder(tmp_path, monkeypatch):
    class Full:
        def write(self, content):
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="room for the vectors of all shards .*No space left.*TMPDIR"):
        vector_shards._append(Full(), ROWS)
