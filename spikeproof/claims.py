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
) -> None:
    """List the claims: what each says and what was expected of it."""
    from rich.table import Table

    from experiments.claims import registry
    from experiments.judging.ledger import LEDGER
    from experiments.running.files import write_whole
    from reports import claims_page

    if write is not None:
        console.print(str(write_whole(write, claims_page(out / LEDGER))), markup=False)
        return
    table = Table("id", "claim", "expected", "rule", box=None, pad_edge=False)
    for claim in registry().values():
        table.add_row(claim.id, claim.title, claim.expected, claim.rule.digest())
    console.print(table)
    console.print("spikeproof explain ID says one in full; spikeproof verify ID judges it")
