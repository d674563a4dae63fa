"""How a run goes on and where its output goes: what the commands that run studies or write files of their own share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
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
Seed = Annotated[int, typer.Option(min=0, help="Random seed; the same seed gives the same results.")]
SeedOfClaims = Annotated[int, typer.Option(help="Random seed.")]
Workers = Annotated[int, typer.Option(help="Number of processes; the numbers do not depend on it.")]
ClaimWithDomain = Annotated[
    str, typer.Argument(help="A claim that has a domain: an id such as B5, or a file or module with one.")
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


def require_places(
    out: Path | None, files: Mapping[str, tuple[str, ...]], inputs: Iterable[str], overwrite: bool
) -> None:
    """Raise an error where `files` of --out, with how each begins, cannot be drawn or written, are not ours, or are inputs."""
    if out is None:
        return
    from experiments.running.output_places import require_own_outputs
    from simulate.optional import require_extra

    for name in files:
        if name.endswith(".svg"):
            require_extra("figures", f"--out, which draws {name},")
    require_own_outputs(out, files, inputs, overwrite=overwrite)
