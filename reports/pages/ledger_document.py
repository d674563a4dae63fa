"""`docs/claims.md`: the ledger as a document, written from a ledger of every claim at the shipped size and seed.

A test compares identifiers, rules' hashes and studies' versions with the registry; it does not run the ledger again.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from experiments.claims import registry
from experiments.claims.frozen import SEEDS, confirming_seed
from experiments.given_claims import Given, chosen_claims, is_of_caller
from experiments.judging.claim import SIZES, Claim
from experiments.judging.ledger import read_whole
from experiments.judging.origin import origin_of
from experiments.judging.sentences import LEVELS, MARKS
from simulate.validation import require_choice

TITLE = "# The ledger of claims"
SECTIONS = {
    "A": "Theorem 3.4",
    "B": "Mechanisms and their break conditions",
    "C": "The metric",
    "D": "Uses",
    "E": "The pipeline",
    "F": "Operators",
}


ABOUT_ALL = (
    "Written by `spikeproof claims --write docs/claims.md`; not to be edited by hand. The paper's full text was not at hand,",
    "so wordings are reconstructed. Words such as spike, peak, cone and Spk are defined in the [glossary](glossary.md).",
)
ABOUT_SOME = ("Written by `spikeproof claims CLAIMS --write FILE`; not to be edited by hand.",)


def claims_page(
    ledger: str | os.PathLike[str],
    confirming: Sequence[str | os.PathLike[str]] = (),
    *,
    claims: Given | Iterable[Given] = (),
) -> str:
    """Return the document for a ledger file of every claim of the suite at the default size, or of these `claims` at any size.

    With `confirming`, ledgers of the seeds that were run after the rules had been frozen, the verdicts stand side by side.

    Raises
    ------
    ValueError
        if a claim is missing from a ledger, was judged by another rule, or at another size; if a claim is in none of the
        confirming ledgers at the seed that was kept for it.
    """
    chosen = {claim.id: claim for claim in chosen_claims(claims)}
    sizes = SIZES if claims else ("default",)
    judged, entries = _read(ledger, chosen, sizes)
    _require_every_claim(entries, chosen, "the ledger")
    tally = Counter(entry["verdict"] for entry in entries.values())
    lines = [
        TITLE,
        "",
        *(ABOUT_SOME if claims else ABOUT_ALL),
        "",
        f"Seed {judged['seed']}, {judged['size']} size: "
        + ", ".join(f"{n} {word}" for word, n in tally.most_common())
        + ".",
        "",
        f"{LEVELS} Brackets hold 95 % intervals, simultaneous over the criteria of a claim at a point, and over its "
        "measurements, which have no vote.",
    ]
    if confirming:
        lines += _both(judged["seed"], entries, _confirmed(confirming, chosen, sizes))
    for letter, title in SECTIONS.items():
        own = [name for name in registry() if name[0] == letter and name in chosen]
        lines += ["", f"## {letter}. {title}"] if own else []
        lines += [line for name in own for line in _section(entries[name])]
    theirs = {name: origin_of(claim) for name, claim in chosen.items() if is_of_caller(claim)}
    for origin in dict.fromkeys(theirs.values()):
        lines += ["", f"## {_cell(origin) or 'Claims of a script'}"]
        lines += [line for name in theirs if theirs[name] == origin for line in _section(entries[name])]
    return "\n".join(lines) + "\n"


def _read(
    ledger: str | os.PathLike[str], known: Mapping[str, Claim], sizes: tuple[str, ...]
) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """A ledger file of one of these sizes, and its entries of known claims by id that are judged by their present rule."""
    judged = read_whole(Path(ledger))
    require_choice(judged["size"], "the ledger's size", sizes)
    present = {
        entry["id"]: entry
        for entry in judged["claims"]
        if entry["id"] in known and entry["rule_hash"] == known[entry["id"]].digest()
    }
    return judged, present


def _require_every_claim(entries: Mapping[str, Any], known: Mapping[str, Claim], what: str) -> None:
    for name in known:
        if name not in entries:
            raise ValueError(f"{what} must hold every claim by its present rule; {name} is missing or old")


def _confirmed(
    ledgers: Sequence[str | os.PathLike[str]], known: Mapping[str, Claim], sizes: tuple[str, ...]
) -> dict[str, dict[str, Any]]:
    """The entry of each claim at the seed that was kept for it."""
    found: dict[str, dict[str, Any]] = {}
    for ledger in ledgers:
        judged, entries = _read(ledger, known, sizes)
        found |= {name: entry for name, entry in entries.items() if confirming_seed(name) == judged["seed"]}
    _require_every_claim(found, known, "the confirming ledgers, each at the seed that was kept for it,")
    return found


def _both(seed: int, worked: dict[str, dict[str, Any]], confirmed: dict[str, dict[str, Any]]) -> list[str]:
    """The verdicts at the seed of work beside those at the seeds that were run once, after the freeze."""
    same = sum(worked[name]["verdict"] == confirmed[name]["verdict"] for name in worked)
    seeds = ", ".join(f"{number} for {start or 'the others'}" for start, number in SEEDS.items())
    lines = [
        "",
        "## Blind confirmation",
        "",
        "Rules, domains, boundaries and the recipe of the points were worked out on seeds 0 to 99 and frozen by their hashes "
        "(`experiments/claims/frozen.py`). Then the ledger was run once on a seed that nobody had used before: "
        f"{seeds}. No rule has changed since; where samples have (CHANGELOG.md), a claim was run on its seed again. "
        f"{same} of {len(worked)} verdicts are those of seed {seed}. In brackets: points at which the claim is met, "
        "of those decided, of those drawn.",
        "",
        f"| claim | seed {seed} | the seed that was kept |",
        "|---|---|---|",
    ]
    return lines + [
        f"| {name}. {_cell(entry['title'])} | {_short(entry)} | {_short(confirmed[name])} |"
        for name, entry in worked.items()
    ]


def _short(entry: dict[str, Any]) -> str:
    points = [point["outcome"] for point in (entry["family"] or {"points": []})["points"]]
    met, decided = points.count("met"), len(points) - points.count("undecided")
    return f"{entry['verdict']} ({met}, {decided}, {len(points)})"


def hashes(page: str) -> dict[str, str]:
    """Return what a document says of each claim's rule and version, "hash/version" by id."""
    found = re.findall(r"^### (\w\d)\. .*?^Rule `(\w+)`, version (\d+)", page, flags=re.M | re.S)
    return {name: f"{digest}/{version}" for name, digest, version in found}


