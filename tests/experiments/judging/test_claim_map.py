"""Maps find the planted boundary, and the search finds a planted failure and judges it afresh."""

import math

import pytest
from planted_claims import above, below, met, planted

from experiments.claims import study_named
from experiments.judging.claim_map import map_claim
from experiments.judging.falsification import falsify


def test_a_map_finds_the_planted_boundary(tmp_path):
    claim = planted(above)
    found = map_claim(claim, points=100, out=tmp_path)
    assert set(found.boundary.terms) == {"signal"} and found.boundary.points == 100
    assert found.boundary.error <= 0.05 < found.commoner
    # the planted border is a signal of 10
    assert math.exp(-found.boundary.constant / found.boundary.terms["signal"]) == pytest.approx(10, rel=0.15)
    assert found.theory == {"signal": 1.0}
    again = map_claim(claim, points=100, out=tmp_path)
    assert again.boundary == found.boundary


def test_a_map_without_contrast_has_no_boundary():
    assert map_claim(planted(met), points=20).boundary is None


def test_the_search_finds_a_failure_and_judges_it_afresh():
    found = falsify(planted(above), points=64)
    assert found.judged.met is False and found.searched == 64
    assert found.judged.judgement.findings[0].replicates == 20
    # no point of the sixty-four has a smaller ratio than the worst tenth of the domain
    assert found.judged.point["mean_degree"] / found.judged.point["blocks"] < 2


def test_the_search_refutes_nothing_that_is_true():
    assert falsify(planted(met), points=16).judged.met is True
    assert falsify(planted(below), points=16).judged.met is False


@pytest.mark.parametrize(
    "name",
    [
        "B5-map-claim-mixed",
        "B5-falsify-claim-hard",
        "B5-falsify-again-claim-mixed",
        "B5-default-control-hard",
    ],
)
def test_studies_of_maps_and_searches_are_found_for_replay(name):
    found = study_named(name)
    assert found.name == name
    assert found.draws == ("B5" if "default" in name else name.split("-claim")[0])


def test_a_claim_at_one_configuration_has_no_map():
    with pytest.raises(ValueError, match="only a claim with a domain has a map"):
        map_claim(planted(domain=None), points=20)
    with pytest.raises(ValueError, match="points must be an integer of at least 10"):
        map_claim(planted(), points=3)
