"""`spikeproof report`: draw the pages of a folder again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from spikeproof.app import console, tell_missing
from spikeproof.running import Claims


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("report", short_help="Draw the pages of a folder again.")(report)


def report(
    folder: Annotated[Path, typer.Argument(help="A folder that verify or compare has written.")] = Path(
        "spikeproof-results"
    ),
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            help="Another folder for the pages; nothing is written into FOLDER then, which may be read-only.",
            show_default=False,
        ),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace a file in --out that is no page of ours.")
    ] = False,
    claims: Claims = None,
) -> None:
    """Draw the pages of FOLDER again from what is stored there; nothing is run."""
    from experiments.given_claims import chosen_claims
    from experiments.judging.ledger import LEDGER, not_named, read_whole
    from experiments.real.compared import MANIFEST
    from reports import write_comparison, write_page

    if not (folder / LEDGER).exists() and not (folder / MANIFEST).exists():
        raise ValueError(f"{folder} must hold a run of `spikeproof verify` or `compare`; it has neither")
    tell_missing("figures")
    given = chosen_claims(claims) if claims else []
    try:
        if (folder / LEDGER).exists():
            for name, origin in not_named(read_whole(folder / LEDGER), given):
                console.say(
                    (f"no figures of {name}:", "yellow"),
                    f" its claim is of {origin!r}; name that file with --claims, if you trust it, and they are drawn",
                    wrap=True,
                )
            console.say(str(write_page(folder, claims=given, out=out, overwrite=overwrite)))
        if (folder / MANIFEST).exists():
            console.say(str(write_comparison(folder, out=out, overwrite=overwrite)))
    except (
        LookupError,
        TypeError,
        AttributeError,
        ArithmeticError,
    ) as error:  # the folder may come from anybody
        raise ValueError(
            f"{folder} must hold what a run of `spikeproof verify` or `compare` has written; it holds something else "
            f"({type(error).__name__}: {' '.join(str(error).split())})"
        ) from error
