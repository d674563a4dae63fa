"""Matrices by name: those of packages load, an unknown name is refused with the nearest, absent data with where it belongs."""

import numpy as np
import pytest
from scipy import sparse

from experiments.matrices import data_folders, load


def test_every_packaged_name_loads_and_is_consistent():
    for name in ("films-actors", "films-actors-3000", "les-miserables", "davis"):
        matrix = load(name)
        assert matrix.name == name
        assert isinstance(matrix.matrix, sparse.csr_array)
        assert len(matrix.items) == matrix.n_items == len(set(matrix.items))
        if matrix.interactions is not None:
            assert set(np.unique(matrix.interactions.data)) == {1.0}
            assert len(matrix.contexts) == matrix.interactions.shape[0]
        else:
            assert (matrix.graph != matrix.graph.T).nnz == 0
            assert not matrix.graph.diagonal().any()


def test_unknown_name_names_the_nearest():
    with pytest.raises(ValueError, match="did you mean 'les-miserables'"):
        load("les-miserable")
    with pytest.raises(ValueError, match="known are films-actors"):
        load("qqqqqqqq")


def test_absent_data_says_where_it_belongs(monkeypatch, tmp_path):
    monkeypatch.setenv("SPIKEPROOF_DATA", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with pytest.raises(ValueError, match=r"(?s)owners publish it at https.*u\.data.*SPIKEPROOF_DATA"):
        load("movielens-100k")
    assert data_folders() == [tmp_path, tmp_path / "cache" / "spikeproof"]
