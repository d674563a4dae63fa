"""The same table from a Dask cluster, and what happens when its scheduler is lost."""

import os
import signal
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pandas as pd
import pytest

from experiments import Study, product, run

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # worker processes find the trials by this module's name
import runner_trials as trials  # noqa: E402
from runner_trials import demo, results, started_cluster  # noqa: E402


@pytest.mark.slow
def test_dask_gives_the_table_of_one_process_on_a_running_scheduler_and_on_a_local_cluster(
    tmp_path, monkeypatch
):
    from distributed import LocalCluster

    monkeypatch.setenv("PYTHONPATH", str(HERE))
    alone = run(demo())
    pd.testing.assert_frame_equal(alone, run(demo(), dask="local:2", store=tmp_path), check_exact=True)
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        pd.testing.assert_frame_equal(alone, run(demo(), dask=cluster.scheduler_address), check_exact=True)
        study = Study("fails", product(k=[0, 1, 2]), trials.fail_on_one, roles={"r": ()})
        assert run(study, dask=cluster.scheduler_address)["error"].notna().tolist() == [False, True, False]


def test_a_scheduler_that_does_not_answer_is_waited_for_as_long_as_asked():
    with pytest.raises(
        TimeoutError, match="waited .* for a Dask scheduler at tcp://127.0.0.1:9, where none answers"
    ):
        run(demo(), dask="tcp://127.0.0.1:9", wait=0)


@pytest.mark.parametrize(
    "address",
    ["", "http://x", "tcp://127.0.0.1:99999", "127.0.0.1", "tcp://:1", "x:0", "tcp://h:" + "9" * 5000],
)
def test_an_address_that_names_no_scheduler_is_refused_at_once(address):
    with pytest.raises(ValueError, match="the address of a Dask scheduler must be as tcp://HOST:PORT"):
        run(demo(), dask=address)


def test_a_server_that_is_no_scheduler_is_told():
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            with pytest.raises(TimeoutError, match="where none answers"):
                run(demo(), dask=f"tcp://127.0.0.1:{server.server_port}", wait=0)
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.slow
def test_a_scheduler_lost_in_the_middle_of_a_run_is_told_and_loses_nothing_finished(tmp_path):
    log = tmp_path / "log"
    study = Study("slow", product(path=[str(log)], k=list(range(24))), trials.slow_line, roles={"r": ("k",)})
    cluster, address = started_cluster()

    def kill_at_the_sixth(done, total, failed):
        if done >= 6 and cluster.poll() is None:
            os.killpg(cluster.pid, signal.SIGKILL)
            cluster.wait()

    with pytest.raises(OSError, match=f"{address} was lost; .* of 24 tasks are kept"):
        run(study, dask=address, store=tmp_path / "s", progress=kill_at_the_sixth)
    kept = len(results(tmp_path / "s"))
    assert 6 <= kept < 24 and all(row[7] is None for row in results(tmp_path / "s"))
    assert run(study, store=tmp_path / "s")["error"].isna().all()


def _listening():
    """The ports of this machine that somebody listens on."""
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    return {int(line.split()[1].split(":")[1], 16) for line in lines if line.split()[3] == "0A"}


@pytest.mark.slow
def test_a_cluster_that_is_started_here_takes_nobody_without_its_keys():
    from distributed import Client
    from distributed.security import Security

    from experiments.running.closed_cluster import closed_cluster

    before = _listening()
    with closed_cluster(1) as cluster:
        address = cluster.scheduler_address
        assert address.startswith("tls://127.0.0.1:")
        assert len(_listening() - before) == 3  # scheduler, nanny, worker: no web server
        strangers = [(address.replace("tls", "tcp"), None), (address, Security.temporary())]
        for place, keys in strangers:
            with pytest.raises(OSError, match=r"."):
                Client(place, security=keys, timeout=5, set_as_default=False)
        with Client(cluster, timeout=600, set_as_default=False) as client:
            assert client.submit(sum, [1, 2]).result(timeout=600) == 3
            here = client.submit(os.getcwd).result(timeout=600)
            assert here not in client.submit(lambda: sys.path).result(timeout=600)[:1]
