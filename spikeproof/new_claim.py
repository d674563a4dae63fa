"""`spikeproof new-claim`: a claim of one's own to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from spikeproof.app import console


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("new-claim", short_help="Write a claim of your own to start from, with its test.")(new_claim)


def new_claim(
    name: Annotated[
        str, typer.Argument(help="The id of the claim, such as spectral-gap.", show_default=False)
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the two files.")] = Path("."),
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace files of these names that hold something else.")
    ] = False,
) -> None:
    """Write claim_NAME.py, with a small claim that runs and holds as it stands, and test_claim_NAME.py, which tests it."""
    from experiments.new_claim import new_claim as write
    from simulate.plain_text import command

    claim, test = write(name, out, overwrite=overwrite)
    console.say(f"{claim}  (try it: {command('spikeproof', 'verify', claim, '--quick')})")
    console.say(f"{test}  (run it: {command('pytest', test)})")
