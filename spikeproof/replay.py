"""`spikeproof replay`: run one stored task again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from spikeproof.app import console
from spikeproof.running import Claims, Trials


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("replay", short_help="Run one stored task again and compare its row.")(replay)


def replay(
    folder: Annotated[Path, typer.Argument(help="A folder that verify, sweep or compare has written.")],
    key: Annotated[
        str, typer.Argument(help="The key of a task, as `spikeproof status` and the tables print it.")
    ],
    open_files: Annotated[
        bool,
        typer.Option(
            "--open-files", help="Let the task read the files that the store names; each is printed."
        ),
    ] = False,
    claims: Claims = None,
    trials: Trials = None,
) -> None:
    """Run the task KEY of FOLDER again in this process and compare its row with the stored one; nothing is written.

    The exit code is 0 if the rows are the same, and 1 if they differ or the trial fails.
    """
    import json

    from experiments.stored_studies import replay as run_again

    def tell(path: Path) -> None:
        console.say(f"opening {path}, which the store names")

    asked: dict[str, Any] = {"open_files": True, "opening": tell} if open_files else {}
    asked |= {"claims": claims} if claims else {}
    asked |= {"trials": trials} if trials else {}
    stored, again = run_again(folder, key, **asked)
    console.print_json(json.dumps({"row": again.row, "error": again.error}))
    if again.traceback:
        console.say(again.traceback, wrap=True, lines=True)
    same = stored.row == again.row and stored.error == again.error
    console.say("the same as the stored row" if same else ("differs from the stored row", "yellow"))
    if not same and stored.code != again.code:
        console.say(f"other sources made that row: their hash is {stored.code}, now {again.code}")
    raise typer.Exit(0 if same and again.error is None else 1)
