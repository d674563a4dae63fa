"""The forecast for each item: true growth with truth, what cannot be forecast, and the share to which data are thinned."""

import numpy as np
import pytest
from scipy import sparse, stats

import theory
from experiments import forecast_trust
from experiments.real.trust import kept_share
from simulate import LogNormal, dcbm, grow_graph, sample_graph


def growing(seed, n=400, blocks=4, degree=40.0, share=0.2):
    """A graph and the same graph grown by a share."""
    rng = np.random.default_rng(seed)
    model = dcbm(n, blocks, mean_degree=degree * (1 + share), heterogeneity=LogNormal.from_cv(1.0), rng=rng)
    later = sample_graph(model, rng, law="poisson")
    return grow_graph(later, rng).at(1 / (1 + share)), later


def seen(now, later, rank, k, similarity):
    """The overlap of each item's neighbours, with sets."""
    lists = []
    for graph in (now, later):
        vectors = theory.embed(graph, rank).vectors("full")
        live = np.flatnonzero(vectors.any(axis=1))
        near = theory.top_k(vectors[live], k, similarity=similarity).indices
        lists.append({int(i): set(live[row].tolist()) for i, row in zip(live, near)})
    now_, later_ = lists
    return np.array([len(now_.get(i, set()) & later_.get(i, set())) / k for i in range(now.shape[0])])


@pytest.mark.parametrize("similarity", ["dot", "cosine"])
def test_the_forecast_is_what_is_seen_when_the_graph_grows(similarity):
    forecasts, overlaps, inside, ranks = [], [], [], []
    for seed in range(3):
        now, later = growing(seed)
        trust = forecast_trust(now, "graph", 4, np.random.default_rng(seed), similarity=similarity)
        found = seen(now, later, 4, 20, similarity)
        forecasts.append(trust.forecast.mean())
        overlaps.append(found.mean())
        inside.append(((trust.low <= found) & (found <= trust.high)).mean())
        ranks.append(stats.spearmanr(trust.forecast, found).statistic)
    # all lists of a spike move together, so that the means of three graphs differ by up to 0.1
    assert abs(np.mean(forecasts) - np.mean(overlaps)) < 0.12
    assert np.mean(inside) > 0.7
    assert np.mean(ranks) > 0.15


def test_an_item_without_a_direction_keeps_nothing_and_its_list_is_not_shown():
    now, _ = growing(0)
    alone = sparse.block_diag([now, sparse.csr_array((3, 3))], format="csr")
    trust = forecast_trust(alone, "graph", 4, np.random.default_rng(0))
    assert len(trust.items) == 403
    assert not trust.forecast[-3:].any() and not trust.high[-3:].any() and trust.not_shown[-3:].all()
    assert (trust.spike[-3:] == -1).all()
    said = trust.as_dict()
    assert said["items"] == 403 and said["not_shown"] == int((trust.forecast < 0.5).sum()) >= 3
    assert said["surely_not"] <= said["not_shown"]


def test_the_same_generator_gives_the_same_forecast_and_a_given_analysis_changes_nothing():
    now, _ = growing(1, n=300)
    found = theory.analyse(now, 6, kind="graph", tol=1e-8)
    one = forecast_trust(now, "graph", 4, np.random.default_rng(0))
    two = forecast_trust(now, "graph", 4, np.random.default_rng(0), found=found)
    # more dimensions are cut to the same four: the vectors agree up to their residual
    np.testing.assert_allclose(one.forecast, two.forecast, atol=0.02)
    assert one.rank == two.rank == 4
    np.testing.assert_array_equal(
        one.forecast, forecast_trust(now, "graph", 4, np.random.default_rng(0)).forecast
    )


def test_a_log_that_grows_by_single_interactions_loses_more_than_one_that_grows_by_contexts():
    rng = np.random.default_rng(0)
    block = np.arange(120) % 3
    taste = np.where(np.arange(900)[:, None] % 3 == block, 0.15, 0.01)
    log = sparse.csr_array((rng.random(taste.shape) < taste).astype(float))
    means = [
        forecast_trust(
            log, "interactions", 3, np.random.default_rng(0), k=10, similarity="cosine", by=by
        ).forecast.mean()
        for by in ("contexts", "interactions")
    ]
    assert 1 > means[0] > means[1] + 0.02


def test_data_that_vanish_when_thinned_keep_nothing():
    # a pair of items needs two contexts: many of the thinned logs have no two items to compare
    log = np.array([[1.0, 1.0, 0.0, 0.0]] * 2 + [[0.0, 0.0, 1.0, 1.0]] * 2)
    trust = forecast_trust(log, "interactions", 1, np.random.default_rng(1), k=1, share=1.0, draws=8)
    assert len(trust.forecast) == 4 and 0 < trust.forecast.max() < 0.9


def test_fewer_items_are_measured_where_pairs_are_too_many(monkeypatch):
    from experiments.real import trust as module

    now, _ = growing(2)
    monkeypatch.setattr(module, "SCORES", 400 * 200)
    trust = forecast_trust(now, "graph", 4, np.random.default_rng(0))
    assert trust.measured.size == 200 and trust.seen.shape == (4, 200) and len(trust.forecast) == 400
    assert 0.5 < trust.forecast.mean() < 1 and (trust.high >= trust.forecast).all()


def test_the_share_that_is_kept():
    # variance over length: g / (1 + g) forward, 1 / p - 1 backward
    for share in (0.1, 0.2, 1.0):
        assert 1 / kept_share(share, "dot") - 1 == pytest.approx(share / (1 + share))
        assert kept_share(share, "cosine") == pytest.approx(1 / (1 + share))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"share": 0.0}, "share must be"),
        ({"share": 1.5}, "share must be"),
        ({"k": 0}, "k must be"),
        ({"k": 299}, "k must be an integer from 1 to 298"),
        ({"draws": 1}, "draws must be"),
        ({"similarity": "within"}, "similarity must be"),
        ({"by": "items"}, "by must be"),
    ],
)
def test_wrong_input_is_named(wrong, words):
    now, _ = growing(3, n=300)
    with pytest.raises(ValueError, match=words):
        forecast_trust(now, "graph", 4, np.random.default_rng(0), **wrong)


def test_vectors_alone_cannot_be_thinned():
    with pytest.raises(ValueError, match="kind must be"):
        forecast_trust(np.eye(30), "embedding", 4, np.random.default_rng(0))


def test_of_large_data_fewer_thinned_ones_are_analysed(monkeypatch):
    from experiments.real import trust as module

    now, _ = growing(4, n=200)
    monkeypatch.setattr(module, "LARGE", 100)
    assert forecast_trust(now, "graph", 4, np.random.default_rng(0)).draws == 2
    assert forecast_trust(now, "graph", 4, np.random.default_rng(0), draws=3).draws == 3
