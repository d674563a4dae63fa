"""The small graphs that come with networkx and graspologic."""

import pytest

from experiments.matrices import load
from simulate import optional


def test_davis_is_what_davis_gardner_and_gardner_counted():
    davis = load("davis")
    assert davis.interactions.shape == (14, 18)
    assert davis.interactions.nnz == 89
    theresa = list(davis.items).index("Theresa Anderson")
    assert davis.interactions.sum(axis=0)[theresa] == 8


@pytest.mark.slow
def test_the_connectome_is_symmetrised_and_says_so(graspologic):
    graspologic("datasets")
    fly = load("drosophila")
    assert fly.graph.shape == (213, 213)
    assert (fly.graph != fly.graph.T).nnz == 0
    assert "A + A'" in fly.notes[0]
    assert sorted(fly.label_names) == ["I", "K", "O", "P"]


def test_without_graspologic_the_connectome_names_the_extra(monkeypatch):
    monkeypatch.setattr(optional, "find_spec", lambda module: None)
    with pytest.raises(
        ModuleNotFoundError, match=r"drosophila needs graspologic: pip install 'spikeproof\[graspologic\]'"
    ):
        load("drosophila")
