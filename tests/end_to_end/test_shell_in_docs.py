"""What the documents show of the command runs: every line is one that the command takes, and runs where it is small enough.

Lines are run as they stand, in a folder that holds the files they name; only what would take minutes or another machine is
made small, and how is written down here.
"""

import os
import re
import shlex
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import typer

from spikeproof.app import _register_subcommands, app

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
MODEL = next(
    iter(re.findall(r"```toml\n(\[model\].*?)```", (ROOT / "docs/models.md").read_text("utf-8"), re.S))
)
SMALL = {
    "spikeproof verify --check baseline.json": "spikeproof verify A2 --quick --check baseline.json",
    "spikeproof verify B3 --seed 1": "spikeproof verify B3 --quick --seed 1 --out other",
    "spikeproof compare films-actors log.csv --out page": "spikeproof compare davis log.csv --out page --twins 2",
    "spikeproof compare log.csv --out page": "spikeproof compare log.csv --out page --twins 2",
    "spikeproof sweep noise --dask": "spikeproof sweep noise --set n=200 --set blocks=3 --set replicates=1 --dask",
}
_register_subcommands()


def lines_of(path):
    """The command lines of a document that begin with the command, without their comments."""
    for block in re.findall(r"```bash\n(.*?)```", path.read_text("utf-8"), flags=re.S):
        for line in block.splitlines():
            line = line.rpartition("&&")[2].strip()
            if line.startswith("spikeproof "):
                yield " ".join(shlex.split(line, comments=True))


EVERY = [pytest.param(line, id=f"{path.name}: {line}") for path in DOCUMENTS for line in lines_of(path)]


@pytest.mark.parametrize("line", EVERY)
def test_every_line_is_one_that_the_command_takes(line):
    name, *arguments = shlex.split(line)[1:]
    group = typer.main.get_command(app)
    assert name in group.commands
    group.commands[name].make_context(
        name, arguments
    )  # refuses an unknown option, a missing or a wrong value


@pytest.mark.parametrize(
    "text", re.findall(r"```toml\n(\[model\].*?)```", (ROOT / "docs/models.md").read_text("utf-8"), re.S)
)
def test_models_in_the_documents_are_sampled(text, spikeproof, tmp_path):
    (tmp_path / "model.toml").write_text(text)
    file = "log.csv" if "[growth]" in text else "graph.mtx"  # dates do not fit into Matrix Market
    done = spikeproof("sample", "model.toml", "-o", file, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / file).stat().st_size > 1000


def run(line, folder):
    command = [sys.executable, "-m", *shlex.split(line)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=3600, check=False
    )


def small(line):
    for shown, instead in SMALL.items():
        if line.startswith(shown):
            return instead + line.removeprefix(shown)
    return line


@pytest.fixture
def folder(tmp_path):
    """A folder with the files that the documents speak of."""
    rng = np.random.default_rng(0)
    pairs = {(c, f"item {(c % 4) * 40 + int(i)}") for c in range(400) for i in rng.zipf(1.7, 6) % 40}
    rows = "".join(f"{context},{item}\n" for context, item in sorted(pairs))
    (tmp_path / "log.csv").write_text("context,item\n" + rows)
    np.save(tmp_path / "vectors.npy", rng.standard_normal((300, 8)) * rng.lognormal(0, 1, (300, 1)))
    names = sorted({item for _, item in pairs})
    own = rng.standard_normal((len(names), 8)) * rng.lognormal(0, 1, (len(names), 1))
    np.savez(tmp_path / "svd.npz", vectors=own, names=np.array(names))
    words = "".join(f"{name} {' '.join(map(str, row))}\n" for name, row in zip(names, own, strict=True))
    for file in ("word2vec.vec", "mine.vec"):
        (tmp_path / file).write_text(f"{len(own)} {own.shape[1]}\n{words}")
    (tmp_path / "model.toml").write_text(MODEL)
    contexts, numbers = zip(*sorted((context, int(item.split()[1])) for context, item in pairs))
    (tmp_path / "plays").mkdir()
    pq.write_table(pa.table({"context": contexts, "item": numbers}), tmp_path / "plays" / "1.parquet")
    assert run("spikeproof verify A2 --quick --out before", tmp_path).returncode == 0
    (tmp_path / "before/ledger.json").rename(tmp_path / "baseline.json")
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("name", ["README.md", "docs/tutorial.md", "docs/writing-a-claim.md"])
def test_lines_run_one_after_the_other(name, folder):
    lines = [
        line for line in lines_of(ROOT / name) if line != "spikeproof verify"
    ]  # the main job, which the checks run
    assert lines
    for line in lines:
        done = run(small(line), folder)
        assert done.returncode == 0, f"{line}\n{done.stderr}"


@pytest.mark.slow
def test_the_cluster_as_the_document_starts_it(folder):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    shown = re.findall(r"^dask .*?(?=\s*#|$)", (ROOT / "docs/cluster.md").read_text("utf-8"), flags=re.M)
    here = {"tcp://scheduler:8786": f"tcp://127.0.0.1:{port}", "8786": port}
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    started = []
    try:
        for line in shown:
            for there, instead in here.items():
                line = line.replace(there, instead)
            command = [
                sys.executable,
                "-m",
                "distributed.cli.dask_" + shlex.split(line)[1],
                *shlex.split(line)[2:],
            ]
            more = ["--dashboard-address", ":0"] if "scheduler" in command[2] else ["--no-dashboard"]
            started.append(
                subprocess.Popen(
                    [*command, *more],
                    cwd=folder,
                    env=environment,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
            )
            _wait_for(int(port))
        for line in lines_of(ROOT / "docs/cluster.md"):
            done = run(small(line).replace("tcp://scheduler:8786", here["tcp://scheduler:8786"]), folder)
            assert done.returncode == 0, f"{line}\n{done.stderr}"
    finally:
        for process in started[::-1]:
            process.terminate()
            process.wait()


def _wait_for(port):
    """Wait until something listens there."""
    deadline = time.monotonic() + 600
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            assert time.monotonic() < deadline, f"nothing listens at port {port}"
            time.sleep(0.05)
