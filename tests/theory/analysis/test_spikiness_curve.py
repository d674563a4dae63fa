"""A curve of Spk against one search for each rank."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from theory import Embedding, default_ranks, embed, spikiness, spikiness_curve


@pytest.mark.parametrize("scaling", ["unit", "half", "full"])
def test_a_curve_is_one_search_a_rank(scaling):
    rng = np.random.default_rng(1)
    basis = np.linalg.qr(rng.standard_normal((200, 10)))[0]
    embedding = Embedding(np.array([9, -8, 7, 6, -5, 4, 3, 2, -1, 0.5]), basis)
    curve = spikiness_curve(embedding, [2, 5, 10], scaling, cosine=0.8, coverage=0.7)
    for rank, peaks, value in zip(curve.ranks, curve.n_peaks, curve.values):
        alone = spikiness(embedding.vectors(scaling, int(rank)), cosine=0.8, coverage=0.7)
        assert (peaks, value) == (alone.n_peaks, alone.value)


def test_without_ranks_the_curve_ends_at_the_rank_of_the_embedding():
    embedding = Embedding(np.arange(20.0, 0, -1), np.eye(30, 20))
    assert spikiness_curve(embedding).ranks.tolist() == default_ranks(20) == [2, 3, 4, 6, 8, 12, 16, 20]


@pytest.mark.parametrize("ranks", [[3], [], [0]])
def test_ranks_out_of_range_are_named(ranks):
    with pytest.raises(ValueError, match="ranks"):
        spikiness_curve(Embedding(np.array([2.0, 1.0]), np.eye(2)), ranks)


def test_the_curve_ends_where_the_matrix_does_and_says_so():
    a = np.zeros((700, 700))
    a[:300, 300:600] = a[300:600, :300] = 1
    curve = spikiness_curve(embed(a, 16), [1, 2, 4, 16])
    assert curve.ranks.tolist() == [1, 2] and "rank 2" in curve.notes[0]
    assert [one.n_zero for one in curve.spikes] == [100, 100] and curve.n_peaks[1] == 2
    assert spikiness_curve(embed(a, 16), [8, 16], "unit").ranks.tolist() == [2]
    assert spikiness_curve(embed(a, 2), [2]).notes == ()
    with pytest.raises(ValueError, match="ranks must"):
        spikiness_curve(embed(a, 16), [17])
    with pytest.raises(ValueError, match="embedding must have at least one dimension"):
        spikiness_curve(embed(np.zeros((4, 4)), 2), [2])


def test_a_curve_shows_itself():
    rows = np.kron(np.eye(3), np.ones((1, 4)))
    curve = spikiness_curve(Embedding(np.array([4.0, 4.0, 4.0]), rows.T / 2), [1, 2, 3], coverage=1.0)
    assert repr(curve) == "SpikinessCurve(1 peak at f = 1, 3 peaks at f = 3)"
    frame = curve.to_frame()
    assert frame["f"].tolist() == frame["n_peaks"].tolist() == [1, 2, 3]
    assert frame["spk"].tolist() == curve.values.tolist() == [1 / 4, 2 / 8, 3 / 12]
    assert (
        frame["covered"].tolist() == frame["n_rows"].tolist() == [4, 8, 12]
        and not frame["n_singletons"].any()
    )
    axis = Figure().subplots()
    assert curve.plot(axis) is axis
    assert axis.lines[0].get_xydata().tolist() == [[1, 25.0], [2, 25.0], [3, 25.0]]
    assert "25.000%" in curve._repr_html_()
