"""The file behind a store: its tables, and opening it with a clear word on whatever is wrong with it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

FORMAT = 1  # a store of a higher one is refused

SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE results (
  key TEXT PRIMARY KEY, study TEXT NOT NULL, version INTEGER NOT NULL, seed INTEGER NOT NULL,
  cell TEXT NOT NULL, replicate INTEGER NOT NULL, row TEXT, error TEXT, traceback TEXT
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


def open_database(path: Path) -> sqlite3.Connection:
    """Open the store at `path`, made if it is new; errors are those of `Store`."""
    try:
        connection = sqlite3.connect(path, timeout=60.0, isolation_level=None)
        connection.execute("PRAGMA busy_timeout = 60000")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        tables = {
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        }
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
        found = int(connection.execute("SELECT value FROM meta WHERE name = 'format'").fetchone()[0])
    except sqlite3.OperationalError as error:
        raise OSError(f"{path} cannot be opened for writing: {error}") from None
    except sqlite3.DatabaseError as error:
        raise ValueError(
            f"{path} must be a store of ours; it is damaged or of another kind ({error}). "
            "Move it away and run again, or restore a copy"
        ) from None
    if found > FORMAT:
        raise ValueError(f"{path} is a store of format {found}; this version reads up to format {FORMAT}")
    return connection
