"""Advice follows the structure that was planted."""

from dataclasses import fields

import numpy as np
import pytest

from simulate import Constant, LogNormal, dcbm, sample_graph
from theory import Advice, Embedding, advise, embed


def advice_for(heterogeneity, seed=0):
    rng = np.random.default_rng(seed)
    model = dcbm(1500, 5, heterogeneity=heterogeneity, mean_degree=120, mixing=0.05, rng=rng)
    return advise(embed(sample_graph(model, rng, law="poisson"), 5))


def test_popularity_is_ranked_by_dot_where_it_varies_and_not_where_it_does_not():
    varied, equal = advice_for(LogNormal(0.8)), advice_for(Constant())
    assert [a.similarity for a in varied] == ["cosine", "within", "dot"]
    assert [a.similarity for a in equal] == ["cosine", "cosine", "dot"]
    assert "CV of 0.1" in equal[1].reason


def test_of_noise_it_is_said_that_no_row_lies_on_a_spike_and_nothing_is_called_certain():
    rng = np.random.default_rng(0)
    noise = advise(Embedding(np.ones(30), rng.standard_normal((800, 30))))
    assert noise[0].reason.startswith("0% of the rows lie on 0 spikes")
    assert "no spike holds 10 rows" in noise[1].reason
    assert [field.name for field in fields(Advice)] == ["question", "similarity", "reason"]


def test_bad_input_is_named():
    with pytest.raises(ValueError, match="scaling"):
        advise(Embedding(np.ones(1), np.ones((3, 1))), scaling="double")


def test_a_spike_of_ten_rows_is_a_community_and_one_of_nine_is_not():
    for rows, share in ((10, "100%"), (9, "0%")):
        x = np.kron(np.eye(3), np.ones((rows, 1))) * np.linspace(1, 2, 3 * rows)[:, None]
        assert (
            f"{share} of the rows lie on {3 * (rows == 10)} spikes"
            in advise(Embedding(np.ones(3), x))[0].reason
        )
