"""Spikes of one's own data: what is being done is told to whoever asks."""

import numpy as np
import pandas as pd
import pytest

import experiments.matrices.vectors_archives
import simulate.pages
import theory.analysis.peaks_of_file
from experiments import spikes_of
from simulate.pages import is_mapped


def rays(n, f, dtype=np.float32, noise=0.05):
    """Vectors on twenty rays, of norms that vary."""
    rng = np.random.default_rng(0)
    rows = rng.standard_normal((20, f))[rng.integers(20, size=n)] * rng.lognormal(0, 0.7, (n, 1))
    return (rows + noise * rng.standard_normal((n, f))).astype(dtype)


def the_same(one, other):
    pd.testing.assert_frame_equal(one.curve, other.curve, check_exact=True)
    pd.testing.assert_frame_equal(one.spikes, other.spikes, check_exact=True)
    assert (one.sentence, one.conclusion) == (other.sentence, other.conclusion)


def test_steps_are_told_on_request_and_change_nothing(monkeypatch, capsys):
    monkeypatch.setattr("simulate.progress.SECONDS", 0.0)
    rows = np.random.default_rng(0).standard_normal((60, 4))
    heard = []
    told = spikes_of(rows, [2, 4], null=2, progress=heard.append)
    assert heard == ["embedding", "f = 2", "f = 4", "null 1 of 2", "null 2 of 2"]
    assert capsys.readouterr().err == ""
    shown = spikes_of(rows, [2, 4], null=2, progress=True)
    said = capsys.readouterr()
    assert said.out == "" and len(said.err.splitlines()) == 5 and ": null 2 of 2, after" in said.err
    for silent in (False, None):
        pd.testing.assert_frame_equal(spikes_of(rows, [2, 4], null=2, progress=silent).curve, shown.curve)
    pd.testing.assert_frame_equal(told.curve, shown.curve)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("rows", "options"),
    [
        (rays(1500, 12), {}),
        (rays(1500, 12, np.float64, 0.3), {"coverage": 0.9}),
        (rays(1500, 12, noise=0.3), {"all_columns": True}),
        (np.asfortranarray(rays(700, 5)), {"ranks": [1, 5]}),
        (rays(700, 5, np.float16), {"all_columns": True}),
        ((50 * rays(700, 5)).astype(np.int16), {}),
        (rays(700, 5, ">f4"), {}),
        (1e200 * rays(700, 5, np.float64), {}),
        (rays(60, 20, np.float64), {"ranks": [3, 20]}),
    ],
)
def test_a_file_that_is_read_in_blocks_gives_the_same_numbers(rows, options, tmp_path, monkeypatch):
    expected = spikes_of(np.array(rows), **options)
    np.save(tmp_path / "x.npy", rows)
    monkeypatch.setattr(experiments.matrices.vectors_archives, "MAPPED", 0)
    monkeypatch.setattr(simulate.pages, "IN_USE", 10_000)
    monkeypatch.setattr(theory.analysis.peaks_of_file, "BLOCK", 10_000)
    monkeypatch.setattr(theory.analysis.peaks_of_file, "BATCH", 5)
    in_blocks = spikes_of(str(tmp_path / "x.npy"), in_memory=0, **options)
    the_same(in_blocks, expected)
    assert "so they are read from the file in blocks" in in_blocks.notes[-1]
    held = spikes_of(str(tmp_path / "x.npy"), **options)
    the_same(held, expected)
    assert held.notes[-1].endswith("held in memory")


def test_the_bytes_of_the_vectors_decide_whether_they_are_held(tmp_path, monkeypatch):
    monkeypatch.setattr(experiments.matrices.vectors_archives, "MAPPED", 0)
    np.save(tmp_path / "x.npy", rays(300, 5))  # 6,000 bytes
    seen = []
    turned = theory.on_principal_axes
    monkeypatch.setattr(
        theory, "on_principal_axes", lambda rows, **told: seen.append(turned(rows, **told)) or seen[-1]
    )
    for most in (5_999, 6_000):
        spikes_of(str(tmp_path / "x.npy"), null=0, in_memory=most)
    assert [is_mapped(one) for one in seen] == [True, False]


def test_an_option_of_another_kind_of_data_is_refused():
    for options, words in (
        ({"scaling": "full"}, "scaling is for a graph and interactions"),
        ({"top_k": 3}, "top_k is for interactions"),
        ({"dask": "local:1", "null": 0}, "dask is for the draws of the null"),
        ({"in_memory": -1}, "in_memory must be"),
    ):
        with pytest.raises(ValueError, match=words):
            spikes_of(rays(30, 3), **options)
    for options, words in (
        ({"top_k": 3}, "top_k is for interactions; les-miserables holds a graph"),
        ({"all_columns": True}, "all_columns is for an embedding"),
        ({"in_memory": 3}, "in_memory is for an embedding"),
    ):
        with pytest.raises(ValueError, match=words):
            spikes_of("les-miserables", **options)