def _section(entry: dict[str, Any]) -> list[str]:
    lines = ["", f"### {entry['id']}. {entry['title']}: {entry['verdict']}", "", entry["sentence"], ""]
    lines += [entry["finding"], ""] if entry["finding"] else []
    lines += ["| | what the rule asks | found |", "|---|---|---|"]
    lines += [
        f"| {MARKS[c['outcome']]} {c['outcome']} | {_cell(c['asks'])} | {_cell(c['found'])} |"
        for c in entry["criteria"]
    ]
    if family := entry["family"]:
        lines += ["", f"*Domain:* {family['domain']}."]
        if family["rivals"]:
            told = "; ".join(
                f"{rival['words']} fails at {rival['failed']} points" for rival in family["rivals"]
            )
            lines += [f"*Rivals:* {told}."]
        if family["boundary"]:
            lines += [
                f"*Boundary:* {family['boundary']['formula']}, fitted to {family['boundary']['fitted_to']} points."
            ]
        lines += ["", "<details><summary>Points</summary>", ""]
        lines += [
            f"- {MARKS[point['outcome']]} {point['words']}: {'; '.join(c['found'] for c in point['criteria'])}"
            for point in family["points"]
        ]
        lines += ["", "</details>"]
    if entry["measurements"]:
        lines += ["", "| measured beside the verdict, without a vote | mean |", "|---|---|"]
        lines += [f"| {_cell(m['name'])} | {_cell(m['found'])} |" for m in entry["measurements"]]
    control = entry["control"]
    lines += [
        "",
        f"*Control:* {control['description']}. It came out as {control['verdict']}; it must come out as",
    ]
    lines += [
        f"{' or '.join(control['allowed'])}. *Forecast:* {entry['expected']}. *Source:* {entry['source']}",
        "",
    ]
    lines += ["<details><summary>Where the thresholds come from</summary>", ""]
    lines += [f"- {c['asks']}: {c['origin']}" for c in entry["criteria"]]
    lines += [
        "",
        f"Rule `{entry['rule_hash']}`, version {entry['version']}, {entry['replicates']} replicates.",
        "",
    ]
    return [*lines, "</details>"]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
