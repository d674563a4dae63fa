"""Logs in Parquet: typed times, texts in bytes, gaps, checksums, and files that ask for more than they hold."""

import datetime

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from experiments.matrices import BadInput, load, parquet

NOON = datetime.datetime(2024, 1, 1, 12, tzinfo=datetime.UTC)
USERS, ITEMS = ["a", "b", "a"], ["x", "y", "y"]


def written(tmp_path, columns, **options):
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table(columns), path, **options)
    return path


@pytest.mark.parametrize(
    "times",
    [
        pa.array([NOON] * 3, pa.timestamp("s", "UTC")),
        pa.array([NOON.replace(tzinfo=None)] * 3, pa.timestamp("ms")),
        pa.array([NOON] * 3, pa.timestamp("us", "Europe/Paris")),
        pa.array([NOON] * 3, pa.timestamp("ns", "America/Los_Angeles")),
        pa.array([round(NOON.timestamp())] * 3),
        pa.array([round(NOON.timestamp() * 1000)] * 3),
        pa.array(["2024-01-01T14:00:00+02:00"] * 3),
        pa.array(["1704110400"] * 3).dictionary_encode(),
        pa.array([19723.5] * 3, pa.float32()),
    ],
    ids=str,
)
@pytest.mark.parametrize("by_rows", [False, True])
def test_one_instant_from_every_type(tmp_path, monkeypatch, times, by_rows):
    path = written(tmp_path, {"user": USERS, "item": ITEMS, "time": times})
    if by_rows:
        monkeypatch.setattr(parquet, "by_columns", lambda read: None)
    assert load(path, columns=("user", "item", "time")).times.tolist() == [19723.5] * 3


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        (pa.array([True, False, True]), "a time"),
        (pa.array([None, NOON, NOON], pa.timestamp("us", "UTC")), "line 1, column time: expected a time"),
        (pa.array([2024, 2023, 2022]), "--time-unit"),
        (pa.array([2**62] * 3, pa.timestamp("us")), "the year 1 to 9999"),
        (pa.array([1704110400, 1704110400000, 1]), "line 2, column time: expected a time in Unix seconds"),
    ],
)
def test_what_is_no_time_is_refused_where_it_is_asked_for(tmp_path, times, expected):
    path = written(tmp_path, {"user": USERS, "item": ITEMS, "time": times})
    with pytest.raises(BadInput, match=expected):
        load(path, columns=("user", "item", "time"))
    left = load(path)
    assert left.times is None and left.interactions.nnz == 3 and "time was not read as times" in left.notes[1]


def test_a_unit_is_for_numbers(tmp_path):
    path = written(tmp_path, {"user": USERS, "item": ITEMS, "time": pa.array([NOON] * 3, pa.timestamp("us"))})
    with pytest.raises(ValueError, match="time_unit applies to numbers"):
        load(path, time_unit="ms")


def test_bytes_are_text_and_other_bytes_are_refused(tmp_path):
    items = pa.array(["café".encode(), b"tea", b"caf\xe9"])
    path = written(tmp_path, {"user": USERS, "item": items})
    with pytest.raises(BadInput, match=r"line 3, column item: expected text in UTF-8"):
        load(path)
    assert load(path, skip_bad_rows=True).items.tolist() == ["café", "tea"]


@pytest.mark.parametrize(
    "items", [[1.0, np.nan, 2.0, 1.0], [1, None, 2, 1], ["1", "nan", "2", "1"], ["1", " ", "2", "1"]]
)
def test_a_missing_id_is_no_item(tmp_path, items):
    path = written(tmp_path, {"user": ["a", "b", "b", "a"], "item": pa.array(items, from_pandas=False)})
    with pytest.raises(BadInput, match=r"line 2, column item: expected a value"):
        load(path)
    found = load(path, skip_bad_rows=True)
    assert found.items.tolist() == ["1", "2"] and "1 bad row skipped" in found.notes[1]


def test_columns_of_lists_are_no_ids(tmp_path):
    path = written(tmp_path, {"tags": [["p"], [], ["q"]], "user": USERS, "item": ITEMS})
    assert load(path).notes[0] == "contexts = user, items = item"
    with pytest.raises(BadInput, match="columns of names, numbers and times"):
        load(path, columns=("user", "tags"))


@pytest.mark.parametrize("place", [0.3, 0.6])
def test_a_flipped_bit_in_a_page_with_a_checksum_is_refused(tmp_path, place):
    ids = np.random.default_rng(0).integers(0, 10**9, 4000)
    columns = {"user": ids % 997, "item": ids}
    path = written(tmp_path, columns, write_page_checksum=True, use_dictionary=False, compression="none")
    data = bytearray(path.read_bytes())
    data[int(len(data) * place)] ^= 4
    path.write_bytes(data)
    with pytest.raises(BadInput, match="a sound Parquet file"):
        load(path)


def test_a_text_that_repeats_takes_no_memory_and_many_rows_are_bounded(tmp_path):
    path = written(tmp_path, {"user": ["a", "b"] * 3000, "item": ["x" * 100_000, "y" * 100_000] * 3000})
    assert path.stat().st_size < 50_000
    assert load(path).interactions.shape == (2, 2)  # 600 MB as texts
    path = written(tmp_path, {"user": pa.repeat(pa.scalar(1), 10**7), "item": pa.repeat(pa.scalar(1), 10**7)})
    with pytest.raises(BadInput, match="--unpack-limit"):
        load(path)


def test_a_text_that_is_none_is_damage(tmp_path):
    path = written(
        tmp_path,
        {"user": USERS, "item": ["xxxx", "yyyy", "yyyy"]},
        compression="none",
        write_statistics=False,
    )
    path.write_bytes(path.read_bytes().replace(b"yyyy", b"\xf7\xf7yy"))
    with pytest.raises(BadInput, match="a sound Parquet file"):
        load(path)
