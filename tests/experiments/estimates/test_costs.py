"""Estimates obey their laws: they grow with every size, and whole parts of a plan add up."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.estimates.counting import seconds_of_counting
from experiments.estimates.embedding import memory_of_embedding, seconds_of_embedding
from experiments.estimates.looking import Looked
from experiments.estimates.of_compare import Asked as OfCompare
from experiments.estimates.of_compare import plan_of_compare
from experiments.estimates.of_sample import plan_of_sample
from experiments.estimates.of_spk import Asked, plan_of_spk
from experiments.estimates.of_stability import plan_of_stability
from experiments.estimates.sampling import OF_KINDS, drawing, drawing_in_shards, shards_that_fit, writing
from experiments.estimates.searching import memory_of_search, pilot, seconds_of_null, seconds_of_search
from experiments.matrices.described_models import ModelFile
from simulate.available_memory import PROGRAM, supposed_memory

sizes = st.integers(1000, 10**8)
ranks = st.integers(1, 300)
ENDING = Path("graph.npz")
SOME = settings(max_examples=50, deadline=None)


def vectors(n, f, **more):
    return Looked(
        "v", "embedding", ".npy", n, f, float(n * f), "its header", **{"itemsize": 4, "mapped": True, **more}
    )


def log(contexts, items, entries, squares):
    return Looked("l", "interactions", ".csv", contexts, items, entries, "a sample", squares=squares)


def graph(n, entries):
    return Looked("g", "graph", ".edges", n, n, float(entries), "a sample")


@SOME
@given(st.sampled_from(sorted(OF_KINDS)), sizes, sizes, st.integers(1, 64))
def test_drawing_grows_with_edges_and_nodes_and_shards_need_less(kind, edges, nodes, shards):
    here = drawing(kind, edges, nodes)
    for more in (drawing(kind, 2 * edges, nodes), drawing(kind, edges, 2 * nodes)):
        assert more.memory > here.memory and more.seconds > here.seconds
    assert writing(kind, 2 * edges, nodes, ".npz").memory > writing(kind, edges, nodes, ".npz").memory
    one, other = (drawing_in_shards(edges, nodes, count) for count in (shards, 2 * shards))
    assert other.memory < one.memory


@SOME
@given(sizes, sizes, st.integers(10**8, 10**11))
def test_the_least_power_of_two_of_shards_that_fits_is_found(edges, nodes, room):
    shards = shards_that_fit(edges, nodes, room)
    if shards is None:
        assert drawing_in_shards(edges, nodes, 2**16).memory > room
    else:
        assert drawing_in_shards(edges, nodes, shards).memory <= room
        assert shards == 1 or drawing_in_shards(edges, nodes, shards // 2).memory > room


@SOME
@given(sizes, sizes, ranks, st.sampled_from([0.0, 1e-8]))
def test_an_embedding_needs_more_for_more_entries_and_a_higher_rank(n, degree, rank, tol):
    entries = n * (degree % 100 + 1)
    assert memory_of_embedding(n, 2 * entries, rank, tol) > memory_of_embedding(n, entries, rank, tol)
    assert memory_of_embedding(n, entries, rank, 0.0) < memory_of_embedding(n, entries, rank + 1, 0.0)
    assert seconds_of_embedding(n, entries, rank, 0.0) < seconds_of_embedding(n, entries, rank + 1, 0.0)


@SOME
@given(sizes, ranks, st.integers(1, 10**6))
def test_a_search_takes_longer_for_more_rows_dimensions_and_peaks(n, f, peaks):
    assert seconds_of_search(n, f, peaks) < seconds_of_search(n, f + 1, peaks)
    assert seconds_of_search(n, f, peaks, exact=True) < seconds_of_search(n, f, 2 * peaks, exact=True)
    assert seconds_of_search(n, f, n, exact=True) >= seconds_of_search(n, f, n)
    assert seconds_of_null(n, f, peaks) <= seconds_of_null(n, f, peaks, exact=True)
    assert memory_of_search(n, f) < memory_of_search(n + 1, f) < memory_of_search(n + 1, f + 1)


@SOME
@given(st.integers(1, 10**8), st.floats(1, 1e12))
def test_counting_takes_longer_for_more_squares_and_items(items, squares):
    assert seconds_of_counting(items, squares) < seconds_of_counting(items, 2 * squares)
    assert seconds_of_counting(items, squares) <= seconds_of_counting(2 * items, squares)


@SOME
@given(st.integers(5000, 10**6), st.integers(2, 100), st.integers(0, 5))
def test_a_plan_of_vectors_grows_with_rows_and_nulls(n, f, null):
    def plan(n, null):
        return plan_of_spk(vectors(n, f), Asked(null=null, timed=False))

    here, larger, more = plan(n, null), plan(2 * n, null), plan(n, null + 1)
    assert larger.peak > here.peak and larger.seconds({}) > here.seconds({})
    assert more.peak >= here.peak and more.seconds({}) > here.seconds({})


def test_vectors_that_stay_in_their_file_take_less_memory_than_their_copy():
    held, stays = (
        plan_of_spk(vectors(10**7, 128), Asked(in_memory=most, timed=False)) for most in (2**40, 2**30)
    )
    assert 3 * stays.peak < held.peak


def test_a_bound_of_pairs_refuses_no_step_and_the_graph_of_as_many_entries_does():
    of_log = plan_of_spk(log(10**5, 10**5, 10**7, 2e9), Asked(timed=False))
    of_graph = plan_of_spk(graph(10**5, 2 * 10**9), Asked(timed=False))
    room = PROGRAM + 3 * 2**30
    assert of_log.refused(room) == ()
    assert of_log.peak > room
    assert {step.name for step in of_graph.refused(room)} == {step.name for step in of_graph.steps}


def test_what_is_not_known_is_said_and_not_counted():
    plan = plan_of_spk(Looked("x.h5", "embedding", ".h5", 0, 0, 1e8, "its size"))
    assert len(plan.steps) == 1 and "not known before" in plan.notes[0]
    unknown = plan_of_spk(log(10**5, 10**5, 10**7, None))
    assert unknown.seconds({}) is None


def test_processes_of_a_comparison_add_up():
    one, three = (plan_of_compare([graph(10**4, 10**6)], OfCompare(4, 16, workers)) for workers in (1, 3))
    assert one.steps[-1] == three.steps[-1]  # the page is drawn by the command itself
    for alone, together in zip(one.steps[:-1], three.steps[:-1]):
        assert together.memory == pytest.approx(4 * alone.memory + 3 * PROGRAM)
        assert together.seconds == alone.seconds


def test_a_description_takes_longer_than_one_analysis_and_less_for_a_lower_rank():
    def steps(rank):
        return {
            step.name.split()[0]: step
            for step in plan_of_compare([graph(10**4, 10**6)], OfCompare(4, rank)).steps
        }

    high, low = steps(32), steps(4)
    assert high["describe"].seconds > 5 * high["analyse"].seconds
    assert low["describe"].seconds < high["describe"].seconds
    assert low["draw"] == high["draw"]


def test_snapshots_come_one_after_the_other():
    one, two = (plan_of_stability([graph(10**4, 10**6)] * count) for count in (2, 4))
    assert two.peak == one.peak
    assert len(two.steps) == 2 * len(one.steps)


def test_peaks_are_foreseen_from_some_rows():
    rng = np.random.default_rng(0)
    rays = rng.standard_normal((40, 16))
    spiky = rays[rng.integers(0, 40, 20_000)] * rng.uniform(1, 5, (20_000, 1))
    chance = rng.standard_normal((20_000, 16))
    few, many = (
        pilot(lambda places, rows=rows: rows[places], 20_000, 0.9)(20_000, 16) for rows in (spiky, chance)
    )
    assert few <= 40
    assert many > 2000


def test_a_model_that_does_not_fit_is_offered_shards_if_it_can_be_drawn_in_shards():
    entries = {"nodes": 10**6, "blocks": 2, "mean_degree": 500.0}
    told = "spikeproof sample m.toml --shards {}".format
    with supposed_memory(2**31):
        whole = plan_of_sample(ModelFile("graph", entries), ENDING, in_shards=told)
        other = plan_of_sample(ModelFile("popularity_adjusted", entries), ENDING, in_shards=told)
        room = PROGRAM + 2**31
        (command, smaller) = whole.others[0]
        assert whole.refused(room) and not smaller().refused(room) and command.endswith("--shards 8")
        assert other.refused(room) and other.others == ()
