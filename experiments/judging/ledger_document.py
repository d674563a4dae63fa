"""`docs/claims.md`: the ledger as a document, written from the registry and a ledger of the shipped size and seed.

A test compares identifiers, rules' hashes and studies' versions with the registry; it does not run the ledger again.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from pathlib import Path
from typing import Any

from experiments.claims import registry
from experiments.judging.ledger import read
from simulate.validation import require_choice

SECTIONS = {
    "A": "Theorem 3.4",
    "B": "Mechanisms and their break conditions",
    "C": "The metric",
    "D": "Uses",
    "E": "The pipeline",
}


def claims_page(ledger: str | os.PathLike[str]) -> str:
    """Return the document for a ledger file of every claim at the default size.

    Raises
    ------
    ValueError
        if a claim is missing from the ledger, was judged by another rule, or at another size.
    """
    judged = read(Path(ledger))
    require_choice(judged["size"], "the ledger's size", ("default",))
    entries = {entry["id"]: entry for entry in judged["claims"]}
    for name, claim in registry().items():
        if name not in entries or entries[name]["rule_hash"] != claim.rule.digest():
            raise ValueError(
                f"the ledger must hold every claim by its present rule; {name} is missing or old"
            )
    tally = Counter(entry["verdict"] for entry in entries.values())
    lines = [
        "# The ledger of claims",
        "",
        "Written by `spikeproof claims --write docs/claims.md`; not to be edited by hand. Wordings are reconstructed: the",
        "paper's full text was not at hand.",
        "",
        f"Seed {judged['seed']}, default size: "
        + ", ".join(f"{count} {word}" for word, count in tally.most_common())
        + ". The chance that sampling alone put any verdict on the wrong side is at most "
        f"{judged['mistake_bound']:.2g} by the rules alone: a union bound over all criteria, each decided at four standard "
        f"errors. Given the estimates, all decisions stand at the level {judged['weakest']:.1g}, that of the least certain one "
        "(intersection-union). Intervals are simultaneous over the criteria of a claim and their cells, and over its "
        "measurements, which have no vote.",
    ]
    for letter, title in SECTIONS.items():
        lines += ["", f"## {letter}. {title}"]
        for name, claim in registry().items():
            if name[0] == letter:
                lines += _section(claim, entries[name])
    return "\n".join(lines) + "\n"


def hashes(page: str) -> dict[str, str]:
    """Return what a document says of each claim's rule and version, "hash/version" by id."""
    found = re.findall(r"^### (\w\d)\. .*?^Rule `(\w+)`, study version (\d+)", page, flags=re.M | re.S)
    return {name: f"{digest}/{version}" for name, digest, version in found}


def _section(claim: Any, entry: dict[str, Any]) -> list[str]:
    version = claim.study_at("default").version
    lines = ["", f"### {claim.id}. {claim.title}: {entry['verdict']}", "", claim.statement, ""]
    lines += [f"*{claim.source}* Expected: {claim.expected}.", ""]
    lines += [f"- but: {condition}" for condition in entry["conditions"]]
    lines += [claim.finding, ""] if claim.finding else ([""] if entry["conditions"] else [])
    lines += [f"Rule `{entry['rule_hash']}`, study version {version}, {entry['replicates']} replicates:", ""]
    lines += [
        "| criterion | estimate | 95 % interval | can detect | where the threshold comes from |",
        "|---|---|---|---|---|",
    ]
    for criterion, finding in zip(claim.rule.criteria, entry["estimates"]):
        cell = f" ({finding['cell']}, of {finding['cells']})" if finding["cells"] > 1 else ""
        lines.append(
            f"| {criterion} | {finding['estimate']:.3g}{cell} | {_interval(finding)} | {finding['detectable']:.2g} "
            f"| {criterion.origin} |"
        )
    if entry["measurements"]:
        lines += [
            "",
            "| measured beside the verdict | mean | 95 % interval | replicates |",
            "|---|---|---|---|",
        ]
        for found in entry["measurements"]:
            lines.append(
                f"| {found['name']} | {found['estimate']:.3g} | {_interval(found)} | {found['replicates']} |"
            )
    control = entry["control"]
    return [*lines, "", f"Control: {claim.control}; {control['verdict']}, as it must."]


def _interval(found: dict[str, Any]) -> str:
    if found["low"] is None:
        return "of one replicate"
    if found["low"] == found["high"]:
        return "exact" if found.get("statistic") in ("max", "min") else "does not vary"
    return f"{found['low']:.3g} to {found['high']:.3g}"
