"""Code that a caller names reaches workers by its source, with what it imports from its folder, and its rows know it."""

import pickle
import sys
from importlib import import_module
from pathlib import Path

import pytest

from experiments import run, verify
from experiments.given_claims import chosen_claim
from experiments.running.code_identity import code_of, given_with, suite_code
from experiments.running.given_modules import _GIVEN, _SENT, given, load_file, load_module
from experiments.running.one_task import execute, work_of
from experiments.running.store import Store
from experiments.running.study import Study

HELPER = "FACTOR = 2.0\n"
USES_HELPER = (
    ('cell["sign"] * cell["x"]', 'own_factor.FACTOR * cell["sign"] * cell["x"]'),
    ("DOMAIN =", "import own_factor\n\nDOMAIN ="),
)


@pytest.fixture
def with_helper(own_claim, tmp_path):
    (tmp_path / "own_factor.py").write_text(HELPER)
    return own_claim(*USES_HELPER)


def rows_of(path, **options):
    ledger = verify(path, size="quick", **options)
    return ledger.rows["tiny-1"].drop(columns=["study"]).to_json()


@pytest.mark.slow
def test_rows_are_the_same_on_workers_and_on_a_cluster_which_get_the_sources(with_helper, tmp_path):
    here = rows_of(with_helper)
    chosen_claim(with_helper)
    with_helper.unlink()  # nothing is read again: workers have what this process has
    (tmp_path / "own_factor.py").unlink()
    claim = next(
        value
        for value in vars(sys.modules[_name_of(with_helper)]).values()
        if type(value).__name__ == "Claim"
    )
    assert rows_of([claim], workers=2) == rows_of([claim], dask="local:1") == here


def _name_of(path):
    return next(name for name, module in _GIVEN.items() if module.sources[0].path == str(path))


def test_a_work_opens_where_the_module_was_never_imported(with_helper):
    trial = load_file(with_helper).trial
    work = work_of(Study("demo", [{"sign": 1, "x": 3.0}], trial, roles={"noise": ("x",)}), _task(trial))
    sent = pickle.dumps(work)
    name = trial.__module__
    for known in (sys.modules, _GIVEN, _SENT):
        for one in (name, "own_factor"):
            known.pop(one, None)
    opened = pickle.loads(sent)
    assert opened.trial is not trial and opened.trial.__module__ == name
    assert (
        execute(opened).row
        == execute(
            work_of(
                Study("demo", [{"sign": 1, "x": 3.0}], opened.trial, roles={"noise": ("x",)}), _task(trial)
            )
        ).row
    )
    assert execute(opened).error is None


def _task(trial):
    return next(Study("demo", [{"sign": 1, "x": 3.0}], trial, roles={"noise": ("x",)}).tasks(0))


def test_the_hash_of_code_covers_the_file_and_what_it_imports_from_its_folder(
    own_claim, with_helper, tmp_path
):
    first = code_of(load_file(with_helper).trial)
    assert first.startswith(f"{suite_code()}+")
    own_claim(*USES_HELPER, more="# a comment\n")
    second = code_of(load_file(with_helper).trial)
    (tmp_path / "own_factor.py").write_text("FACTOR = 3.0\n")
    module = load_file(with_helper)
    assert len({first, second, code_of(module.trial)}) == 3 and module.own_factor.FACTOR == 3.0


def test_the_hash_does_not_depend_on_where_the_file_lies(own_claim):
    one, two = own_claim(name="a/claims.py"), own_claim(name="b/other_name.py")
    assert code_of(load_file(one).trial) == code_of(load_file(two).trial)


