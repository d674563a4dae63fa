"""A store that is damaged, foreign, full or of another run: no finished row is lost silently, and what is lost is named."""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from experiments import Study, product, run, run_all
from experiments.running.store import FILE, Store
from experiments.running.store_file import open_database

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # worker processes find the trials by this module's name
import runner_trials as trials  # noqa: E402
from runner_trials import demo, results  # noqa: E402


def test_a_folder_of_another_seed_or_another_kind_is_refused(tmp_path):
    run(demo(), store=tmp_path / "s", seed=1)
    with pytest.raises(ValueError, match="holds the results of seed 1; got seed 2"):
        run(demo(), store=tmp_path / "s", seed=2)
    (tmp_path / "plain").write_text("x")
    with pytest.raises(ValueError, match="must be a folder; it is a file"):
        run(demo(), store=tmp_path / "plain")
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken/ledger.json").write_text("{}")
    with pytest.raises(ValueError, match="it holds .'ledger.json'. and no"):
        run(demo(), store=tmp_path / "taken")
    (tmp_path / "free").mkdir()
    (tmp_path / "free/notes.txt").write_text("mine")
    assert len(run(demo(), store=tmp_path / "free")) == 8


def test_a_folder_below_a_file_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(OSError, match="Not a directory"):
        run(demo(), store=tmp_path / "file" / "below")


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
    with pytest.raises(ValueError, match="store of format 99; this version reads and writes format 3"):
        run(demo(), store=tmp_path / "c")


def planted(path, table):
    """Put a view that never ends in the place of a table."""
    with sqlite3.connect(path) as store:
        columns = [row[1] for row in store.execute(f"PRAGMA table_info({table})")]
        for (name,) in store.execute(
            "SELECT name FROM sqlite_master WHERE tbl_name = ? AND type = 'index' AND sql IS NOT NULL",
            (table,),
        ).fetchall():
            store.execute(f"DROP INDEX {name}")
        store.execute(f"DROP TABLE {table}")
        endless = "WITH RECURSIVE n(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n) SELECT"
        store.execute(
            f"CREATE VIEW {table} AS {endless} {', '.join(f'k AS {c}' for c in columns)} FROM n WHERE k < 0"
        )


@pytest.mark.parametrize("table", ["meta", "results", "environments", "provenance", "claims", "faults"])
def test_a_store_with_a_view_or_a_trigger_of_a_stranger_is_refused_before_it_is_asked(table, tmp_path):
    run(demo(n=(3,), replicates=1), store=tmp_path)
    planted(tmp_path / FILE, table)
    with pytest.raises(ValueError, match="must be a store of ours"):
        results(tmp_path)
    with pytest.raises(ValueError, match="must be a store of ours"):
        run(demo(), store=tmp_path)


def test_a_trigger_is_no_part_of_a_store(tmp_path):
    run(demo(n=(3,), replicates=1), store=tmp_path)
    with sqlite3.connect(tmp_path / FILE) as store:
        store.execute("CREATE TRIGGER t AFTER INSERT ON results BEGIN DELETE FROM results; END")
    with pytest.raises(ValueError, match="its schema is not ours: 'CREATE TRIGGER t"):
        run(demo(), store=tmp_path)


def test_a_file_that_is_not_ours_stays_as_it_was(tmp_path):
    with sqlite3.connect(tmp_path / FILE) as other:
        other.execute("CREATE TABLE birds (name TEXT)")
    before = (tmp_path / FILE).read_bytes()
    for work in (lambda: run(demo(), store=tmp_path), lambda: results(tmp_path)):
        with pytest.raises(ValueError, match="it is an SQLite file with the tables .'birds'."):
            work()
    assert (tmp_path / FILE).read_bytes() == before and [p.name for p in tmp_path.iterdir()] == [FILE]


def test_what_is_no_regular_file_is_never_opened(tmp_path):
    os.mkfifo(tmp_path / FILE)
    for work in (lambda: run(demo(), store=tmp_path), lambda: results(tmp_path)):
        with pytest.raises(ValueError, match="no regular file"):
            work()
    (tmp_path / FILE).unlink()
    (tmp_path / FILE).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ValueError, match="no regular file"):
        run(demo(), store=tmp_path)
    assert not (tmp_path / "elsewhere").exists()


