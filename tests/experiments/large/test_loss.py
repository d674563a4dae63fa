"""A run that is killed at any moment, and run again, leaves the same bytes; a step that was done is not done again."""

import sys
import threading
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from killed_analyses import OPTIONS, STEPS, killed_when, small_parts, step_of
from logs_in_parquet import communities, contents, write_log

from experiments.large import analysis, array_files
from experiments.large.analysis import analyse_log

KILLS = 10


@pytest.fixture(scope="module", autouse=True)
def small():
    with small_parts():
        yield


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    contexts, items = communities(700, 320, 3, 12)
    return write_log(tmp_path_factory.mktemp("loss") / "log", contexts, items)


@pytest.fixture(scope="module")
def whole(log, tmp_path_factory):
    """What a run leaves that is not disturbed, and how many files each of its steps writes."""
    counts = dict.fromkeys(STEPS, 0)
    original = array_files.write_whole

    def counted(path, content):
        counts[step_of(path)] += 1
        original(path, content)

    out = tmp_path_factory.mktemp("whole") / "out"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(array_files, "write_whole", counted)
        analyse_log(log, out, OPTIONS)
    return contents(out), counts


def test_killed_again_and_again_it_ends_with_the_same_bytes(log, whole, tmp_path, monkeypatch):
    """Also while other threads are at work on other files."""
    monkeypatch.setattr("simulate.compiled.thread_count", lambda: 3)
    expected, counts = whole
    assert min(counts.values()) >= 1 and counts["counts"] > 3 and counts["found"] > 200
    rng = np.random.default_rng(0)
    kills = 0
    while True:
        left = [int(rng.integers(1, 160))]

        def at_last(step, before, left=left):
            left[0] -= 1
            return left[0] == 0

        if not killed_when(log, tmp_path / "killed", at_last):
            break
        kills += 1
    assert kills > 5
    assert contents(tmp_path / "killed") == expected


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_ten_moments_of_each_step(step, log, whole, tmp_path):
    """One folder goes through all deaths of a step, each of which comes a tenth of the step after the one before."""
    expected, counts = whole
    stride = max(1, counts[step] // KILLS)
    for kill in range(min(KILLS, 2 * counts[step])):
        seen = [0]

        def at_moment(name, before, seen=seen, turn=kill % 2 == 0):
            seen[0] += name == step and before == turn
            return seen[0] == stride or STEPS.index(name) > STEPS.index(step)

        assert killed_when(log, tmp_path / "out", at_moment)
    analyse_log(log, tmp_path / "out", OPTIONS)
    assert contents(tmp_path / "out") == expected


def test_the_number_of_threads_changes_no_bit(log, whole, tmp_path, monkeypatch):
    monkeypatch.setattr("simulate.compiled.thread_count", lambda: 3)
    analyse_log(log, tmp_path / "out", OPTIONS)
    assert contents(tmp_path / "out") == whole[0]


def test_one_command_at_a_time_works_in_a_folder(log, tmp_path):
    held, done = threading.Event(), threading.Event()

    def other():
        with analysis.analysis_folder(tmp_path / "out", "key", {}, overwrite=False):
            held.set()
            done.wait()

    works = threading.Thread(target=other)
    works.start()
    try:
        held.wait()
        with pytest.raises(TimeoutError, match=f"another command that is at work in {tmp_path / 'out'}"):
            analyse_log(log, tmp_path / "out", OPTIONS, wait=0)
    finally:
        done.set()
        works.join()
