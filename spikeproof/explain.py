"""`spikeproof explain CLAIM`: what a claim says, where from, by which rule it is judged, and what came out last."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Annotated, Any

import typer

from spikeproof.app import console


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("explain")(explain)


def explain(
    claim: Annotated[str, typer.Argument(help="An id such as B3.", show_default=False)],
    out: Annotated[Path, typer.Option(help="The folder of the last `spikeproof verify`.")] = Path(
        "spikeproof-results"
    ),
) -> None:
    """Say in full what CLAIM states, how it is judged, its last verdict, and how to reproduce it."""
    from rich.markup import escape

    from experiments.claims import select
    from experiments.judging import ledger as ledgers

    found = select([claim])
    if len(found) != 1:
        raise ValueError(f"claim must be one id, such as {found[0].id}; got the section {claim!r}")
    one = found[0]

    def say(heading: str, text: str) -> None:
        console.print(f"[bold]{heading}[/] {escape(text)}", soft_wrap=False)

    console.print(f"[bold]{one.id}. {escape(one.title)}[/]\n")
    console.print(escape(_flowing(inspect.getdoc(inspect.getmodule(one.study)) or "")) + "\n")
    say("Statement:", one.statement)
    say("Source:", one.source)
    say("Expected:", one.expected)
    console.print(f"[bold]Rule[/] {one.rule.digest()}, stated before the run:")
    for criterion in one.rule.criteria:
        otherwise = criterion.otherwise + (f": {criterion.condition}" if criterion.condition else "")
        console.print(f"  - {escape(str(criterion))} ({escape(criterion.origin)}); else {escape(otherwise)}")
    say("Control:", f"{one.control}; it must come out {' or '.join(one.rule.control)}")
    path = out / ledgers.LEDGER
    last = None
    if path.exists():
        ledger = ledgers.read(path)
        last = next((entry for entry in ledger["claims"] if entry["id"] == one.id), None)
    if last is None:
        say("Last verdict:", f"none in {out}")
    else:
        say(
            "Last verdict:",
            f"{last['verdict']} ({last['status']}), seed {ledger['seed']}, size {ledger['size']}",
        )
        for condition in last["conditions"]:
            console.print(f"  - but: {escape(condition)}")
        for finding in last["estimates"]:
            console.print(f"  - {escape(_words(finding, finding.get('estimand', '')))}")
        for found in last.get("measurements", []):
            console.print(f"  - measured: {escape(_words(found, found['name']))}")
    if one.finding:
        say("Found:", one.finding)
    say("Reproduce:", _command(one.id, ledger if last else {}))


def _flowing(text: str) -> str:
    """Paragraphs and items of a list on one line each: the terminal breaks them where it ends."""
    return re.sub(r"(?<!\n)\n(?!\n|- )", " ", text)


def _command(claim: str, ledger: dict[str, Any]) -> str:
    """The command that judges the claim as it was judged last."""
    size, matrices = ledger.get("size", "default"), ledger.get("matrices", [])
    flags = ["" if size == "default" else f" --{size}", *(f" --matrix {name}" for name in matrices)]
    return f"spikeproof verify {claim} --seed {ledger.get('seed', 0)}{''.join(flags)}"


def _words(found: dict[str, Any], name: str) -> str:
    """ "name: mean [interval]", as far as the ledger holds them."""
    ends = [found.get("low"), found.get("high")]
    interval = f" [{ends[0]:.4g}, {ends[1]:.4g}]" if None not in ends and ends[0] != ends[1] else ""
    estimate = found.get("estimate")
    return f"{name}: {'none' if estimate is None else format(estimate, '.4g')}{interval}"
