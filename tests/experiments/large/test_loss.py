"""A run that is killed at any moment, and run again, leaves the same bytes; a step that was done is not done again."""

import os
import signal
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from logs_in_parquet import communities, write_log

from experiments.large import analysis, array_files
from experiments.large.analysis import LargeOptions, analyse_log

OPTIONS = LargeOptions(rank=4, top_k=60, dtype="float32", memory=1 << 24)
STEPS = (
    "items",
    "all-items",
    "split",
    "contexts",
    "totals",
    "counts",
    "kept",
    "smoothed",
    "ppmi",
    "rows",
    "components",
    "matrix",
    "found",
    "settled",
)


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    contexts, items = communities(2500, 1100, 8, 12)
    return write_log(tmp_path_factory.mktemp("loss") / "log", contexts, items)


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    """Several parts, pieces and blocks of a small log, without waiting for the disk: a killed process loses nothing written."""
    monkeypatch.setattr(analysis, "LEAST_ROWS", 512)
    monkeypatch.setattr(analysis, "BYTES_OF_ROW", 1 << 11)
    monkeypatch.setattr("experiments.large.log_pieces.BYTES_OF_ROW", 1 << 10)
    monkeypatch.setattr("experiments.large.count_steps.LEAST_WORK", 1e5)
    monkeypatch.setattr("experiments.large.count_steps.LEAST_BLOCKS", 6)
    monkeypatch.setattr(os, "fsync", lambda handle: None)


def contents(out):
    """The bytes of the result, and of what its steps have left, without the state of the solver."""
    kept = [path for path in out.rglob("*") if path.is_file() and path.name not in ("lock", "state.arrays")]
    return {str(path.relative_to(out)): path.read_bytes() for path in kept}


def step_of(path):
    return Path(path).parent.name.rsplit("-", 1)[0]


def killed_when(log, out, condition):
    """Run in a process that kills itself at the first file for which condition(step, before) holds; return whether it did.

    Before: the content is written under another name; after: it has taken its place.
    """
    child = os.fork()
    if child == 0:
        try:
            original = array_files.write_whole

            def watched(path, content):
                if condition(step_of(path), True):
                    path.with_name(f".{'0' * 16}.unfinished").write_bytes(b"the beginning")
                    os.kill(os.getpid(), signal.SIGKILL)
                original(path, content)
                if condition(step_of(path), False):
                    os.kill(os.getpid(), signal.SIGKILL)

            array_files.write_whole = watched
            analyse_log(log, out, OPTIONS)
        except BaseException:
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def writes_of_steps(log, out, monkeypatch):
    """How many files each step writes in a run that is not disturbed."""
    counts = dict.fromkeys(STEPS, 0)
    original = array_files.write_whole

    def counted(path, content):
        counts[step_of(path)] += 1
        original(path, content)

    with monkeypatch.context() as patch:
        patch.setattr(array_files, "write_whole", counted)
        analyse_log(log, out, OPTIONS)
    return counts


def test_killed_again_and_again_it_ends_with_the_same_bytes(log, tmp_path, monkeypatch):
    counts = writes_of_steps(log, tmp_path / "whole", monkeypatch)
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
    assert contents(tmp_path / "killed") == contents(tmp_path / "whole")


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_ten_moments_of_each_step(step, log, tmp_path, monkeypatch):
    counts = writes_of_steps(log, tmp_path / "whole", monkeypatch)
    expected = contents(tmp_path / "whole")
    moments = sorted(
        {(int(k), before) for k in np.linspace(0, counts[step] - 1, 5) for before in (True, False)}
    )
    for number, (moment, before) in enumerate(moments):
        out, seen = tmp_path / f"out-{number}", [0]

        def at_moment(name, is_before, seen=seen, moment=moment, before=before):
            here = name == step and is_before == before
            seen[0] += here
            return here and seen[0] == moment + 1

        assert killed_when(log, out, at_moment)
        analyse_log(log, out, OPTIONS)
        assert contents(out) == expected


def test_the_number_of_threads_changes_no_bit(log, tmp_path, monkeypatch):
    found = []
    for threads in (1, 3):
        monkeypatch.setattr("simulate.compiled.thread_count", lambda count=threads: count)
        analyse_log(log, tmp_path / str(threads), OPTIONS)
        found.append(contents(tmp_path / str(threads)))
    assert found[0] == found[1]


def test_a_file_that_was_damaged_is_made_again(log, tmp_path):
    analyse_log(log, tmp_path / "out", OPTIONS)
    expected = contents(tmp_path / "out")
    (tmp_path / "out" / "vectors.npy").unlink()
    for step in ("counts", "ppmi", "settled"):
        victim = next((tmp_path / "out" / "work").glob(f"{step}-*/*0.arrays"))
        victim.write_bytes(victim.read_bytes()[:-64])
    analyse_log(log, tmp_path / "out", OPTIONS)
    assert contents(tmp_path / "out") == expected


def test_one_command_at_a_time_works_in_a_folder(log, tmp_path):
    with (
        analysis.analysis_folder(tmp_path / "out", "key", {}, overwrite=False),
        pytest.raises(ValueError, match="another command works in it"),
    ):
        analyse_log(log, tmp_path / "out", OPTIONS)
