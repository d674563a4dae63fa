"""The core installation alone: claims are judged, and what needs more names the extra before anything runs."""

import json
import subprocess
import sys

import pytest

from experiments import verify
from experiments.real.comparison import compare
from simulate import optional
from spikeproof.app import main

# a module that is None in sys.modules counts as not installed, for import statements and for find_spec alike
WITHOUT = (
    "import sys; names = 'matplotlib seaborn pyarrow dask distributed sklearn implicit graspologic bokeh_sampledata'.split();"
    "sys.modules.update(dict.fromkeys(names)); from spikeproof.app import main; main()"
)


def command(*arguments):
    return subprocess.run(
        [sys.executable, "-c", WITHOUT, *map(str, arguments)], capture_output=True, text=True, check=False
    )


def test_verify_judges_and_says_what_is_missing(tmp_path):
    done = command("verify", "A2", "--quick", "--workers", "1", "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "ledger.json").read_text())["claims"][0]["verdict"] == "holds"
    assert (tmp_path / "results.csv").read_text().startswith("study,")
    assert not (tmp_path / "results.parquet").exists() and "<img" not in (tmp_path / "index.html").read_text()
    said = done.stdout.splitlines()
    assert sum("pip install 'spikeproof[parquet]'" in line for line in said) == 1
    assert sum("pip install 'spikeproof[figures]'" in line for line in said) == 1


@pytest.fixture
def nothing_extra(monkeypatch):
    monkeypatch.setattr(optional, "find_spec", lambda module: None)


@pytest.mark.usefixtures("nothing_extra")
def test_a_claim_that_needs_more_is_refused_before_anything_runs(tmp_path):
    with pytest.raises(
        ModuleNotFoundError, match=r"claim E5 needs scikit-learn: pip install 'spikeproof\[learn\]'"
    ):
        verify(["A2", "E5"], size="quick", out=tmp_path / "out")
    with pytest.raises(ModuleNotFoundError, match=r"'spikeproof\[learn\]'"):
        compare(["davis"], out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("nothing_extra")
@pytest.mark.parametrize(
    ("arguments", "extra"),
    [
        (["spk", "davis", "--out", "out"], "figures"),
        (["sweep", "noise", "--dask", "local:2", "--out", "out"], "cluster"),
        (["compare", "drosophila", "--out", "out"], "learn"),
        (["spk", "drosophila"], "graspologic"),
        (["spk", "films-actors"], "films"),
        (["verify", "A1", "C1", "--quick", "--out", "out"], "films"),
        (["spk", "pairs.parquet"], "parquet"),
    ],
)
def test_a_command_that_needs_more_exits_with_two(arguments, extra, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pairs.parquet").write_bytes(b"")
    monkeypatch.setattr(sys, "argv", ["spikeproof", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    said = " ".join(capsys.readouterr().err.split())
    assert ended.value.code == 2 and f"pip install 'spikeproof[{extra}]'" in said
    assert not list(tmp_path.glob("out/*.html"))
