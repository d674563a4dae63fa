"""Spikes of one's own data: what is being done is told to whoever asks."""

import numpy as np
import pandas as pd

from experiments import spikes_of


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
