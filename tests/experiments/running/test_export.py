"""Rows that leave the store."""

import sqlite3
import sys
from pathlib import Path

import pytest

from experiments import read_rows, run
from experiments.running.export import export, provenance_words

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # worker processes find the trials by this module's name
from runner_trials import demo  # noqa: E402


def test_read_rows_gives_the_newest_version_only(tmp_path):
    run(demo(), store=tmp_path)
    run(demo(version=2), store=tmp_path)
    rows = read_rows(tmp_path, "demo")
    assert len(rows) == 8
    assert set(rows["key"]) == set(run(demo(version=2))["key"])


def test_columns_stand_in_the_same_order_in_every_process(tmp_path):
    run(demo(), store=tmp_path)
    expected = ["method", "n", "replicate", "graph", "method_draw", "error", "key"]
    assert list(read_rows(tmp_path, "demo")) == expected


def test_a_place_that_is_no_folder_is_told(tmp_path):
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    with pytest.raises(ValueError, match="file must be a folder; it is a file"):
        export(tmp_path, out=tmp_path / "file")
    with pytest.raises(
        ValueError, match="link must be a folder; it is a link to .*nowhere, which does not exist"
    ):
        export(tmp_path, out=tmp_path / "link")


@pytest.mark.parametrize("change", ["provenance SET started = 1e300", "provenance SET started = 'x'"])
def test_a_time_that_is_none_does_not_end_what_is_told_of_a_store(change, tmp_path):
    run(demo(), store=tmp_path)
    with sqlite3.connect(tmp_path / "store.sqlite") as connection:
        connection.execute(f"UPDATE {change}")
    connection.close()
    assert "Last trial started at a time that is none on" in provenance_words(tmp_path)
