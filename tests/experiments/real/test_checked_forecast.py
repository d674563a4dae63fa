"""A forecast from the earlier part of a dated log beside the later one: growth with truth, and nothing to check."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse, stats

import theory
from experiments import RealMatrix, check_forecast, trust_of
from experiments.real.checked_forecast import corrected, seen_overlap
from experiments.real.dated_snapshots import dated_logs, how_it_grew
from simulate import grow_log


def dated(seed=0, contexts=2000, items=150, by="contexts"):
    """A log of three tastes whose interactions have uniform dates."""
    rng = np.random.default_rng(seed)
    block, popularity = np.arange(items) % 3, rng.lognormal(0, 0.7, items)
    taste = np.where(np.arange(contexts)[:, None] % 3 == block, 0.08, 0.005) * popularity
    log = sparse.csr_array((rng.random(taste.shape) < taste).astype(float))
    growing = grow_log(log, rng, by=by)
    order = np.lexsort((growing.columns, growing.rows))
    return RealMatrix("toy", interactions=log, times=growing.times[order])


def test_the_dates_say_how_the_log_grew():
    for by in ("contexts", "interactions"):
        assert how_it_grew(*dated_logs(dated(by=by), share=0.8)) == by


def test_the_forecast_of_the_earlier_part_is_what_is_seen_later():
    errors, inside, ranks = [], [], []
    for seed in range(3):
        checked = check_forecast(dated(seed), 3, np.random.default_rng(seed), k=10, share=0.3)
        errors.append(checked.trust.forecast.mean() - checked.seen.mean())
        inside.append(checked.inside)
        ranks.append(checked.rank_correlation)
        assert checked.by == "contexts" and 0.25 < checked.trust.share < 0.35
        assert (
            "checked on the dates" in checked.sentence
            and f"{checked.seen.mean():.0%} stayed" in checked.sentence
        )
    # all lists of a taste change together: the mean over items of one log is off by some 0.1, and with it who lies inside
    assert abs(np.mean(errors)) < 0.1 and np.mean(inside) > 0.6 and np.mean(ranks) > 0.1


def test_what_is_seen_is_the_overlap_of_lists_and_nothing_for_an_item_that_has_gone():
    log = dated().interactions
    one = theory.analyse(log, 3, kind="interactions")
    fewer = sparse.csr_array(log @ sparse.diags_array((np.arange(150) != 7).astype(float)))
    fewer.eliminate_zeros()
    seen = seen_overlap(one, theory.analyse(fewer, 3, kind="interactions"), 3, 10, "dot")
    assert seen[one.items == 7].tolist() == [0.0] and seen.mean() > 0.8


def test_nothing_is_checked_without_dates_or_before_anything_is_there():
    real = dated()
    rng = np.random.default_rng(0)
    assert check_forecast(RealMatrix("toy", interactions=real.interactions), 3, rng) is None
    one_day = RealMatrix("toy", interactions=real.interactions, times=np.ones(real.interactions.nnz))
    assert check_forecast(one_day, 3, rng) is None
    assert check_forecast(RealMatrix("toy", graph=sparse.csr_array(np.ones((9, 9)))), 3, rng) is None
    assert check_forecast(real, 3, rng, k=150) is None
    late = np.where(np.arange(real.interactions.nnz) < 3, 0.0, 1.0)
    assert check_forecast(RealMatrix("toy", interactions=real.interactions, times=late), 3, rng) is None


def test_the_forecast_of_ones_own_log_is_checked_and_named():
    real = dated()
    names = np.array([f"item {k}" for k in range(150)], dtype=object)
    real = RealMatrix("toy", interactions=real.interactions, times=real.times, items=names)
    found = trust_of(real, k=10, rank=3)
    table = found.table
    assert list(table.columns) == ["item", "forecast", "low", "high", "show"]
    assert table["item"].tolist() == [names[i] for i in found.trust.items]
    assert (table["show"] == "no").tolist() == (found.trust.forecast < 0.5).tolist()
    assert found.checked is not None and any("as its dates say" in note for note in found.notes)
    assert found.conclusion.startswith("of 150 items, ")
    plain = trust_of(RealMatrix("toy", interactions=real.interactions), k=10, rank=3)
    assert plain.checked is None and any("no dates to tell" in note for note in plain.notes)
    asked = trust_of(RealMatrix("toy", interactions=real.interactions), k=10, rank=3, by="interactions")
    assert any("as asked for" in note for note in asked.notes)
    assert asked.trust.forecast.mean() < plain.trust.forecast.mean()


def test_lists_that_should_not_be_shown_are_counted():
    rng = np.random.default_rng(1)
    noise = sparse.csr_array((rng.random((400, 80)) < 0.05).astype(float))
    found = trust_of(RealMatrix("noise", interactions=noise), k=10, rank=8, similarity="cosine")
    bad = int((found.table["show"] == "no").sum())
    assert bad > 40
    assert f"lists of {bad} should not be shown: less than half" in found.conclusion
    assert stats.spearmanr(found.table["low"], found.table["forecast"]).statistic > 0


def test_vectors_are_refused_and_dense_interactions_are_read(tmp_path):
    rows = np.random.default_rng(0).standard_normal((50, 4))
    np.save(tmp_path / "v.npy", rows)
    for source in (rows, str(tmp_path / "v.npy")):
        with pytest.raises(ValueError, match="holds vectors, which cannot be thinned"):
            trust_of(source)
    np.save(tmp_path / "log.npy", dated(contexts=300).interactions.toarray())
    assert len(trust_of(str(tmp_path / "log.npy"), kind="interactions", k=5, rank=3).table) > 100


def test_a_forecast_is_corrected_by_what_stayed_the_last_time():
    """Where h(f) = f / 2 stayed of what was forecast, half of the new forecast is expected, with the scatter that was seen."""
    checked = check_forecast(dated(), 3, np.random.default_rng(0), k=10)
    rng = np.random.default_rng(1)
    f = rng.random(len(checked.seen))
    off = 0.05 * rng.standard_normal(len(f))
    past = replace(checked.trust, forecast=f, spike=np.zeros(len(f), dtype=int))
    better = corrected(past, replace(checked, trust=past, seen=np.clip(f / 2 + off, 0, 1)))
    # an isotonic fit of 150 points of this scatter is off by some 0.02 on average
    assert np.abs(better.forecast - f / 2).mean() < 0.03
    assert 0.1 < (better.high - better.low).mean() < 0.25
    assert (np.diff(better.forecast[np.argsort(f)]) >= 0).all()
    none = replace(past, spike=np.where(np.arange(len(f)) < 10, -1, 0))
    assert not corrected(none, replace(checked, trust=past)).forecast[:10].any()
    few = replace(past, spike=np.where(np.arange(len(f)) < 99, 0, -1))
    assert corrected(past, replace(checked, trust=few)) is past


def test_the_forecast_of_a_dated_log_is_the_corrected_one():
    found = trust_of(dated(), k=10, rank=3)
    assert any("corrected by what stayed" in note for note in found.notes)
    plain = trust_of(RealMatrix("toy", interactions=dated().interactions), k=10, rank=3)
    assert not any("corrected" in note for note in plain.notes)
    assert not np.array_equal(found.trust.forecast, plain.trust.forecast)
