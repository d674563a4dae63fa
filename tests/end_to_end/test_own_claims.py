"""A claim of one's own from the command: everything that works for ours works for it, and only naming a file runs it."""

import json
import shutil
from pathlib import Path

import pytest

from experiments.new_claim import new_claim


@pytest.fixture(scope="module")
def judged(tmp_path_factory, spikeproof):
    """A file with a claim, the folder of its run, and what the command said; tests leave the folder as they find it."""
    folder = tmp_path_factory.mktemp("judged")
    path = folder / "my_claims.py"
    path.write_text((Path(__file__).parents[1] / "a_small_claim.py").read_text("utf-8"))
    done = spikeproof("verify", path, "--quick", "--workers", 1, "--out", folder / "out")
    assert done.returncode == 0, done.stderr
    return path, folder / "out", done.stdout


def test_verify_stores_judges_and_draws_it(judged):
    path, out, said = judged
    assert "tiny-1 holds  Numbers are positive" in said
    ledger = json.loads((out / "ledger.json").read_text())
    assert [(c["id"], c["verdict"], c["status"], c["given_as"]) for c in ledger["claims"]] == [
        ("tiny-1", "holds", "ok", "my_claims.py")
    ]
    page = (out / "index.html").read_text()
    assert "Claims that were given in files or packages" in page and "Of Spiky SVDs" not in page
    assert f"spikeproof verify {path}::tiny-1 --seed 0 --quick" in page and page.count("<figure>") == 1
    assert (out / "figures" / "tiny-1-1.svg").exists()


def test_explain_reads_the_file_and_tells_which_one_it_needs(judged, spikeproof):
    path, out, _ = judged
    done = spikeproof("explain", path, "--out", out)
    assert done.returncode == 0 and "A claim of somebody's own" in done.stdout
    assert (
        "seed 0, size quick, status ok" in done.stdout and f"spikeproof verify {path}::tiny-1" in done.stdout
    )
    refused = spikeproof("explain", "tiny-1", "--out", out)
    assert (
        refused.returncode == 2
        and "'tiny-1' is of 'my_claims.py', which a ledger only names" in refused.stderr
    )


def test_report_draws_its_figures_only_where_the_file_is_named_again(judged, spikeproof):
    path, out, _ = judged
    with_figures = (out / "index.html").read_text()
    done = spikeproof("report", out)
    page = (out / "index.html").read_text()
    assert done.returncode == 0 and "no figures of tiny-1:" in done.stdout and "'my_claims.py'" in done.stdout
    assert (
        "<figure>" not in page and "spikeproof verify FILE::tiny-1" in page and "my_claims.py::" not in page
    )
    assert spikeproof("report", out, "--claims", path).returncode == 0
    assert (out / "index.html").read_text() == with_figures


def test_replay_needs_the_file_named_again(judged, spikeproof):
    path, out, _ = judged
    from experiments.running.store import Store

    with Store(out, create=False) as store:
        key = next(iter(store.rows()))[0]
    refused = spikeproof("replay", out, key)
    assert (
        refused.returncode == 2 and "is of 'my_claims.py'" in refused.stderr and "--claims" in refused.stderr
    )
    done = spikeproof("replay", out, key, "--claims", path)
    assert done.returncode == 0 and "the same as the stored row" in done.stdout


def test_a_store_that_names_a_file_that_is_there_still_runs_nothing(judged, spikeproof, tmp_path):
    _, out, _ = judged
    received = shutil.copytree(out, tmp_path / "received")
    (tmp_path / "my_claims.py").write_text("raise RuntimeError('it ran')\n")
    for arguments in (("report", received), ("explain", "tiny-1", "--out", received), ("status", received)):
        done = spikeproof(*arguments, cwd=tmp_path)
        assert "it ran" not in done.stdout + done.stderr
    ledger = json.loads((received / "ledger.json").read_text())
    for wrong in (5, ["my_claims.py"]):
        ledger["claims"][0]["given_as"] = wrong
        (received / "ledger.json").write_text(json.dumps(ledger))
        done = spikeproof("report", received)
        assert done.returncode == 2 and "'given_as' is" in done.stderr
    ledger["claims"][0]["given_as"] = "<script>alert(1)</script>"
    (received / "ledger.json").write_text(json.dumps(ledger))
    assert spikeproof("report", received).returncode == 0
    assert "<script>alert" not in (received / "index.html").read_text()


def test_check_compares_with_a_baseline(judged, spikeproof, own_claim, tmp_path):
    path, out, _ = judged
    baseline = shutil.copy(out / "ledger.json", tmp_path / "baseline.json")
    same = spikeproof("verify", path, "--quick", "--workers", 1, "--out", out, "--check", baseline)
    assert same.returncode == 0 and "1 verdicts and rules agree" in same.stdout
    other = own_claim(('">=", 0.0', '">=", 1000.0'), name="other.py")
    done = spikeproof(
        "verify", other, "--quick", "--workers", 1, "--out", tmp_path / "o", "--check", baseline
    )
    assert done.returncode == 1 and "tiny-1 was holds, is refuted" in done.stdout + done.stderr


