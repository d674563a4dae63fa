"""Settings that lie in the working folder are not obeyed, whichever of our rooms is imported; the user's own are."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = """
from importlib.machinery import SourceFileLoader
import {room}
import matplotlib, numba
numba.core.config.reload_config()  # as before each compilation
print(numba.config.CACHE_DIR or "none", numba.config.DISABLE_JIT, matplotlib.rcParams["figure.facecolor"])
print(isinstance(matplotlib.__spec__.loader, SourceFileLoader))
"""


def said(room, folder, **environment):
    done = subprocess.run(
        [sys.executable, "-P", "-c", CODE.format(room=room)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / ".numba_config.yaml").write_text("cache_dir: ./c\ndisable_jit: 1\n")
    (tmp_path / "matplotlibrc").write_text("figure.facecolor: a1b2c3\nno.such.key: 1\n")
    return tmp_path


def test_files_of_the_working_folder_are_not_obeyed(folder):
    for room in ("simulate", "experiments.running.one_task"):
        first, second = said(room, folder)
        assert first == "none 0 white"
        assert second == "True"


def test_a_file_that_nobody_writes_to_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "matplotlibrc")
    assert said("simulate", tmp_path)[0] == "none 0 white"


def test_settings_of_the_user_are_obeyed(folder, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    (home / "matplotlibrc").write_text("figure.facecolor: black\n")
    (folder / "matplotlibrc").unlink()
    first, _ = said("simulate", folder, MATPLOTLIBRC=str(home), NUMBA_CACHE_DIR="kept")
    assert first == "kept 0 black"
