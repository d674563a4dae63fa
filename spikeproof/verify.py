"""`spikeproof verify`: judge the claims, print the ledger, write the page."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from spikeproof.app import console

if TYPE_CHECKING:
    from experiments.judging.claim import Size
    from experiments.judging.ledger import Ledger

COLOURS = {"holds": "green", "qualified": "yellow", "refuted": "red", "inconclusive": "dim"}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("verify")(verify)


def verify(
    claims: Annotated[
        list[str] | None,
        typer.Argument(help="Ids (A1) or sections (B); all claims without.", show_default=False),
    ] = None,
    seed: Annotated[int, typer.Option(help="Every number follows from it.")] = 0,
    out: Annotated[Path, typer.Option(help="Folder for the store, the ledger, figures and the page.")] = Path(
        "spikeproof-results"
    ),
    workers: Annotated[
        int, typer.Option(help="Processes; the numbers are the same whatever their number.")
    ] = 2,
    quick: Annotated[
        bool, typer.Option("--quick", help="Fewer replicates, smaller graphs: within a minute.")
    ] = False,
    thorough: Annotated[bool, typer.Option("--thorough", help="Tighter intervals: within an hour.")] = False,
    matrix: Annotated[
        list[str] | None,
        typer.Option(help="A real matrix (name or file) for the claims that speak of them; repeatable."),
    ] = None,
    check: Annotated[
        Path | None, typer.Option(help="A ledger.json; exit with 1 when a verdict or rule differs from it.")
    ] = None,
) -> None:
    """Judge the claims of the paper by rules stated beforehand, on sampled block models and on real matrices."""
    from rich.markup import escape

    from experiments.claims import select
    from experiments.judging import ledger as ledgers
    from spikeproof.progress import task_progress

    if quick and thorough:
        raise ValueError("--quick and --thorough exclude each other; give one of them or neither")
    baseline = ledgers.read(check) if check else None
    chosen = select(claims or ())
    size: Size = "quick" if quick else "thorough" if thorough else "default"
    started = time.monotonic()
    before = ledgers.ids_in(out / ledgers.LEDGER)
    with task_progress(f"{len(chosen)} claims") as progress:
        ledger = ledgers.verify(
            claims or (),
            seed=seed,
            size=size,
            workers=workers,
            out=out,
            matrices=matrix or (),
            progress=progress,
        )
    print_ledger(ledger, out)
    if ledger.kept:
        console.print(
            f"[yellow]{', '.join(ledger.kept)}[/] asked for dates, which no matrix given has, and kept their own"
        )
    if gone := before - {entry.claim.id for entry in ledger.entries}:
        console.print(
            f"[yellow]{escape(str(out))}[/] held {len(gone)} other claims, which the ledger and the page now leave out; their "
            "rows are kept: name them too, and they are judged without being run again"
        )
    with console.status("drawing the page"):
        from reports.pages.ledger import write_page

        page = write_page(out)
    console.print(f"{page}  ({time.monotonic() - started:.0f} s in all)", soft_wrap=True)
    differences = ledgers.compare_with_baseline(ledger, baseline) if baseline else []
    for difference in differences:
        console.print(f"[red]differs from the baseline:[/] {difference}")
    if baseline and not differences:
        both = {entry.claim.id for entry in ledger.entries} & {entry["id"] for entry in baseline["claims"]}
        console.print(f"{len(both)} verdicts and rules agree with {check}", markup=False, soft_wrap=True)
    raise typer.Exit(1 if differences else ledger.exit_code)


def print_ledger(ledger: Ledger, out: Path) -> None:
    """Print the table of verdicts, then conditions, broken controls and failures in words."""
    from rich.table import Table

    from experiments.running.export import seconds_by_study

    seconds = seconds_by_study(out)
    table = Table(title=f"seed {ledger.seed}, size {ledger.size}", title_justify="left", pad_edge=False)
    for heading in ("id", "claim", "verdict", "estimate \\[95 % interval]", "rule"):
        table.add_column(heading)
    table.add_column("runs", justify="right")
    table.add_column("s", justify="right")
    for entry in ledger.entries:
        findings = entry.judgement.findings if entry.judgement else ()
        colour = COLOURS[entry.verdict]
        word = f"[{colour}]{entry.verdict}[/]" + (
            "" if entry.status == "ok" else f" [bold red]{entry.status}[/]"
        )
        table.add_row(
            entry.claim.id,
            entry.claim.title,
            word,
            "\n".join(_estimate(f.estimate, f.low, f.high) for f in findings),
            "\n".join(str(f.criterion) for f in findings) + f"\n[dim]{entry.claim.rule.digest()}[/]",
            str(entry.replicates),
            f"{seconds.get(entry.study, 0.0):.1f}",
            end_section=True,
        )
    console.print(table)
    for entry in ledger.entries:
        for condition in entry.judgement.conditions if entry.judgement else ():
            console.print(f"[yellow]{entry.claim.id}, but:[/] {condition}")
        if entry.status == "broken":
            assert entry.control is not None
            console.print(
                f"[bold red]{entry.claim.id} is broken:[/] its control ({entry.claim.control}) came out as "
                f"{entry.control.verdict}, which it must not"
            )
        for failure in entry.failures[:3]:
            console.print(f"[bold red]{entry.claim.id} failed:[/] {failure}", markup=True)
    console.print(
        f"[dim]chance that sampling alone put any verdict on the wrong side: at most {ledger.mistake_bound:.2g} by the rules "
        f"alone; given the estimates all decisions stand at the level {ledger.weakest:.1g}[/]"
    )


def _estimate(value: float, low: float, high: float) -> str:
    return f"{value:.3g}" if low == high else f"{value:.3g} \\[{low:.3g}, {high:.3g}]"
