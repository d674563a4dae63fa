"""Packages of the extras: where one is missing, a sentence names it and the command that installs it."""

import re
import tomllib
from pathlib import Path

import pytest

from simulate import optional


@pytest.mark.parametrize("extra", ["figures", "parquet", "cluster", "learn", "als", "graspologic"])
def test_a_missing_package_is_named_with_its_extra(extra, monkeypatch):
    monkeypatch.setattr(optional, "find_spec", lambda module: None)
    with pytest.raises(ModuleNotFoundError) as caught:
        optional.require_extra(extra, "this")
    packages = " and ".join(optional.EXTRAS[extra])
    assert str(caught.value).startswith(f"this needs {packages}: pip install 'spikeproof[{extra}]'")


def test_nothing_is_said_of_packages_that_are_installed(monkeypatch):
    monkeypatch.setattr(optional, "find_spec", lambda module: object())
    assert optional.missing("figures", "drawing figures") == ""
    optional.require_extra("figures", "drawing figures")


def test_the_extras_are_those_that_the_installation_declares():
    pyproject = Path(__file__).parents[2] / "pyproject.toml"
    declared = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    for extra, packages in optional.EXTRAS.items():
        names = {re.split("[<>=]", line)[0] for line in declared[extra]}
        assert set(packages) <= names, extra
