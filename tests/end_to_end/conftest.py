"""The command in this process: what a process of its own would say and return, without seconds of imports for each call."""

import contextlib
import io
import os
import subprocess
import sys
import traceback
import warnings
from pathlib import Path
from unittest import mock

import pytest

from spikeproof import app
from spikeproof.__main__ import main

sys.path.insert(0, str(Path(__file__).parent))
from two_workers import two_workers


class _Stream(io.TextIOWrapper):
    """A stream into memory that is encoded and replaces unknown signs as standard output does."""

    def __init__(self):
        super().__init__(io.BytesIO(), encoding="utf-8", errors="replace", write_through=True)

    def text(self):
        return self.buffer.getvalue().decode("utf-8")


@contextlib.contextmanager
def _surroundings(folder, environment, argv, out, err):
    """Set what a process has to itself, and put back what was: folder, environment, arguments, streams, warnings, screens."""
    with contextlib.ExitStack() as stack:
        if folder is not None:
            stack.enter_context(contextlib.chdir(folder))
        stack.enter_context(mock.patch.dict(os.environ, environment))
        stack.enter_context(mock.patch.object(sys, "argv", argv))
        # usage names the program by its first argument only where the main module is in no package
        stack.enter_context(mock.patch.object(sys.modules["__main__"], "__package__", None))
        stack.enter_context(contextlib.redirect_stdout(out))
        stack.enter_context(contextlib.redirect_stderr(err))
        stack.enter_context(warnings.catch_warnings())  # puts back `warnings.showwarning` too
        warnings.filterwarnings(
            "default", category=UserWarning
        )  # a warning is told once, as in a new process
        # a screen keeps the width that it first sees
        stack.enter_context(mock.patch.dict(app.console.__dict__))
        stack.enter_context(mock.patch.dict(app.errors.__dict__))
        for screen in (app.console, app.errors):
            screen.__dict__.pop("_console", None)
        yield


def _exit_code(code):
    """Return the exit code of a process that ends by `SystemExit(code)`; a text goes to standard error."""
    if code is None or isinstance(code, int):
        return code or 0
    print(code, file=sys.stderr)
    return 1


def run_here(*arguments, cwd=None, **environment):
    """Run `spikeproof ARGUMENTS` in this process; return its exit code and all it said, as `subprocess.run` does."""
    out, err = _Stream(), _Stream()
    argv = ["spikeproof", *map(str, arguments)]
    with _surroundings(cwd, environment, argv, out, err):
        try:
            main()
            code = 0
        except SystemExit as ended:
            code = _exit_code(ended.code)
        except BaseException:  # the interpreter shows what nobody caught, and ends with 1
            traceback.print_exc()
            code = 1
    return subprocess.CompletedProcess(argv, code, out.text(), err.text())


@pytest.fixture(scope="module")  # idle workers and schedulers take a fifth of a core
def cluster(tmp_path_factory):
    """A real scheduler and two workers that share no files with the command (`two_workers`)."""
    pytest.importorskip("distributed")
    with two_workers(tmp_path_factory.mktemp("cluster")) as running:
        yield running


@pytest.fixture(scope="session")
def spikeproof():
    """Return the function that runs the command in this process.

    Tests of signals, pipes, terminals, encodings and of what is imported start processes; all others call this.
    """
    return run_here
