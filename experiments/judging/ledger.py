"""The ledger: claims run through the runner, judged by their rules, written down.

`verify` is the whole of `spikeproof verify` for a script. `DIR/ledger.json` holds nothing that depends on the machine
or the hour, so the same seed gives the same bytes; seconds and versions are in the store's provenance.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.claims import select
from experiments.judging.claim import SIZES, Claim, Size
from experiments.judging.intervals import Measurement
from experiments.judging.verdict import Finding, Judgement
from experiments.running.export import export
from experiments.running.files import write_whole
from experiments.running.seeds import MOST_SEED
from experiments.studies.exhibits import MATRICES, exhibits
from simulate.validation import require_choice, require_integer

LEDGER = "ledger.json"


@dataclass(frozen=True)
class Entry:
    """One judged claim, by the rows of `study`. `status`: "ok", "broken" (its control failed) or "failed" (a trial failed)."""

    claim: Claim
    study: str
    status: str
    judgement: Judgement | None
    control: Judgement | None
    replicates: int
    failures: tuple[str, ...] = ()
    measurements: tuple[Measurement, ...] = ()

    @property
    def verdict(self) -> str:
        """The verdict, "inconclusive" where a failed trial left nothing to judge."""
        return self.judgement.verdict if self.judgement else "inconclusive"

    def as_json(self) -> dict[str, Any]:
        """Return the entry as JSON types."""
        claim = self.claim
        return {
            "id": claim.id,
            "title": claim.title,
            "study": self.study,
            "statement": claim.statement,
            "source": claim.source,
            "verdict": self.verdict,
            "status": self.status,
            "expected": claim.expected,
            "conditions": list(self.judgement.conditions) if self.judgement else [],
            "finding": claim.finding,
            "estimates": [_finding(finding) for finding in self.judgement.findings] if self.judgement else [],
            "rule": str(claim.rule),
            "rule_hash": claim.rule.digest(),
            "replicates": self.replicates,
            "control": {
                "description": claim.control,
                "allowed": list(claim.rule.control),
                "verdict": self.control.verdict if self.control else None,
                "estimates": [_finding(finding) for finding in self.control.findings] if self.control else [],
            },
            "measurements": [_measurement(measurement) for measurement in self.measurements],
            "failures": list(self.failures),
        }


@dataclass(frozen=True)
class Ledger:
    """Judged claims with the seed and size they were run at, and the rows behind them by claim id."""

    entries: tuple[Entry, ...]
    seed: int
    size: Size
    rows: Mapping[str, pd.DataFrame]
    matrices: tuple[str, ...] = ()
    kept: tuple[
        str, ...
    ] = ()  # claims that ask for dates, which none of the matrices given has: they kept their own

    @property
    def exit_code(self) -> int:
        """0 when every trial ran and every control did its work, whatever the verdicts; else 1."""
        return int(any(entry.status != "ok" for entry in self.entries))

    @property
    def mistake_bound(self) -> float:
        """Union bound on the chance that any verdict is wrong by sampling alone."""
        return min(1.0, sum(entry.judgement.mistake_bound for entry in self.entries if entry.judgement))

    @property
    def weakest(self) -> float:
        """The p-value of the least certain decision behind any verdict: all decisions stand at this level."""
        return max((entry.judgement.weakest for entry in self.entries if entry.judgement), default=0.0)

    def as_json(self) -> dict[str, Any]:
        """Return the ledger as JSON types, the layout of `ledger.json`."""
        return {
            "spikeproof": version("spikeproof"),
            "seed": self.seed,
            "size": self.size,
            "matrices": list(self.matrices),
            "mistake_bound": self.mistake_bound,
            "weakest": self.weakest,
            "claims": [entry.as_json() for entry in self.entries],
        }


def verify(
    claims: Sequence[str] = (),
    *,
    seed: int = 0,
    size: Size = "default",
    workers: int = 1,
    out: str | os.PathLike[str] | None = None,
    matrices: Sequence[str] = (),
    progress: Any = None,
) -> Ledger:
    """Run the claims named (all without names), judge them, and return the ledger.

    With `out`, rows go to `out/store.sqlite` as they finish, and `out/results.parquet` and `out/ledger.json` are
    written; what the store already holds is not run again. `matrices` replaces the real matrices of the claims that
    speak of them; a claim that asks for dates keeps its own where none of them has any. The numbers depend on `seed` and
    `size`, never on `workers`.

    Raises
    ------
    ValueError
        for an unknown claim, size or matrix, matrices that cannot be read or have no contexts, or that none of the claims
        speaks of, a negative seed, no worker, or a folder that holds another seed's results.

    Examples
    --------
    >>> [(entry.claim.id, entry.verdict) for entry in verify(["A1"], size="quick").entries]
    [('A1', 'holds')]
    """
    from experiments.running.runner import run_all

    require_integer(seed, "seed", least=0, most=MOST_SEED)
    require_integer(workers, "workers", least=1)
    require_choice(size, "size", SIZES)
    chosen = select(claims)
    given = _readable(matrices)
    if given and not any(claim.matrices for claim in chosen):
        able = ", ".join(claim.id for claim in select() if claim.matrices)
        raise ValueError(f"matrices are for the claims {able}; got {', '.join(claim.id for claim in chosen)}")
    dated = tuple(name for name in given if given[name])
    studies = {claim.id: claim.study_at(size, dated if claim.dated else tuple(given)) for claim in chosen}
    shown = exhibits(tuple(matrices) or MATRICES)
    tables = run_all(
        [*studies.values(), shown],
        seed=seed,
        workers=workers,
        store=out,
        progress=progress,
        retry_failed=True,
    )
    rows = {claim.id: tables[studies[claim.id].name] for claim in chosen}
    entries = tuple(_judge(claim, studies[claim.id].name, rows[claim.id]) for claim in chosen)
    kept = tuple(claim.id for claim in chosen if claim.dated and given and not dated)
    ledger = Ledger(entries, seed, size, rows, tuple(given), kept)
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


def write(ledger: Ledger, folder: Path) -> Path:
    """Write `ledger.json` into `folder`, whole or not at all, and return its path."""
    return write_whole(folder / LEDGER, json.dumps(ledger.as_json(), indent=2, allow_nan=False) + "\n")


def read(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Read a `ledger.json`.

    Raises
    ------
    ValueError
        if the file is not a ledger.
    """
    try:
        ledger = json.loads(Path(path).read_text(encoding="utf-8"))
        verdicts = {entry["id"]: entry["verdict"] for entry in ledger["claims"]}
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} must be a ledger.json that `spikeproof verify` wrote; {error!r}") from None
    if not verdicts:
        raise ValueError(f"{path} holds no claim; a baseline has at least one")
    return dict(ledger)


