"""What tests of several rooms need."""

import os
from importlib import import_module
from pathlib import Path

import pytest

# Several processes of pytest share the cores; more threads of linear algebra than cores wait for each other most of the time.
# Set before NumPy is imported, for the processes that tests start too.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from simulate.optional import missing


@pytest.fixture
def graspologic():
    """Return a function that imports a part of graspologic, an oracle. Tests are skipped only where it is not installed.

    Where it is installed but cannot be imported, the test fails.
    """
    if sentence := missing("graspologic", "this test"):
        pytest.skip(sentence)
    return lambda part: import_module(f"graspologic.{part}")


@pytest.fixture
def own_claim(tmp_path):
    """Return a function that writes a small claim into a Python file and returns its path; pairs of texts say what is changed."""
    text = (Path(__file__).parent / "a_small_claim.py").read_text("utf-8")

    def write(*changes, name="my_claims.py", more=""):
        changed = text
        for old, new in changes:
            assert old in changed
            changed = changed.replace(old, new)
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(changed + more, "utf-8")
        return path

    return write
