"""A folder received from somebody is data: whatever lies in it beside the files that are named is neither run nor obeyed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = (
    *("multiprocessing", "json", "random", "pickle", "csv", "sqlite3", "typing", "logging", "socket", "ssl"),
    *("numpy", "scipy", "pandas", "numba", "networkx", "matplotlib", "seaborn", "rich", "typer", "yaml"),
    *("dask", "distributed", "threadpoolctl", "cryptography", "sitecustomize", "usercustomize", "conftest"),
    *("experiments/__init__", "theory/__init__", "simulate/__init__", "reports/__init__", "_rooms"),
)
RUN = """import os
open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "RUN"), "a").write(__name__ + " ")
raise SystemExit("a module of the folder was run")
"""
SETTINGS = {
    ".numba_config.yaml": "cache_dir: ./kept\ndisable_jit: 1\n",
    "matplotlibrc": "figure.facecolor: a1b2c3\naxes.facecolor: a1b2c3\ntext.usetex: True\n",
    "dask.yaml": "distributed: {worker: {preload: [planted.py]}, nanny: {preload: [planted.py]}}\n",
    ".env": "PYTHONSTARTUP=planted.py\nNUMBA_DISABLE_JIT=1\nSPIKEPROOF_DATA=/nowhere\n",
    "pyproject.toml": "[tool.spikeproof]\nworkers = 99\n",
}
STUDY = """trial = "spikes_of_a_block_model"
name = "mine"
replicates = 1
[grid]
noise = [0.0, 0.5]
[fixed]
n = 60
blocks = 2
mean_degree = 10.0
"""
MODEL = '[model]\nkind = "graph"\nnodes = 60\nblocks = 2\nmean_degree = 6.0\n'
AS_MODULE = [sys.executable, "-m", "spikeproof"]
AS_COMMAND = [sys.executable, "-P", "-c", "from spikeproof.__main__ import main; main()"]


@pytest.fixture
def folder(tmp_path):
    received = tmp_path / "received"
    received.mkdir()
    pairs = [f"c{k % 40},i{(7 * k + k // 40) % 20}" for k in range(240)]
    (received / "log.csv").write_text("context,item\n" + "\n".join(pairs) + "\n")
    (received / "study.toml").write_text(STUDY)
    (received / "model.toml").write_text(MODEL)
    for name in (*MODULES, "planted"):
        path = received / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(RUN)
    for name, text in SETTINGS.items():
        (received / name).write_text(text)
    return received


def run(start, line, folder):
    """Run a command in `folder`; fail if it fails or if anything that was planted has run or was obeyed."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [*start, *line.split()], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert not list(folder.rglob("RUN")), (folder / "RUN").read_text()
    assert not (folder / "kept").exists()
    drawn = [path for path in folder.rglob("*") if path.suffix in (".svg", ".html")]
    assert not [path for path in drawn if "a1b2c3" in path.read_text().lower()]
    return drawn


def test_workers_of_python_m_run_nothing_of_the_folder(folder):
    run(AS_MODULE, "sweep study.toml --workers 2 --out swept", folder)


@pytest.mark.slow
@pytest.mark.parametrize("start", [AS_MODULE, AS_COMMAND], ids=["module", "command"])
def test_no_command_runs_or_obeys_anything_of_the_folder(start, folder):
    assert run(start, "spk log.csv --rank 2 --null 1 --out drawn", folder)
    assert run(start, "compare log.csv --twins 1 --rank 2 --workers 2 --out compared", folder)
    assert run(start, "verify A2 --quick --workers 2 --out judged", folder)
    for line in (
        "sweep study.toml --dask local:1 --out swept",
        "sample model.toml -o g.edges",
        "matrices log.csv",
        "status compared",
        "report compared",
        "export compared --csv",
        "explain A2 --out judged",
        "claims",
    ):
        run(start, line, folder)


SCRIPT = """
import sys
from spikeproof.experiments import Study, product, run
import mine
if __name__ == "__main__":
    study = Study("mine", product(k=[1, 2]), mine.trial, roles={"r": ()})
    options = {"dask": "local:1"} if "dask" in sys.argv else {"workers": 2}
    print(run(study, **options)["twice"].tolist())
"""


@pytest.mark.parametrize("engine", ["workers", pytest.param("dask", marks=pytest.mark.slow)])
def test_workers_of_a_script_find_the_scripts_modules_and_none_of_the_folder_one_stands_in(engine, folder):
    home = folder.parent / "home"
    home.mkdir()
    (home / "study.py").write_text(SCRIPT)
    (home / "mine.py").write_text("def trial(cell, rngs):\n    return {'twice': 2 * cell['k']}\n")
    run([sys.executable], f"{home / 'study.py'} {engine}", folder)
