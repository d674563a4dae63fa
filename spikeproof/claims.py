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

    from experiments.claims import registry
    from experiments.judging.ledger import LEDGER
    from experiments.running.files import require_apart, require_ours, write_whole
    from reports import claims_page
    from reports.pages.ledger_document import TITLE

    if write is not None:
        beside = [folder / LEDGER for folder in confirming or ()]
        require_apart([write], [out / LEDGER, *beside])
        require_ours({write: (TITLE,)}, overwrite=overwrite)
        console.say(str(write_whole(write, claims_page(out / LEDGER, beside))))
        return
    if confirming:
        raise ValueError("--confirming needs --write, the document to write; got none")
    table = Table("id", "claim", "expected", "rule", box=None, pad_edge=False)
    for claim in registry().values():
        table.add_row(claim.id, claim.title, claim.expected, claim.digest())
    console.print(table)
    console.say("spikeproof explain ID says one in full; spikeproof verify ID judges it")
