"""A ledger that comes from anybody: each part of another kind than ours is named, and its command is quoted."""

import copy

import pytest

from experiments.judging.ledger_file import judging_command, require_written_by_us

CRITERION = {
    **dict.fromkeys(("asks", "found", "origin", "failure", "condition", "estimand"), "words"),
    **{"outcome": "met", "estimate": 1.5, "detectable": None},
}
FAMILY = {
    **{
        "reach": "typically",
        "domain": "degree 1 to 2",
        "told": "It is met.",
        "met": 1,
        "failed": 0,
        "undecided": 0,
    },
    "points": [
        {
            "words": "degree 1",
            "outcome": "met",
            "parameters": {"degree": 1},
            "criteria": [{"outcome": "met", "found": "1"}],
        }
    ],
    "rivals": [{"words": "a constant", "failed": 1}],
}
CLAIM = {
    **dict.fromkeys(("title", "statement", "source", "verdict", "status", "sentence"), "words"),
    **dict.fromkeys(("expected", "true_only_if", "finding", "rule", "rule_hash"), "words"),
    **{
        "id": "A1",
        "headline": False,
        "version": 1,
        "replicates": 10,
        "conditions": [],
        "failures": ["words"],
    },
    **{"criteria": [CRITERION], "measurements": [{"name": "gap", "found": "1", "replicates": 3}]},
    "arms": [{"study": "A1-claim", "vote": "claim", "arm": "claim"}],
    "control": {"description": "words", "allowed": ["refuted"], "verdict": None, "family": FAMILY},
    "family": FAMILY,
}
LEDGER = {
    "spikeproof": "0.2.0",
    "seed": 0,
    "size": "quick",
    "matrices": ["davis"],
    "level": 1e-3,
    "claims": [CLAIM],
}


def changed(*path, to):
    ledger = copy.deepcopy(LEDGER)
    place = ledger
    for key in path[:-1]:
        place = place[key]
    if to is KeyError:
        del place[path[-1]]
    else:
        place[path[-1]] = to
    return ledger


def test_what_we_write_is_accepted_with_families_and_without():
    require_written_by_us(LEDGER, "ledger.json")
    require_written_by_us(changed("claims", 0, "family", to=None), "ledger.json")
    require_written_by_us(changed("claims", 0, "control", "family", to=None), "ledger.json")
    require_written_by_us(changed("claims", 0, "criteria", 0, "estimate", to=3), "ledger.json")
    require_written_by_us(changed("claims", to=[]), "ledger.json")
    require_written_by_us(changed("seed", to=2**63 - 1), "ledger.json")


@pytest.mark.parametrize(
    ("path", "to", "words"),
    [
        (("seed",), KeyError, "'seed' is missing"),
        (("seed",), "0", "'seed' is '0'"),
        (("seed",), True, "'seed' is True"),
        (("seed",), -1, "'seed' is -1"),
        (("seed",), 2**63, f"'seed' is {2**63}"),
        (("size",), "huge", "'size' is 'huge'"),
        (("matrices",), "davis", "'matrices' is 'davis'"),
        (("matrices",), [3], "'matrices' is 3"),
        (("level",), None, "'level' is None"),
        (("claims",), {}, r"'claims' is \{\}"),
        (("claims",), [3], "'claims' is 3"),
        (("claims", 0, "id"), "A", "'id' is 'A'"),
        (("claims", 0, "id"), "../a1", r"'id' is '\.\./a1'"),
        (("claims", 0, "id"), "A1; rm", "'id' is 'A1; rm'"),
        (("claims", 0, "title"), 3, "'title' is 3"),
        (("claims", 0, "headline"), 1, "'headline' is 1"),
        (("claims", 0, "version"), False, "'version' is False"),
        (("claims", 0, "version"), 1.5, "'version' is 1.5"),
        (("claims", 0, "conditions"), [None], "'conditions' is None"),
        (("claims", 0, "arms", 0, "vote"), KeyError, "'vote' is missing"),
        (("claims", 0, "criteria", 0, "outcome"), "fine", "'outcome' is 'fine'"),
        (("claims", 0, "criteria", 0, "estimate"), "1.5", "'estimate' is '1.5'"),
        (("claims", 0, "measurements", 0, "replicates"), 1.0, "'replicates' is 1.0"),
        (("claims", 0, "control"), None, "'control' is None"),
        (("claims", 0, "control", "verdict"), 3, "'verdict' is 3"),
        (("claims", 0, "family"), [], r"'family' is \[\]"),
        (("claims", 0, "family", "points", 0, "outcome"), "fine", "'outcome' is 'fine'"),
        (("claims", 0, "family", "points", 0, "parameters"), [], r"'parameters' is \[\]"),
        (("claims", 0, "family", "rivals", 0, "failed"), None, "'failed' is None"),
        (("claims", 0, "control", "family", "met"), "1", "'met' is '1'"),
        (("claims", 0, "control", "family", "points", 0, "outcome"), "fine", "'outcome' is 'fine'"),
    ],
)
def test_what_we_would_not_write_is_named(path, to, words):
    with pytest.raises(
        ValueError, match=f"^mine.json must be as `spikeproof verify` writes it; its {words}$"
    ):
        require_written_by_us(changed(*path, to=to), "mine.json")


def test_a_long_value_is_cut():
    with pytest.raises(ValueError) as caught:
        require_written_by_us(changed("size", to="x" * 500), "mine.json")
    assert str(caught.value).endswith("'size' is '" + "x" * 59)


@pytest.mark.parametrize(
    ("ledger", "command"),
    [
        ({}, "spikeproof verify C2 --seed 0"),
        ({"size": "default", "seed": 7}, "spikeproof verify C2 --seed 7"),
        ({"size": "thorough", "matrices": ["davis", "my log.csv"]},
         "spikeproof verify C2 --seed 0 --thorough --matrix davis --matrix 'my log.csv'"),
    ],
)  # fmt: skip
def test_the_command_judges_as_the_ledger_was(ledger, command):
    assert judging_command("C2", ledger) == command
