"""The rules agree with the truth where it is plain, and say no where there are no blocks."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse, stats

from simulate import BlockModel, Constant, LogNormal, dcbm, degree_preserving, sample_graph
from theory import parallel_analysis, spectral_edge, spikiness_knee, zhu_ghodsi_elbows


@pytest.mark.parametrize("blocks", [1, 6])
def test_parallel_analysis_cuts_at_the_edge_of_the_noise(blocks: int) -> None:
    rng = np.random.default_rng(5)
    model = dcbm(2000, blocks, heterogeneity=LogNormal(0.4, maximum=2.0), mean_degree=60, rng=rng)
    graph = sample_graph(model, rng, law="poisson")
    count, threshold = parallel_analysis(graph, 12, rng)
    # the null has the sampled degrees, whose own noise widens its bulk; over 24 samples the largest of its eigenvalues
    # lies 1.1 % above its edge with a scatter of 0.6 %. Noise alone passes the largest of 3 nulls once in 4, so the
    # count is not exact
    degrees = np.asarray(graph.sum(axis=1), dtype=float).ravel()
    null = BlockModel(degrees, np.zeros(len(degrees), int), [[1 / degrees.sum()]])
    assert threshold == pytest.approx(spectral_edge(null, "poisson"), rel=0.04)
    assert count >= blocks


def test_bad_input() -> None:
    with pytest.raises(ValueError, match="increase"):
        spikiness_knee([4, 2], [3, 3])
    with pytest.raises(ValueError, match="one length"):
        spikiness_knee([1, 2], [3])
    with pytest.raises(ValueError, match="peaks must hold at least one"):
        spikiness_knee([2], [])
    with pytest.raises(ValueError, match="row sums"):
        parallel_analysis(np.zeros((4, 4)), 2, np.random.default_rng(0))


@pytest.mark.parametrize(
    ("null", "noise"),
    [
        (sparse.csr_array((0, 0)), 0.0),
        (np.array([[3.0]]), 0.0),
        (np.array([[0.0, 2.0], [2.0, 0.0]]), 2.0),
        (np.ones((5, 5)), 0.0),
        (np.diag([3.0, -1.0, 0.5]), 1.0),
    ],
)
def test_a_null_that_has_hardly_an_item_has_the_noise_that_it_has(null, noise) -> None:
    matrix = np.diag([4.0, 1.5, 0.0, 0.0])
    count, threshold = parallel_analysis(matrix, 3, np.random.default_rng(0), null=lambda rng: null)
    assert threshold == pytest.approx(noise)
    # a dimension beyond the rank of the matrix passes no threshold, not even 0
    assert count == (1 if noise == 2.0 else 2)


def test_elbows_are_the_drops_of_the_magnitudes() -> None:
    assert zhu_ghodsi_elbows([-9.0, 9.1, 1.0, -1.1, 0.9, 1.05, 0.1, 0.11, 0.12], 2) == [2, 6]


def test_elbows_where_there_is_nothing_to_split() -> None:
    assert zhu_ghodsi_elbows([2.0, 2.0, 2.0, 2.0]) == [4]
    assert zhu_ghodsi_elbows([5.0, 5.0, 1.0, 1.0], 1) == [2]
    assert zhu_ghodsi_elbows([3.0]) == []


@pytest.mark.slow  # graspologic takes seconds to import
def test_elbows_are_those_of_graspologic(graspologic) -> None:
    select_dimension = graspologic("embed").select_dimension
    rng = np.random.default_rng(0)
    for size in (3, 5, 20, 100, 256):
        for values in (rng.random(size), rng.standard_normal(size) ** 2, 2.0 ** -np.arange(min(size, 40))):
            theirs, _ = select_dimension(np.sort(np.abs(values))[::-1], n_elbows=3)
            assert zhu_ghodsi_elbows(values, 3) == [int(elbow) for elbow in theirs]


@pytest.mark.parametrize("unit", [0.01, 100.0])
def test_the_default_null_refuses_weights_in_another_unit_and_swaps_of_edges_need_none(unit):
    rng = np.random.default_rng(0)
    model = dcbm(150, 3, heterogeneity=Constant(), mean_degree=20, mixing=0.1, rng=rng)
    graph = sample_graph(model, rng, dtype=np.float64)
    with pytest.raises(ValueError, match="must hold counts"):
        parallel_analysis(unit * graph, 5, rng)
    counts = [
        parallel_analysis(
            u * graph,
            40,
            np.random.default_rng(1),
            null=lambda draws, u=u: degree_preserving(u * graph, draws),
        )[0]
        for u in (1.0, unit)
    ]
    assert counts[0] == counts[1] >= 3


def test_eigenvalues_are_computed_until_one_does_not_pass(monkeypatch):
    import theory.analysis.truncation as room

    ranks, whole = [], room.embed
    monkeypatch.setattr(room, "embed", lambda a, rank, **k: ranks.append(rank) or whole(a, rank, **k))
    matrix = np.diag(np.r_[np.arange(100.0, 60.0, -1.0), np.full(80, 1.0)])
    null = np.diag([5.0, 2.0, 1.0])
    arguments = (matrix, 110, np.random.default_rng(0))
    assert parallel_analysis(*arguments, null=lambda rng: null)[0] == 40
    assert ranks[-2:] == [32, 64]
    ranks.clear()
    known = np.r_[np.arange(100.0, 60.0, -1.0), 1.0]
    assert parallel_analysis(*arguments, null=lambda rng: null, known=known)[0] == 40
    assert set(ranks) <= {2}


@pytest.mark.parametrize(
    "operator", ["normalised-laplacian", "modularity", "non-backtracking", "bethe-hessian"]
)
def test_parallel_analysis_counts_the_communities_by_any_operator(operator: str) -> None:
    rng = np.random.default_rng(5)
    graph = sample_graph(dcbm(600, 4, heterogeneity=Constant(), mean_degree=30, rng=rng), rng, law="poisson")

    def null(rng: np.random.Generator) -> sparse.csr_array:
        return degree_preserving(graph, rng)

    count, _ = parallel_analysis(graph, 12, rng, null=null, operator=operator)
    # modularity has no dimension of the mean; noise passes three nulls once in four, so that one more is no fault
    assert count - (4 - (operator == "modularity")) in (0, 1)


def test_the_threshold_of_several_nulls_is_the_largest_of_their_seconds() -> None:
    nulls = iter([np.diag([9.0, 2.0, 1.0]), np.diag([7.0, -3.0, 0.5]), np.diag([8.0, 1.0, 0.2])])
    matrix = np.diag([10.0, 4.0, 2.5, 0.1])
    assert parallel_analysis(matrix, 3, np.random.default_rng(0), null=lambda rng: next(nulls)) == (2, 3.0)
    assert next(nulls, None) is None


@pytest.mark.parametrize(
    ("peaks", "knee"), [([4, 7, 13], 8), ([4, 8, 13], 2), ([5, 7, 13], 2), ([4, 7, 14], 4)]
)
def test_the_knee_is_where_the_peaks_pass_one_and_a_half_times_the_line(peaks, knee) -> None:
    """1.5 (f + 1) is 4.5, 7.5 and 13.5 at ranks 2, 4 and 8."""
    assert spikiness_knee([2, 4, 8], peaks) == knee


def test_the_elbow_has_the_largest_likelihood_of_two_normal_groups() -> None:
    """Every split tried by the normal density itself, with the variance about both means over n - 2 (n - 1 without a split)."""
    rng = np.random.default_rng(3)
    for size in (3, 4, 7, 20):
        for values in (rng.random(size), rng.standard_normal(size) ** 2, 1.0 / np.arange(1, size + 1)):
            ordered = np.sort(np.abs(values))[::-1]
            likelihoods = {}
            for q in range(1, size + 1):
                means = np.r_[
                    np.full(q, ordered[:q].mean()), np.full(size - q, ordered[q:].mean() if q < size else 0.0)
                ]
                freedom = size - 2 if q < size else size - 1
                spread = np.sqrt(((ordered - means) ** 2).sum() / freedom)
                likelihoods[q] = stats.norm.logpdf(ordered, means, spread).sum()
            assert zhu_ghodsi_elbows(values, 1) == [max(likelihoods, key=likelihoods.__getitem__)]


@pytest.mark.parametrize("unit", [2, 3, 0.5])
def test_the_default_null_refuses_counts_that_have_a_common_factor(unit) -> None:
    graph = unit * (np.ones((6, 6)) - np.eye(6))
    with pytest.raises(ValueError, match="matrix must hold counts"):
        parallel_analysis(graph, 2, np.random.default_rng(0))