def ids_in(path: Path) -> set[str]:
    """Return the ids of the claims in a `ledger.json`; none where there is no such file, or another one."""
    try:
        return {entry["id"] for entry in read(path)["claims"]}
    except (OSError, ValueError):
        return set()


def compare_with_baseline(ledger: Ledger, baseline: Mapping[str, Any]) -> list[str]:
    """Return one sentence for each claim of both ledgers whose verdict or rule differs; empty when none does."""
    then = {entry["id"]: entry for entry in baseline["claims"]}
    differences = []
    for entry in ledger.entries:
        old = then.get(entry.claim.id)
        if old is None:
            continue
        if old["verdict"] != entry.verdict:
            differences.append(f"{entry.claim.id} was {old['verdict']}, is {entry.verdict}")
        if old.get("rule_hash") not in (None, entry.claim.rule.digest()):
            differences.append(f"{entry.claim.id} is judged by another rule than the baseline's")
    return differences


def _judge(claim: Claim, study: str, rows: pd.DataFrame) -> Entry:
    replicates = int(rows["replicate"].nunique())
    failed = rows[rows["error"].notna()]
    if len(failed):
        sentences = tuple(
            f"{error} (again: spikeproof replay DIR {key})"
            for error, key in zip(failed["error"], failed["key"])
        )
        return Entry(claim, study, "failed", None, None, replicates, sentences)
    judgement, control = claim.judge(rows)
    allowed = (*claim.rule.control, "inconclusive")
    status = "ok" if control.verdict in allowed else "broken"
    return Entry(claim, study, status, judgement, control, replicates, (), claim.measure(rows))


def _finding(finding: Finding) -> dict[str, Any]:
    record = asdict(finding)
    record.update(record.pop("criterion"))
    record["detectable"] = finding.detectable
    return _finite(record)


def _measurement(measurement: Measurement) -> dict[str, Any]:
    mean = measurement.mean
    record = {"name": measurement.name, "estimate": mean.value, "low": mean.low, "high": mean.high}
    return _finite({**record, "replicates": mean.replicates})


def _finite(record: dict[str, Any]) -> dict[str, Any]:
    """JSON has no infinity: the interval of a single replicate has no ends."""
    return {
        key: (None if isinstance(value, float) and not math.isfinite(value) else value)
        for key, value in record.items()
    }
