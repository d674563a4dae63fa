"""Faults: whatever is killed, cut off, filled up or damaged, nothing finished is lost silently, and what is lost is named."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
import warnings
from pathlib import Path

import pytest

from experiments import Study, product, run
from experiments.running.store import FILE, Store
from experiments.running.store_file import open_database

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # worker processes find the trials by this module's name
import runner_trials as trials  # noqa: E402


def demo():
    return Study(
        "demo",
        product(n=[3, 4, 5], method=["a", "b"]),
        trials.draw,
        replicates=8,
        roles={"graph": ("n",), "method": ("method", "n")},
    )


def results(folder):
    with Store(folder, create=False) as store:
        return list(store.rows())


COORDINATOR = """
import sys
sys.path.insert(0, sys.argv[3])
import runner_trials as trials
from experiments import Study, product, run
if __name__ == "__main__":
    study = Study("slow", product(path=[sys.argv[2]], k=list(range(24))), trials.slow_line, roles={"r": ("k",)})
    run(study, store=sys.argv[1], workers=2)
"""


def coordinate(folder, log, **options):
    return subprocess.Popen([sys.executable, "-c", COORDINATOR, str(folder), str(log), str(HERE)], **options)


@pytest.mark.slow
@pytest.mark.parametrize("moment", range(10))
def test_killed_at_any_moment_and_run_again(moment, tmp_path):
    """kill -9 of the coordinator: nothing finished is lost or run twice; only what was in flight (two) is."""
    log = tmp_path / "log"
    process = coordinate(tmp_path / "s", log)
    deadline = time.monotonic() + 60
    while (
        time.monotonic() < deadline
        and (len(log.read_text().splitlines()) if log.exists() else 0) <= 2 * moment
    ):
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    time.sleep(1.5)  # orphaned workers notice within half a second and end
    assert coordinate(tmp_path / "s", log).wait(120) == 0
    lines = log.read_text().splitlines()
    assert set(lines) == {str(k) for k in range(24)}
    assert len(lines) <= 24 + 2
    clean = tmp_path / "clean"
    assert coordinate(clean, tmp_path / "other").wait(120) == 0
    strip = [(row[5], row[6]) for row in results(tmp_path / "s")]
    assert sorted(strip) == sorted((row[5], row[6]) for row in results(clean))


@pytest.mark.slow
def test_two_coordinators_share_one_store(tmp_path):
    log = tmp_path / "log"
    both = [coordinate(tmp_path / "s", log) for _ in range(2)]
    assert [process.wait(120) for process in both] == [0, 0]
    lines = log.read_text().splitlines()
    assert sorted(lines, key=int) == [str(k) for k in range(24)]
    assert len(results(tmp_path / "s")) == 24


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_of_a_task_costs_that_task_only(tmp_path):
    """Every worker found alive is killed once; the tasks they held are failures, all others have rows."""
    log = tmp_path / "log"
    process = coordinate(tmp_path / "s", log)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not (log.exists() and len(log.read_text().splitlines()) > 4):
        time.sleep(0.02)
    children = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=False)
    killed = 0
    for child in map(int, children.stdout.split()):
        name = Path(f"/proc/{child}/cmdline").read_bytes()
        if b"spawn_main" in name:
            os.kill(child, signal.SIGKILL)
            killed += 1
    assert process.wait(120) == 0
    rows = results(tmp_path / "s")
    failed = [row for row in rows if row[7] is not None]
    assert killed >= 1 and len(rows) == 24
    assert 1 <= len(failed) <= killed
    assert all("ended with exit code -9" in row[7] for row in failed)


@pytest.mark.slow
def test_a_disk_that_fills_up_is_reported_and_loses_nothing_finished(tmp_path, monkeypatch):
    """A store whose file may not grow: SQLite's own page limit stands for the full disk."""
    study = Study("fills", product(k=list(range(400))), trials.long_row, roles={})
    full = tmp_path / "s"
    run(Study("fills", product(k=[0]), trials.long_row, roles={}), store=full)
    original = open_database

    def limited(path):
        connection = original(path)
        connection.execute("PRAGMA max_page_count = 60")
        return connection

    with monkeypatch.context() as patched:
        patched.setattr("experiments.running.store.open_database", limited)
        with pytest.raises(OSError, match="cannot be written .*full.*everything finished before is kept"):
            run(study, store=full)
    kept = len(results(full))
    assert 1 <= kept < 400
    assert len(run(study, store=full)) == 400 and len(results(full)) == 400


