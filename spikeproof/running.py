"""How a run goes on: the options that the commands which run studies share."""

from __future__ import annotations

from typing import Annotated

import typer

Wait = Annotated[
    float,
    typer.Option(
        min=0,
        help="Seconds to wait for workers of a cluster, or for another run in the same folder, before it ends.",
    ),
]
Dask = Annotated[
    str | None,
    typer.Option(
        help="Address of a Dask scheduler, or local:N for a local cluster of N processes; replaces --workers."
    ),
]
AcceptOtherVersion = Annotated[
    bool,
    typer.Option(
        "--accept-other-version",
        help="Continue beside rows that other sources of spikeproof have made; what is written then says so.",
    ),
]
Claims = Annotated[
    list[str] | None,
    typer.Option(
        help="A Python file or module with claims of your own that FOLDER holds, such as my_claims.py; it is run. Repeatable.",
        show_default=False,
    ),
]
Trials = Annotated[
    list[str] | None,
    typer.Option(
        help="A Python file or module with trials of your own, such as my_trials.py; it is run. Repeatable.",
        show_default=False,
    ),
]
