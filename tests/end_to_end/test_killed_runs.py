"""A command that is killed at any moment, or loses a worker or the scheduler, is continued by the same one to the same bytes."""

import shutil
import signal
import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("distributed")
sys.path.insert(0, str(Path(__file__).parent))
from killed_runs import Runs
from two_workers import two_workers, without_time

from experiments.running.export import read_rows
from experiments.running.files import is_draft

pytestmark = pytest.mark.slow
KILLS = 10
COMMANDS = {
    "sample": ("sample", "model.toml", "--shards", 7),
    "stability": ("stability", "log.csv", "--columns", "user,song,date", "--rank", 3, "--k", 5),
    "spk": ("spk", "large.npy", "--in-memory", 0, "--rank", 3, "--rank", 6, "--null", 2),
    "sweep": ("sweep", "study.toml"),
    "compare": ("compare", "davis", "--twins", 2, "--rank", 2),
}
MADE = {  # beside the rows of a store
    "sample": ["edge-shards.json", "nodes.parquet", *(f"edges-0000{k}-of-00007.parquet" for k in range(7))],
    "stability": ["trust.csv"],
    "spk": ["curve.csv", "curve.svg", "spikes.csv"],
    "sweep": ["results.parquet"],
    "compare": ["compare.json", "compare.html"],
}


@pytest.fixture(scope="module")
def runs(cluster):
    running = Runs(cluster.mine)
    yield running
    running.close()


def alone(name):
    """The options with which a command runs in one process."""
    return ("--workers", 1) if name in ("sweep", "compare") else ()


@pytest.fixture(scope="module")
def undisturbed(runs, cluster):
    """Return a function that gives what a command writes, and the moments that it comes to, where nothing is killed."""
    known = {}

    def of(name):
        if name not in known:
            runs.run(*COMMANDS[name], *alone(name), "--out", f"{name}-first", first=True)
            done = runs.run(*COMMANDS[name], *alone(name), "--out", f"{name}-whole")
            assert done.code == 0, done.said
            known[name] = (written(name, cluster.mine / f"{name}-whole"), done.moments)
        return known[name]

    return of


def written(name, folder):
    """The bytes of the outputs and the rows of the studies; nothing else is left in the folder of a command without a store."""
    found = {file: without_time((folder / file).read_bytes()) for file in MADE[name]}
    if name in ("sample", "stability", "spk"):
        names = sorted(path.name for path in folder.iterdir())
        assert [one for one in names if not is_draft(one)] == sorted(found)
        assert name != "sample" or len(names) == len(found)  # shards may be large: no draft is left
    elif name == "compare":
        studies = ("compare-real", "compare-twin", "compare-curve", "compare-null")
        found["rows"] = [read_rows(folder, study).to_json() for study in studies]
    return found


def spread(moments):
    """Ten of them, the first and the last included."""
    return [moments[k] for k in np.linspace(0, len(moments) - 1, KILLS).round().astype(int)]


@pytest.mark.parametrize("name", COMMANDS)
def test_killed_at_ten_moments_it_is_continued(name, runs, undisturbed, cluster):
    expected, moments = undisturbed(name)
    assert len(set(spread(moments))) == KILLS
    for number, moment in enumerate(spread(moments)):
        # a comparison takes seconds, so that one folder goes through all its deaths
        out = cluster.mine / (f"{name}-killed" if name == "compare" else f"{name}-killed-{number}")
        killed = runs.run(*COMMANDS[name], *alone(name), "--out", out.name, at=moment)
        assert killed.code == -signal.SIGKILL, (moment, killed.said)
        if name != "compare":
            again = runs.run(*COMMANDS[name], *alone(name), "--out", out.name)
            assert again.code == 0, (moment, again.said)
            assert written(name, out) == expected, moment
            shutil.rmtree(out)
    if name == "compare":
        assert runs.run(*COMMANDS[name], *alone(name), "--out", out.name).code == 0
        assert written(name, out) == expected


@pytest.mark.parametrize("name", ["sample", "stability", "spk"])
def test_killed_at_ten_moments_on_a_cluster_it_is_continued(name, runs, undisturbed, cluster):
    expected, _ = undisturbed(name)
    command = (*COMMANDS[name], "--dask", cluster.address, "--out")
    whole = runs.run(*command, "whole-there")
    assert whole.code == 0, whole.said
    assert written(name, cluster.mine / "whole-there") == expected
    shutil.rmtree(cluster.mine / "whole-there")
    # which worker does what is left to chance, and so is the number of questions to them: the last moments may not come
    for number in np.linspace(1, 0.9 * len(whole.moments), KILLS).astype(int).tolist():
        out = cluster.mine / "killed-there"
        killed = runs.run(*command, out.name, at=number)
        assert killed.code in (-signal.SIGKILL, 0), killed.said
        assert killed.code == -signal.SIGKILL or len(killed.moments) < number
        again = runs.run(*command, out.name)
        assert again.code == 0, again.said
        assert written(name, out) == expected, killed.moments[-1]
        shutil.rmtree(out)


@pytest.mark.parametrize(
    ("name", "moment"),
    [
        ("sample", "asked for piece"),
        ("sample", "asked for tasks"),
        ("sample", "asked for brought"),
        ("sample", "whole edges-00003-of-00007.parquet"),
        ("stability", "asked for piece"),
        ("stability", "asked for files"),
        ("stability", "asked for tasks"),
        ("spk", "asked for piece"),
        ("spk", "asked for tasks"),
        ("sweep", "asked for sources"),
        ("sweep", "asked for tasks"),
        ("compare", "asked for tasks"),
    ],
)
def test_a_worker_that_is_killed_costs_its_own_part_only(name, moment, runs, undisturbed, cluster):
    expected, _ = undisturbed(name)
    processes = cluster.processes()
    cluster.forget_files()
    out = cluster.mine / f"{name}-lost-{moment.replace(' ', '-')}"
    command = (*COMMANDS[name], "--dask", cluster.address, "--wait", 60, "--out", out.name)
    done = runs.run(*command, at=moment, kill=processes)
    assert done.code == 0, done.said
    (victim,) = (label.split()[1] for label in done.moments if label.startswith("killed"))
    cluster.replace_worker(int(victim))
    assert written(name, out) == expected
    # what was there is not made again: no shard takes its place twice, and no row is stored twice
    made = [label for label in done.moments if label.startswith(("placed edges-", "stored"))]
    assert len(set(made)) == len(made)


def test_a_lost_scheduler_is_told_in_a_sentence_and_the_command_continued(runs, undisturbed, tmp_path):
    expected, _ = undisturbed("sample")
    with two_workers(tmp_path / "lost") as lost:
        command = (*COMMANDS["sample"], "--out", lost.mine / "out")
        # the last shard that a worker made is asked for when those before it are here
        at = ["placed edges-", "asked for brought"]
        done = runs.run(*command, "--dask", lost.address, at=at, kill=lost.scheduler.pid)
        said = " ".join(done.said.split())
        assert done.code == 2 and f"error: the Dask scheduler at {lost.address} was lost; " in said
        assert "of 7 tasks are kept. Start it again and run the same command: only the rest runs" in said
        again = runs.run(*command)
        assert again.code == 0 and " of them there already" in again.said
        assert written("sample", lost.mine / "out") == expected
