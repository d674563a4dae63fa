"""From claims to a ledger: run their studies, judge their rows, write the ledger. `spikeproof verify` for a script."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from experiments.claims import registry
from experiments.given_claims import Given, chosen_claims, is_of_caller
from experiments.judging.claim import SIZES, Claim, Size
from experiments.judging.ledger import Entry, Ledger, Source, write
from experiments.judging.origin import blaming, origin_of
from experiments.matrices.catalogue import present, require_packages
from experiments.matrices.loading import files_to_send
from experiments.running.export import export
from experiments.running.output_places import require_inputs_apart
from experiments.running.seeds import MOST_SEED
from experiments.running.store import OURS
from experiments.running.study import Study
from experiments.running.waiting import WAIT_SECONDS
from experiments.studies.exhibits import MATRICES, exhibits
from simulate.optional import require_extra
from simulate.plain_text import command
from simulate.progress import Progress, shown
from simulate.validation import require_choice, require_integer


def verify(
    claims: Given | Iterable[Given] = (),
    *,
    seed: int = 0,
    size: Size = "default",
    workers: int = 1,
    dask: str | None = None,
    out: str | os.PathLike[str] | None = None,
    matrices: Sequence[str] = (),
    progress: Progress | bool | None = None,
    wait: float = WAIT_SECONDS,
    accept_other_version: bool = False,
) -> Ledger:
    """Run the given claims (all of the suite by default), judge them, and return the ledger.

    `claims` are ids and section letters of the suite, claims of your own as `Claim` objects, or Python files and modules that
    hold some, mixed as you like (`experiments.given_claims`); with claims of your own alone, no exhibits of the suite are made.

    With `out`, rows go to `out/store.sqlite` as they finish, and `out/results.parquet` and `out/ledger.json` are
    written; what the store already holds is not run again. `matrices` replaces the real matrices of the claims that
    speak of them; a claim that needs dates uses its own where none of the given ones has any. The numbers depend on `seed` and
    `size`, never on `workers` or `dask`, the address of a scheduler as in `run_all`. `progress=True` shows a bar on a terminal,
    and elsewhere a line every half minute on standard error; a function is called with (done, total, failed). `wait` and
    `accept_other_version` are those of `run_all`.

    Raises
    ------
    ValueError
        for an unknown claim, size or matrix, matrices that cannot be read or have no contexts, or that none of the claims
        speaks of, a negative seed, no worker, or a folder that holds another seed's results; for a claim of your own, also
        whatever its functions raise, with the file and line, and a domain in which no trial runs.
    ModuleNotFoundError
        for a claim that needs an extra which is not installed.

    Examples
    --------
    >>> [(entry.claim.id, entry.verdict) for entry in verify(["A1"], size="quick").entries]
    [('A1', 'holds')]
    """
    from experiments.running.runner import run_all

    require_integer(seed, "seed", least=0, most=MOST_SEED)
    require_integer(workers, "workers", least=1)
    require_choice(size, "size", SIZES)
    chosen = chosen_claims(claims)
    for claim in chosen:
        if claim.extra:
            require_extra(claim.extra, f"claim {claim.id}")
    if out is not None:
        require_inputs_apart(out, OURS, matrices)
    given = _readable(matrices)
    if given and not any(claim.matrices for claim in chosen):
        able = ", ".join(claim.id for claim in registry().values() if claim.matrices)
        raise ValueError(f"matrices are for the claims {able}; got {', '.join(claim.id for claim in chosen)}")
    dated = tuple(name for name in given if given[name])
    used = {claim.id: dated if claim.dated else tuple(given) for claim in chosen}
    studies: list[Study] = []
    for claim in chosen:
        with blaming(claim):
            studies += claim.studies_at(size, used[claim.id], seed)
    require_packages({str(value) for study in studies for cell in study.grid for value in cell.values()})
    if matrices or not all(map(is_of_caller, chosen)):
        studies.append(exhibits(tuple(matrices) or tuple(name for name in MATRICES if present(name))))
    with shown(progress, f"{len(chosen)} claim{'s' * (len(chosen) != 1)}") as told:
        tables = run_all(
            studies,
            seed=seed,
            workers=workers,
            dask=dask,
            files=None if dask is None else files_to_send(matrices),
            store=out,
            progress=told,
            retry_failed=True,
            wait=wait,
            accept_other_version=accept_other_version,
        )
    rows, entries = {}, []
    for claim in chosen:
        with blaming(claim):
            rows[claim.id] = claim.rows(tables, size, used[claim.id], seed)
            entries.append(_judge(claim, rows[claim.id]))
    kept = tuple(claim.id for claim in chosen if claim.dated and given and not dated)
    ledger = Ledger(tuple(entries), seed, size, rows, tuple(given), kept)
    if out is not None:
        export(out)
        write(ledger, Path(out))
    return ledger


def _readable(matrices: Sequence[str]) -> dict[str, bool]:
    """Return whether each matrix has dates; one that cannot be read, or has no contexts, is refused before anything runs."""
    from experiments.matrices import load

    dated = {}
    for name in matrices:
        real = load(name)
        if real.interactions is None:
            raise ValueError(f"matrices must hold contexts and items to judge claims on; {name} is a graph")
        dated[name] = real.times is not None
    return dated


def _judge(claim: Claim, rows: pd.DataFrame) -> Entry:
    columns = rows[["study", "vote", "arm"]].drop_duplicates()
    sources = tuple(Source(*map(str, found)) for found in columns.itertuples(index=False))
    replicates = int(rows["replicate"].nunique())
    failed = rows[rows["error"].notna()]
    if len(failed):
        named = ("--claims", origin) if (origin := origin_of(claim)) else ()
        sentences = tuple(
            f"{error} (again: {command('spikeproof', 'replay', 'DIR', key, *named)})"
            for error, key in zip(failed["error"], failed["key"])
        )
        if is_of_caller(claim) and claim.domain and rows.loc[rows["vote"] == "claim", "error"].notna().all():
            raise ValueError(f"every trial fails, the first one with {sentences[0]}")
        return Entry(claim, sources, "failed", None, None, replicates, sentences)
    judgement, control = claim.judge(rows)
    allowed = (*claim.rule.control, "inconclusive")
    status = "ok" if control.verdict in allowed else "broken"
    return Entry(claim, sources, status, judgement, control, replicates, (), claim.measure(rows))
