"""What tests of several rooms need."""

from importlib import import_module

import pytest

from simulate.optional import missing


@pytest.fixture
def graspologic():
    """Return a function that imports a part of graspologic, an oracle. Tests are skipped only where it is not installed.

    Where it is installed but cannot be imported, the test fails.
    """
    if sentence := missing("graspologic", "this test"):
        pytest.skip(sentence)
    return lambda part: import_module(f"graspologic.{part}")
