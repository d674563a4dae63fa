"""Recipes of models: the mean degree is reached, labels are shuffled, and bad numbers are refused by name."""

import numpy as np
import pytest

from simulate import (
    BlockModel,
    Constant,
    LogNormal,
    Pareto,
    Zipf,
    bipartite_dcbm,
    dcbm,
    nested_blocks,
    sbm,
)


def test_dcbm_hits_its_mean_degree_with_shuffled_labels_and_sizes_as_equal_as_possible():
    model = dcbm(101, 4, heterogeneity=Pareto(2.5), mean_degree=7.0, mixing=0.2, rng=np.random.default_rng(0))
    assert model.expected_degrees().mean() == pytest.approx(7.0, rel=1e-12)
    assert np.bincount(model.labels).tolist() == [26, 25, 25, 25]
    assert (np.diff(model.labels) < 0).any()
    assert model.affinity[0, 1] / model.affinity[0, 0] == pytest.approx(0.2)


def test_sizes_are_taken_as_given_and_an_empty_block_stays():
    model = sbm(10, 3, mean_degree=2.0, sizes=[7, 0, 3], rng=np.random.default_rng(0))
    assert np.bincount(model.labels, minlength=3).tolist() == [7, 0, 3]
    assert model.n_blocks == 3
    assert len(model.spectrum()[0]) == 2


def test_the_defaults_of_a_dcbm_are_a_tenth_of_mixing_and_blocks_as_equal_as_can_be():
    model = dcbm(11, 2, heterogeneity=Constant(), mean_degree=3, rng=np.random.default_rng(0))
    assert model.affinity[0, 1] / model.affinity[0, 0] == pytest.approx(0.1)
    assert np.bincount(model.labels).tolist() == [6, 5]
    one = dcbm(11, 1, heterogeneity=Constant(), mean_degree=3, rng=np.random.default_rng(0))
    assert one.affinity.shape == (1, 1)


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"rng": 3}, TypeError, "rng must be a numpy.random.Generator"),
        ({"sizes": [3, 3]}, ValueError, "sum to n = 10; got .3, 3."),
        ({"sizes": [12, -2]}, ValueError, "non-negative"),
        ({"mean_degree": 0.0}, ValueError, "mean_degree must be a number above 0; got 0"),
        ({"mean_degree": float("nan")}, ValueError, "mean_degree"),
        ({"mixing": -0.1}, ValueError, "mixing"),
        ({"n": 0}, ValueError, "n must be an integer of at least 1; got 0"),
        ({"n_blocks": 0}, ValueError, "n_blocks"),
        ({"n": 2.5}, TypeError, "n must be an integer"),
    ],
)
def test_bad_parameters_are_refused_by_name(change, error, words):
    arguments = {"n": 10, "n_blocks": 2, "mean_degree": 2.0, "rng": np.random.default_rng(0)} | change
    n, n_blocks = arguments.pop("n"), arguments.pop("n_blocks")
    with pytest.raises(error, match=words):
        dcbm(n, n_blocks, heterogeneity=Constant(), **arguments)


def test_density_affinity_and_normalisation():
    rng = np.random.default_rng(0)
    affinity = [[0.1, 1.0], [1.0, 0.1]]
    model = dcbm(50, 2, heterogeneity=LogNormal(0.5), density=0.2, affinity=affinity, rng=rng)
    assert model.density == pytest.approx(0.2)
    assert model.affinity[0, 1] / model.affinity[0, 0] == pytest.approx(10)
    normal = model.normalised()
    assert normal.block_sums() == pytest.approx([25, 25])
    assert normal.probability(3, 4) == pytest.approx(model.probability(3, 4))
    for arguments in ({}, {"mean_degree": 3, "density": 0.1}):
        with pytest.raises(ValueError, match="mean_degree or density"):
            dcbm(50, 2, heterogeneity=LogNormal(0.5), rng=rng, **arguments)
    with pytest.raises(ValueError, match="affinity must be 2 x 2"):
        dcbm(50, 2, heterogeneity=LogNormal(0.5), mean_degree=3, affinity=[[1.0]], rng=rng)


def test_nested_blocks_have_two_levels():
    affinity = nested_blocks(3, 2, within=1.0, between=0.4, outside=0.1)
    model = BlockModel(np.ones(60), np.arange(60) % 6, affinity)
    values = model.spectrum()[0] / 10
    # eigenvalues: everything, contrasts of groups (twice), contrasts inside groups (three times)
    assert np.allclose(values, [1 + 0.4 + 4 * 0.1, 1.2, 1.2, 0.6, 0.6, 0.6])


def test_groups_and_affinities_out_of_range_are_refused():
    with pytest.raises(ValueError, match="within"):
        nested_blocks(2, 2, within=-1.0)
    with pytest.raises(ValueError, match="groups"):
        nested_blocks(0, 2)


@pytest.mark.parametrize("length_cv", [0.0, 0.7])
def test_a_bipartite_recipe_has_its_mean_length_and_mixing(length_cv):
    model = bipartite_dcbm(
        900,
        60,
        3,
        heterogeneity=Zipf(0.8),
        mean_length=4.0,
        length_cv=length_cv,
        mixing=0.2,
        rng=np.random.default_rng(0),
    )
    assert model.expected_context_degrees().mean() == pytest.approx(4.0)
    assert model.affinity[0, 1] / model.affinity[0, 0] == pytest.approx(0.2)
    assert np.bincount(model.contexts.labels).tolist() == [300] * 3
    assert np.bincount(model.items.labels).tolist() == [20] * 3
    assert (np.diff(model.items.labels) < 0).any() and (np.diff(model.contexts.labels) < 0).any()
    assert sorted(model.items.propensities) == pytest.approx(np.arange(60, 0, -1.0) ** -0.8)
    lengths = model.contexts.propensities
    # 900 gamma variates of this spread: the standard error of their CV is below 0.03
    assert lengths.std() / lengths.mean() == pytest.approx(length_cv, abs=0.15)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"n_blocks": 7}, "n_blocks must be an integer from 1 to 6; got 7"),
        ({"mean_length": 0.0}, "mean_length must be a number above 0"),
        ({"length_cv": -0.1}, "length_cv"),
        ({"mixing": -0.1}, "mixing"),
    ],
)
def test_a_bipartite_recipe_refuses_bad_numbers_by_name(change, words):
    arguments = {
        "n_contexts": 9,
        "n_items": 6,
        "n_blocks": 2,
        "heterogeneity": Constant(),
        "mean_length": 2.0,
    } | change
    with pytest.raises(ValueError, match=words):
        bipartite_dcbm(**arguments, rng=np.random.default_rng(0))


def test_groups_may_have_nothing_in_common_and_a_single_block():
    assert nested_blocks(2, 1, outside=0.0).tolist() == [[1.0, 0.0], [0.0, 1.0]]
    assert nested_blocks(1, 2, within=0.0, between=0.0).tolist() == [[0.0, 0.0], [0.0, 0.0]]
