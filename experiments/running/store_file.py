"""Is this file a whole store of ours? Its tables, and how it is opened; an error says what is wrong with it and what to do."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCKED_SECONDS = 60.0
FORMAT = 2  # stores of another format are refused

SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE results (
  key TEXT PRIMARY KEY, study TEXT NOT NULL, version INTEGER NOT NULL, seed INTEGER NOT NULL,
  cell TEXT NOT NULL, replicate INTEGER NOT NULL, row TEXT, error TEXT, traceback TEXT,
  checksum TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE environments (id INTEGER PRIMARY KEY, host TEXT NOT NULL, versions TEXT NOT NULL, UNIQUE (host, versions));
CREATE TABLE provenance (
  key TEXT PRIMARY KEY, study TEXT NOT NULL, environment INTEGER NOT NULL, started REAL NOT NULL, seconds REAL NOT NULL,
  peak_memory_mb REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE claims (key TEXT PRIMARY KEY, owner TEXT NOT NULL, beat REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX results_by_study ON results (study, version, seed, error IS NULL);
CREATE INDEX provenance_by_study ON provenance (study, seconds, peak_memory_mb, started);
"""


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn SQLite's errors about the file at `path` into `OSError` (it cannot be written) or `ValueError` (it is damaged)."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "decode" in str(error) or "malformed" in str(error):
            raise damaged(path, error) from None
        raise OSError(
            f"{path} cannot be written ({error}); everything finished before is kept. Free some space, or make it "
            "writable, and run the same command again"
        ) from None
    except (
        sqlite3.DatabaseError,
        UnicodeDecodeError,
    ) as error:  # a damaged name in the schema is quoted by SQLite
        raise damaged(path, error) from None


def damaged(path: Path, what: object) -> ValueError:
    """Return the error that says that the file at `path` is no whole store."""
    return ValueError(
        f"{path} must be a store of ours; it is damaged or of another kind ({what}). "
        "Move it away and run again, or restore a copy"
    )


def require_whole(connection: sqlite3.Connection, path: Path) -> None:
    """Raise `ValueError` if a page, an index or a row's place in the file is damaged: a second for a million rows."""
    with told(path):
        (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        raise damaged(path, " ".join(found.split()))


def open_database(path: Path) -> sqlite3.Connection:
    """Open the store at `path`, made if it is new; errors are those of `Store`."""
    size = path.stat().st_size if path.exists() else 0
    with told(path):
        connection = sqlite3.connect(path, timeout=LOCKED_SECONDS, isolation_level=None)
        connection.execute(f"PRAGMA busy_timeout = {1000 * LOCKED_SECONDS:.0f}")
        tables = {
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        }
        if not tables and size % 512:
            raise damaged(path, "it is cut off")
        _use_write_ahead_log(connection)
        connection.execute("PRAGMA synchronous = NORMAL")
        if not tables:
            connection.execute("BEGIN IMMEDIATE")
            if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                for statement in SCHEMA.split(";"):
                    connection.execute(statement)
                connection.execute("INSERT INTO meta VALUES ('format', ?)", (str(FORMAT),))
            connection.execute("COMMIT")
        elif not {"meta", "results", "provenance", "claims"} <= tables:
            raise ValueError(
                f"{path} must be a store of ours; it is an SQLite file with the tables {sorted(tables)}"
            )
        found = connection.execute("SELECT value FROM meta WHERE name = 'format'").fetchone()
    if found is None or not found[0].isdecimal():
        raise damaged(path, "it names no format")
    if int(found[0]) != FORMAT:
        raise ValueError(
            f"{path} is a store of format {found[0]}; this version reads and writes format {FORMAT}. Give another --out"
        )
    return connection


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
