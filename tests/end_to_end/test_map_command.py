"""`map` and `falsify`: what they print and write, continued from a store, and what they refuse."""

import json
import sys
from pathlib import Path

import pytest

from experiments import claims

sys.path.insert(0, str(Path(__file__).parents[1] / "experiments" / "judging"))
from planted_claims import above, met, planted


@pytest.fixture
def plant(monkeypatch):
    def put(trial=above):
        claim = planted(trial)
        monkeypatch.setattr(claims, "registry", lambda: {"Z1": claim, "Z2": planted(trial, domain=None)})

    return put


def test_a_map_is_printed_drawn_and_written_and_the_same_again(spikeproof, plant, tmp_path):
    plant()
    first = spikeproof("map", "z1", "--points", 40, "--workers", 1, "--out", tmp_path)
    assert first.returncode == 0, first.stderr
    assert "of 40 points of its domain" in first.stdout and "It is true where" in first.stdout
    assert "ln(degree over communities) >=" in first.stdout and "To freeze it: Boundary(" in first.stdout
    assert "The theory's own border in signal tells 100.0% of the points rightly." in first.stdout
    written = json.loads((tmp_path / "figures/Z1-map.json").read_text())
    assert set(written["boundary"]["terms"]) == {"signal"} and len(written["points"]) == 40
    assert "<svg" in (tmp_path / "figures/Z1-map.svg").read_text()[:200]
    again = spikeproof("map", "Z1", "--points", 40, "--workers", 1, "--out", tmp_path)
    assert again.stdout == first.stdout


def test_a_search_prints_a_counterexample_to_store(spikeproof, plant, tmp_path):
    plant()
    found = spikeproof("falsify", "Z1", "--points", 16, "--workers", 1, "--out", tmp_path)
    assert found.returncode == 0, found.stderr
    assert "The worst of 16 points of its domain: mean degree" in found.stdout
    assert "It fails there, at the level 0.0001 on draws that the search never saw." in found.stdout.replace(
        "\n", " "
    )
    assert 'As a stored counterexample: {"mean_degree":' in found.stdout
    plant(met)
    found = spikeproof("falsify", "Z1", "--points", 16, "--workers", 1, "--out", tmp_path / "other")
    assert "found no counterexample" in found.stdout and "stored counterexample" not in found.stdout


@pytest.mark.parametrize("command", ["map", "falsify"])
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["Z9"], "got 'Z9'"),
        (["Z"], "got the section 'Z'"),
        (["Z2"], "only a claim with a domain has a map"),
        (["Z1", "--points", "2"], "points must be an integer of at least"),
        (["Z1", "--workers", "0"], "workers must be an integer of at least 1"),
    ],
)
def test_bad_input_is_refused(command, arguments, words, spikeproof, plant, tmp_path):
    plant()
    done = spikeproof(command, *arguments, "--out", tmp_path / "out")
    assert done.returncode == 2 and words in done.stderr.replace("\n", " ")
