"""Where output may go: over nothing that is not ours, over no input, and through no link."""

import os

import pytest

from experiments.running.files import write_whole
from experiments.running.output_places import (
    require_apart,
    require_inputs_apart,
    require_ours,
    require_own_folder,
    require_places,
)


def test_earlier_output_is_told_by_how_it_begins(tmp_path):
    path = tmp_path / "spikes.csv"
    require_ours({path: ("rank,", "item,spike")})
    path.write_text("item,spike,norm\n")
    require_ours({path: ("rank,", "item,spike")})
    path.write_text("context,item\n")
    with pytest.raises(ValueError, match="--overwrite"):
        require_ours({path: ("rank,", "item,spike")})
    require_ours({path: ("rank,", "item,spike")}, overwrite=True)
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(ValueError, match="--overwrite"):
        require_ours({path: ("rank,", "item,spike")})


def test_an_input_is_never_an_output_by_whatever_path(tmp_path):
    log = write_whole(tmp_path / "log.csv", "a")
    (tmp_path / "hard.csv").hardlink_to(log)
    (tmp_path / "soft.csv").symlink_to(log)
    for name in ("log.csv", "hard.csv", "soft.csv", "../" + tmp_path.name + "/log.csv"):
        with pytest.raises(ValueError, match="is read by this command"):
            require_apart([log], [tmp_path / name])
    with pytest.raises(ValueError, match="results.csv"):
        require_inputs_apart(tmp_path, {"results.csv"}, ["davis", tmp_path / "results.csv"])


def test_a_link_is_no_folder_of_ours(tmp_path):
    room = tmp_path / "room"
    room.mkdir()
    (tmp_path / "figures").symlink_to(room)
    with pytest.raises(ValueError, match="it is a link to"):
        require_own_folder(tmp_path / "figures")
    assert require_own_folder(tmp_path / "other").is_dir()


def test_a_place_that_cannot_be_written_is_told_before_the_work(tmp_path):
    (tmp_path / "results.parquet").mkdir()
    (tmp_path / "file").write_text("mine")
    with pytest.raises(ValueError, match=r"results\.parquet must be a file, to be written; it is a folder"):
        require_inputs_apart(tmp_path, ["results.parquet", "figures"], [])
    with pytest.raises(ValueError, match=r"results\.parquet must be a file"):
        require_ours({tmp_path / "results.parquet": ("rank,",)}, overwrite=True)
    with pytest.raises(ValueError, match="must lie in a folder; .*file is none"):
        require_places([tmp_path / "file" / "x" / "y.csv"])
