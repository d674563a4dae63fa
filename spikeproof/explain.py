"""`spikeproof explain CLAIM`: what a claim says, where from, by which rule it is judged, and what came out last."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Annotated

import typer

from spikeproof.app import console


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("explain", short_help="Say in full what a claim states and how it is judged.")(explain)


def explain(
    claim: Annotated[
        str, typer.Argument(help="An id such as B3, or a file or module with a claim.", show_default=False)
    ],
    out: Annotated[Path, typer.Option(help="The folder of the last `spikeproof verify`.")] = Path(
        "spikeproof-results"
    ),
) -> None:
    """Say in full what CLAIM states, how it is judged, its last verdict, and how to reproduce it."""
    from experiments.given_claims import chosen_claim
    from experiments.judging import ledger as ledgers
    from experiments.judging.ledger_file import judging_command
    from experiments.judging.origin import named_again
    from experiments.judging.sentences import MARKS

    def say(heading: str, text: str) -> None:
        console.say((heading, "bold"), f" {text}", wrap=True)

    path = out / ledgers.LEDGER
    ledger = ledgers.read_whole(path) if path.exists() else {}
    ledgers.require_named_again(claim, ledger)
    one = chosen_claim(claim)
    last = next((entry for entry in ledger.get("claims", ()) if entry["id"] == one.id), None)
    console.say((f"{one.id}. {one.title}\n", "bold"), wrap=True, lines=True)
    if last:
        console.say(last["sentence"], wrap=True)
        say("Run:", f"seed {ledger['seed']}, size {ledger['size']}, status {last['status']}")
    else:
        say("Statement:", one.statement)
        say("Last verdict:", f"none in {out}")
    if one.finding:
        say("Found:", one.finding)
    about = _flowing(inspect.getdoc(inspect.getmodule(one.arms)) or "")
    console.say(f"\n{about}\n", wrap=True, lines=True)
    say("Source:", one.source)
    say("Forecast:", one.expected)
    console.say(("The rule,", "bold"), " stated before the run:")
    found = {c["asks"]: c for c in last["criteria"]} if last else {}
    for criterion in one.rule.criteria:
        now = found.get(criterion.asked)
        console.say(f"  {MARKS[now['outcome']] if now else '-'} {criterion.asked}", wrap=True)
        if now:
            console.say(f"    found: {now['found']}", wrap=True)
        console.say((f"    threshold: {criterion.origin}", "dim"), wrap=True)
        means = (
            f"the claim is true only if {criterion.condition}"
            if criterion.condition
            else "the claim is not true there"
            if one.domain
            else "the claim is refuted"
        )
        console.say((f"    if it fails: {criterion.failure}; {means}", "dim"), wrap=True)
    if one.domain:
        say("Domain:", f"{one.domain}. Meant {one.reach}.")
    say("Control:", f"{one.control}; it must come out as {' or '.join(one.rule.control)}")
    for measured in last["measurements"] if last else ():
        console.say(f"  measured: {measured['name']}: {measured['found']}", wrap=True)
    say("Reproduce:", judging_command(named_again(one), ledger if last else {}))
    console.say((f"rule {one.digest()}, version {one.version}", "dim"))


def _flowing(text: str) -> str:
    """Paragraphs and items of a list on one line each: the terminal breaks them where it ends."""
    return re.sub(r"(?<!\n)\n(?!\n|- )", " ", text)
