"""`spikeproof claims`: the registry as a list, and the document of a ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from spikeproof.app import console


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("claims", short_help="List the claims and what was expected of each.")(claims)


def claims(
    named: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[CLAIMS]...",
            help="Which claims: ids, sections, or files and modules with claims of your own; all of the paper by default.",
            show_default=False,
        ),
    ] = None,
    write: Annotated[
        Path | None,
        typer.Option(
            help="Write the ledger of --out as a document, such as docs/claims.md.", show_default=False
        ),
    ] = None,
    out: Annotated[Path, typer.Option(help="The folder of the last `spikeproof verify`.")] = Path(
        "spikeproof-results"
    ),
    confirming: Annotated[
        list[Path] | None,
        typer.Option(
            help="With --write: a folder of a run on a seed kept until rules were frozen; its verdicts stand beside. Repeatable.",
            show_default=False,
        ),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace a file at --write that is no such document.")
    ] = False,
) -> None:
    """List the claims: what each says and what was expected of it."""
    from rich.table import Table

    from experiments.given_claims import GROUP, chosen_claims
    from experiments.judging.ledger import LEDGER
    from experiments.judging.origin import module_of
    from experiments.running.entry_points import offered
    from experiments.running.files import write_whole
    from experiments.running.output_places import require_apart, require_ours
    from reports import claims_page
    from reports.pages.ledger_document import TITLE

    chosen = chosen_claims(named or ())
    if write is not None:
        beside = [folder / LEDGER for folder in confirming or ()]
        files = [module.sources[0].path for claim in chosen if (module := module_of(claim))]
        require_apart([write], [out / LEDGER, *beside, *files])
        require_ours({write: (TITLE,)}, overwrite=overwrite)
        page = claims_page(out / LEDGER, beside, claims=chosen if named else ())
        console.say(str(write_whole(write, page)))
        return
    if confirming:
        raise ValueError("--confirming needs --write, the document to write; got none")
    table = Table("id", "claim", "expected", "rule", box=None, pad_edge=False)
    for claim in chosen:
        table.add_row(claim.id, claim.title, claim.expected, claim.digest())
    console.print(table)
    for name, package in offered(GROUP).items() if not named else ():
        console.say(f"{name}: claims of the installed package {package}")
    console.say("spikeproof explain ID says one in full; spikeproof verify ID judges it")
