"""The one command that makes every number of the documents names what is there, and does each step once."""

import importlib.util
import json
import sys
from pathlib import Path

import pytest

from experiments.claims import registry
from experiments.claims.frozen import SEEDS

ROOT = Path(__file__).resolve().parents[2]
SPEC = importlib.util.spec_from_file_location("reproduce", ROOT / "docs" / "reproduce.py")
reproduce = importlib.util.module_from_spec(SPEC)
sys.modules[SPEC.name] = reproduce
SPEC.loader.exec_module(reproduce)


def test_every_step_calls_a_script_or_a_command_that_is_there(tmp_path):
    from spikeproof.app import _register_subcommands, app

    _register_subcommands()
    known = {
        command.name or command.callback.__name__.replace("_", "-") for command in app.registered_commands
    }
    for step in reproduce.steps(tmp_path):
        for python, first, *rest in step.commands:
            assert python == sys.executable
            assert rest[1] in known if first == "-m" else Path(first).is_file()


def test_every_claim_is_confirmed_once_at_the_seed_that_was_kept_for_it(tmp_path):
    (step,) = (step for step in reproduce.steps(tmp_path) if step.name == "confirmation")
    seen = {}
    for command in step.commands:
        seed = int(command[command.index("--seed") + 1])
        seen |= dict.fromkeys(command[4 : command.index("--seed")], seed)
    assert set(seen) == set(registry())
    assert seen["D8"] == SEEDS["D8"] and seen["F1"] == SEEDS["F1"] and seen["F2"] == SEEDS["F"]
    assert seen["A1"] == SEEDS[""]


def test_the_document_has_a_row_for_each_step(tmp_path):
    text = (ROOT / "docs/reproducing.md").read_text("utf-8")
    for step in reproduce.steps(tmp_path):
        assert f"| `{step.name}` |" in text


def test_it_is_refused_where_a_package_is_lacking_whose_numbers_would_be_left_out(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(reproduce, "find_spec", lambda name: None if name == "implicit" else object())
    with pytest.raises(SystemExit) as ended:
        reproduce.main(["picture", "-o", str(tmp_path / "out")])
    assert ended.value.code == 2 and not (tmp_path / "out").exists()
    assert "implicit cannot be imported, so that numbers would be left out; in the clone" in (
        said := capsys.readouterr().err
    )
    assert f"pip install '.[{reproduce.EXTRAS}]'" in said
    assert f"'.[{reproduce.EXTRAS}]'" in (ROOT / "docs/reproducing.md").read_text("utf-8")


def test_a_step_that_is_done_is_not_done_again_and_an_unknown_one_is_refused(tmp_path, monkeypatch, capsys):
    done = []
    monkeypatch.setattr(reproduce, "NEEDED", ())
    monkeypatch.setattr(reproduce, "run", lambda step, out: done.append(step.name) or 6.0)
    assert reproduce.main(["picture", "-o", str(tmp_path)]) == 0
    assert reproduce.main(["picture", "trust", "-o", str(tmp_path)]) == 0
    assert done == ["picture", "trust"]
    assert json.loads((tmp_path / "times.json").read_text()) == {"picture": 6.0, "trust": 6.0}
    assert "0.1 min of processor time: the picture" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        reproduce.main(["pictures", "-o", str(tmp_path)])