@pytest.mark.slow
def test_a_scheduler_that_does_not_answer_is_named_within_ten_seconds():
    started = time.monotonic()
    with pytest.raises(ValueError, match="tcp://127.0.0.1:9 must answer within 10 s"):
        run(demo(), dask="tcp://127.0.0.1:9")
    assert time.monotonic() - started < 20


def test_a_damaged_foreign_or_newer_store_is_named(tmp_path):
    import sqlite3

    (tmp_path / "a").mkdir()
    (tmp_path / "a" / FILE).write_bytes(
        b"this is not a database at all, but it is long enough to be read as one" * 40
    )
    with pytest.raises(ValueError, match="damaged or of another kind"):
        run(demo(), store=tmp_path / "a")
    (tmp_path / "b").mkdir()
    with sqlite3.connect(tmp_path / "b" / FILE) as other:
        other.execute("CREATE TABLE birds (name TEXT)")
    with pytest.raises(
        ValueError, match=r"must be a store of ours; it is an SQLite file with the tables .'birds'."
    ):
        run(demo(), store=tmp_path / "b")
    run(demo(), store=tmp_path / "c")
    with sqlite3.connect(tmp_path / "c" / FILE) as newer:
        newer.execute("UPDATE meta SET value = '99' WHERE name = 'format'")
    with pytest.raises(ValueError, match="store of format 99; this version reads and writes format 2"):
        run(demo(), store=tmp_path / "c")


def told(work, path):
    """What `work` returns; or None where it ends in an error that names the file, or else its folder."""
    try:
        return work()
    except (ValueError, OSError) as error:
        if str(path.parent) not in str(error):
            raise
        return None


def outcomes_of_damage(path, whole, clean):
    """What reading and continuing a damaged store give: rows as they were, or one sentence that names the file."""
    read = told(lambda: results(path.parent), path)
    assert read in (None, whole)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        again = told(lambda: run(demo(), store=path.parent), path)
    before = "told" if read is None else "unharmed"
    if again is None:
        return before, "refused"
    assert again.equals(clean) and results(path.parent) == whole
    return before, "named and run again" if any("are damaged" in str(w.message) for w in said) else "whole"


def test_a_flipped_byte_anywhere_in_a_store_is_harmless_or_told(tmp_path):
    """400 bytes of a store of 48 rows, one at a time: no wrong number is ever read, and nothing ends in another error."""
    clean = run(demo(), store=tmp_path)
    path = tmp_path / FILE
    sound, whole = path.read_bytes(), results(tmp_path)
    rng = random.Random(0)
    seen = set()
    for at in sorted(rng.sample(range(len(sound)), 400)):
        for left in tmp_path.glob(FILE + "-*"):
            left.unlink()
        path.write_bytes(sound[:at] + bytes([sound[at] ^ (1 << rng.randrange(8))]) + sound[at + 1 :])
        seen.add(outcomes_of_damage(path, whole, clean))
    assert {("unharmed", "whole"), ("told", "refused"), ("told", "named and run again")} <= seen, seen


