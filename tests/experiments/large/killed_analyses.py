"""Analyses of a small log in many files that are killed at a chosen file, for the tests of what is left then."""

import contextlib
import os
import signal
from pathlib import Path

import pytest

from experiments.large import array_files, pairs_of_matrix
from experiments.large.analysis import analyse_log
from experiments.large.options import LargeOptions

OPTIONS = LargeOptions(rank=6, top_k=60, dtype="float32", memory=1 << 24)
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
    "written",
)


@contextlib.contextmanager
def small_parts():
    """Several parts, pieces and blocks of a small log, whose matrix is decomposed through files."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pairs_of_matrix, "FEW", 200)
        patch.setattr(pairs_of_matrix, "LEAST_ROWS", 128)
        patch.setattr("experiments.large.matrix_of_log.BYTES_OF_ROW", 1 << 13)
        patch.setattr("experiments.large.log_pieces.BYTES_OF_ROW", 1 << 12)
        patch.setattr("experiments.large.count_steps.LEAST_WORK", 1e4)
        patch.setattr("experiments.large.count_steps.LEAST_BLOCKS", 6)
        yield


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
