"""How do rows leave the store? As a table of one study, or all of them as Parquet and CSV files."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Any

import pandas as pd

from experiments.running.files import Content, write_new
from experiments.running.folder_locks import alone
from experiments.running.output_places import require_output_folder
from experiments.running.spreadsheet import csv_of
from experiments.running.store import Store
from experiments.running.table import Columns
from simulate.optional import missing

COLUMNS = ("key", "study", "version", "seed", "cell", "replicate", "row", "error")
GROUP = 20_000  # rows


def read_rows(folder: str | os.PathLike[str], study: str, *, seed: int | None = None) -> pd.DataFrame:
    """Return the rows of one study in a run's folder: parameters, replicate, the trial's columns, error, key."""
    with Store(folder, create=False) as store:
        return _frame(store, study, seed)


def export(
    folder: str | os.PathLike[str],
    *,
    csv: bool = False,
    out: str | os.PathLike[str] | None = None,
    overwrite: bool = False,
) -> list[Path]:
    """Write `results.parquet` (and with `csv` also `results.csv`) beside the store and return their paths.

    Without pyarrow (extra `parquet`) there is only `results.csv`. With `out` they go into that folder, and files there with other
    content are refused unless `overwrite` is given; nothing is written beside the store.

    One row per task: study, version, seed, replicate, the parameters as `cell` and the trial's columns as `row` (both canonical
    JSON), error, key; the order does not depend on the run. The CSV has a column for each parameter and
    for each of the trial's columns instead, and only the newest version of each study; a text that a spreadsheet would run has
    an apostrophe before it (`running.spreadsheet`). Files are replaced whole (`write_whole`).
    """
    parquet = not missing("parquet", "results.parquet")
    csv = csv or not parquet
    files: dict[Path, Content] = {}
    place = Path(folder if out is None else out)
    require_output_folder(place)
    # alone, so that of two runs in one folder the later one writes the rows of both
    with alone(place), Store(folder, create=False) as store:
        if parquet:
            files[place / "results.parquet"] = lambda file: _write_parquet(store.rows(), file)
        if csv:
            names = sorted({str(name) for name, *_ in store.counts()})
            flat = [_frame(store, study, None).assign(study=study) for study in names]
            wide = pd.concat(flat) if flat else pd.DataFrame(columns=COLUMNS)
            wide = wide[["study", *wide.columns.drop("study")]]
            files[place / "results.csv"] = csv_of(wide)
        place.mkdir(parents=True, exist_ok=True)
        return write_new(files, overwrite=overwrite or out is None)


def _write_parquet(rows: Iterator[tuple[Any, ...]], file: IO[bytes]) -> None:
    """Write rows in groups, so that memory holds one group of them."""
    import pyarrow
    from pyarrow import parquet

    text, number = pyarrow.string(), pyarrow.int64()
    numbers = {"version", "seed", "replicate"}
    schema = pyarrow.schema([(name, number if name in numbers else text) for name in COLUMNS])
    with parquet.ParquetWriter(file, schema) as writer:
        while group := list(islice(rows, GROUP)):
            columns = [pyarrow.array(column, kind.type) for column, kind in zip(zip(*group), schema)]
            writer.write_table(pyarrow.Table.from_arrays(columns, schema=schema))


def provenance_words(folder: str | os.PathLike[str]) -> str:
    """Return one line: when and where a run was computed, with which versions, and the most memory a worker held."""
    with Store(folder, create=False) as store:
        found = store.provenance()
    if not found["hosts"]:
        return ""
    try:
        when = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(found["last_started"]))
    except (TypeError, ValueError, OverflowError, OSError):  # the store may come from anybody
        when = "at a time that is none"
    codes = " and ".join(found["codes"])
    mixed = " Rows of other sources were accepted beside those of the last run." if found["mixed"] else ""
    return (
        f"Last trial started {when} on {', '.join(found['hosts'])}; {'; '.join(found['versions'])}; sources {codes}; "
        f"a worker held {found['peak_memory_mb']:.0f} MB at most.{mixed}"
    )


def _frame(store: Store, study: str, seed: int | None) -> pd.DataFrame:
    newest = max((version for name, version, _, _ in store.counts() if name == study), default=0)
    columns = Columns([])
    for key, _, version, _, cell, replicate, row, error in store.rows(study, seed):
        if version == newest:
            columns.add(json.loads(cell), replicate, json.loads(row) if row else None, error, key)
    return columns.frame()
