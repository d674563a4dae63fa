"""Which claims does the caller mean? Files, modules, objects, what packages offer; and one sentence for what is wrong."""

import os
import sys
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from experiments import assert_verdict, falsify, load, map_claim, read_study, run, verify
from experiments.claims import registry
from experiments.given_claims import chosen_claim, chosen_claims
from experiments.judging.origin import named_again, origin_of, place_of
from experiments.running.given_modules import load_file

NUMBER = count()


def ids(given):
    return [claim.id for claim in chosen_claims(given)]


def test_ids_files_and_claims_are_mixed_and_ours_come_first(own_claim):
    path = own_claim()
    other = replace(chosen_claim(path), id="other")
    assert ids([str(path), other, "B3", registry()["A2"], "A1"]) == ["A1", "A2", "B3", "tiny-1", "other"]
    assert ids([]) == list(registry()) and ids("A1") == ["A1"] and ids(path) == ["tiny-1"]


def test_a_file_named_twice_gives_its_claim_once_and_a_changed_one_the_new_claim(own_claim):
    path = own_claim()
    first = chosen_claim(path)
    assert chosen_claims([path, str(path), first]) == [first]
    changed = chosen_claim(own_claim(("Numbers are", "All numbers are")))
    assert changed.title == "All numbers are positive" and first.title == "Numbers are positive"


def test_one_of_several_claims_is_named_by_its_id(own_claim):
    path = own_claim(
        more='\nfrom dataclasses import replace\nmore = [replace(claim, id="tiny-2")]\n_draft = more\n'
    )
    assert ids(path) == ["tiny-1", "tiny-2"] and ids(f"{path}::tiny-2") == ["tiny-2"]
    with pytest.raises(ValueError, match="holds 2 claims .*name one, such as .*::tiny-1"):
        chosen_claim(path)
    with pytest.raises(ValueError, match="no claim 'tiny-3'; it holds tiny-1, tiny-2"):
        chosen_claims(f"{path}::tiny-3")


def test_a_claim_knows_its_file_its_line_and_the_word_that_names_it_again(own_claim):
    path = own_claim()
    claim = chosen_claim(str(path))
    line = path.read_text().splitlines().index("claim = Claim(") + 1
    assert place_of(claim) == f"{path}, line {line}"
    assert (origin_of(claim), named_again(claim)) == ("my_claims.py", f"{path}::tiny-1")
    assert (origin_of(registry()["B3"]), named_again(registry()["B3"]), place_of(registry()["B3"])) == (
        "",
        "B3",
        "",
    )


