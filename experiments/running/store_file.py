"""Is this file a whole store of ours? Its tables, and how it is opened; an error says what is wrong with it and what to do.

A file is looked at before it is touched: it is opened for reading only, with nothing that a schema could make SQLite run, and it
must hold exactly our tables. Only then may it be opened for writing.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

LOCKED_SECONDS = 60.0
FORMAT = 3  # stores of another format are refused

SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE results (
  key TEXT PRIMARY KEY, study TEXT NOT NULL, version INTEGER NOT NULL, seed INTEGER NOT NULL,
  cell TEXT NOT NULL, replicate INTEGER NOT NULL, row TEXT, error TEXT, traceback TEXT,
  checksum TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE environments (
  id INTEGER PRIMARY KEY, host TEXT NOT NULL, versions TEXT NOT NULL, code TEXT NOT NULL, beside TEXT NOT NULL,
  UNIQUE (host, versions, code, beside)
);
CREATE TABLE provenance (
  key TEXT PRIMARY KEY, study TEXT NOT NULL, environment INTEGER NOT NULL, started REAL NOT NULL, seconds REAL NOT NULL,
  peak_memory_mb REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE claims (key TEXT PRIMARY KEY, owner TEXT NOT NULL, beat REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE faults (key TEXT PRIMARY KEY, attempts INTEGER NOT NULL, reason TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX results_by_study ON results (study, version, seed, error IS NULL);
CREATE INDEX provenance_by_study ON provenance (study, environment, seconds, peak_memory_mb, started);
"""
STATEMENTS = [" ".join(statement.split()) for statement in SCHEMA.split(";") if statement.strip()]


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn SQLite's errors about the file at `path` into `OSError` (it cannot be written) or `ValueError` (it is damaged)."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "decode" in str(error) or "malformed" in str(error):
            raise damaged(path, error) from None
        raise OSError(
            f"{path} cannot be written ({error}); everything finished before is kept. {_way_out(error)}, and run the same "
            "command again"
        ) from None
    except (
        sqlite3.DatabaseError,
        UnicodeDecodeError,
    ) as error:  # a damaged name in the schema is quoted by SQLite
        raise damaged(path, error) from None


def _way_out(error: sqlite3.Error) -> str:
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith("SQLITE_FULL"):
        return "Free some space"
    if name.startswith(("SQLITE_READONLY", "SQLITE_PERM", "SQLITE_CANTOPEN", "SQLITE_AUTH")):
        return "Make the file and its folder writable for you, or give another --out"
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return "Wait until the other program has finished with it"
    return "Look at the disk"


def damaged(path: Path, what: object) -> ValueError:
    """Return the error that says that the file at `path` is no whole store."""
    return ValueError(
        f"{path} must be a store of ours; it is damaged or of another kind ({what}). "
        "Move it away and run again, or restore a copy"
    )


def require_whole(connection: sqlite3.Connection, path: Path, table: str = "") -> None:
    """Raise `ValueError` if a page, an index or a row's place in the file is damaged.

    With `table` only that one and its indices are looked at: for a million rows 1 s instead of 6 s of processor time. SQLite
    before 3.33 takes the name for no number and looks at the whole file.
    """
    with told(path):
        (found,) = connection.execute(f"PRAGMA integrity_check({table or 1})").fetchone()
    if found != "ok":
        raise damaged(path, " ".join(found.split()))


def open_database(path: Path) -> sqlite3.Connection:
    """Open the store at `path` for writing, made if it is new; errors are those of `Store`."""
    if path.exists() and path.stat().st_size:
        with closing(_connect_for_reading(path)) as looked:
            _require_ours(looked, path, empty=True)
    with told(path):
        connection = sqlite3.connect(path, timeout=LOCKED_SECONDS, isolation_level=None)
        _guard(connection)
        _use_write_ahead_log(connection)
        connection.execute("PRAGMA synchronous = NORMAL")
        if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            connection.execute("BEGIN IMMEDIATE")
            if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                for statement in STATEMENTS:
                    connection.execute(statement)
                connection.execute("INSERT INTO meta VALUES ('format', ?)", (str(FORMAT),))
            connection.execute("COMMIT")
    _require_ours(connection, path)
    return connection


