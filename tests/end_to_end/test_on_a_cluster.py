"""Every command with `--dask`, on a real scheduler and two workers that share no files with it, gives what one process gives."""

import sys
from pathlib import Path

import pytest

pytest.importorskip("distributed")
sys.path.insert(0, str(Path(__file__).parent))
from two_workers import two_workers

MODEL = """
[model]
kind = "graph"
nodes = 3000
blocks = 3
mean_degree = 30.0
"""
STUDY = """
trial = "spikes_of_a_block_model"
replicates = 3
[grid]
n = [60, 80]
mixing = [0.1, 0.05]
[fixed]
mean_degree = 10
blocks = 2
"""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    with two_workers(tmp_path_factory.mktemp("cluster")) as running:
        (running.mine / "model.toml").write_text(MODEL)
        (running.mine / "study.toml").write_text(STUDY)
        yield running


def contents(folder):
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def both(spikeproof, cluster, *arguments):
    """Run a command in one process and on the cluster; return the two folders of outputs, and what was said."""
    folders = [cluster.mine / f"{arguments[0]}-{where}" for where in ("alone", "dask")]
    for folder, more in zip(folders, ((), ("--dask", cluster.address))):
        done = spikeproof(*arguments, *more, "--out", folder.name, cwd=cluster.mine)
        assert done.returncode == 0, done.stderr
        assert "gets no tasks" not in done.stderr
    return folders


@pytest.mark.slow
def test_a_worker_has_no_file_of_the_command(cluster):
    from distributed import Client

    with (
        Client(cluster.address, set_as_default=False) as client,
        pytest.raises(PermissionError, match="which it does not have"),
    ):
        client.submit(Path.read_text, cluster.mine / "model.toml").result()


@pytest.mark.slow
def test_shards(spikeproof, cluster):
    alone, dask = both(spikeproof, cluster, "sample", "model.toml", "--shards", 7)
    assert contents(alone) == contents(dask) and len(contents(dask)) == 9
    assert not [path for place in cluster.places for path in place.rglob("edges-*")]  # brought, and not left
