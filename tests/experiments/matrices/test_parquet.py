"""Parquet: pairs with dates, and what is said of a broken file."""

import pandas as pd
import pytest

from experiments.matrices import BadInput, load


class TestParquet:
    def test_pairs_in_batches_with_dates(self, tmp_path, monkeypatch):
        monkeypatch.setattr("experiments.matrices.parquet.BATCH", 2)
        dates = pd.to_datetime(["1970-01-02", "1970-01-03", "1970-01-04"])
        pd.DataFrame({"u": [1, 1, 2], "w": [0, 0, 0], "i": ["x", "y", "y"], "t": dates}).to_parquet(
            tmp_path / "x.parquet"
        )
        read = load(tmp_path / "x.parquet", columns=("u", "i", "t"))
        assert read.interactions.toarray().tolist() == [[1, 1], [0, 1]] and read.times.tolist() == [1, 2, 3]

    def test_broken(self, tmp_path):
        path = tmp_path / "x.parquet"
        pd.DataFrame({"user": ["a", None, "b"], "item": ["x", "y", "y"]}).to_parquet(path)
        with pytest.raises(BadInput, match=r"line 2, column user: expected a value; found none"):
            load(path)
        assert "1 bad row skipped" in load(path, skip_bad_rows=True).notes[1]
        with pytest.raises(BadInput, match=r"a column 'users' \(did you mean 'user'\?\)"):
            load(path, columns=("users", "item"))
        path.write_bytes(path.read_bytes()[:-9])
        with pytest.raises(BadInput, match="whole Parquet file"):
            load(path)
