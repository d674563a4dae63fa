"""Claims as regression tests of the mathematics: each keeps its verdict at quick size, and planted bugs flip it.

Each `section_*.py` beside this file lists the VERDICTS of its claims and the bugs PLANTED against them. The verdicts are
those of the quick size at seed 0, which is deterministic: there is no false alarm to state. Claims on real matrices, and
those of slow methods, are marked slow.
"""

import math
import sys
from importlib import import_module
from pathlib import Path

import pytest

from experiments import run_all
from experiments.claims import registry

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
SECTIONS = [import_module(path.stem) for path in sorted(HERE.glob("section_*.py"))]
VERDICTS = {name: verdict for section in SECTIONS for name, verdict in section.VERDICTS.items()}
PLANTED = [bug for section in SECTIONS for bug in section.PLANTED]


def rows_of(name):
    """The claim's rows at quick size."""
    claim = registry()[name]
    return claim.rows(run_all(claim.studies_at("quick")), "quick")


def verdict_of(name, rows):
    """The claim's verdict, and the control's."""
    judgement, control = registry()[name].judge(rows)
    return judgement.verdict, control.verdict


SLOW = {
    "C1": "qualified",
    "D2": "qualified",
    "D4": "refuted",
    "D5": "qualified",
    "D6": "refuted",
    "D7": "refuted",
    "D8": "inconclusive",
    "E5": "qualified",
    "E6": "qualified",
    "E7": "holds",
}
EVERY = [*VERDICTS, *(pytest.param(name, marks=pytest.mark.slow) for name in SLOW)]


def test_no_claim_is_left_out():
    assert {*VERDICTS, *SLOW} == set(registry())


def test_at_least_twenty_bugs_are_planted():
    assert len(PLANTED) >= 20


@pytest.mark.parametrize("name", EVERY)
def test_every_claim_keeps_its_verdict_and_its_control_opposes_it(name):
    claim, rows = registry()[name], rows_of(name)
    verdict, control = verdict_of(name, rows)
    assert verdict == {**VERDICTS, **SLOW}[name]
    assert control in claim.rule.control
    # what stands beside the verdict is there as well where a quick run leaves the evidence out
    assert all(math.isfinite(measurement.mean.value) for measurement in claim.measure(rows))
    for figure in claim.figures:
        points = figure.points(rows) if figure.points else rows
        # the page leaves out a figure of evidence that this size does not gather
        assert len(points) or (figure.points and not (rows["vote"] == "evidence").any())
        assert {figure.x, figure.y} <= set(points.columns)


@pytest.mark.parametrize(
    ("name", "plant"),
    [
        pytest.param(
            name, plant, id=f"{name}-{plant.__name__}", marks=[pytest.mark.slow] if name in SLOW else []
        )
        for name, plant in PLANTED
    ],
)
def test_planted_bugs_change_the_verdict_or_break_the_claim(name, plant, monkeypatch):
    plant(monkeypatch)
    verdict, control = verdict_of(name, rows_of(name))
    assert verdict != {**VERDICTS, **SLOW}[name] or control not in registry()[name].rule.control
