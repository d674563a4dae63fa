"""What a process keeps of the matrices that it read: the same matrix, never somebody else's changes, never an old file."""

import os

import numpy as np
import pytest

from experiments.matrices import load, loading
from experiments.matrices.kept import KeptMatrices
from experiments.matrices.real_matrix import RealMatrix, from_pairs


@pytest.fixture
def reads(monkeypatch):
    """The paths that were read, by a process that has read nothing yet."""
    done, read_path = [], loading.read_path

    def counting(path, options):
        done.append(path.name)
        return read_path(path, options)

    monkeypatch.setattr(loading, "read_path", counting)
    monkeypatch.setattr(loading, "_KEPT", KeptMatrices())
    return done


def write(path, rows):
    path.write_text("context,item\n" + "".join(f"{a},{b}\n" for a, b in rows))


def test_a_file_is_read_once_and_again_when_it_changes_or_is_read_otherwise(tmp_path, reads):
    path = tmp_path / "log.csv"
    write(path, [("p", "x"), ("p", "y"), ("q", "y")])
    first, second = load(path), load(path)
    assert reads == ["log.csv"]
    assert (first.interactions != second.interactions).nnz == 0
    assert first.items.tolist() == second.items.tolist() and first.notes == second.notes
    load(path, columns=("item", "context"))
    assert reads == ["log.csv"] * 2
    write(path, [("p", "x"), ("q", "y"), ("q", "x")])  # of the same size
    os.utime(path, ns=(0, path.stat().st_mtime_ns + 1))
    assert load(path).interactions.toarray().tolist() == [[1, 0], [1, 1]]


def test_a_data_set_is_read_again_when_any_of_its_files_changes(tmp_path, reads):
    (tmp_path / "user_artists.dat").write_text("userID\tartistID\tweight\n1\t7\t2\n1\t8\t2\n2\t8\t1\n")
    (tmp_path / "artists.dat").write_text("id\tname\turl\tpictureURL\n7\told\t\t\n8\tother\t\t\n")
    assert load(tmp_path / "user_artists.dat").items.tolist() == ["old", "other"]
    (tmp_path / "artists.dat").write_text("id\tname\turl\tpictureURL\n7\tnewer\t\t\n8\tother\t\t\n")
    assert load(tmp_path / "user_artists.dat").items.tolist() == ["newer", "other"]
    assert len(reads) == 2


def test_what_a_caller_does_to_a_matrix_reaches_no_other_caller(tmp_path, reads):
    path = tmp_path / "log.csv"
    write(path, [("p", "x"), ("p", "y"), ("q", "y")])
    for _ in range(3):
        found = load(path)
        assert found.interactions.sum() == 3 and found.items[0] == "x"
        found.interactions.data[:] = 5.0
        found.interactions.indices[:] = 0
        found.items[:] = "spoilt"
    assert reads == ["log.csv"]


def test_the_matrix_used_longest_ago_goes_first_and_too_large_a_one_is_not_kept():
    read = []

    def reader(name, pairs):
        def make():
            read.append(name)
            places = np.arange(pairs)
            return RealMatrix(name, interactions=from_pairs(places, places, (pairs, pairs)))

        return make

    kept = KeptMatrices(matrices=2, pairs=10)
    for name, pairs in (("a", 4), ("b", 4), ("a", 4), ("c", 4), ("a", 4), ("b", 4)):
        assert kept.get(name, reader(name, pairs)).name == name
    assert read == ["a", "b", "c", "b"]  # c pushed out b, not a
    kept.get("large", reader("large", 7))  # 7 + 4 + 4 are too many
    kept.get("huge", reader("huge", 11))
    kept.get("huge", reader("huge", 11))
    kept.get("large", reader("large", 7))
    assert read[4:] == ["large", "huge", "huge"]
