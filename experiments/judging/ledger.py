"""The ledger: judged claims, in words and as a file.

`ledger.json` holds nothing that depends on the machine or the hour, so the same seed gives the same bytes; seconds and versions
are in the store's provenance.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.judging.claim import Claim, Size
from experiments.judging.intervals import Measurement
from experiments.judging.judgement_json import criteria_as_json, family_of_judgement, measurement_as_json
from experiments.judging.ledger_file import require_written_by_us
from experiments.judging.origin import origin_of
from experiments.judging.sentences import joined, verdict_sentence
from experiments.judging.shown_ledger import (
    entry_card,
    ledger_card,
    ledger_frame,
    ledger_line,
    plot_ledger,
)
from experiments.judging.verdict import LEVEL, Judgement
from experiments.running.files import write_whole
from experiments.running.json_files import read_object

LEDGER = "ledger.json"
FORMAT = 3  # of ledger.json; files of version 0.1 do not say theirs


@dataclass(frozen=True)
class Source:
    """Where rows of a claim lie in the store: the study, and how they count."""

    study: str
    vote: str
    arm: str


@dataclass(frozen=True)
class Entry:
    """One judged claim, by the rows of `sources`. `status`: "ok", "broken" (its control failed) or "failed" (a trial failed)."""

    claim: Claim
    sources: tuple[Source, ...]
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

    @property
    def sentence(self) -> str:
        """The verdict in one paragraph."""
        return verdict_sentence(self.claim.statement, self.judgement)

    def as_json(self) -> dict[str, Any]:
        """Return the entry as JSON types."""
        claim = self.claim
        conditions = self.judgement.conditions if self.judgement else ()
        return {
            "id": claim.id,
            "title": claim.title,
            "statement": claim.statement,
            "source": claim.source,
            "verdict": self.verdict,
            "status": self.status,
            "sentence": self.sentence,
            "expected": claim.expected,
            "headline": claim.headline,
            "conditions": list(conditions),
            "true_only_if": joined(conditions) if self.verdict == "qualified" else "",
            "finding": claim.finding,
            "criteria": criteria_as_json(self.judgement),
            "family": family_of_judgement(self.judgement, claim.reach),
            "rule": str(claim.rule),
            "rule_hash": claim.digest(),
            "version": claim.version,
            "given_as": origin_of(claim),
            "replicates": self.replicates,
            "arms": [asdict(source) for source in self.sources],
            "control": {
                "description": claim.control,
                "allowed": list(claim.rule.control),
                "verdict": self.control.verdict if self.control else None,
                "family": family_of_judgement(self.control, claim.reach),
                "criteria": criteria_as_json(self.control),
            },
            "measurements": [measurement_as_json(measurement) for measurement in self.measurements],
            "failures": list(self.failures),
        }

    def _repr_html_(self) -> str:
        return entry_card(self)


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
    ] = ()  # claims that need dates, which none of the given matrices has: they used their own

    @property
    def exit_code(self) -> int:
        """0 when every trial ran and every control did its work, whatever the verdicts; else 1."""
        return int(any(entry.status != "ok" for entry in self.entries))

    def as_json(self) -> dict[str, Any]:
        """Return the ledger as JSON types, the layout of `ledger.json`."""
        return {
            "format": FORMAT,
            "spikeproof": version("spikeproof"),
            "seed": self.seed,
            "size": self.size,
            "matrices": list(self.matrices),
            "level": LEVEL,
            "claims": [entry.as_json() for entry in self.entries],
        }

    def to_frame(self) -> pd.DataFrame:
        """Return one row per claim: `id`, `title`, `verdict`, `expected`, `status`, `true_only_if`, and what is behind them.

        `met`, `failed` and `undecided` count the points of its domain (missing for a claim without one), `replicates` the runs of
        each point; `rule_hash` is that of the ledger's file, `sentence` the verdict in one paragraph.
        """
        return ledger_frame(self)

    def plot(self, axis: Any = None) -> Any:
        """Draw the share of its domain in which each claim is met, with its exact 95 % interval.

        It is drawn on a matplotlib axis, pyplot's current one for None, which is returned. A claim that is decided at one
        configuration is an empty mark at 0 or 100 %.
        """
        return plot_ledger(self, axis)

    def _repr_html_(self) -> str:
        return ledger_card(self)

    def __repr__(self) -> str:
        return ledger_line(self)


def write(ledger: Ledger, folder: Path) -> Path:
    """Write `ledger.json` into `folder`, whole or not at all, and return its path."""
    return write_whole(folder / LEDGER, json.dumps(ledger.as_json(), indent=2, allow_nan=False) + "\n")


def read(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Read a `ledger.json`, of this version or of 0.1.

    Raises
    ------
    ValueError
        if the file is not a ledger.
    """
    try:
        ledger = read_object(path)
    except ValueError as error:
        raise ValueError(f"{path} must be a ledger.json that `spikeproof verify` wrote; {error}") from None
    claims = ledger.get("claims")
    verdicts = [_named(entry) for entry in claims] if isinstance(claims, list) else [False]
    if not all(verdicts):
        raise ValueError(
            f"{path} must be a ledger.json that `spikeproof verify` wrote; it lacks a list `claims` of ids and verdicts"
        )
    if not verdicts:
        raise ValueError(f"{path} holds no claim; a baseline has at least one")
    return ledger


