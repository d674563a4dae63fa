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
    app.command("explain", short_help="Say in full what a claim states and how it is judged.")(explain)


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
    from experiments.judging.sentences import MARKS

    chosen = select([claim])
    if len(chosen) != 1:
        raise ValueError(f"claim must be one id, such as {chosen[0].id}; got the section {claim!r}")
    one = chosen[0]

    def say(heading: str, text: str) -> None:
        console.print(f"[bold]{heading}[/] {escape(text)}", soft_wrap=False)

    path = out / ledgers.LEDGER
    ledger = ledgers.read_whole(path) if path.exists() else {}
    last = next((entry for entry in ledger.get("claims", ()) if entry["id"] == one.id), None)
    console.print(f"[bold]{one.id}. {escape(one.title)}[/]\n")
    if last:
        console.print(escape(last["sentence"]))
        say("Run:", f"seed {ledger['seed']}, size {ledger['size']}, status {last['status']}")
    else:
        say("Statement:", one.statement)
        say("Last verdict:", f"none in {out}")
    if one.finding:
        say("Found:", one.finding)
    console.print("\n" + escape(_flowing(inspect.getdoc(inspect.getmodule(one.arms)) or "")) + "\n")
    say("Source:", one.source)
    say("Forecast:", one.expected)
    console.print("[bold]The rule,[/] stated before the run:")
    found = {c["asks"]: c for c in last["criteria"]} if last else {}
    for criterion in one.rule.criteria:
        now = found.get(criterion.asked)
        console.print(f"  {MARKS[now['outcome']] if now else '-'} {escape(criterion.asked)}")
        if now:
            console.print(f"    found: {escape(now['found'])}")
        console.print(f"    [dim]threshold: {escape(criterion.origin)}[/]")
        means = (
            f"the claim is true only if {criterion.condition}"
            if criterion.condition
            else "the claim is refuted"
        )
        console.print(f"    [dim]if it fails: {escape(criterion.failure)}; {escape(means)}[/]")
    say("Control:", f"{one.control}; it must come out as {' or '.join(one.rule.control)}")
    for measured in last["measurements"] if last else ():
        console.print(f"  measured: {escape(measured['name'])}: {escape(measured['found'])}")
    say("Reproduce:", _command(one.id, ledger if last else {}))
    console.print(f"[dim]rule {one.rule.digest()}, version {one.version}[/]")


def _flowing(text: str) -> str:
    """Paragraphs and items of a list on one line each: the terminal breaks them where it ends."""
    return re.sub(r"(?<!\n)\n(?!\n|- )", " ", text)


def _command(claim: str, ledger: dict[str, Any]) -> str:
    """The command that judges the claim as it was judged last."""
    size, matrices = ledger.get("size", "default"), ledger.get("matrices", [])
    flags = ["" if size == "default" else f" --{size}", *(f" --matrix {name}" for name in matrices)]
    return f"spikeproof verify {claim} --seed {ledger.get('seed', 0)}{''.join(flags)}"