def test_a_store_cut_off_anywhere_is_told(tmp_path):
    clean = run(demo(), store=tmp_path)
    path = tmp_path / FILE
    sound, whole = path.read_bytes(), results(tmp_path)
    for size in (1, 15, 16, 99, 100, 4095, 4096, *range(5000, len(sound), 4999)):
        path.write_bytes(sound[:size])
        before, after = outcomes_of_damage(path, whole, clean)
        assert before == "told" and after in ("refused", "named and run again"), size
    path.write_bytes(b"")  # SQLite takes an empty file for a new one
    with pytest.raises(ValueError, match="it holds an empty store.sqlite"):
        results(tmp_path)
    (tmp_path / "results.parquet").touch()
    with pytest.raises(ValueError, match="it holds .'results.parquet'. and no store.sqlite"):
        run(demo(), store=tmp_path)


def test_a_changed_number_is_named_and_computed_again(tmp_path):
    clean = run(demo(), store=tmp_path)
    with sqlite3.connect(tmp_path / FILE) as file:
        key = clean["key"][7]
        file.execute("UPDATE results SET row = replace(row, '0.', '1.') WHERE key = ?", (key,))
    with pytest.raises(ValueError, match=f"checksum of row {key} of demo differs"):
        results(tmp_path)
    with pytest.warns(UserWarning, match=f"1 rows of demo in .* are damaged .* run again: {key}"):
        assert run(demo(), store=tmp_path).equals(clean)


@pytest.mark.slow
def test_a_real_file_system_that_fills_up_loses_nothing_finished(tmp_path):
    """A tmpfs of 300 kB, in a mount namespace of its own."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[2])\n"
        "import runner_trials as trials\n"
        "from experiments import Study, product, run\n"
        "try:\n"
        "    run(Study('fills', product(k=list(range(400))), trials.long_row, roles={}), store=sys.argv[1])\n"
        "except OSError as error: print(error)\n"
        "from experiments.running.store import Store\n"
        "import os\n"
        "os.system('mount -o remount,size=8m ' + os.path.dirname(sys.argv[1]))\n"
        "with Store(sys.argv[1], create=False) as store: print('kept', len(list(store.rows())))\n"
        "print('whole', len(run(Study('fills', product(k=list(range(400))), trials.long_row, roles={}), store=sys.argv[1])))\n"
    )
    script = f'mount -t tmpfs -o size=300k tmpfs {tmp_path} && exec {sys.executable} -c "$CODE" {tmp_path}/s {HERE}'
    separate = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--mount"]
    done = subprocess.run(
        [*separate, "sh", "-c", script],
        env={**os.environ, "CODE": code},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if "unshare:" in done.stderr or "mount:" in done.stderr:
        pytest.skip(f"no mount namespace here: {done.stderr.strip()}")  # the page limit above stands for it
    said = done.stdout.split("\n")
    assert "cannot be written" in said[0] and "everything finished before is kept" in said[0], done
    assert 1 <= int(said[1].split()[1]) < 400 and said[2] == "whole 400"


CLUSTER = """
import sys, time
from distributed import LocalCluster
if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        print(cluster.scheduler_address, flush=True)
        time.sleep(300)
"""


@pytest.mark.slow
def test_a_scheduler_lost_in_the_middle_of_a_run_is_told_and_loses_nothing_finished(tmp_path):
    log = tmp_path / "log"
    study = Study("slow", product(path=[str(log)], k=list(range(24))), trials.slow_line, roles={"r": ("k",)})
    environment = {**os.environ, "PYTHONPATH": str(HERE)}
    cluster = subprocess.Popen(
        [sys.executable, "-c", CLUSTER],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    address = cluster.stdout.readline().strip()

    def kill_at_the_sixth(done, total, failed):
        if done >= 6 and cluster.poll() is None:
            os.killpg(cluster.pid, signal.SIGKILL)
            cluster.wait()

    began = time.monotonic()
    with pytest.raises(OSError, match=f"{address} was lost; .* of 24 tasks are kept"):
        run(study, dask=address, store=tmp_path / "s", progress=kill_at_the_sixth)
    assert time.monotonic() - began < 90
    kept = len(results(tmp_path / "s"))
    assert 6 <= kept < 24 and all(row[7] is None for row in results(tmp_path / "s"))
    assert run(study, store=tmp_path / "s")["error"].isna().all()
