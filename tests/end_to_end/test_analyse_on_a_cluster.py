"""`analyse --dask` on a real scheduler and two workers, which share a folder with the command: same bytes, and losses."""

import os
import signal
import sys
from pathlib import Path

import pytest

pytest.importorskip("distributed")
sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "experiments" / "large"))
import subprocess

from logs_in_parquet import communities, write_log
from two_workers import two_workers, wait_until

pytestmark = pytest.mark.slow
OPTIONS = ("--rank", "12", "--top-k", "100", "--memory", "8")


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """The log, and what one process makes of it."""
    base = tmp_path_factory.mktemp("shared")
    write_log(base / "log", *communities(20_000, 9000, 12, 14), shards=6)
    done = command(base, "alone").wait()
    assert done == 0
    return base, contents(base / "alone")


@pytest.fixture
def cluster(tmp_path):
    with two_workers(tmp_path / "cluster") as running:
        yield running


def command(base, out, *more):
    given = [sys.executable, "-m", "spikeproof", "analyse", "log", "-o", out, *OPTIONS, *more]
    return subprocess.Popen(given, cwd=base, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def contents(out):
    kept = [path for path in out.rglob("*") if path.is_file() and path.name not in ("lock", "state.arrays")]
    return {str(path.relative_to(out)): path.read_bytes() for path in kept}


def begun(out, step):
    """Whether a step has written something."""
    return lambda: next((out / "work").glob(f"{step}-*/*.arrays"), None) if (out / "work").is_dir() else None


def test_two_workers_give_the_bytes_of_one_process(alone, cluster):
    base, expected = alone
    done = command(base, "two", "--dask", cluster.address)
    assert done.communicate()[1].count("error") == 0 and done.returncode == 0
    assert contents(base / "two") == expected


@pytest.mark.parametrize("step", ["split", "contexts", "counts", "ppmi", "matrix", "found"])
def test_a_worker_that_dies_costs_its_own_part_only(step, alone, cluster):
    base, expected = alone
    out = base / f"lost-{step}"
    done = command(base, out.name, "--dask", cluster.address)
    wait_until(begun(out, step), done)
    os.killpg(cluster.workers[0].pid, signal.SIGKILL)
    assert done.wait() == 0, done.stderr.read()
    assert contents(out) == expected


def test_a_lost_scheduler_is_told_in_a_sentence_and_the_same_command_goes_on(alone, cluster):
    base, expected = alone
    done = command(base, "scheduler", "--dask", cluster.address)
    wait_until(begun(base / "scheduler", "found"), done)
    os.killpg(cluster.scheduler.pid, signal.SIGKILL)
    said = done.communicate()[1]
    assert done.returncode == 2, said
    assert "was lost; what was written is kept" in said and "Traceback" not in said
    counts = {path: path.stat().st_mtime_ns for path in (base / "scheduler" / "work").glob("counts-*/*")}
    assert command(base, "scheduler").wait() == 0
    assert contents(base / "scheduler") == expected
    assert counts and all(path.stat().st_mtime_ns == when for path, when in counts.items())
