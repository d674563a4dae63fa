"""The pytest plugin: files `claim_*.py` are tests of their claims, and nothing is loaded where there are none."""

import os
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from experiments import falsify, map_claim, verify
from experiments.given_claims import chosen_claim
from spikeproof.pytest_plugin import pytest_collect_file

pytest_plugins = ["pytester"]
ROOT = Path(__file__).resolve().parents[2]
INSTALLED = any(
    one.name == "spikeproof" for one in entry_points(group="pytest11")
)  # pytest then finds the plugin by itself
PLUGIN = () if INSTALLED else ("-p", "spikeproof.pytest_plugin")
CLAIM = (ROOT / "tests" / "a_small_claim.py").read_text("utf-8")
UNSURE = CLAIM.replace('">=", 0.0', '">=", 3.0')
FALSE = CLAIM.replace('expected="holds"', 'expected="refuted"').replace("tiny-1", "tiny-2")


@pytest.fixture(scope="module", autouse=True)
def everything_loaded():
    """A run of pytest in this process forgets the modules that it has loaded; so it finds all of them loaded."""
    claim = chosen_claim(ROOT / "tests" / "a_small_claim.py")
    verify(claim, size="quick")
    map_claim(claim, points=10)
    falsify(claim, points=4)


@pytest.fixture
def in_folder(pytester):
    """Run pytest with the plugin, in a folder with these files."""

    def run(*arguments, **files):
        for name, text in files.items():
            (pytester.path / f"{name}.py").write_text(text)
        return pytester.runpytest_inprocess(
            *PLUGIN, "-p", "no:xdist", "-p", "no:hypothesispytest", *arguments
        )

    return run


def test_a_claim_that_keeps_its_verdict_passes_and_one_that_does_not_says_its_sentence(in_folder, pytester):
    result = in_folder("-rf", claim_one=CLAIM, claim_two=FALSE)
    result.assert_outcomes(passed=1, failed=1)
    text = " ".join(result.stdout.str().split())
    assert (
        "claim tiny-2 is holds, expected: refuted" in text
        and "Holds. The claim: a number of positive size" in text
    )
    assert f"again: spikeproof verify {pytester.path}/claim_two.py::tiny-2 --seed 0 --quick" in text


def test_an_inconclusive_claim_names_the_size_that_may_decide(in_folder):
    result = in_folder(claim_one=UNSURE)
    result.assert_outcomes(failed=1)
    assert "--claim-size default" in result.stdout.str()


def test_size_seed_marks_and_k_choose(in_folder):
    files = {
        "claim_one": CLAIM + "\nimport pytest\npytestmark = pytest.mark.skip\n",
        "claim_two": FALSE.replace('"refuted"', '"holds"', 1),
    }
    in_folder("-k", "tiny-2", "--claim-seed", "3", "--claim-size", "default", **files).assert_outcomes(
        passed=1, deselected=1
    )
    in_folder("-m", "not claim").assert_outcomes(deselected=2)
    in_folder("--strict-markers").assert_outcomes(passed=1, skipped=1)


def test_maps_and_searches_are_tests_where_they_are_asked_for(in_folder):
    result = in_folder("--claim-map", "--claim-falsify", "-v", claim_one=CLAIM)
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["*tiny-1?falsify?*"])
    somewhere_false = CLAIM.replace('">=", 0.0', '">=", 1.5')
    result = in_folder("--claim-falsify", "-k", "falsify", claim_one=somewhere_false)
    result.assert_outcomes(failed=1, deselected=1)
    text = " ".join(result.stdout.str().split())
    assert "claim tiny-1 fails at size 1." in text and "again: spikeproof falsify" in text


def test_a_broken_file_is_one_sentence_and_a_file_of_somebody_else_is_left_alone(in_folder):
    result = in_folder(
        claim_broken=CLAIM.replace("claim = Claim(", "1 / 0\nclaim = Claim("),
        claim_form="raise RuntimeError('it ran')\n",
    )
    result.assert_outcomes(errors=1)
    text = result.stdout.str()
    assert (
        "ZeroDivisionError" in text
        and "claim_broken.py, line " in text
        and "it ran" not in text
        and "Traceback" not in text
    )


@pytest.mark.parametrize(
    "name",
    ["experiments/judging/claim_map.py", "experiments/judging/claim_ids.py", "reports/pages/claim_map.py"],
)
def test_files_of_the_suite_that_begin_so_are_no_claims(name):
    assert (ROOT / name).exists() and pytest_collect_file(ROOT / name, None) is None


@pytest.mark.slow
def test_claims_run_in_parallel(pytester):
    for k in range(2):
        (pytester.path / f"claim_{k}.py").write_text(CLAIM)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *PLUGIN, "-n", "2", "-q"],
        cwd=pytester.path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert "2 passed" in done.stdout, done.stdout + done.stderr


def test_nothing_is_loaded_and_no_name_is_taken_where_there_is_no_claim(tmp_path):
    (tmp_path / "theory.py").write_text("mine = 1\n")
    (tmp_path / "claim_form.py").write_text("raise RuntimeError\n")
    (tmp_path / "test_it.py").write_text(
        "import sys\nimport theory\n\ndef test_it():\n    assert theory.mine == 1\n"
        "    assert not {'numpy', 'typer', 'rich', 'simulate', 'experiments'} & set(sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "pytest", *PLUGIN, "-p", "no:hypothesispytest", "-q"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert "1 passed" in done.stdout, done.stdout + done.stderr
