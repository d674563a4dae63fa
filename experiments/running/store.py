"""What has been computed? One SQLite file holds one row per task, written as the task finishes.

The table `results` depends on the study, the seed and the trial alone and is the same however it was run; `provenance` holds the
rest (host, seconds, memory, versions, time, and the hash of the sources that made the row). Write-ahead logging keeps what has
finished when a process is killed, and a checksum of each row shows where a disk has changed what was written.
"""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

from experiments.running.one_task import Outcome
from experiments.running.output_places import require_output_folder
from experiments.running.reservations import Reservations
from experiments.running.seeds import canonical, digest
from experiments.running.store_file import damaged, open_database, opened_for_reading, require_whole, told
from experiments.running.study import Task

FILE = "store.sqlite"
ORIGIN = "origin of "  # begins the names under which `meta` holds where trials of studies come from
OURS = {
    "results.parquet",
    "results.csv",
    "ledger.json",
    "index.html",
    "compare.html",
    "compare.json",
    "figures",
}


COLUMNS = "key, study, version, seed, cell, replicate, row, error, traceback, checksum"


class Store:
    """An open store in `folder`; use it as a context manager. With `create=False` it is only read, and the folder stays as it is.

    Raises
    ------
    ValueError
        if the folder holds another seed's results, files of ours without a store, a store of a newer format, or a file
        that is no store or is damaged.
    OSError
        if the folder cannot be made or written.
    """

    def __init__(
        self, folder: str | os.PathLike[str], *, seed: int | None = None, create: bool = True
    ) -> None:
        self.folder = Path(folder)
        self.path = Path(os.path.abspath(self.folder)) / FILE  # a trial may change the working folder
        self._opened = ExitStack()
        self._environments: dict[tuple[str, str, str], int] = {}
        self._beside, self._accepts = "", False
        self._is_whole = False  # this run has looked at every page
        self._written: set[str] = set()  # studies of which this run has written a row
        if os.path.lexists(self.path) and not self.path.is_file():
            raise ValueError(f"{self.path} must be a store of ours; it is no regular file")
        if not self.path.exists() or not self.path.stat().st_size:
            if not create:
                what = "an empty" if self.path.exists() else "no"
                raise ValueError(
                    f"{self.folder} must be a folder that a run has written; it holds {what} {FILE}"
                )
            self._require_free_folder()
        if create:
            self._connection = self._opened.enter_context(closing(open_database(self.path)))
            self.reservations = Reservations(self._connection, self.path)
            self._opened.callback(self.reservations.release_all)
        else:
            self._connection = self._opened.enter_context(opened_for_reading(self.path))
        if seed is not None:
            self._require_seed(seed)

    def _read(self, query: str, parameters: Iterable[Any] = ()) -> Iterator[tuple[Any, ...]]:
        with told(self.path):
            yield from self._connection.execute(query, tuple(parameters))

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give back this coordinator's reservations and close the file."""
        self._opened.close()

    def _require_free_folder(self) -> None:
        require_output_folder(self.folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        if taken := sorted(OURS & {entry.name for entry in self.folder.iterdir()}):
            raise ValueError(
                f"the output folder {self.folder} must hold a store of ours or none of the names we write; it holds {taken} "
                f"and no {FILE}"
            )

    def _require_seed(self, seed: int) -> None:
        with told(self.path), self._connection:
            self._connection.execute("INSERT OR IGNORE INTO meta VALUES ('seed', ?)", (str(seed),))
        ((held,),) = self._read("SELECT value FROM meta WHERE name = 'seed'")
        if held != str(seed):
            raise ValueError(
                f"the output folder {self.folder} holds the results of seed {held}; got seed {seed}. "
                "Give another --out, or that seed"
            )

    def finished(self, study: str, seed: int) -> dict[str, bool]:
        """Return the keys of this study that have a row: True for a result, False for a failure.

        Rows that the disk has changed since they were written are deleted, so that they run again, and a warning names them.
        """
        if (
            not self._is_whole
        ):  # looking at it takes as long as reading it, and a run may have dozens of studies
            require_whole(self._connection, self.path)
            self._is_whole = True
        found, changed = {}, []
        for stored in self._read(
            f"SELECT {COLUMNS} FROM results WHERE study = ? AND seed = ?", (study, seed)
        ):
            *content, checksum = stored
            if checksum == row_checksum(content):
                found[content[0]] = content[7] is None
            else:
                changed.append(content[0])
        if changed:
            with told(self.path), self._connection:
                self._connection.executemany("DELETE FROM results WHERE key = ?", [(key,) for key in changed])
            warnings.warn(
                f"{len(changed)} rows of {study} in {self.path} are damaged (their checksums differ) and run again: "
                + ", ".join(map(str, changed[:5])),
                stacklevel=2,
            )
        return found

    def write(self, task: Task, outcome: Outcome) -> None:
        """Write the outcome of `task`; a stored result stays, a stored failure is replaced."""
        row = None if outcome.row is None else json.dumps(outcome.row, separators=(",", ":"))
        content = (
            *(task.key, task.study, task.version, task.seed, canonical(dict(task.cell)), task.replicate),
            *(row, outcome.error, outcome.traceback),
        )
        try:
            with told(self.path):
                self._connection.execute("BEGIN IMMEDIATE")
                changed = self._connection.execute(
                    f"INSERT INTO results ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET "
                    "row = excluded.row, error = excluded.error, traceback = excluded.traceback, "
                    "checksum = excluded.checksum WHERE results.error IS NOT NULL",
                    (*content, row_checksum(content)),
                ).rowcount
                if changed and task.study not in self._written:
                    self._require_same(
                        task.study, outcome.code
                    )  # another run may have begun at the same moment
                    self._written.add(task.study)
                if changed:
                    self._write_provenance(task, outcome)
                    self._connection.execute("DELETE FROM faults WHERE key = ?", (task.key,))
                self._connection.execute("DELETE FROM claims WHERE key = ?", (task.key,))
                self._connection.execute("COMMIT")
        finally:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def _write_provenance(self, task: Task, outcome: Outcome) -> None:
        self._connection.execute(
            "INSERT OR REPLACE INTO provenance VALUES (?, ?, ?, ?, ?, ?)",
            (
                *(task.key, task.study, self._environment(outcome)),
                *(outcome.started, outcome.seconds, outcome.peak_memory_mb),
            ),
        )

    def _environment(self, outcome: Outcome) -> int:
        """Return the number of where and with what an outcome came about; inside a transaction."""
        where = (outcome.host, outcome.versions, outcome.code)
        if where not in self._environments:
            full = (*where, self._beside)
            self._connection.execute(
                "INSERT OR IGNORE INTO environments (host, versions, code, beside) VALUES (?, ?, ?, ?)", full
            )
            query = "SELECT id FROM environments WHERE host = ? AND versions = ? AND code = ? AND beside = ?"
            (number,) = self._connection.execute(query, full).fetchone()
            self._environments[where] = number
        return self._environments[where]

    def require_code(self, codes: Mapping[str, str], accept: bool = False) -> None:
        """Check that the sources that made the rows of these studies are those of now; `codes` holds their hashes by study.

        With `accept` rows of other sources stay, and the provenance of new rows names those beside which they stand.

        Raises
        ------
        ValueError
            for rows of other sources without `accept`.
        """
        self._accepts = accept
        self._beside = ", ".join(
            sorted({other for study in codes for other in self._others(study, codes[study])})
        )
        for study, code in codes.items():
            self._require_same(study, code)

    def note_origins(self, origins: Mapping[str, tuple[str, str]]) -> None:
        """Note for each of these studies the caller's file or module and the trial's name in it, for whoever replays a row."""
        named = [(f"{ORIGIN}{study}", json.dumps(origin)) for study, origin in origins.items()]
        with told(self.path), self._connection:
            self._connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", named)

    def origin(self, study: str) -> tuple[str, str]:
        """Return the caller's file or module with the trial of a study, and the trial's name; empty for a study of the suite.

        They are words for a reader: a store may come from anybody, and what it names is never imported.
        """
        for (noted,) in self._read("SELECT value FROM meta WHERE name = ?", (f"{ORIGIN}{study}",)):
            try:
                file, trial = json.loads(noted)
            except (ValueError, TypeError):
                raise damaged(self.path, f"it does not say where {study} comes from") from None
            return str(file), str(trial)
        return "", ""

    def _others(self, study: str, code: str) -> list[str]:
        found = self._read(
            "SELECT DISTINCT code FROM environments WHERE id IN (SELECT environment FROM provenance WHERE study = ?)",
            (study,),
        )
        return [str(other) for (other,) in found if other != code]

    def _require_same(self, study: str, code: str) -> None:
        others = self._others(study, code)
        if others and not self._accepts:
            raise ValueError(
                f"{self.folder} holds rows of {study} that other sources have made (hash {others[0]}, now {code}): they may "
                "not be the numbers of this version. Give another folder, or --accept-other-version to keep them beside new ones"
            )

    def count_attempt(self, key: str, reason: str) -> int:
        """Note that the machine failed a task, and return how often it has."""
        with told(self.path), self._connection:
            self._connection.execute(
                "INSERT INTO faults VALUES (?, 1, ?) ON CONFLICT (key) DO UPDATE SET "
                "attempts = attempts + 1, reason = excluded.reason",
                (key, reason),
            )
        ((attempts,),) = self._read("SELECT attempts FROM faults WHERE key = ?", (key,))
        return int(attempts)

    def rows(self, study: str | None = None, seed: int | None = None) -> Iterator[tuple[Any, ...]]:
        """Yield (key, study, version, seed, cell, replicate, row, error) in an order that the run does not change.

        Raises `ValueError` at a row that a disk has changed since it was written.
        """
        require_whole(self._connection, self.path, "results")
        conditions = [("study = ?", study), ("seed = ?", seed)]
        chosen = [(text, value) for text, value in conditions if value is not None]
        where = f"WHERE {' AND '.join(text for text, _ in chosen)}" if chosen else ""
        query = f"SELECT {COLUMNS} FROM results {where} ORDER BY study, version, cell, replicate, seed"
        for *content, checksum in self._read(query, [value for _, value in chosen]):
            self._require_unchanged(content, checksum)
            yield tuple(content[:8])

    def get(self, key: str) -> tuple[Any, ...] | None:
        """Return (study, version, seed, cell, replicate, row, error, traceback) of a key, or None."""
        for *content, checksum in self._read(f"SELECT {COLUMNS} FROM results WHERE key = ?", (key,)):
            self._require_unchanged(content, checksum)
            return tuple(content[1:])
        return None

    def code(self, key: str) -> str:
        """Return the hash of the sources that made the row of a key; empty where there is none."""
        query = "SELECT code FROM environments WHERE id = (SELECT environment FROM provenance WHERE key = ?)"
        return next((str(code) for (code,) in self._read(query, (key,))), "")

    def result(self, key: str) -> tuple[dict[str, Any] | None, str | None] | None:
        """Return (row, error) of a key, or None."""
        found = self.get(key)
        return None if found is None else (json.loads(found[5]) if found[5] else None, found[6])

    def reserve(self, keys: Sequence[str], again: bool) -> tuple[set[str], dict[str, bool]]:
        """Reserve those of `keys` that are free; return the ones now ours, and those that another coordinator has finished.

        The latter are True for a result and False for a failure; failures do not count as finished where they run `again`.
        """
        reserved = self.reservations.reserve(keys)
        finished: dict[str, bool] = {}
        for key in reserved:
            for (fine,) in self._read("SELECT error IS NULL FROM results WHERE key = ?", (key,)):
                if fine or not again:
                    finished[key] = bool(fine)
        for key in finished:
            self.reservations.release(key)
        return set(reserved) - finished.keys(), finished

    def _require_unchanged(self, content: list[Any], checksum: str) -> None:
        if checksum != row_checksum(content):
            raise damaged(
                self.path,
                f"the checksum of row {content[0]} of {content[1]} differs; the command that wrote it runs that row again",
            )

    def seconds(self) -> dict[str, float]:
        """Return the seconds spent in the trials of each study."""
        return dict(self._read("SELECT study, sum(seconds) FROM provenance GROUP BY study"))  # type: ignore[arg-type]

    def counts(self) -> list[tuple[Any, ...]]:
        """Return (study, version, results, failures) of everything stored."""
        return list(
            self._read(
                "SELECT study, version, sum(error IS NULL), sum(error IS NOT NULL) FROM results GROUP BY study, version"
            )
        )

    def unfinished(self) -> tuple[int, str]:
        """Return how many tasks the machine failed that are to be tried again, and one reason."""
        ((count, reason),) = self._read("SELECT count(*), min(reason) FROM faults")
        return int(count), str(reason or "")

    def failures(self, limit: int) -> list[tuple[Any, ...]]:
        """Return (key, study, error) of the first `limit` failures."""
        return list(
            self._read(
                "SELECT key, study, error FROM results WHERE NOT (error IS NULL) ORDER BY study, key LIMIT ?",
                (limit,),
            )
        )

    def provenance(self) -> dict[str, Any]:
        """Return hosts, versions, hashes of the sources, the most memory a worker held, and the last start, of everything stored.

        `mixed` tells whether rows of one study were accepted beside those of other sources.
        """
        found = list(
            self._read("SELECT host, versions, code, beside FROM environments ORDER BY host, versions, code")
        )
        pairs = [(host, versions) for host, versions, _, _ in found]
        rows = list(self._read("SELECT max(peak_memory_mb), max(started) FROM provenance GROUP BY study"))
        return {
            "hosts": list(dict.fromkeys(host for host, _ in pairs)),
            "versions": list(dict.fromkeys(versions for _, versions in pairs)),
            "codes": sorted({code for _, _, code, _ in found}),
            "mixed": any(beside for _, _, _, beside in found),
            "peak_memory_mb": max((memory for memory, _ in rows), default=0.0),
            "last_started": max((started for _, started in rows), default=0.0),
        }


def row_checksum(content: Iterable[Any]) -> str:
    """Sixteen hexadecimal digits of the SHA-256 of everything that a row of results holds."""
    try:
        return digest(*content)[:16]
    except (TypeError, ValueError):  # a damaged row may hold bytes or numbers that no row of ours holds
        return ""
