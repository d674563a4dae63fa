"""One log in every format, written by the library that owns the format, is one matrix: names, pairs and times, bit by bit."""

import csv
import datetime

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
import scipy.io
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import sparse

from experiments.matrices import columns, load
from experiments.matrices.identifiers import MISSING
from experiments.matrices.writers import write_matrix

UTC = datetime.UTC
PLAIN = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), min_size=1, max_size=6
).map(str.strip)
NAMES = st.one_of(
    st.integers(0, 3).map(str),
    st.sampled_from(["a", "b", "ann", "#tag", "12\" mix", '"x', "a,b", "a\tb", "two\nlines", "café", "=1+1", "Na"]),
    PLAIN.filter(lambda name: name and name not in MISSING and not name[0].isdecimal() and name[0] not in ".+-"),
)  # fmt: skip
TIMES = st.datetimes(
    datetime.datetime(1700, 1, 1), datetime.datetime(2240, 1, 1), timezones=st.just(UTC)
).map(lambda time: time.replace(microsecond=time.microsecond // 1000 * 1000))
LOGS = st.lists(st.tuples(NAMES, NAMES, TIMES), min_size=1, max_size=12)


def by_csv(frame, path):
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerows(
            [frame.columns, *([u, i, t.isoformat()] for u, i, t in frame.itertuples(index=False))]
        )


def by_arrow(frame, path):
    pyarrow.csv.write_csv(as_table(frame, pa.string()), path)


def as_table(frame, kind):
    times = frame["time"]
    if kind == pa.string():
        listed = [time.isoformat() for time in times]
    elif kind == pa.int64():
        listed = [round(time.timestamp() * 1000) for time in times]
    else:
        listed = [time.replace(tzinfo=kind.tz and UTC) for time in times]
    names = {side: pa.array(frame[side].tolist(), pa.string()) for side in ("user", "item")}
    return pa.table({**names, "time": pa.array(listed, kind)})


def to_parquet(kind, **options):
    return lambda frame, path: pq.write_table(as_table(frame, kind), path, **options)


WRITERS = {
    "pandas.csv": lambda frame, path: frame.to_csv(path, index=False),
    "index.csv": lambda frame, path: frame.to_csv(path),
    "pandas.tsv": lambda frame, path: frame.to_csv(path, index=False, sep="\t"),
    "zipped.csv.gz": lambda frame, path: frame.to_csv(path, index=False),
    "quoted.csv": by_csv,
    "arrow.csv": by_arrow,
    "pandas.parquet": lambda frame, path: frame.to_parquet(path),
    "zone.parquet": to_parquet(pa.timestamp("us", "America/Los_Angeles"), write_page_checksum=True),
    "naive.parquet": to_parquet(pa.timestamp("ms"), use_dictionary=False, compression="zstd"),
    "nanos.parquet": to_parquet(pa.timestamp("ns", "UTC")),
    "text.parquet": to_parquet(pa.string(), row_group_size=2),
}


def found(path, **options):
    """What a reader gives, or that it refuses what has fewer than two contexts or items."""
    try:
        real = load(path, **options)
    except ValueError as error:
        if "at least 2 contexts and 2 items" in str(error):
            return None
        raise
    x = real.interactions
    arrays = [(part.dtype, part.tobytes()) for part in (x.data, x.indices, x.indptr)]
    return x.shape, arrays, real.contexts.tolist(), real.items.tolist(), real.times.tolist()


@pytest.mark.parametrize("by_columns", [False, True])
@given(log=LOGS)
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_log_is_the_same_from_every_table(tmp_path, monkeypatch, log, by_columns):
    monkeypatch.setattr(columns, "SMALL", 0 if by_columns else 1 << 19)
    frame = pd.DataFrame(log, columns=["user", "item", "time"])
    expected = {}
    for user, item, time in log:
        day = (time - datetime.datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() / 86_400
        expected[user, item] = min(expected.get((user, item), day), day)
    first = None
    for name, write in WRITERS.items():
        write(frame, tmp_path / name)
        read = found(tmp_path / name)
        if read is None:
            assert len({user for user, _ in expected}) < 2 or len({item for _, item in expected}) < 2
            continue
        shape, _, contexts, items, times = read
        assert shape == (len(contexts), len(items))
        assert contexts == list(dict.fromkeys(frame["user"])), name
        real = load(tmp_path / name).interactions.tocoo()
        pairs = zip(real.coords[0], real.coords[1], times, strict=True)
        assert {(contexts[i], items[j]): time for i, j, time in pairs} == expected, name
        first = first or read
        assert read == first, name


@given(
    entries=st.sets(st.tuples(st.integers(0, 5), st.integers(0, 4)), min_size=1, max_size=15),
    zero=st.booleans(),
)
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_log_is_the_same_as_a_matrix_and_as_a_table(tmp_path, entries, zero):
    rows, places = map(np.array, zip(*sorted(entries), strict=True))
    x = sparse.coo_array((np.ones(len(rows)), (rows, places)), shape=(7, 6)).tocsr()
    stored = x.copy()
    if zero:
        # a stored zero is no interaction, whatever stores it
        stored = sparse.csr_array(x + sparse.coo_array(([1.0], ([6], [5])), shape=(7, 6)))
        stored.data[-1] = 0.0
    sparse.save_npz(tmp_path / "csr.npz", stored)
    sparse.save_npz(tmp_path / "csc.npz", stored.tocsc())
    sparse.save_npz(tmp_path / "coo.npz", stored.tocoo())
    scipy.io.mmwrite(tmp_path / "scipy.mtx", stored)
    for ending in ("npz", "mtx", "csv", "tsv"):
        (tmp_path / f"ours.{ending}").unlink(missing_ok=True)
        write_matrix(x, tmp_path / f"ours.{ending}", graph=False)
    for name in ("csr.npz", "csc.npz", "coo.npz", "scipy.mtx", "ours.npz", "ours.mtx"):
        real = load(tmp_path / name, kind="interactions")
        assert (real.interactions.toarray() == x.toarray()).all(), name
        assert real.interactions.nnz == len(entries), name
    for name in ("ours.csv", "ours.tsv"):
        if len(set(rows)) > 1 and len(set(places)) > 1:
            real = load(tmp_path / name)
            pairs = zip(*real.interactions.tocoo().coords, strict=True)
            assert {(int(real.contexts[i]), int(real.items[j])) for i, j in pairs} == entries
