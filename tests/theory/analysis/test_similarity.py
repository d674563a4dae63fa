import numpy as np
import pytest

from theory.analysis.similarity import ndcg_at_k, recall_at_k, top_k


def brute(v, k, include, allowed):
    out = np.full((len(v), k), -1)
    for i in range(len(v)):
        c = [j for j in range(len(v)) if (include or j != i) and allowed(i, j)]
        c = sorted(c, key=lambda j: (-(v[i] @ v[j]), j))[:k]
        out[i, : len(c)] = c
    return out


@pytest.mark.parametrize("block", [1, 7, 1000])
@pytest.mark.parametrize("include", [False, True])
def test_equals_brute_force_with_many_exact_ties(block, include):
    v = np.random.default_rng(1).integers(-2, 3, (60, 3)).astype(float)  # integer products: no rounding
    got = top_k(v, 9, include_query=include, block=block, queries_at_once=8).indices
    assert np.array_equal(got, brute(v, 9, include, lambda i, j: True))


def test_within_stays_in_the_spike_and_pads():
    v = np.random.default_rng(2).integers(-3, 4, (40, 3)).astype(float)
    m = np.arange(40) % 7 - 1
    got = top_k(v, 9, similarity="within", membership=m, block=11).indices
    assert np.array_equal(got, brute(v, 9, False, lambda i, j: m[i] == m[j] and m[i] >= 0))
    assert (got == -1).any()


def test_cosine_forgets_norms_and_leaves_zero_rows_out():
    v = np.random.default_rng(3).standard_normal((50, 4))
    v[5] = 0
    got = top_k(v, 48, similarity="cosine").indices
    assert not (np.delete(got, 5, 0) == 5).any() and (got[5] == -1).all()
    scaled = v * np.exp2(np.arange(50) % 5)[:, None]  # powers of two: exact
    assert np.array_equal(got, top_k(scaled, 48, similarity="cosine").indices)


def test_metrics_by_hand():
    assert recall_at_k([[1, -1, 4]], [{1, 4, 8}])[0] == pytest.approx(2 / 3)
    assert ndcg_at_k([[0, 1]], [{1}])[0] == pytest.approx(1 / np.log2(3))
    assert np.isnan(recall_at_k([[1]], [set()])[0])


def test_errors():
    v = np.eye(3)
    with pytest.raises(ValueError, match="k must be"):
        top_k(v, 3)
    with pytest.raises(ValueError, match="membership"):
        top_k(v, 1, similarity="within")
    with pytest.raises(ValueError, match="shape"):
        top_k(v, 1, similarity="within", membership=[0])
    with pytest.raises(ValueError, match="queries"):
        top_k(v, 1, queries=[7])


def test_one_query_and_one_row_at_a_time_give_the_same_neighbours():
    x = np.random.default_rng(0).standard_normal((40, 3))
    whole = top_k(x, 5)
    apart = top_k(x, 5, block=1, queries_at_once=1)
    assert np.array_equal(whole.indices, apart.indices)
    np.testing.assert_allclose(
        whole.scores, apart.scores, rtol=1e-14
    )  # products of other shapes round otherwise


def test_item_zero_can_be_found_and_minus_one_cannot():
    assert recall_at_k([[0, 4]], [{0, 9}]).tolist() == [0.5]
    assert recall_at_k([[-1, 4]], [{4, -1}]).tolist() == [0.5]


def test_hits_are_counted_query_by_query_and_no_item_is_no_hit():
    rng = np.random.default_rng(7)
    found = rng.integers(-1, 30, (40, 6))
    relevant = [set(rng.integers(-1, 30, rng.integers(0, 5)).tolist()) for _ in found]
    for row, wanted, recall, ndcg in zip(
        found, relevant, recall_at_k(found, relevant), ndcg_at_k(found, relevant)
    ):
        hits = [
            j >= 0 and j in wanted and j not in row.tolist()[:place] for place, j in enumerate(row.tolist())
        ]
        if not wanted:
            assert np.isnan(recall) and np.isnan(ndcg)
            continue
        assert recall == sum(hits) / len(wanted)
        gains = 1 / np.log2(np.arange(len(row)) + 2)
        assert ndcg == pytest.approx(gains[hits].sum() / gains[: len(wanted)].sum())


@pytest.mark.parametrize(
    ("found", "relevant", "recall", "ndcg"),
    [
        ([1, 1], {1}, 1.0, 1.0),
        ([1, 1, 1], {1}, 1.0, 1.0),
        ([1, 1], {1, 2}, 0.5, 1 / (1 + 1 / np.log2(3))),
        ([1, 1, 2], {1, 2}, 1.0, (1 + 1 / 2) / (1 + 1 / np.log2(3))),  # the repeat keeps its place
        ([-1, -1, 1], {1, -1}, 0.5, (1 / 2) / (1 + 1 / np.log2(3))),
        ([1, 2], {1, 2, 3, 4}, 0.5, 1.0),
        ([1, 2], [2, 2], 1.0, 1 / np.log2(3)),  # a list of relevant items that names one twice
        ([], {1}, 0.0, 0.0),
    ],
)
def test_an_item_counts_once_at_its_first_place(found, relevant, recall, ndcg):
    assert recall_at_k([found], [relevant])[0] == pytest.approx(recall)
    assert ndcg_at_k([found], [relevant])[0] == pytest.approx(ndcg)


@pytest.mark.parametrize("metric", [recall_at_k, ndcg_at_k])
@pytest.mark.parametrize(
    ("found", "relevant", "message"),
    [
        ([[1.5, 2.0]], [{1}], "found must hold integers"),
        ([[1, 2]], [{1.5}], "relevant must hold integers"),
        ([[1, 2]], [{"1"}], "relevant must hold integers"),
        ([[1, 2]], [{1: -3.0}], "without gains"),
        ([[1, 2]], [{1}, {2}], "2 rows"),
        ([1, 2], [{1}], "1 rows"),
    ],
)
def test_lists_that_are_no_lists_of_items_are_refused(metric, found, relevant, message):
    with pytest.raises(ValueError, match=message):
        metric(found, relevant)
