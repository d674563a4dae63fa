"""Large files are looked at without being read, and what is seen is near what is in them."""

import gzip

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from experiments.estimates import looking
from experiments.estimates.looking import look
from experiments.estimates.sampled_lines import sample_lines
from experiments.matrices.reading import BadInput

CONTEXTS, LENGTH, ITEMS = 4000, 20, 500


@pytest.fixture
def unread(monkeypatch):
    """Let every file count as large, and refuse to read one."""
    monkeypatch.setattr(looking, "WHOLE", -1)

    def refuse(*given, **options):
        raise AssertionError("a large file was read")

    monkeypatch.setattr(looking, "read_own", refuse)


@pytest.fixture
def log():
    """Contexts of 20 interactions each, one after the other."""
    rng = np.random.default_rng(0)
    items = np.concatenate([rng.choice(ITEMS, LENGTH, replace=False) for _ in range(CONTEXTS)])
    return pd.DataFrame({"user": np.repeat(np.arange(CONTEXTS), LENGTH), "item": items})


@pytest.mark.parametrize("shuffled", [False, True])
@pytest.mark.parametrize("packed", [False, True])
def test_a_log_of_lines(shuffled, packed, log, tmp_path, unread):
    if shuffled:
        log = log.sample(frac=1, random_state=0)
    path = tmp_path / f"log.csv{'.gz' * packed}"
    log.to_csv(path, index=False)
    found = look(str(path), "interactions")
    assert found.kind == "interactions" and found.how == "a sample of its lines"
    assert found.entries == pytest.approx(len(log), rel=0.1)
    assert found.columns == ITEMS
    assert found.rows == pytest.approx(CONTEXTS, rel=0.3 if packed and not shuffled else 0.05)
    # a sample of s lines out of m has about s^2 / m * l / 2 pairs of one context
    assert found.squares == pytest.approx(len(log) * LENGTH, rel=0.3)


def test_an_edge_list_declares_its_nodes(tmp_path, unread):
    rng = np.random.default_rng(0)
    ends = rng.integers(0, 5000, (50_000, 2))
    path = tmp_path / "g.edges"
    path.write_text(
        "# Nodes: 6000 Edges: 50000 (numbered from 0 to 5999)\n" + "".join(f"{a} {b}\n" for a, b in ends)
    )
    found = look(str(path))
    assert (found.kind, found.rows, found.columns) == ("graph", 6000, 6000)
    assert found.entries == pytest.approx(100_000, rel=0.05)


def test_names_that_the_sample_missed_are_estimated(tmp_path):
    rng = np.random.default_rng(0)
    path = tmp_path / "names.csv"
    path.write_text("".join(f"n{a},n{b}\n" for a, b in rng.integers(0, 3000, (200_000, 2))))
    sampled = sample_lines(path)
    assert sampled.lines == pytest.approx(200_000, rel=0.05)
    assert sampled.distinct(0, 1) == pytest.approx(3000, rel=0.1)


def test_headers_tell_exactly(tmp_path, unread, log):
    rng = np.random.default_rng(0)
    np.save(tmp_path / "v.npy", rng.standard_normal((300, 7), dtype=np.float32))
    matrix = sparse.csr_array((np.ones(len(log), np.float32), (log["user"], log["item"])))
    sparse.save_npz(tmp_path / "log.npz", matrix)
    np.savez(tmp_path / "v.npz", vectors=rng.standard_normal((50, 6)))
    (tmp_path / "g.mtx").write_text(
        "%%MatrixMarket matrix coordinate real symmetric\n% x\n90 90 4\n1 2 1\n3 2 1\n4 1 1\n9 8 1\n"
    )
    log.to_parquet(tmp_path / "log.parquet")
    for name, kind, rows, columns, entries in (
        ("v.npy", "embedding", 300, 7, 2100),
        ("v.npz", "embedding", 50, 6, 300),
        ("log.npz", "interactions", CONTEXTS, ITEMS, CONTEXTS * LENGTH),
        ("g.mtx", "graph", 90, 90, 8),
        ("log.parquet", "interactions", 0, 0, CONTEXTS * LENGTH),
    ):
        found = look(str(tmp_path / name))
        assert (found.kind, found.rows, found.columns, found.entries) == (kind, rows, columns, entries), name
    assert look(str(tmp_path / "log.npz")).squares == CONTEXTS * LENGTH**2
    assert look(str(tmp_path / "v.npy")).mapped and look(str(tmp_path / "v.npy")).itemsize == 4


def test_what_cannot_be_looked_at_is_left_to_its_reader(tmp_path):
    (tmp_path / "v.npy").write_bytes(b"no array")
    with pytest.raises(BadInput, match=r"v.npy: expected a .npy file"):
        look(str(tmp_path / "v.npy"))


def test_a_packed_file_of_any_size_is_sampled_from_its_start(tmp_path):
    path = tmp_path / "x.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n" * 10**6, 1))
    assert sample_lines(path).lines == pytest.approx(10**6, rel=0.05)