def test_reading_leaves_nothing_behind(tmp_path):
    run(demo(), store=tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert len(results(tmp_path)) == 8
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("killed", [False, True])
def test_a_store_on_read_only_media_is_read_whole(killed, tmp_path, monkeypatch):
    """Also one whose run was killed, so that its newest rows are in the log beside the file."""
    folder = tmp_path / "s"
    run(demo(), store=folder)
    if killed:
        held = sqlite3.connect(folder / FILE)
        held.execute("PRAGMA journal_mode = WAL")
        held.execute("SELECT count(*) FROM results").fetchone()
        run(demo(replicates=3), store=folder)  # is not the last to close, so its rows stay in the log
        assert (folder / f"{FILE}-wal").stat().st_size
        shutil.copytree(folder, tmp_path / "copy", ignore=shutil.ignore_patterns("*-shm"))
        held.close()
        folder = tmp_path / "copy"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    original = sqlite3.connect

    def read_only(address, *rest, **named):
        if "mode=ro" in str(address) and "immutable" not in str(address):
            raise sqlite3.OperationalError(
                "unable to open database file"
            )  # what SQLite says where it may not write
        return original(address, *rest, **named)

    monkeypatch.setattr(sqlite3, "connect", read_only)
    monkeypatch.setattr(os, "access", lambda path, mode: mode == os.R_OK)
    assert len(results(folder)) == (12 if killed else 8)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def large():
    """Forty-eight rows."""
    return demo(n=(3, 4, 5), replicates=8)


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
        again = told(lambda: run(large(), store=path.parent), path)
    before = "told" if read is None else "unharmed"
    if again is None:
        return before, "refused"
    assert again.equals(clean) and results(path.parent) == whole
    return before, "named and run again" if any("are damaged" in str(w.message) for w in said) else "whole"


def test_a_flipped_byte_anywhere_in_a_store_is_harmless_or_told(tmp_path):
    """400 bytes of a store of 48 rows, one at a time: no wrong number is ever read, and nothing ends in another error."""
    clean = run(large(), store=tmp_path)
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
    clean = run(large(), store=tmp_path)
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
        run(large(), store=tmp_path)


def test_a_changed_number_is_named_and_computed_again(tmp_path):
    clean = run(large(), store=tmp_path)
    with sqlite3.connect(tmp_path / FILE) as file:
        key = clean["key"][7]
        file.execute("UPDATE results SET row = replace(row, '0.', '1.') WHERE key = ?", (key,))
    with pytest.raises(ValueError, match=f"checksum of row {key} of demo differs"):
        results(tmp_path)
    with pytest.warns(UserWarning, match=f"1 rows of demo in .* are damaged .* run again: {key}"):
        assert run(large(), store=tmp_path).equals(clean)


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
        timeout=600,
        check=False,
    )
    if "unshare:" in done.stderr or "mount:" in done.stderr:
        pytest.skip(f"no mount namespace here: {done.stderr.strip()}")  # the page limit above stands for it
    said = done.stdout.split("\n")
    assert "cannot be written" in said[0] and "everything finished before is kept" in said[0], done
    assert 1 <= int(said[1].split()[1]) < 400 and said[2] == "whole 400"


def test_a_run_looks_at_every_page_once_and_a_reader_at_those_of_the_rows(tmp_path):
    studies = [demo(name=f"study-{k}") for k in range(4)]
    run_all(studies, store=tmp_path)
    for create, work, expected in (
        (True, lambda store: [store.finished(study.name, 0) for study in studies], ["1"]),
        (False, lambda store: list(store.rows()), ["results"]),
    ):
        asked = []
        with Store(tmp_path, create=create) as store:
            store._connection.set_trace_callback(asked.append)
            assert len(work(store)) in (4, 32)
        looks = [text for text in asked if "integrity_check" in text]
        assert looks == [f"PRAGMA integrity_check({what})" for what in expected]
