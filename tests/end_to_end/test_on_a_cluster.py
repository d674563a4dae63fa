"""Every command with `--dask`, on a real scheduler and two workers that share no files with it, gives what one process gives."""

import sys
from pathlib import Path

import pytest

pytest.importorskip("distributed")
sys.path.insert(0, str(Path(__file__).parent))
from two_workers import without_time

pytestmark = pytest.mark.slow


def contents(folder):
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def both(spikeproof, cluster, *arguments):
    """Run a command in one process and on the cluster; return the two folders of outputs."""
    number = len(list(cluster.mine.glob("alone-*")))
    folders = [cluster.mine / f"{where}-{number}" for where in ("alone", "dask")]
    alone = () if arguments[0] in ("sample", "stability") else ("--workers", 1)
    for folder, more in zip(folders, (alone, ("--dask", cluster.address))):
        done = spikeproof(*arguments, *more, "--out", folder.name, cwd=cluster.mine)
        assert done.returncode == 0, done.stderr
        assert "gets no tasks" not in done.stderr
    return folders


def test_a_worker_has_no_file_of_the_command(cluster):
    from distributed import Client

    with (
        Client(cluster.address, set_as_default=False) as client,
        pytest.raises(PermissionError, match="which it does not have"),
    ):
        client.submit(Path.read_text, cluster.mine / "model.toml").result()


def shards_on(cluster):
    """The files of shards that lie on the workers."""
    return {path for place in cluster.places for path in place.rglob("edges-*")}


def test_shards(spikeproof, cluster):
    alone, dask = both(spikeproof, cluster, "sample", "model.toml", "--shards", 7)
    assert contents(alone) == contents(dask) and len(contents(dask)) == 9
    assert shards_on(cluster) == set()  # brought, and not left


@pytest.mark.parametrize(
    "inputs",
    [
        ("log.csv", "--columns", "user,song,date"),
        ("own.npz", "log.csv", "later.csv", "--columns", "user,song"),
    ],
)
def test_stability_of_a_log_and_of_snapshots(inputs, spikeproof, cluster):
    alone, dask = both(spikeproof, cluster, "stability", *inputs, "--rank", 3, "--k", 5, "--overwrite")
    assert contents(alone) == contents(dask) and contents(dask)


def exported(spikeproof, folder, *names):
    """The bytes of the tables of a store, and of these files beside it."""
    assert spikeproof("export", folder, "--csv").returncode == 0
    return [without_time((folder / name).read_bytes()) for name in ("results.csv", *names)]


@pytest.mark.parametrize(
    ("arguments", "files"),
    [
        (("sweep", "study.toml"), ["results.parquet"]),
        (
            ("compare", "own.npz", "--log", "log.csv", "--columns", "user,song", "--rank", 3),
            ["compare.json", "compare.html"],
        ),
        (("verify", "C1", "--quick", "--matrix", "log.csv"), ["ledger.json"]),
    ],
)
def test_what_is_kept_in_a_store(arguments, files, spikeproof, cluster):
    alone, dask = both(spikeproof, cluster, *arguments)
    assert exported(spikeproof, alone, *files) == exported(spikeproof, dask, *files)
