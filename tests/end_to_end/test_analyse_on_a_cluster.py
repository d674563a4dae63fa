"""`analyse --dask` on a real scheduler and two workers, which share a folder with the command: same bytes, and losses."""

import sys
from pathlib import Path

import pytest

pytest.importorskip("distributed")
sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "experiments" / "large"))
from killed_runs import Runs
from logs_in_parquet import communities, contents, write_log
from two_workers import two_workers

pytestmark = pytest.mark.slow
COMMAND = ("analyse", "log", "--rank", 10, "--top-k", 100, "--memory", 4, "--out")


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A folder that command and workers see, with a log of several pieces, parts and blocks."""
    base = tmp_path_factory.mktemp("shared")
    write_log(base / "log", *communities(8000, 2500, 5, 12), shards=6)
    return base


@pytest.fixture(scope="module")
def runs(shared):
    running = Runs(shared)
    yield running
    running.close()


@pytest.fixture(scope="module")
def expected(runs, shared):
    """What one process makes of the log."""
    done = runs.run(*COMMAND, "alone", first=True)
    assert done.code == 0, done.said
    return contents(shared / "alone")


def test_two_workers_give_the_bytes_of_one_process(runs, shared, expected, cluster):
    done = runs.run(*COMMAND, "two", "--dask", cluster.address)
    assert done.code == 0 and "error" not in done.said, done.said
    assert contents(shared / "two") == expected


@pytest.mark.parametrize(
    ("task", "number"),
    [
        ("split_piece", 5),
        ("gather_part", 2),
        ("count_items", 3),
        ("weigh_items", 3),
        ("regroup_rows", 2),
        ("multiply_part", 8),
    ],
)
def test_a_worker_that_dies_costs_its_own_part_only(task, number, runs, shared, expected, cluster):
    """It dies when so many tasks of a step have been handed out."""
    out, victim = shared / f"lost-{task}", next(iter(cluster.processes().values()))
    at = f"asked for {task} {number}"
    done = runs.run(*COMMAND, out.name, "--dask", cluster.address, at=at, kill=victim)
    assert done.code == 0, done.said
    assert f"killed {victim}" in done.moments
    cluster.replace_worker(victim)
    assert contents(out) == expected


def test_a_lost_scheduler_is_told_in_a_sentence_and_the_same_command_goes_on(
    runs, shared, expected, tmp_path
):
    out = shared / "scheduler"
    with two_workers(tmp_path / "cluster") as lost:
        at, whom = "asked for multiply_part 8", lost.scheduler.pid
        done = runs.run(*COMMAND, out.name, "--dask", lost.address, at=at, kill=whom)
    assert done.code == 2, done.said
    said = " ".join(done.said.split())
    assert "was lost; what was written is kept" in said and "Traceback" not in said
    counts = {path: path.stat().st_mtime_ns for path in (out / "work").glob("counts-*/*")}
    assert runs.run(*COMMAND, out.name).code == 0
    assert contents(out) == expected
    assert counts and all(path.stat().st_mtime_ns == when for path, when in counts.items())
