"""Neighbours between snapshots: against sets, aligned by names, by norm, popularity and spike, and intervals that cover."""

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from experiments import OwnMatrix, RealMatrix, stability_of
from experiments.real import one_snapshot as module
from experiments.real.clustered_means import fifths_of, mean_of_clusters


def vectors(name, rows, items=None):
    return OwnMatrix(name, "embedding", rows, None if items is None else np.array(items, dtype=object))


def lists(rows, k, similarity):
    """The neighbours of each row as a set, by sorting."""
    if similarity == "cosine":
        rows = rows / np.linalg.norm(rows, axis=1)[:, None]
    scores = rows @ rows.T
    np.fill_diagonal(scores, -np.inf)
    return [set(np.argsort(-s, kind="stable")[:k].tolist()) for s in scores]


def of(table, group, **where):
    for key, value in where.items():
        table = table[table[key] == value]
    return table[table["group"] == group]


@pytest.mark.parametrize("similarity", ["dot", "cosine"])
def test_overlaps_and_jaccard_against_sets_whatever_the_order_and_the_rotation(similarity):
    rng = np.random.default_rng(0)
    a = rng.standard_normal((80, 4))
    b = a + 0.4 * rng.standard_normal((80, 4))
    names = [f"i{k}" for k in range(80)]
    other = rng.permutation(80)
    turned = (b @ np.linalg.qr(rng.standard_normal((4, 4)))[0])[other]
    found = stability_of(
        [vectors("a", a, names), vectors("b", turned, [names[i] for i in other])], k=6, similarity=similarity
    )
    shared = np.array([len(s & t) for s, t in zip(lists(a, 6, similarity), lists(b, 6, similarity))])
    overlap, union = shared / 6, 12 - shared
    (whole,) = of(found.table, "all").itertuples()
    assert whole.items == 80 and whole.overlap == pytest.approx(overlap.mean())
    assert whole.jaccard == pytest.approx((shared / union).mean())
    norms = np.argsort(np.argsort(np.linalg.norm(a, axis=1))) // 16
    by_norm = of(found.table, "norm")
    assert by_norm["part"].tolist() == [1, 2, 3, 4, 5] and by_norm["items"].tolist() == [16] * 5
    np.testing.assert_allclose(by_norm["overlap"], [overlap[norms == part].mean() for part in range(5)])
    assert by_norm["overlap_low"].le(by_norm["overlap"]).all()
    assert "popularity" not in set(found.table["group"])
    assert found.conclusion.startswith("from a to b items keep ")


def test_a_new_item_pushes_an_old_one_out_and_items_that_come_or_go_are_counted():
    rng = np.random.default_rng(1)
    rows = rng.standard_normal((60, 3))
    names = [f"i{k}" for k in range(60)]
    loud = 50 * rows[:10]
    later = vectors("b", np.vstack([rows[5:], loud]), [*names[5:], *(f"new{k}" for k in range(10))])
    found = stability_of([vectors("a", rows, names), later], k=4)
    (whole,) = of(found.table, "all").itertuples()
    assert whole.items == 55
    assert whole.overlap < 0.5  # the loud ones stand in every list
    assert any("10 new, 5 gone" in note for note in found.notes)


def test_each_snapshot_beside_the_next_and_beside_the_last():
    rng = np.random.default_rng(2)
    rows = rng.standard_normal((50, 3))
    walk = [rows]
    for _ in range(3):
        walk.append(walk[-1] + 0.1 * rng.standard_normal((50, 3)))
    found = stability_of(walk, k=5)
    whole = of(found.table, "all")
    pairs = list(zip(whole["earlier"], whole["later"], whole["against"]))
    assert pairs == [(1, 2, "next"), (2, 3, "next"), (3, 4, "next"), (1, 4, "last"), (2, 4, "last")]
    by = whole.set_index(["earlier", "later"])["overlap"]
    assert by[1, 4] < by[2, 4] < by[3, 4]
    assert any("no names" in note for note in found.notes)


def test_logs_have_popularity_and_may_stand_beside_vectors():
    rng = np.random.default_rng(3)
    block = np.arange(60) % 3
    taste = np.where(np.arange(600)[:, None] % 3 == block, 0.3, 0.02) * rng.uniform(0.3, 1, 60)
    log = sparse.csr_array((rng.random(taste.shape) < taste).astype(float))
    names = np.array([f"i{k}" for k in range(60)], dtype=object)
    one = RealMatrix("log", interactions=log, items=names)
    found = stability_of([one, one, vectors("v", rng.standard_normal((60, 5)), names)], k=5, rank=3)
    first = of(found.table, "all", earlier=1, later=2)
    assert first["overlap"].tolist() == [1.0] and first["overlap_low"].tolist() == [1.0]
    assert len(of(found.table, "popularity", earlier=1, later=2)) == 5
    assert of(found.table, "all", earlier=2, later=3)["overlap"].iloc[0] < 0.4
    assert any("interactions, f = 3" in note for note in found.notes)