def test_a_file_in_a_package_imports_from_it(own_claim, tmp_path):
    path = own_claim(
        ("DOMAIN =", "from .own_part import FACTOR\nfrom own_outer.own_inner import own_part\nDOMAIN ="),
        name="own_outer/own_inner/claims.py",
    )
    for folder in (path.parent, path.parent.parent):
        (folder / "__init__.py").write_text("")
    (path.parent / "own_part.py").write_text("FACTOR = 5\n")
    module = load_file(path)
    assert module.FACTOR == module.own_part.FACTOR == 5
    assert {source.name for source in given(module.__name__).sources[1:]} == {
        "own_outer",
        "own_outer.own_inner",
        "own_outer.own_inner.own_part",
    }


def test_what_python_has_imported_from_the_same_file_stays(own_claim, tmp_path, monkeypatch):
    for name in ("own_loaded", "own_fresh"):
        (tmp_path / f"{name}.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    loaded = import_module("own_loaded")
    module = load_file(own_claim(("DOMAIN =", "import own_loaded, own_fresh\n\nDOMAIN =")))
    assert module.own_loaded is loaded and sys.modules["own_loaded"] is loaded


def test_a_module_has_one_hash_whether_or_not_it_was_named(tmp_path, monkeypatch):
    (tmp_path / "own_plain_trials.py").write_text(
        "import own_plain_helper\n\ndef trial(cell, rngs):\n    return {}\n"
    )
    (tmp_path / "own_plain_helper.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    trial = import_module("own_plain_trials").trial
    before = code_of(trial)
    load_module("own_plain_trials")
    assert code_of(trial) == before and given_with(trial).called == "own_plain_trials"


def test_rows_of_a_changed_file_are_not_taken_in_silence(own_claim, tmp_path):
    verify(own_claim(), size="quick", out=tmp_path / "out")
    changed = own_claim(("0.1 * float", "0.2 * float"))
    with pytest.raises(ValueError, match="rows of tiny-1-quick-claim that other sources have made"):
        verify(changed, size="quick", out=tmp_path / "out")
    verify(changed, size="quick", out=tmp_path / "out", accept_other_version=True)
    with Store(tmp_path / "out", create=False) as store:
        assert store.origin("tiny-1-quick-claim") == ("my_claims.py", "trial")
        assert store.origin("B3-quick-claim") == ("", "")


def test_a_role_of_any_name_is_known_where_a_study_declares_none():
    def trial(cell, rngs):
        return {"a": rngs["graph"].random(), "b": rngs["noise"].random(), "again": rngs["graph"].random()}

    rows = run(Study("demo", [{"n": 1}, {"n": 2}], trial, replicates=2, roles=None))
    assert rows[["a", "b", "again"]].stack().nunique() == 12
    same = run(Study("demo", [{"n": 1}], trial, roles={"graph": ("n",), "noise": ("n",)}))
    assert same.loc[0, ["a", "b"]].tolist() == rows.loc[0, ["a", "b"]].tolist()


def test_a_module_of_a_package_brings_the_packages_modules(tmp_path, monkeypatch):
    folder = tmp_path / "own_package_of_trials"
    (folder / "deep").mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    (folder / "deep" / "__init__.py").write_text("from .. import numbers_of_it as numbers\n")
    (folder / "numbers_of_it.py").write_text("SEVEN = 7\n")
    (folder / "unused.py").write_text("")
    (folder / "trials.py").write_text(
        "from own_package_of_trials.deep import numbers\n\ndef trial(cell, rngs):\n    return {'x': numbers.SEVEN * cell['n']}\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    name = load_module("own_package_of_trials.trials").__name__
    assert [source.name.removeprefix("own_package_of_trials") for source in given(name).sources] == [
        ".trials",
        "",
        ".deep",
        ".numbers_of_it",
    ]
    trial = sys.modules[name].trial
    sent = pickle.dumps(
        work_of(Study("demo", [{"n": 2}], trial), next(Study("demo", [{"n": 2}], trial).tasks(0)))
    )
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if Path(entry) != tmp_path])
    for one in [module for module in sys.modules if module.startswith("own_package_of_trials")]:
        del sys.modules[one]
    _GIVEN.clear()
    assert execute(pickle.loads(sent)).row == {"x": 14}
