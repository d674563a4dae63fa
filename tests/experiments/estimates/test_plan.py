"""Exactly the steps that do not fit are refused, with the need, what there is, and a command that fits."""

import re

import pytest

from experiments.estimates.plan import START, DoesNotFit, Plan, Step, works_of
from simulate.available_memory import PROGRAM, supposed_memory

GIB = 2**30


def step(name, gib, seconds=1.0, work="reading", bound=False):
    return Step(name, gib * GIB, seconds, work, f"{gib} units", bound)


THREE = Plan((step("read", 1), step("count", 4, work="counting"), step("embed", 3, work="sparse product")))


@pytest.mark.parametrize(
    ("room", "refused"),
    [(0.9, ["read", "count", "embed"]), (1, ["count", "embed"]), (3, ["count"]), (3.9, ["count"]), (4, [])],
)
def test_steps_that_need_more_than_there_is_are_refused_and_no_others(room, refused):
    assert [one.name for one in THREE.refused(PROGRAM + room * GIB)] == refused


def test_a_bound_refuses_nothing():
    assert Plan((step("count", 100, bound=True),)).refused(GIB) == ()


def test_the_refusal_names_the_largest_step_its_need_what_there_is_and_the_first_command_that_fits():
    others = (
        ("spikeproof x --a", lambda: Plan((step("count", 3.5),))),
        ("spikeproof x --b", lambda: Plan((step("count", 2),))),
        ("spikeproof x --c", lambda: Plan((step("count", 1),))),
    )
    plan = Plan(THREE.steps, others=others)
    with pytest.raises(DoesNotFit) as told:
        plan.require_room(PROGRAM + 2.5 * GIB)
    assert told.value.steps == ("count", "embed")
    assert re.search(
        r"to count: it needs about 4\.33 GiB, and there are 2\.83 GiB \(4 units\)", str(told.value)
    )
    assert str(told.value).endswith("this fits: spikeproof x --b")


def test_without_a_command_that_fits_the_refusal_says_so():
    with pytest.raises(DoesNotFit, match="no option of this command makes it fit"):
        THREE.require_room(GIB)


def test_what_there_is_is_asked_of_the_system():
    with supposed_memory(0), pytest.raises(DoesNotFit):
        THREE.require_room()
    with supposed_memory(2**50):
        THREE.require_room()


def test_time_is_scaled_by_kind_of_work_and_unknown_where_a_step_is():
    assert THREE.seconds({"counting": 3.0}) == START + 5.0
    assert Plan((*THREE.steps, step("try", 1, None))).seconds({}) is None
    assert works_of(THREE.steps) == ("reading", "counting", "sparse product")
    assert works_of([step("try", 1, None)]) == ()
