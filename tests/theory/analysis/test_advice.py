"""Advice follows the structure that was planted."""

import numpy as np
import pytest

from simulate import Constant, LogNormal, dcbm, sample_graph
from theory import Embedding, advise, embed


def advice_for(heterogeneity, seed=0):
    rng = np.random.default_rng(seed)
    model = dcbm(1500, 5, heterogeneity=heterogeneity, mean_degree=120, mixing=0.05, rng=rng)
    return advise(embed(sample_graph(model, rng, law="poisson"), 5))


def test_popularity_is_ranked_by_dot_where_it_varies_and_not_where_it_does_not():
    varied, equal = advice_for(LogNormal(0.8)), advice_for(Constant())
    assert [a.similarity for a in varied] == ["cosine", "within", "dot"]
    assert [a.similarity for a in equal] == ["cosine", "cosine", "dot"]
    assert varied[0].confidence > 0.9 and varied[1].confidence > 0.9
    assert "CV of 0.1" in equal[1].reason


def test_noise_gets_no_confidence():
    rng = np.random.default_rng(0)
    noise = Embedding(np.ones(30), rng.standard_normal((800, 30)))
    assert advise(noise)[0].confidence == 0.0


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
