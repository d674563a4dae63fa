"""The ledger: a page for each claim, with its figures, the verdict in words and how to reproduce it, and a page that lists them.

Words and figures come from a run of `spikeproof verify` that the build is given or makes; the words of a claim that this run did
not judge come from the record of the frozen runs, `docs/claims.md`, and its page says so.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from experiments.claims import registry
from experiments.judging.ledger import LEDGER
from experiments.judging.ledger_file import judging_command
from experiments.running.files import claim_file
from generate.overview import draw_overview
from generate.theory_links import linked_theory
from reports import claims_page, write_page
from reports.pages.ledger_document import SECTIONS

COLOURS = {"holds": "success", "qualified": "info", "refuted": "danger", "inconclusive": "secondary"}
MEANING = {
    "holds": "met at every decided point that was drawn from the claim's domain",
    "qualified": "true in the part of its domain that the verdict names",
    "refuted": "fails at nearly every decided point, or by a counterexample",
    "inconclusive": "the points disagree and no boundary is known, or too few of them are decided",
}
OVERVIEW = "overview.svg"
RECORDED = (
    "its words are those of the recorded run (seed 0, default size); its figures are drawn where the site is built "
    "with a ledger that holds it"
)


@dataclass(frozen=True)
class Told:
    """What is known of one claim: its section of a document of a ledger, and where its figures are."""

    name: str
    title: str
    verdict: str
    body: str
    command: str
    figures: tuple[Path, ...] = field(default=())
    recorded: bool = False


def sections_of(document: str) -> dict[str, tuple[str, str, str]]:
    """Return title, verdict and text of each claim of a document that `claims_page` has written."""
    found = re.findall(r"^### (\w\d+)\. ([^\n]+): (\w+)\n(.*?)(?=^###? |\Z)", document, flags=re.M | re.S)
    return {name: (title, verdict, body.strip()) for name, title, verdict, body in found}


def told_claims(record: str, ledgers: list[Path]) -> dict[str, Told]:
    """Return all claims in their order, from the record and, where a folder of `ledgers` has judged them, from there.

    Figures are drawn in these folders. The last folder that holds a claim is believed.

    Raises
    ------
    ValueError
        if a folder holds no ledger of ours, or one of other rules.
    """
    told = {
        name: Told(name, *parts, judging_command(name, {}), recorded=True)
        for name, parts in sections_of(record).items()
    }
    for folder in ledgers:
        ledger = json.loads((folder / LEDGER).read_text("utf-8"))
        judged = [entry["id"] for entry in ledger["claims"] if entry["id"] in registry()]
        document = claims_page(folder / LEDGER, claims=judged)
        write_page(folder)
        for name, parts in sections_of(document).items():
            told[name] = Told(
                name, *parts, judging_command(name, ledger), figures_of(name, folder / "figures")
            )
    return {name: told[name] for name in registry()}


def figures_of(name: str, folder: Path) -> tuple[Path, ...]:
    """Return the figures of a claim: its own in their order, the points of its domain, and its map where one was drawn."""
    own = [folder / claim_file(name, f"{number}.svg") for number in range(1, 10)]
    others = [folder / claim_file(name, f"{kind}.svg") for kind in ("domain", "map")]
    return tuple(path for path in [*own, *others] if path.is_file())


def write_ledger(folder: Path, record: str, ledgers: list[Path]) -> None:
    """Write the pages of the ledger and their figures into `folder`."""
    told = told_claims(record, ledgers)
    blind = verdicts_of_both_seeds(record)
    for claim in told.values():
        for figure in claim.figures:
            shutil.copy(figure, folder / figure.name)
        (folder / f"{claim.name}.md").write_text(claim_page(claim, blind.get(claim.name)), "utf-8")
    (folder / OVERVIEW).write_text(
        draw_overview({name: claim.verdict for name, claim in told.items()}), "utf-8"
    )
    (folder / "index.md").write_text(index_page(told, record), "utf-8")


def verdicts_of_both_seeds(record: str) -> dict[str, tuple[str, str]]:
    """Return what the record's table says of each claim at seed 0, and at the seed that had been kept."""
    rows = re.findall(r"^\| (\w\d+)\. .+? \| ([^|]+) \| ([^|]+) \|$", record, flags=re.M)
    return {name: (worked, kept) for name, worked, kept in rows}


