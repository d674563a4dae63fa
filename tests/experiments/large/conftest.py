"""What all tests of large analyses do without."""

import os

import pytest


@pytest.fixture(scope="session", autouse=True)
def no_waiting():
    """Neither for the disk, since a process that is killed loses nothing that it has written, nor for other threads."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda handle: None)
        patch.setattr("simulate.compiled.thread_count", lambda: 1)
        yield
