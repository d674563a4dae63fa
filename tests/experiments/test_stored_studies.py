"""The code of every kind of study that a store of this package may hold is found by the study's name."""

import pytest

from experiments.claims import registry
from experiments.real.compared import Compared, comparison, studies_of, study_of_pairs
from experiments.stored_studies import stored_study
from experiments.studies.exhibits import exhibits
from experiments.studies.study_file import read_study, shipped_studies


def studies():
    yield from comparison({"davis": 3})
    ranks, vectors = {"davis": 3, "x.npz": 2}, ["x.npz"]
    yield from studies_of(ranks, vectors, Compared(), first=True)
    yield from studies_of(ranks, vectors, Compared(log="log.csv"))[4:]
    yield from study_of_pairs([("davis", "x.npz")], ranks, vectors, Compared())
    yield exhibits(("davis",))
    yield from (read_study(name) for name in shipped_studies())
    for claim in registry().values():
        yield from claim.studies_at("quick")


@pytest.mark.parametrize("study", list(studies()), ids=lambda study: study.name)
def test_a_study_is_found_by_its_name_and_gives_its_tasks_the_same_keys_and_generators(study):
    task = next(study.tasks(0))
    found = stored_study(study.name, task.cell)
    assert found.trial is study.trial
    assert [next(found.tasks(0)).key, found.version] == [task.key, study.version]
    ours, theirs = found.generators(task), study.generators(task)
    assert {role: rng.random() for role, rng in ours.items()} == {
        role: rng.random() for role, rng in theirs.items()
    }


def test_a_study_of_a_script_is_not_known():
    assert stored_study("mine", {"n": 3}) is None
