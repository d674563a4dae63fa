"""`spikeproof replay`: run one stored task again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from spikeproof.app import console


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("replay", short_help="Run one stored task again and compare its row.")(replay)


def replay(
    folder: Annotated[Path, typer.Argument(help="A folder that verify, sweep or compare has written.")],
    key: Annotated[
        str, typer.Argument(help="The key of a task, as `spikeproof status` and the tables print it.")
    ],
) -> None:
    """Run the task KEY of FOLDER again in this process and compare its row with the stored one; nothing is written.

    The exit code is 0 if the rows are the same, and 1 if they differ or the trial fails.
    """
    import json

    from experiments.stored_studies import replay as run_again

    stored, again = run_again(folder, key)
    console.print_json(json.dumps({"row": again.row, "error": again.error}))
    if again.traceback:
        console.say(again.traceback, wrap=True, lines=True)
    same = stored.row == again.row and stored.error == again.error
    console.say("the same as the stored row" if same else ("differs from the stored row", "yellow"))
    raise typer.Exit(0 if same and again.error is None else 1)
