"""Files that lie only where the command runs are sent to the workers of a cluster, once, and are what they were."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments import Study, product, run
from experiments.matrices.loading import files_to_send
from experiments.real.comparison import compare
from experiments.running import sent_files
from experiments.running.export import read_rows
from experiments.running.sent_files import FilesToSend, Piece, here, missing_files, standing_for, take_piece

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # worker processes find the trials by this module's name
import runner_trials as trials  # noqa: E402
from runner_trials import started_cluster  # noqa: E402


def sent(files, folder):
    for piece in files.pieces(files.digests):
        take_piece(folder, piece)
    return folder


def test_files_and_folders_arrive_whole_under_their_own_names(tmp_path, monkeypatch):
    monkeypatch.setattr(sent_files, "PIECE", 7)
    (tmp_path / "a.csv").write_text("context,item\n1,x\n1,y\n2,x\n")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "train.txt").write_text("1 2 3")
    (tmp_path / "data" / "empty.txt").write_text("")
    folder, files = tmp_path / "data", sorted((tmp_path / "data").iterdir())
    to_send = FilesToSend({"a.csv": (tmp_path / "a.csv", [tmp_path / "a.csv"]), "data": (folder, files)})
    place = sent(to_send, tmp_path / "worker")
    assert missing_files(place, to_send.digests) == []
    with standing_for(place, to_send.roots):
        assert Path(here("a.csv")).read_text() == (tmp_path / "a.csv").read_text()
        assert Path(here("a.csv")).name == "a.csv" and Path(here("data")).name == "data"
        assert {file.name: file.read_text() for file in Path(here("data")).iterdir()} == {
            "train.txt": "1 2 3",
            "empty.txt": "",
        }
        assert here("other.csv") == "other.csv"
    assert here("a.csv") == "a.csv"


def test_a_file_that_was_cut_or_changed_is_missed(tmp_path):
    (tmp_path / "a.csv").write_text("abc")
    to_send = FilesToSend({"a": (tmp_path / "a.csv", [tmp_path / "a.csv"])})
    assert len(missing_files(tmp_path / "worker", to_send.digests)) == 1
    place = sent(to_send, tmp_path / "worker")
    copy = next(place.rglob("a.csv"))
    copy.write_text("abd")
    assert len(missing_files(place, to_send.digests)) == 1


def test_two_contents_of_one_name_lie_apart(tmp_path):
    roots = []
    for content in ("one", "two"):
        (tmp_path / "a.csv").write_text(content)
        to_send = FilesToSend({"a.csv": (tmp_path / "a.csv", [tmp_path / "a.csv"])})
        sent(to_send, tmp_path / "worker")
        roots.append(to_send.roots)
    found = []
    for one in roots:
        with standing_for(tmp_path / "worker", one):
            found.append(Path(here("a.csv")).read_text())
    assert found == ["one", "two"]


@pytest.mark.parametrize("place", ["../x", "a/../../x"])
def test_no_piece_leaves_the_folder_of_the_worker(place, tmp_path):
    with pytest.raises(ValueError, match="must lie in the folder of the worker"):
        take_piece(tmp_path / "worker", Piece(place, 0, b"x"))


def test_what_packages_hold_is_not_sent():
    assert files_to_send(["davis", "no-such-name"]).roots == {}


@pytest.mark.slow
def test_workers_in_another_folder_read_what_was_sent(tmp_path, monkeypatch):
    """The file is named relative to the folder of this process, where the workers do not look."""
    for name in ("mine", "theirs"):
        (tmp_path / name).mkdir()
    (tmp_path / "mine" / "log.csv").write_text("context,item\n1,x\n1,y\n2,x\n2,z\n3,y\n")
    monkeypatch.chdir(tmp_path / "mine")
    cluster, address = started_cluster(tmp_path / "theirs")
    with cluster:
        study = Study("reads", product(matrix=["log.csv"], k=[0, 1, 2, 3]), trials.count_pairs, roles={})
        without = run(study, dask=address)
        assert without["error"].str.contains("no such file").all()
        table = run(study, dask=address, files=files_to_send(["log.csv"]))
        cluster.stdin.close()
    assert table["error"].isna().all() and set(table["pairs"]) == {5}
    assert {str(tmp_path / "mine")}.isdisjoint(table["folder"])
    alone = run(study)
    assert alone["name"].tolist() == table["name"].tolist()


@pytest.mark.slow
def test_a_comparison_on_a_cluster_is_that_of_one_process(tmp_path, monkeypatch):
    """Of vectors with their log, both named relative to the folder of this process."""
    rng = np.random.default_rng(0)
    np.savez(
        tmp_path / "own.npz",
        vectors=rng.standard_normal((60, 5)),
        names=np.array([f"i{k}" for k in range(60)]),
    )
    pairs = [f"c{c},i{i}" for c in range(80) for i in rng.choice(60, 5, replace=False)]
    (tmp_path / "log.csv").write_text("\n".join(["context,item", *pairs]))
    monkeypatch.chdir(tmp_path)
    tables = []
    for out, where in (("one", {}), ("many", {"dask": "local:2"})):
        compare(["own.npz"], log="log.csv", twins=2, rank=3, out=out, **where)
        tables.append([read_rows(tmp_path / out, f"compare-vectors-{source}") for source in ("real", "null")])
    for one, many in zip(*tables):
        assert one["error"].isna().all() and len(one)
        pd.testing.assert_frame_equal(one, many, check_exact=True)
