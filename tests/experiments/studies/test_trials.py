"""Registered trials: every dial of noise is swept by a study file, and a graph grows as its parameters say."""

import numpy as np
import pytest

from experiments.studies.noise_dials import DIALS, corrupted
from experiments.studies.study_file import read_study
from experiments.studies.trials import TRIALS
from simulate import sample_graph, sbm

STRONG = {
    "mislabelled": 0.4,
    "dropped": 0.8,
    "rewired": 0.8,
    "background": 150.0,
    "background_of_one_block": 30.0,
    "weight_cv": 3.0,
    "gaussian": 0.8,
}


def rows(tmp_path, text):
    """The rows of a study file at seed 0, each with its cell."""
    path = tmp_path / "study.toml"
    path.write_text(text, encoding="utf-8")
    study = read_study(path)
    return [(task.cell, study.trial(task.cell, study.generators(task))) for task in study.tasks(0)]


@pytest.mark.parametrize("dial", [name for name in DIALS if name != "weight_law"])
def test_a_study_file_sweeps_every_dial_and_zero_changes_nothing(dial, tmp_path):
    study = "trial = 'spikes_of_a_block_model'\n[grid]\n{}\n[fixed]\nn = 300\nmean_degree = 25\nscaling = 'unit'\n"
    (_, plain), *_ = rows(tmp_path, study.format("sigma = 0.6"))
    (_, off), (cell, on) = rows(tmp_path, study.format(f"{dial} = [0, {STRONG[dial]}]"))
    assert off == plain and cell[dial] == STRONG[dial]
    # the same propensities: the generator of the model does not depend on the noise
    assert on["cv_theta"] == plain["cv_theta"]
    if dial == "background_of_one_block":
        assert on != plain  # that block only becomes louder: its rows stay on their ray
    else:
        assert on["on_own_ray"] < plain["on_own_ray"] - 0.1


@pytest.mark.parametrize(("law", "cv"), [("gaussian", 0.5), ("poisson", 1.0)])
def test_a_study_file_names_the_law_of_the_weights(law, cv, tmp_path):
    study = "trial = 'spikes_of_a_block_model'\n[fixed]\nn = 200\nweight_law = '{}'\nweight_cv = {}\n"
    ((_, row),) = rows(tmp_path, study.format(law, cv))
    ((_, default),) = rows(tmp_path, study.format("lognormal", cv))
    assert row["on_own_ray"] > 0.5 and row != default
    with pytest.raises(ValueError, match="cv must be 1 for Poisson weights; got 0.3"):
        rows(tmp_path, study.format("poisson", 0.3))


def test_the_dials_act_in_their_order_and_have_their_units():
    model = sbm(400, 2, mean_degree=10, rng=np.random.default_rng(0))
    graph = sample_graph(model, np.random.default_rng(1))
    cell = {**DIALS, "dropped": 1.0, "background": 30.0, "background_of_one_block": 20.0}
    found = corrupted(graph, model, cell, np.random.default_rng(2))
    # edges are lost before others are added: what is left is 30 for every node, and 20 more in block 0
    degrees = np.asarray(found.sum(axis=1))
    # the mean of 200 degrees has a standard error below sqrt(2 * 50 / 200) = 0.7
    assert degrees[model.labels == 1].mean() == pytest.approx(30, abs=3.5)
    assert degrees[model.labels == 0].mean() == pytest.approx(50, abs=3.5)
    dense = corrupted(graph, model, {**DIALS, "gaussian": 0.1}, np.random.default_rng(2))
    assert np.array_equal(dense, dense.T) and (dense - graph).std() == pytest.approx(0.1, rel=0.05)


@pytest.mark.parametrize("dial", ["mislabelled", "dropped", "rewired"])
def test_a_share_above_one_is_refused_by_its_name(dial, tmp_path):
    with pytest.raises(ValueError, match=f"{dial} must be a number at least 0 and at most 1; got 1.5"):
        rows(tmp_path, f"trial = 'spikes_of_a_block_model'\n[fixed]\nn = 60\n{dial} = 1.5\n")


def test_a_graph_that_grows_without_late_nodes_is_thinned_and_late_nodes_are_left_out(tmp_path):
    text = """
    trial = "spikes_of_a_growing_graph"
    [grid]
    arriving = [0.0, 0.001, 0.3]
    [fixed]
    n = 700
    keep = 0.6
    mean_degree = 60.0
    k = 20
    """
    (_, thinned), (_, grown), (_, late) = rows(tmp_path, text)
    for fifth in range(1, 6):
        # one node in a thousand is none of these 140; the two differ by the draw of the snapshot alone
        assert grown[f"overlap_{fifth}"] == pytest.approx(thinned[f"overlap_{fifth}"], abs=0.1)
    # 210 nodes are born late, at a uniform date: 84 of them after the snapshot, with a standard deviation of 7
    assert abs(late["left_out"] - thinned["left_out"] - 84) < 4.9 * 7.1


def test_snapshots_of_one_growing_graph_share_their_generator_and_so_nest():
    roles = TRIALS["spikes_of_a_growing_graph"].roles
    assert "keep" not in roles["growth"] and "keep" in roles["thinning"]
