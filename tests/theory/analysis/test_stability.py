"""Overlap and Jaccard of neighbours against sets, and what has no direction."""

import numpy as np
import pytest

from theory import align, shared_neighbours, stability


def test_overlap_and_jaccard_against_sets():
    rng = np.random.default_rng(0)
    a = rng.standard_normal((60, 3))
    b = a + 0.3 * rng.standard_normal((60, 3))
    got = stability(a, b, 7, rng=rng, n_quantiles=3, n_queries=60)
    order = np.argsort((a**2).sum(1), kind="stable")
    for number, part in enumerate(np.array_split(order, 3)):
        o = []
        for i in part:
            s, t = (set([j for j in np.argsort(-(x @ x[i]), kind="stable") if j != i][:7]) for x in (a, b))
            o.append((len(s & t) / 7, len(s & t) / len(s | t)))
        assert got.overlap[number] == pytest.approx(np.mean(o, axis=0)[0])
        assert got.jaccard[number] == pytest.approx(np.mean(o, axis=0)[1])


def test_authors_measure_counts_the_query_itself():
    rng = np.random.default_rng(1)
    a, b = rng.standard_normal((2, 50, 4))
    got = stability(a, b, 1, rng=rng, similarity="cosine", within_part=True, include_query=True)
    assert got.overlap.tolist() == [1.0] * 5  # at k = 1 the only neighbour is the query, whatever the data


@pytest.mark.parametrize("similarity", ["dot", "cosine"])
def test_rows_without_a_direction_in_either_snapshot_are_left_out(similarity):
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((2, 60, 3))
    options = {"similarity": similarity, "n_quantiles": 2, "n_queries": 60}
    plain = stability(x, y, 4, rng=np.random.default_rng(1), **options)
    some = np.zeros((3, 3))
    padded = np.vstack([x, some, y[:2]]), np.vstack([y, x[:3], np.zeros((2, 3))])
    found = stability(*padded, 4, rng=np.random.default_rng(1), **options)
    assert found.n_zero == 5 and plain.n_zero == 0
    np.testing.assert_array_equal(found.overlap, plain.overlap)
    with pytest.raises(ValueError, match="k must be an integer from 1 to 59"):
        stability(*padded, 60, rng=rng, similarity=similarity, n_quantiles=1)


def test_errors():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="share items"):
        align(["a"], ["b"])
    with pytest.raises(ValueError, match="unique"):
        align(["a", "a"], ["a"])
    with pytest.raises(ValueError, match="k must be"):
        stability(np.eye(10), np.eye(10), 2, rng=rng, within_part=True)
    with pytest.raises(ValueError, match="same items"):
        stability(np.eye(10), np.eye(9), 2, rng=rng)


def test_shared_neighbours_against_sets():
    rng = np.random.default_rng(2)
    lists = [np.array([rng.permutation(12)[:5] for _ in range(50)]) for _ in range(2)]
    lists[0][:10, -2:] = -1
    lists[1][5:15, -1] = -1
    wanted = [len((set(a) & set(b)) - {-1}) / 5 for a, b in zip(*(x.tolist() for x in lists))]
    assert shared_neighbours(*lists).tolist() == wanted
    for wrong in (
        (lists[0], lists[1][:, :4]),
        (np.ones((2, 2)), np.ones((2, 2))),
        (np.zeros((2, 0), int),) * 2,
    ):
        with pytest.raises(ValueError, match="first and second must"):
            shared_neighbours(*wrong)