def test_a_claim_made_from_one_of_ours_is_the_callers(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(
        "from dataclasses import replace\nfrom spikeproof.experiments.claims import b3_spikes_need_assortativity as b3\n"
        "ours = b3.claim\nmine = replace(ours, id='mine')\n"
    )
    assert ids(path) == ["mine"] and place_of(chosen_claim(path)) == f"{path}, line 4"


@pytest.fixture
def package(own_claim, monkeypatch, tmp_path):
    """A package on the path of modules, with a claim in a module of it."""
    name = f"own_package_{next(NUMBER)}"
    own_claim(name=f"{name}/theorems.py", more="\nfrom . import helper\n")
    (tmp_path / name / "__init__.py").write_text("")
    (tmp_path / name / "helper.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    return name


def test_a_dotted_module_gives_its_claims(package):
    claim = chosen_claim(f"{package}.theorems")
    assert (claim.id, named_again(claim)) == ("tiny-1", f"{package}.theorems::tiny-1")
    assert verify(f"{package}.theorems", size="quick").entries[0].verdict == "holds"


def offer(folder, group, line, name="own-plugin"):
    """Write what an installation writes of a package that offers something."""
    about = folder / f"{name.replace('-', '_')}-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(f"[{group}]\n{line}\n")


def test_installed_packages_offer_claims_by_their_name_or_by_the_claims_id(package, tmp_path):
    offer(tmp_path, "spikeproof.claims", f"theorems = {package}.theorems")
    assert ids("theorems") == ids("theorems::tiny-1") == ids("tiny-1") == ["tiny-1"]


def test_a_broken_package_is_named_and_hinders_nobody(package, tmp_path):
    offer(tmp_path, "spikeproof.claims", "broken = no_such_module_of_anybody:claim")
    offer(tmp_path, "spikeproof.claims", f"fine = {package}.theorems:claim", name="another")
    assert ids("A1") == ["A1"] and ids("fine") == ["tiny-1"]
    with pytest.raises(
        ValueError, match="package own-plugin 1.0 offers 'broken' .*cannot be loaded: ModuleNotFoundError"
    ):
        chosen_claims("broken")
    with pytest.warns(UserWarning, match="own-plugin 1.0 .*it is left out"):
        assert ids("tiny-1") == ["tiny-1"]


def test_two_packages_with_one_name_are_told_apart(package, tmp_path):
    offer(tmp_path, "spikeproof.claims", f"same = {package}.theorems:claim")
    offer(tmp_path, "spikeproof.claims", f"same = {package}.theorems", name="another")
    with pytest.raises(ValueError, match="'same' is offered by (own-plugin|another) 1.0 and"):
        chosen_claims("same")


def test_installed_packages_offer_trials_and_matrices(package, tmp_path):
    (tmp_path / package / "more.py").write_text(
        "import numpy as np\n\ndef trial(cell, rngs):\n    return {'y': cell['n']}\n\n"
        "def log():\n    return np.array([[1, 0, 1], [1, 1, 0]])\n"
    )
    offer(tmp_path, "spikeproof.trials", f"own-trial = {package}.more:trial")
    offer(
        tmp_path,
        "spikeproof.matrices",
        f"own-log = {package}.more:log\nbroken-log = {package}.more:nothing",
        name="another",
    )
    (tmp_path / "study.toml").write_text('trial = "own-trial"\n[grid]\nn = [1, 2]\n')
    assert run(read_study(tmp_path / "study.toml"))["y"].tolist() == [1, 2]
    assert load("own-log").matrix.shape == (2, 3) and load("own-log").name == "own-log"
    with pytest.raises(
        ValueError, match="package another 1.0 offers 'broken-log' .*cannot be loaded: AttributeError"
    ):
        load("broken-log")
    assert load("davis").matrix.shape == (14, 18)


def test_a_claim_breaks_where_its_control_agrees_with_it(own_claim):
    path = own_claim(('{"sign": -1, **point}', '{"sign": 2, **point}'))
    with pytest.raises(
        AssertionError,
        match="the control of claim tiny-1 did not do its work: numbers of negative size came out",
    ):
        assert_verdict(path)


# what is changed in the file, and what the one sentence says; {line} is the line of the second text
WRONG_FILES = {
    "it raises": ((("Y = Est", "1 / 0\nY = Est"),), "line {line}: ZeroDivisionError", "1 / 0"),
    "it ends the process": (
        (("Y = Est", "raise SystemExit(3)\nY = Est"),),
        "line {line}: SystemExit",
        "raise",
    ),
    "no Python": ((("def trial(", "def trial(("),), "line {line}: this is not Python", "def trial(("),
    "no claim": ((("claim = Claim", "_claim = Claim"),), "holds no claim", ""),
    "an id of ours": (
        (('id="tiny-1"', 'id="b3"'),),
        "line {line}: the id 'b3' is that of a claim of spikeproof",
        "claim = Claim(",
    ),
    "an id with a blank": ((('id="tiny-1"', 'id="tiny 1"'),), "got 'tiny 1', while the file is loaded", ""),
    "an id with a dot": ((('id="tiny-1"', 'id="tiny.1"'),), "got 'tiny.1'", ""),
    "an id of a letter": ((('id="tiny-1"', 'id="T"'),), "got 'T'", ""),
    "an empty range": (
        (('"x", 1, 10', '"x", 10, 1'),),
        "line {line}: ValueError: the range of x must not be empty",
        "DOMAIN = ",
    ),
    "a missing module": (
        (("DOMAIN =", "import no_such_module_of_anybody\nDOMAIN ="),),
        "line {line}: ModuleNotFoundError",
        "import no",
    ),
}


@pytest.mark.parametrize("name", WRONG_FILES)
def test_what_is_wrong_with_a_file_is_one_sentence_with_the_line(name, own_claim):
    changes, words, at = WRONG_FILES[name]
    path = own_claim(*changes)
    lines = path.read_text().splitlines()
    line = next((k for k, text in enumerate(lines, 1) if at and text.startswith(at)), 0)
    with pytest.raises(ValueError) as caught:
        chosen_claims(path)
    assert words.format(line=line) in str(caught.value) and str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_two_claims_of_one_id_are_both_placed(own_claim):
    path = own_claim(more="\nfrom dataclasses import replace\nother = replace(claim, title='x')\n")
    with pytest.raises(
        ValueError, match=r"line \d+: two claims have the id 'tiny-1'; the other one is at .*line \d+"
    ):
        chosen_claims(path)
    first, second = own_claim(name="one.py"), own_claim(name="two.py")
    with pytest.raises(ValueError, match=r"two.py, line \d+: two claims .* at .*one.py, line"):
        chosen_claims([first, second])


@pytest.mark.parametrize(
    ("word", "words"),
    [
        ("absent.py", "no such file: absent.py"),
        ("data.csv", "data.csv must be a Python file"),
        ("folder", "folder is a folder"),
        ("folder/", "folder is a folder"),
        ("folder.py", "folder.py is a folder"),
        ("no.such.module", "no.such.module cannot be imported .*a file is named by its path"),
        ("no such.module", "got 'no such.module'"),
        ("my_claims", "did you mean my_claims.py"),
        ("Z9", "one of A1, .*, or a Python file or module .*got 'Z9'"),
        ("noise.py", "noise.py.*: this is not Python"),
        ("empty.py", "holds no claim"),
    ],
)
def test_words_that_mean_no_claim(word, words, own_claim, tmp_path, monkeypatch):
    own_claim()
    for name in ("folder", "folder.py"):
        (tmp_path / name).mkdir()
    (tmp_path / "data.csv").write_text("a,b\n")
    (tmp_path / "noise.py").write_bytes(b"\x00\xff\xfe")
    (tmp_path / "empty.py").write_text("")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=words):
        chosen_claims(word)


# what is wrong with a claim that can be loaded, and what the sentence of a run says
WRONG_CLAIMS = {
    "an estimand that is never computed": (
        (('[["y"]]', '[["y"]].rename(columns={"y": "z"})'),),
        "no estimate of 'y'",
        "claim = Claim(",
    ),
    "estimates that raise": ((('[["y"]]', '[["z"]]'),), "KeyError", "    return rows.set_index"),
    "arms that raise": ((("points[:4]]", "points[:4]] + [][0]"),), "IndexError", '        Arm("control"'),
    "no control": (
        (('Arm("control"', 'Arm("evidence"'),),
        "must have an arm that votes control",
        "claim = Claim(",
    ),
    "no allowed point": (
        (('"any size"),)', '"any size"),), allowed=lambda point: False'),),
        "no point of the domain is allowed",
        "claim = Claim(",
    ),
    "a point that fails everywhere": (
        (('return {"y": ', 'return {"y": 1 / 0 + '),),
        "every trial fails, .*ZeroDivisionError",
        "claim = Claim(",
    ),
    "roles that are no parameters": (
        (('("sign", "x")', '("sign", "z")'),),
        "role 'noise' declares 'z'",
        "claim = Claim(",
    ),
}


@pytest.mark.parametrize("name", WRONG_CLAIMS)
def test_what_is_wrong_with_a_claim_is_one_sentence_with_the_line(name, own_claim):
    changes, words, at = WRONG_CLAIMS[name]
    path = own_claim(*changes)
    line = next(k for k, text in enumerate(path.read_text().splitlines(), 1) if text.startswith(at))
    with pytest.raises(ValueError, match=words) as caught:
        verify(path, size="quick")
    assert f"{path}, line {line}: claim tiny-1: " in str(caught.value)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (("points], trial, ROLES", "points], lambda cell, rngs: trial(cell, rngs), ROLES"), "a lambda"),
        (
            (
                "    return (\n",
                "    def inner(cell, rngs):\n        return trial(cell, rngs)\n\n    return (\n",
            ),
            "",
        ),
    ],
)
def test_a_trial_without_a_name_is_refused_on_workers_and_runs_in_one_process(change, kind, own_claim):
    changes = [change] if kind else [change, ("points], trial, ROLES", "points], inner, ROLES")]
    path = own_claim(*changes)
    line = next(
        k
        for k, text in enumerate(path.read_text().splitlines(), 1)
        if "lambda cell" in text or "def inner" in text
    )
    for engine in ({"workers": 2}, {"dask": "local:1"}):
        with pytest.raises(
            ValueError, match=f"{path}, line {line}: the trial of tiny-1-quick-claim is .*{kind}.*one process"
        ):
            verify(path, size="quick", **engine)
    assert verify(path, size="quick").entries[0].verdict == "holds"


