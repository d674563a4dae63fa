"""TOML files ask for no more time and memory than their size allows."""

import os

import numpy as np
import pytest

from experiments.matrices import BadInput
from experiments.matrices.model_files import read_model
from experiments.matrices.toml_files import toml_tables, toml_text
from experiments.studies.study_file import read_study

GRAPH = '[model]\nkind = "graph"\nnodes = {}\nblocks = {}\nmean_degree = {}\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1\n" + "a." * 100_000 + "b = 1", "line 2: expected keys of at most 32 parts"),
        ("[" + "a." * 100_000 + "b]", "keys of at most 32 parts"),
        ('"a"' + '."b"' * 40 + " = 1", "keys of at most 32 parts"),
        ("x = { " + "a . " * 40 + "b = 1 }", "keys of at most 32 parts"),
        ("x = " + "[" * 100_000, "nested too deeply"),
        ("x = " + "9" * 5000, "Exceeds the limit"),
        ("x = ", "Invalid value"),
    ],
)
def test_what_would_cost_much_is_refused(text, message):
    with pytest.raises(BadInput, match=message):
        toml_tables(text, "x.toml")


def test_dots_elsewhere_are_no_key():
    text = f"x = '{'.' * 100}' # {'. ' * 100}\ny = [{', '.join(['1.5'] * 100)}]\nz.a.b = 1"
    assert toml_tables(text, "x.toml")["z"] == {"a": {"b": 1}}


def test_only_short_regular_files_are_read(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "x.toml")
    for read in (toml_text, read_model, read_study):
        with pytest.raises(BadInput, match="a regular file; found a pipe"):
            read(tmp_path / "x.toml")
    (tmp_path / "y.toml").write_bytes(b"\xff")
    with pytest.raises(BadInput, match="UTF-8"):
        toml_text(tmp_path / "y.toml")
    monkeypatch.setattr("experiments.matrices.toml_files.LONGEST_TOML", 0)
    with pytest.raises(BadInput, match="at most 0 bytes"):
        toml_text(tmp_path / "y.toml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (GRAPH.format(200, 10**12, 10), "from 1 to 200 blocks, one node in each; found '1000000000000'"),
        (GRAPH.format(10**12, 2, 10), "a model that fits into the memory"),
        (GRAPH.format(10**6, 10**6, 10), "a model that fits into the memory"),
        (GRAPH.format(10**6, 2, 10**9), "a model that fits into the memory"),
        (GRAPH.format(200, 2, "1" + "0" * 400), "expected a number"),
        (GRAPH.format(200, 2, "0x" + "f" * 9000), "an integer of 36,000 bits"),
        (GRAPH.format("[1]", 2, 3), "a whole number"),
        ("[model]\nkind = [1]\n", "a kind among"),
        (GRAPH.format(200, 2, 3) + "[heterogeneity]\nlaw = [1]\n", "a law among"),
        (
            '[model]\nkind = "interactions"\ncontexts = 1000000000\nitems = 9\nblocks = 2\nmean_length = 1e6\n',
            "a model that fits into the memory",
        ),
    ],
)
def test_counts_of_a_model_are_multiplied_before_they_are_expanded(tmp_path, text, message):
    (tmp_path / "m.toml").write_text(text)
    with pytest.raises(BadInput, match=message):
        read_model(tmp_path / "m.toml")


def test_numbers_beyond_all_bounds_in_lists_are_refused(tmp_path):
    text = f'[model]\nkind = "block_model"\npropensities = [1, 1{"0" * 400}]\nlabels = [0, 0]\naffinity = [[0.5]]\n'
    (tmp_path / "m.toml").write_text(text)
    with pytest.raises(ValueError, match="propensities must hold numbers only"):
        read_model(tmp_path / "m.toml").build(np.random.default_rng(0))
