"""Options of a log beside vectors are obeyed by the log, and refused where no input takes them."""

import numpy as np
import pytest

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