def test_claims_lists_it_and_writes_the_document(judged, spikeproof, tmp_path):
    path, out, _ = judged
    assert "tiny-1" in spikeproof("claims", path).stdout
    done = spikeproof("claims", path, "--out", out, "--write", tmp_path / "claims.md")
    text = (tmp_path / "claims.md").read_text()
    assert (
        done.returncode == 0
        and "## my_claims.py" in text
        and "### tiny-1. Numbers are positive: holds" in text
    )
    refused = spikeproof("claims", path, "--out", out, "--write", path, "--overwrite")
    assert refused.returncode == 2 and "must not be written over" in refused.stderr


def test_map_and_falsify_take_a_file(judged, spikeproof, tmp_path):
    path, _, _ = judged
    done = spikeproof("map", path, "--points", 10, "--workers", 1, "--out", tmp_path / "map")
    assert done.returncode == 0 and "10 met, of 10 points" in done.stdout
    assert (tmp_path / "map" / "figures" / "tiny-1-map.json").exists()
    done = spikeproof("falsify", f"{path}::tiny-1", "--points", 4, "--workers", 1, "--out", tmp_path / "map")
    assert done.returncode == 0 and "It is met even there" in done.stdout


def test_a_failing_trial_tells_the_command_that_replays_it(own_claim, spikeproof, tmp_path):
    path = own_claim(('return {"y": ', 'return {"y": 1 / (cell["sign"] + 1) + '))
    done = spikeproof("verify", path, "--quick", "--workers", 1, "--out", tmp_path / "out")
    assert (
        done.returncode == 1
        and "replay DIR" in done.stdout
        and "--claims my_claims.py" in " ".join(done.stdout.split())
    )
    status = spikeproof("status", tmp_path / "out")
    assert "naming my_claims.py with --claims" in status.stdout


def test_a_new_claim_runs_at_once_and_holds(spikeproof, tmp_path):
    assert spikeproof("new-claim", "spectral-gap", cwd=tmp_path).returncode == 0
    path = tmp_path / "claim_spectral_gap.py"
    done = spikeproof("verify", path, "--quick", "--workers", 1, "--out", tmp_path / "out")
    assert done.returncode == 0 and "spectral-gap holds" in done.stdout, done.stderr
    space = {"__file__": str(tmp_path / "test_claim_spectral_gap.py"), "__name__": "a_test"}
    exec((tmp_path / "test_claim_spectral_gap.py").read_text(), space)
    space["test_the_claim_keeps_its_verdict"]()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("A1", "none of spikeproof's own"),
        ("T", "no single letter"),
        ("a b", "without a blank"),
        ("é-1", "ASCII letters"),
        ("../x", "slash"),
    ],
)
def test_names_that_no_new_claim_may_have(name, words, spikeproof, tmp_path):
    done = spikeproof("new-claim", name, cwd=tmp_path)
    assert done.returncode == 2 and words in done.stderr and not list(tmp_path.iterdir())


def test_a_new_claim_replaces_nothing(tmp_path):
    path, _ = new_claim("gap", tmp_path)
    path.write_text("mine\n")
    with pytest.raises(ValueError, match="exists"):
        new_claim("gap", tmp_path)
    assert path.read_text() == "mine\n"
    new_claim("gap", tmp_path, overwrite=True)
    assert path.read_text() != "mine\n"


TRIALS = """
def doubled(cell, rngs):
    return {"y": 2 * cell["n"] + rngs["noise"].random()}

def of_one_argument(cell):
    return {}
"""
STUDY = 'trial = "doubled"\nreplicates = 2\n[grid]\nn = [1, 2]\n'


def test_a_study_names_a_trial_of_ones_own_and_replay_needs_its_file(spikeproof, tmp_path):
    (tmp_path / "my_trials.py").write_text(TRIALS)
    (tmp_path / "study.toml").write_text(STUDY)
    sweep = ("sweep", "study.toml", "--out", "out")
    refused = spikeproof(*sweep, cwd=tmp_path)
    assert refused.returncode == 2 and "--trials" in refused.stderr and "'doubled'" in refused.stderr
    done = spikeproof(*sweep, "--trials", "my_trials.py", cwd=tmp_path)
    assert done.returncode == 0 and "4 rows, 0 failed" in done.stdout, done.stderr
    from experiments.running.store import Store

    with Store(tmp_path / "out", create=False) as store:
        key = next(iter(store.rows()))[0]
    refused = spikeproof("replay", "out", key, cwd=tmp_path)
    assert refused.returncode == 2 and "is of 'my_trials.py'" in refused.stderr
    again = spikeproof("replay", "out", key, "--trials", "my_trials.py", cwd=tmp_path)
    assert again.returncode == 0 and "the same as the stored row" in again.stdout
    assert (
        "trial doubled: any parameters"
        in spikeproof("sweep", "--list", "--trials", "my_trials.py", cwd=tmp_path).stdout
    )
