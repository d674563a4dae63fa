"""Labels that move, against the exact law of their Markov chain (false-alarm rate 1e-6)."""

import numpy as np
import pytest
from scipy import stats

from simulate import DynamicBlockModel, LogNormal, dcbm, moving_labels

ALARM = 1e-6


def model(n=30_000, sizes=None, seed=0):
    return dcbm(
        n, 3, heterogeneity=LogNormal(0.4), mean_degree=6, sizes=sizes, rng=np.random.default_rng(seed)
    )


def test_labels_have_the_law_of_their_chain():
    n, move = 30_000, 0.2
    first = model(sizes=[15_000, 10_000, 5_000])
    moving = moving_labels(first, 4, np.random.default_rng(1), move=move)
    assert np.array_equal(moving.labels[0], first.labels) and moving.labels.shape == (4, n)
    shares = np.array([1 / 2, 1 / 3, 1 / 6])
    tails = []
    for t in range(1, 4):
        stay = (1 - move) ** t
        for one in range(3):
            of_block = moving.labels[t][first.labels == one]
            for two in range(3):
                chance = stay * (one == two) + (1 - stay) * shares[two]
                tails.append(stats.binomtest(int((of_block == two).sum()), of_block.size, chance).pvalue)
    assert min(tails) * len(tails) > ALARM


def test_shares_say_where_nodes_move():
    moving = moving_labels(model(300), 2, np.random.default_rng(0), move=1.0, shares=[0.0, 1.0, 0.0])
    assert set(moving.labels[1]) == {1}
    still = moving_labels(model(300), 3, np.random.default_rng(0), move=0.0)
    assert (still.labels == still.labels[0]).all()


def test_each_snapshot_is_a_block_model_of_the_same_propensities():
    moving = moving_labels(model(60), 3, np.random.default_rng(0), move=0.5)
    for t in range(3):
        snapshot = moving.at(t)
        assert np.array_equal(snapshot.labels, moving.labels[t])
        assert np.array_equal(snapshot.propensities, moving.propensities)
    with pytest.raises(ValueError, match="snapshot must be an integer from 0 to 2; got 3"):
        moving.at(3)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: DynamicBlockModel([1.0], [0], [[1.0]]),
            r"labels must be a matrix, snapshots x nodes.*\(1,\)",
        ),
        (lambda: DynamicBlockModel([1.0], np.zeros((0, 1), int), [[1.0]]), "at least one snapshot"),
        (lambda: DynamicBlockModel([1.0], [[0], [1]], [[1.0]]), "labels must be integers from 0 to 0"),
        (lambda: DynamicBlockModel([1.0], [[0, 0]], [[1.0]]), "vectors of one length"),
        (
            lambda: moving_labels(model(9), 2, np.random.default_rng(0), move=0.1, shares=[0.5, 0.5]),
            "shares must be 3 numbers",
        ),
        (
            lambda: moving_labels(model(9), 2, np.random.default_rng(0), move=0.1, shares=[0.5, 0.7, 0.1]),
            "that sum to 1",
        ),
        (lambda: moving_labels(model(9), 0, np.random.default_rng(0), move=0.1), "n_snapshots must be"),
        (lambda: moving_labels(model(9), 2, np.random.default_rng(0), move=1.1), "move must be"),
    ],
)
def test_bad_input_is_refused_by_name(call, words):
    with pytest.raises(ValueError, match=words):
        call()
