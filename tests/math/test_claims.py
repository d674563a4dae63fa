"""Claims as regression tests of the mathematics: each keeps its verdict at quick size, and planted bugs flip it.

Each `section_*.py` beside this file lists the VERDICTS of its claims and the bugs PLANTED against them. The verdicts are
those of the quick size at seed 0, which is deterministic: there is no false alarm to state.
"""

import sys
from importlib import import_module
from pathlib import Path

import pytest

from experiments import run
from experiments.claims import registry

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
SECTIONS = [import_module(path.stem) for path in sorted(HERE.glob("section_*.py"))]
VERDICTS = {name: verdict for section in SECTIONS for name, verdict in section.VERDICTS.items()}
PLANTED = [bug for section in SECTIONS for bug in section.PLANTED]


def verdict_of(name):
    """The claim's verdict at quick size, and the control's."""
    claim = registry()[name]
    judgement, control = claim.judge(run(claim.study_at("quick")))
    return judgement.verdict, control.verdict


@pytest.mark.parametrize("name", VERDICTS)
def test_every_claim_keeps_its_verdict_and_its_control_opposes_it(name):
    verdict, control = verdict_of(name)
    assert verdict == VERDICTS[name]
    assert control in registry()[name].rule.control


@pytest.mark.parametrize(
    ("name", "plant"), PLANTED, ids=[f"{name}-{plant.__name__}" for name, plant in PLANTED]
)
def test_planted_bugs_change_the_verdict_or_break_the_claim(name, plant, monkeypatch):
    plant(monkeypatch)
    verdict, control = verdict_of(name)
    assert verdict != VERDICTS[name] or control not in registry()[name].rule.control