@contextmanager
def opened_for_reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the store at `path` for reading: also in a folder that cannot be written, and with nothing left behind."""
    log = path.with_name(f"{path.name}-wal")
    had_log = log.exists()
    connection = None
    try:
        connection = _connect_for_reading(path)
        _require_ours(connection, path)
        yield connection
    finally:
        if connection is not None:
            connection.close()
            if (
                not had_log and log.exists()
            ):  # SQLite has made it to read, and removes it when a writer is the last to close
                with suppress(sqlite3.Error), closing(sqlite3.connect(path)) as last:
                    last.execute("SELECT count(*) FROM sqlite_master").fetchone()


def _connect_for_reading(path: Path) -> sqlite3.Connection:
    with told(path):
        try:
            connection = _read_only(path)
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            return connection
        except sqlite3.OperationalError:
            if os.access(path.parent, os.W_OK) or not os.access(path, os.R_OK):
                raise
        log = path.with_name(f"{path.name}-wal")
        if not log.exists() or not log.stat().st_size:
            return _read_only(path, "&immutable=1")
        # an unfinished log holds the newest rows: SQLite reads it only where it may write beside it
        with tempfile.TemporaryDirectory() as folder:
            for file in (path, log):
                shutil.copyfile(file, Path(folder, file.name))
            copied = sqlite3.connect(Path(folder, path.name))
            with closing(copied):
                connection = sqlite3.connect(":memory:", isolation_level=None)
                copied.backup(connection)
        _guard(connection)
        return connection


def _read_only(path: Path, more: str = "") -> sqlite3.Connection:
    address = f"{Path(os.path.abspath(path)).as_uri()}?mode=ro{more}"
    connection = sqlite3.connect(address, uri=True, timeout=LOCKED_SECONDS, isolation_level=None)
    _guard(connection)
    return connection


def _guard(connection: sqlite3.Connection) -> None:
    """Let nothing in a schema call what could do harm, and look at each page before it is used."""
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    connection.execute(f"PRAGMA busy_timeout = {1000 * LOCKED_SECONDS:.0f}")


def _require_ours(connection: sqlite3.Connection, path: Path, *, empty: bool = False) -> None:
    """Raise `ValueError` unless the schema is exactly ours, of this format; with `empty` also none at all is fine."""
    with told(path):
        found = connection.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
        if not found and path.stat().st_size % 512:
            raise damaged(path, "it is cut off")
        if not found and empty:
            return
        tables = {name: sql for kind, name, sql in found if kind == "table"}
        if "results" not in tables or tables.get("meta") != STATEMENTS[0]:
            raise ValueError(
                f"{path} must be a store of ours; it is an SQLite file with the tables {sorted(map(str, tables))[:20]}"
            )
        named = connection.execute("SELECT value FROM meta WHERE name = 'format'").fetchone()
    if named is None or not str(named[0]).isdecimal():
        raise damaged(path, "it names no format")
    if int(named[0]) != FORMAT:
        raise ValueError(
            f"{path} is a store of format {named[0]}; this version reads and writes format {FORMAT}. Give another --out"
        )
    statements = [" ".join(str(sql).split()) for _, name, sql in found if sql is not None]
    if sorted(statements) != sorted(STATEMENTS):
        odd = sorted(set(statements) ^ set(STATEMENTS))
        raise damaged(path, f"its schema is not ours: {odd[0][:80]!a}")


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Switch to write-ahead logging; where another coordinator does so at this moment SQLite says "locked" without waiting."""
    deadline = time.monotonic() + LOCKED_SECONDS
    while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