def test_spikes_are_those_of_the_last_snapshot():
    rng = np.random.default_rng(4)
    spike = np.arange(90) % 3
    calm, moved = np.eye(3)[spike] * rng.lognormal(0, 0.6, 90)[:, None], None
    moved = calm.copy()
    moved[spike == 1] *= rng.lognormal(0, 2.0, (30, 1))  # their order by dot product changes
    found = stability_of([calm, moved], k=5)
    by_spike = of(found.table, "spike")
    assert sorted(by_spike["items"]) == [30, 30, 30]
    assert sorted(by_spike["overlap"])[1:] == [1.0, 1.0] and by_spike["overlap"].min() < 0.6


def test_a_sample_of_the_items_is_the_same_in_every_snapshot(monkeypatch):
    monkeypatch.setattr(module, "MEASURED", 30)
    rows = np.random.default_rng(5).standard_normal((200, 4))
    found = stability_of([rows, rows[:], rows], k=5)
    assert of(found.table, "all")["items"].tolist() == [30] * 3
    assert (of(found.table, "all")["overlap"] == 1).all()
    assert any("30 items drawn at random" in note for note in found.notes)
    other = stability_of([rows, rows + 0.1], k=5, seed=1)
    assert of(other.table, "all")["items"].tolist() == [30]


def test_fifths_keep_equal_values_together():
    values = np.array([1.0] * 50 + [2.0] * 30 + [3.0] * 20)
    fifths = fifths_of(values)
    assert [set(fifths[values == v]) for v in (1.0, 2.0, 3.0)] == [{1}, {3}, {4}]


def test_intervals_of_means_cover_where_clusters_move_together():
    rng = np.random.default_rng(6)
    clusters = np.repeat(np.arange(40), 10)
    covered, plain = 0, 0
    for _ in range(300):
        values = np.clip(
            0.5 + 0.1 * rng.standard_normal(40)[clusters] + 0.05 * rng.standard_normal(400), 0, 1
        )
        _, low, high = mean_of_clusters(values, clusters)
        covered += low <= 0.5 <= high
        _, low, high = mean_of_clusters(values, np.full(400, -1))
        plain += low <= 0.5 <= high
    # binomial of 300 at 0.95: 285, standard deviation 4; items taken for independent cover far too seldom
    assert covered > 264 and plain < 200
    assert mean_of_clusters(np.array([0.3]), np.array([0])) == (0.3, 0.0, 1.0)


@pytest.mark.parametrize(
    ("sources", "options", "words"),
    [
        ([np.eye(5)], {}, "snapshots must be 2 to 60, oldest first; got 1"),
        ([np.eye(5)] * 61, {}, "got 61"),
        ("ab", {}, "got 'ab'"),
        ([np.eye(5), np.eye(6)], {"k": 2}, r"as many items each, matched by number; got 5 and 6"),
        ([np.eye(5), vectors("b", np.eye(5), list("abcde"))], {"k": 2}, "array has none"),
        (
            [vectors("a", np.eye(3), list("aab")), vectors("b", np.eye(3), list("abc"))],
            {"k": 1},
            "a names 'a' twice",
        ),
        (
            [vectors("a", np.eye(3), list("abc")), vectors("b", np.eye(3), list("xyz"))],
            {"k": 1},
            "a and b have none",
        ),
        (
            [np.eye(5), np.eye(5)],
            {"k": 5},
            "k must be less than the items with a direction, 5 in array; got 5",
        ),
        ([np.eye(5), np.eye(5)], {"k": 0}, "k must be"),
        ([np.eye(5), np.eye(5)], {"rank": 0}, "rank must be"),
        ([np.eye(5), np.eye(5)], {"similarity": "within"}, "similarity must be"),
    ],
)
def test_wrong_input_is_named(sources, options, words):
    with pytest.raises(ValueError, match=words):
        stability_of(sources, **options)


def test_the_table_is_one_of_numbers():
    rows = np.random.default_rng(7).standard_normal((40, 3))
    table = stability_of([rows, rows], k=3).table
    numbers = ["overlap", "overlap_low", "overlap_high", "jaccard", "jaccard_low", "jaccard_high"]
    assert table[numbers].to_numpy(dtype=float).max() == 1.0
    assert list(table.columns) == ["earlier", "later", "against", "group", "part", "items", *numbers]
    assert pd.api.types.is_integer_dtype(table["items"])


def test_snapshots_that_name_items_otherwise_are_refused_or_said():
    rng = np.random.default_rng(2)
    rows = rng.standard_normal((60, 4))
    spaced = [f"song {k}" for k in range(60)]
    few = [name if k < 5 else name.replace(" ", "_") for k, name in enumerate(spaced)]
    some = [name if k < 12 else name.replace(" ", "_") for k, name in enumerate(spaced)]
    with pytest.raises(ValueError, match="more than k = 5 items in common.* have 5"):
        stability_of([vectors("a", rows, spaced), vectors("b", rows, few)], k=5)
    found = stability_of([vectors("a", rows, spaced), vectors("b", rows, some)], k=5)
    assert any(
        "new are 'song_12' and 'song_13', gone are 'song 12' and 'song 13'" in note for note in found.notes
    )