def test_map_and_falsify_judge_a_claim_of_ones_own_and_place_what_fails(own_claim):
    claim = chosen_claim(own_claim())
    found = map_claim(claim, points=10)
    assert len(found.points) == 10 and all(point.met for point in found.points)
    assert falsify(claim, points=4).judged.met is True
    broken = chosen_claim(own_claim(('return {"y": ', 'return {"y": 1 / 0 + '), name="broken.py"))
    with pytest.raises(
        ValueError, match=r"broken.py, line \d+: .*trials of claim tiny-1 fail: ZeroDivisionError"
    ):
        map_claim(broken, points=10)


def test_a_file_is_loaded_with_what_it_imports_from_its_folder_and_hides_nothing(own_claim, tmp_path):
    (tmp_path / "json.py").write_text("raise RuntimeError('of the folder')\n")
    (tmp_path / "own_helper.py").write_text("import own_deeper\nVALUE = own_deeper.VALUE\n")
    (tmp_path / "own_deeper.py").write_text("VALUE = 7\n")
    path = own_claim(("Y = Est", "import json\nimport own_helper\nSEVEN = own_helper.VALUE\nY = Est"))
    module = load_file(path)
    assert module.SEVEN == 7 and module.json.__name__ == "json" and hasattr(module.json, "dumps")
    assert str(tmp_path) not in map(os.path.abspath, sys.path)


def test_a_helper_of_another_folder_with_the_same_name_is_refused(own_claim, tmp_path):
    for folder, value in (("one", 1), ("two", 2)):
        own_claim(("Y = Est", "import own_constants\nY = Est"), name=f"{folder}/claims_{folder}.py")
        (tmp_path / folder / "own_constants.py").write_text(f"VALUE = {value}\n")
    load_file(tmp_path / "one" / "claims_one.py")
    with pytest.raises(
        ValueError, match=r"two.own_constants.py, and .*one.own_constants.py.* of the same name"
    ):
        load_file(Path(tmp_path / "two" / "claims_two.py"))


@pytest.mark.parametrize(("given", "seen"), [(3, "3"), (None, "None"), (["A1", 3], "3")])
def test_what_names_no_claim_is_refused_by_one_sentence(given, seen):
    with pytest.raises(
        TypeError, match=f"a claim is given as a Claim, an id, a file or a module; got {seen}$"
    ):
        chosen_claims(given)


def test_nothing_to_assert_is_refused_and_does_not_judge_the_whole_suite():
    with pytest.raises(ValueError, match="claims must be at least one; got none"):
        assert_verdict([])
