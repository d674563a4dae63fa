"""`spikeproof report`: draw the pages of a folder again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from spikeproof.app import console, tell_missing


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("report", short_help="Draw the pages of a folder again.")(report)


def report(
    folder: Annotated[Path, typer.Argument(help="A folder that verify or compare has written.")] = Path(
        "spikeproof-results"
    ),
) -> None:
    """Draw the pages of FOLDER again from what is stored there; nothing is run."""
    from experiments.judging.ledger import LEDGER
    from experiments.real.comparison import MANIFEST
    from reports import write_comparison, write_page

    if not (folder / LEDGER).exists() and not (folder / MANIFEST).exists():
        raise ValueError(f"{folder} must hold a run of `spikeproof verify` or `compare`; it has neither")
    tell_missing("figures")
    if (folder / LEDGER).exists():
        console.say(str(write_page(folder)))
    if (folder / MANIFEST).exists():
        console.say(str(write_comparison(folder)))
