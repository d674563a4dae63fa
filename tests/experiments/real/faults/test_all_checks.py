"""Each check finds the fault that is planted, in sound vectors of several shapes, and finds none of the others."""

import numpy as np
import pytest

from experiments.real.faults import checks_of
from simulate.changes import planted_faults as planted
from simulate.sound_vectors import SHAPES, sound_vectors

# what is planted in 250 x 12 rows, and the check that must find it
PLANTED = {
    "zero-rows": lambda x, rng: planted.plant_zero_rows(x, rng, count=3),
    "dimensions": lambda x, rng: planted.plant_dependent_columns(x),
    "noise": lambda x, rng: planted.plant_noise_columns(x, rng, count=12),
    "common-mean": planted.plant_common_mean,
    "duplicates": planted.plant_near_duplicates,
    "bots": planted.plant_copies,
}


def checked(vectors, rng, **more):
    return {one.check: one for one in checks_of(vectors, rng, **more)}


def sound(shape, seed, n=250, f=12):
    rng = np.random.default_rng([seed, SHAPES.index(shape)])
    return sound_vectors(shape, n, f, rng, rays=20), rng


@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_sound_is_called_sound(shape):
    """Of six draws more than two fail a check of level 0.001 with a chance below 2e-8; rows in random directions are noise."""
    found = []
    for seed in range(6):
        x, rng = sound(shape, seed)
        before = x + 0.05 * rng.standard_normal(x.shape)
        told = checked(x, rng, popularity=rng.random(len(x)), previous=before)
        assert len(told) == 9
        found += [one.check for one in told.values() if one.found]
    random = found.count("noise")
    assert (random <= 2) if shape == "on rays" else (random >= 4)
    assert all(found.count(check) <= 2 for check in set(found) - {"noise"})


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("fault", PLANTED)
def test_what_is_planted_is_found_and_named(shape, fault):
    """The faults are so large that each of the six shapes and draws shows them; deterministic at their seeds."""
    x, rng = sound(shape, 7)
    bad = PLANTED[fault](x, rng)
    told = checked(bad.vectors, rng)
    assert told[fault].found and not told[fault].sentence.startswith("Not looked at")
    if told[fault].rows:
        assert {int(name.removeprefix("row ")) for name in told[fault].rows} <= set(bad.rows.tolist())
    also = {"bots": {"duplicates"}, "zero-rows": set(), "noise": set()}.get(fault, set())
    others = {one.check for one in told.values() if one.found} - {fault, "noise"} - also
    assert others == set()


def test_names_are_given_and_sentences_are_sentences():
    x, rng = sound("isotropic", 3)
    x[[4, 9]] = 0
    names = [f"film {k}" for k in range(len(x))]
    told = checked(x, rng, names=names, popularity=np.arange(len(x)), previous=x)
    assert told["zero-rows"].rows == ("film 4", "film 9") and told["zero-rows"].value == 2
    assert "2 rows are all zeros (film 4 and film 9)" in told["zero-rows"].sentence
    for one in told.values():
        assert one.sentence.endswith(".") and one.title and one.as_dict()["check"] == one.check


def test_every_check_copes_with_the_smallest_embeddings():
    rng = np.random.default_rng(0)
    for shape in ((1, 1), (2, 1), (3, 5), (12, 2), (60, 1)):
        told = checked(
            rng.standard_normal(shape),
            rng,
            popularity=np.ones(shape[0]),
            previous=rng.standard_normal(shape),
            matrix=np.eye(shape[0]),
        )
        assert {"zero-rows", "dimensions", "hubs", "bots", "drift"} <= set(told)
    assert [one.check for one in checks_of(np.zeros((4, 3)), rng)] == ["zero-rows", "dimensions"]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"names": ["a"]}, "names must be one per row, 30; got 1"),
        ({"popularity": np.ones(3)}, "popularity must be one number per row, 30"),
        ({"popularity": np.full(30, np.nan)}, "popularity must hold finite numbers"),
        ({"matrix": np.ones((4, 4))}, "matrix must have one column per row of vectors, 30"),
        ({"previous": np.ones((4, 4))}, "previous must have a row for each of the 30 rows; got 4"),
    ],
)
def test_what_does_not_belong_to_the_rows_is_refused(more, message):
    with pytest.raises(ValueError, match=message):
        checks_of(np.random.default_rng(0).standard_normal((30, 3)), np.random.default_rng(0), **more)


def test_rows_that_are_not_finite_are_refused_and_the_same_generator_gives_the_same_checks():
    x, _ = sound("on rays", 1)
    assert checks_of(x, np.random.default_rng(5)) == checks_of(x, np.random.default_rng(5))
    x[3, 2] = np.nan
    with pytest.raises(ValueError, match=r"entry \(3, 2\) is nan"):
        checks_of(x, np.random.default_rng(5))


def test_a_mean_that_most_but_not_three_in_four_pairs_share_is_said_with_the_cosine_of_the_others():
    """Four rows in five on one ray: 68 % of the pairs have a cosine near 1, and a quarter one near 0."""
    rng = np.random.default_rng(0)
    rows = np.eye(4)[(np.arange(400) % 5 == 0).astype(int)] + 0.05 * rng.standard_normal((400, 4))
    (mean,) = (one for one in checks_of(rows, rng) if one.check == "common-mean")
    assert not mean.found and "a quarter of the pairs of rows have a cosine of 0." in mean.sentence


def test_of_a_graph_no_clique_is_said_of_links():
    rng = np.random.default_rng(0)
    upper = np.triu(rng.random((80, 80)) < 0.1, 1)
    graph = (upper | upper.T).astype(float)
    (bots,) = (
        one for one in checks_of(rng.standard_normal((80, 4)), rng, matrix=graph) if one.check == "bots"
    )
    assert not bots.found and bots.sentence.startswith("No 5 or more nodes are linked to nearly all of each")
