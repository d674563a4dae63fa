"""`spikeproof verify`: judge the claims, print the ledger, write the page."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spikeproof.app import Part, console, styled, tell_missing
from spikeproof.estimates import DryRun, foresee, instead
from spikeproof.running import AcceptOtherVersion, Dask, SeedOfClaims, Wait, Workers

if TYPE_CHECKING:
    from experiments.judging.claim import Size
    from experiments.judging.ledger import Entry, Ledger

COLOURS = {"holds": "green", "qualified": "yellow", "refuted": "red", "inconclusive": "dim"}
OUTCOMES = {"met": "green", "failed": "red", "undecided": "dim"}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("verify", short_help="Judge the claims of the paper, or your own.")(verify)


def verify(
    claims: Annotated[
        list[str] | None,
        typer.Argument(
            help="Claims by id (A1) or section (B), or a Python file or module that holds claims of your own (my_claims.py, "
            "my_claims.py::ID, package.module); all claims of the paper by default.",
            show_default=False,
        ),
    ] = None,
    seed: SeedOfClaims = 0,
    out: Annotated[
        Path, typer.Option(help="Folder for the store, the ledger, the figures and the page.")
    ] = Path("spikeproof-results"),
    workers: Workers = 2,
    dask: Dask = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Fewer points and replicates; the rules are the same.")
    ] = False,
    thorough: Annotated[
        bool, typer.Option("--thorough", help="More points and replicates, and larger graphs.")
    ] = False,
    matrix: Annotated[
        list[str] | None,
        typer.Option(help="A real matrix (name or file) for the claims about real matrices; repeatable."),
    ] = None,
    check: Annotated[
        Path | None,
        typer.Option(help="A ledger.json to compare with; exit code 1 if a verdict or a rule differs."),
    ] = None,
    wait: Wait = 300.0,
    accept_other_version: AcceptOtherVersion = False,
    dry_run: DryRun = False,
) -> None:
    """Judge claims by rules stated before the run: those of the paper, on sampled block models and on real matrices, or your own.

    A file or module with claims is run, as any program is: name only what you trust.
    """
    from experiments.estimates.of_claims import plan_of_claims
    from experiments.given_claims import chosen_claims
    from experiments.judging import ledger as ledgers
    from experiments.verification import verify as run_claims

    if quick and thorough:
        raise ValueError("--quick and --thorough exclude each other; give one of them or neither")
    baseline = ledgers.read(check) if check else None
    size: Size = "quick" if quick else "thorough" if thorough else "default"
    chosen = chosen_claims(claims or ())
    asked: dict[str, Any] = {
        "size": size,
        "seed": seed,
        "workers": 1 if dask else workers,
        "counted": dry_run,
    }
    if foresee(
        lambda: plan_of_claims(chosen, matrices=tuple(matrix or ()), instead=instead, **asked), dry_run
    ):
        return
    started = time.monotonic()
    before = ledgers.ids_in(out / ledgers.LEDGER)
    ledger = run_claims(
        chosen,
        seed=seed,
        size=size,
        workers=workers,
        dask=dask,
        out=out,
        matrices=matrix or (),
        progress=True,
        wait=wait,
        accept_other_version=accept_other_version,
    )
    print_ledger(ledger)
    _print_left_out(ledger, before, out)
    tell_missing("parquet", "figures")
    with console.status("drawing the page"):
        from reports import write_page

        page = write_page(out, claims=[entry.claim for entry in ledger.entries])
    console.say(f"{page}  ({time.monotonic() - started:.0f} s in all)")
    agrees = baseline is None or _agrees(ledger, baseline, check)
    raise typer.Exit(ledger.exit_code if agrees else 1)


def _print_left_out(ledger: Ledger, before: set[str], out: Path) -> None:
    """Print which claims did not run on the given matrices, and how many that were in the folder are left out."""
    if ledger.kept:
        console.say(
            (", ".join(ledger.kept), "yellow"),
            " need dated data, which no given matrix has; they ran on the default data sets",
            wrap=True,
        )
    if gone := before - {entry.claim.id for entry in ledger.entries}:
        console.say(
            (str(out), "yellow"),
            f" held {len(gone)} other claims, which the ledger and the page now leave out. "
            "Their rows are kept: name these claims too, and they are judged without running again.",
            wrap=True,
        )


def _agrees(ledger: Ledger, baseline: Mapping[str, Any], check: Path | None) -> bool:
    """Print in what a ledger differs from the baseline, and return whether it agrees with it."""
    from experiments.judging import ledger as ledgers

    differences = ledgers.compare_with_baseline(ledger, baseline)
    for difference in differences:
        console.say(("differs from the baseline:", "red"), f" {difference}")
    if not differences:
        both = {entry.claim.id for entry in ledger.entries} & {entry["id"] for entry in baseline["claims"]}
        compared = "verdicts and rules" if baseline.get("format") == ledgers.FORMAT else "verdicts"
        console.say(f"{len(both)} {compared} agree with {check}")
    return not differences


def print_ledger(ledger: Ledger) -> None:
    """Print the tally, the findings that a reader looks for first, and every claim with its criteria."""
    from experiments.judging.sentences import LEVELS

    tally = Counter(entry.verdict for entry in ledger.entries)
    words: list[Part] = []
    for word in COLOURS:
        if tally[word]:
            words += [", " if words else " ", (f"{tally[word]} {word}", COLOURS[word])]
    run = (f"  (seed {ledger.seed}, size {ledger.size})", "dim")
    console.print()
    many = len(ledger.entries)
    console.say((f"{many} claim{'s' * (many != 1)}:", "bold"), *words, run, wrap=True)
    console.print()
    for entry in headlines(ledger.entries):
        console.say((f"{entry.claim.id}  ", "bold"), entry.sentence, wrap=True)
        console.print()
    for entry in ledger.entries:
        _print_claim(entry)
    legend = f"✓ met, ✗ failed, ? undecided. Brackets: 95 % intervals. {LEVELS} `spikeproof explain B3` tells a claim in full."
    console.print()
    console.say((legend, "dim"), wrap=True)
    for entry in ledger.entries:
        for failure in entry.failures[:3]:
            console.say((f"{entry.claim.id} failed:", "bold red"), f" {failure}", wrap=True)


def headlines(entries: tuple[Entry, ...]) -> list[Entry]:
    """Return the handful of entries that a summary names first: the marked ones, or all of a few."""
    return [entry for entry in entries if entry.claim.headline or len(entries) <= 3]


def _print_claim(entry: Entry) -> None:
    """Print a heading with the verdict, then one row per criterion: outcome, what is asked, what was found."""
    from rich.padding import Padding
    from rich.table import Table

    from experiments.judging.sentences import MARKS, family_told, found, joined, outcome

    colour = COLOURS[entry.verdict]
    status = "" if entry.status == "ok" else f" {entry.status}"
    claim = entry.claim
    heading: list[Part] = [(claim.id, "bold"), " ", (entry.verdict, colour), (status, "bold red")]
    console.say(*heading, f"  {claim.title}", wrap=True)
    table = Table.grid(padding=(0, 1), expand=True)
    table.add_column(width=4, justify="right")
    table.add_column(ratio=3, overflow="fold")
    table.add_column(ratio=2, overflow="fold")
    for finding in entry.judgement.findings if entry.judgement else ():
        mark = outcome(finding)
        table.add_row(
            styled((MARKS[mark], OUTCOMES[mark])),
            styled(finding.criterion.asked),
            styled((found(finding), "dim")),
        )
    console.print(table)
    if entry.judgement and entry.judgement.family:
        console.print(Padding(styled((family_told(entry.judgement.family), "dim")), (0, 0, 0, 5)))
    if entry.verdict == "qualified" and entry.judgement:
        condition = styled(("true only if", "yellow"), f" {joined(entry.judgement.conditions)}")
        console.print(Padding(condition, (0, 0, 0, 5)))
    if entry.status == "broken":
        assert entry.control is not None
        broken = styled(
            ("broken:", "bold red"),
            f" its control ({claim.control}) came out as {entry.control.verdict}, so this rule cannot be trusted",
        )
        console.print(Padding(broken, (0, 0, 0, 5)))