def _named(entry: object) -> bool:
    return isinstance(entry, dict) and all(isinstance(entry.get(key), str) for key in ("id", "verdict"))


def read_whole(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Read a `ledger.json` with everything that a page tells of it.

    Raises
    ------
    ValueError
        if the file is not a ledger, of another format, as version 0.1 wrote it, or holds what no run writes.
    """
    ledger = read(path)
    if ledger.get("format") != FORMAT:
        raise ValueError(
            f"{path} must be of format {FORMAT}; spikeproof {ledger.get('spikeproof', '(unknown)')} wrote another one: run "
            f"`spikeproof verify` again with a new --out, or open the page beside it with the version that wrote it"
        )
    require_written_by_us(ledger, path)
    return ledger


def require_named_again(word: str, ledger: Mapping[str, Any]) -> None:
    """Raise `ValueError` if `word` is the id of a caller's claim in `ledger`: a ledger never names what is imported."""
    for entry in ledger.get("claims", ()):
        if entry["id"] == word and (origin := entry.get("given_as")):
            raise ValueError(
                f"the claim {word!r} is of {origin!r}, which a ledger only names and never lets run: name that file or module "
                "itself, as for verify"
            )


def not_named(ledger: Mapping[str, Any], claims: Sequence[Claim]) -> list[tuple[str, str]]:
    """Return the ids of callers' claims in `ledger` that are not among `claims`, each with the file that it is said to be of."""
    named = {claim.id for claim in claims}
    return [
        (entry["id"], entry["given_as"])
        for entry in ledger["claims"]
        if entry.get("given_as") and entry["id"] not in named
    ]


def ids_in(path: Path) -> set[str]:
    """Return the ids of the claims in a `ledger.json`; none where there is no such file, or another one."""
    try:
        return {entry["id"] for entry in read(path)["claims"]}
    except (OSError, ValueError):
        return set()


def compare_with_baseline(ledger: Ledger, baseline: Mapping[str, Any]) -> list[str]:
    """Return one sentence for each claim of both ledgers whose verdict or rule differs; empty when none does.

    Rules are compared only where the baseline has this format: version 0.1 hashed rules with their wording.
    """
    then = {entry["id"]: entry for entry in baseline["claims"]}
    same_format = baseline.get("format") == FORMAT
    differences = []
    for entry in ledger.entries:
        old = then.get(entry.claim.id)
        if old is None:
            continue
        if old["verdict"] != entry.verdict:
            differences.append(f"{entry.claim.id} was {old['verdict']}, is {entry.verdict}")
        if same_format and old.get("rule_hash") != entry.claim.digest():
            differences.append(f"{entry.claim.id} is judged by another rule than the baseline's")
    return differences