def claim_page(claim: Told, blind: tuple[str, str] | None) -> str:
    """Return the page of one claim."""
    told, _, rest = claim.body.partition("\n| | what the rule asks")
    lines = [f"# {claim.name}. {claim.title}", "", badge(claim.verdict), "", in_page(told.strip())]
    if claim.recorded:
        lines += ["", f":::{{note}}\nThis claim was not judged again for this site: {RECORDED}.\n:::"]
    for figure in claim.figures:
        lines += ["", f"![{alt_text(claim, figure)}]({figure.name})"]
    lines += ["", "## The rule, and what was found", "", in_page(f"| | what the rule asks{rest}")]
    lines += ["", "## How to reproduce it", "", "```bash", claim.command]
    lines += [
        f"spikeproof explain {claim.name}   # statement, rule and control in full",
        f"spikeproof map {claim.name}       # where in its domain it holds, and the boundary",
        f"spikeproof falsify {claim.name}   # a search for a counterexample",
        "```",
    ]
    if blind:
        lines += [
            "",
            f"On record: at seed 0 {blind[0]}; at the seed that was kept until the rules were frozen {blind[1]}. In brackets:",
            "points at which the claim is met, of those decided, of those drawn.",
        ]
    return "\n".join(lines) + "\n"


def badge(verdict: str) -> str:
    """Return a verdict as a coloured word."""
    return f"{{bdg-{COLOURS[verdict]}}}`{verdict}` {MEANING[verdict]}."


def alt_text(claim: Told, figure: Path) -> str:
    """Return what a figure shows, for those who cannot see it."""
    if figure.stem.endswith("domain"):
        return f"Points of the domain of {claim.name}, by outcome"
    if figure.stem.endswith("map"):
        return f"Map of where {claim.name} holds"
    return f"What was measured for {claim.name}"


def in_page(text: str) -> str:
    """Return a section of the document as it stands in a folder of pages: a level lower, theory and glossary one folder up."""
    cited = linked_theory(text, "[theory](../{page}.md)", "[theory](../theory.md)")
    return cited.replace("](glossary.md)", "](../glossary.md)")


def index_page(told: Mapping[str, Told], record: str) -> str:
    """Return the page that lists all claims by section and counts the verdicts."""
    words = [claim.verdict for claim in told.values()]
    tally = ", ".join(
        f"{{bdg-{COLOURS[word]}}}`{words.count(word)} {word}`" for word in COLOURS if word in words
    )
    lines = [
        "# The ledger of claims",
        "",
        f"{len(told)} claims of the paper and its readers, each judged by a rule that was stated before the run: {tally}.",
        "Titles are the claims as they are made, so a refuted one is false as it stands. The paper's full text was not at hand:",
        "wordings are reconstructed. The record of the frozen runs is `docs/claims.md` in the source tree.",
        "Words such as spike, peak, cone and Spk are defined in the [glossary](../glossary.md).",
        "",
        f"![The claims by section, each in the colour and with the mark of its verdict]({OVERVIEW})",
        "",
        *(f"- {badge(word)}" for word in COLOURS),
    ]
    for letter, title in SECTIONS.items():
        lines += ["", f"## {letter}. {title}", "", "| claim | verdict |", "|---|---|"]
        lines += [
            f"| [{name}. {cell(claim.title)}]({name}.md) | {{bdg-{COLOURS[claim.verdict]}}}`{claim.verdict}` |"
            for name, claim in told.items()
            if name[0] == letter
        ]
    blind = re.search(r"^## Blind confirmation\n.*?(?=^## )", record, flags=re.M | re.S)
    lines += ["", in_page(blind[0].strip()) if blind else ""]
    return "\n".join([*lines, "", "```{toctree}", ":hidden:", "", *told, "```", ""])


def cell(text: str) -> str:
    """Return text for a cell of a table."""
    return text.replace("|", "\\|")
