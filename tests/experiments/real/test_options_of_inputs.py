"""Options of a log beside vectors are obeyed by the log, and refused where no input takes them."""

import numpy as np
import pytest

from experiments.real.chosen_ranks import vectors_among
from experiments.real.compared import Compared
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
