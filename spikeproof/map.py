"""`spikeproof map`: where in its domain does a claim hold?"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from spikeproof.app import console, tell_missing
from spikeproof.estimates import DryRun, foresee
from spikeproof.running import ClaimWithDomain, Dask, SeedOfClaims, Workers


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("map", short_help="Draw where in its domain a claim holds.")(map_)


def map_(
    claim: ClaimWithDomain,
    points: Annotated[int, typer.Option(help="Number of points that fill the domain.")] = 100,
    replicates: Annotated[int, typer.Option(min=2, help="Replicates at each point.")] = 10,
    seed: SeedOfClaims = 0,
    workers: Workers = 2,
    dask: Dask = None,
    out: Annotated[
        Path,
        typer.Option(help="Folder for the store and the figure. The same command continues what is there."),
    ] = Path("spikeproof-results"),
    dry_run: DryRun = False,
) -> None:
    """Judge CLAIM at points that fill its domain, and fit the boundary between those where it is met and where it fails."""
    from experiments.estimates.of_claims import plan_of_map
    from experiments.given_claims import chosen_claim
    from experiments.judging.claim_map import map_claim
    from experiments.judging.sentences import OUTCOMES
    from experiments.running.export import export
    from reports import write_map

    chosen = chosen_claim(claim)
    if foresee(
        lambda: plan_of_map(chosen, points, replicates, workers=1 if dask else workers, counted=dry_run),
        dry_run,
    ):
        return
    found = map_claim(
        chosen,
        points=points,
        replicates=replicates,
        seed=seed,
        workers=workers,
        dask=dask,
        out=out,
        progress=True,
    )
    export(out)
    tally = Counter(OUTCOMES[point.met] for point in found.points)
    console.say((f"{chosen.id}. {chosen.title}", "bold"), wrap=True)
    console.say(
        f"{', '.join(f'{n} {word}' for word, n in tally.items())}, of {len(found.points)} points of its domain:"
    )
    console.say(f"{chosen.domain}.", wrap=True)
    if found.boundary:
        domain = chosen.domain
        assert domain is not None
        console.say(
            f"It is true where {found.boundary.formula(domain)}: wrong at {found.boundary.error:.1%} of the points in "
            f"cross-validation, where guessing the commoner outcome is wrong at {found.commoner:.1%}.",
            wrap=True,
        )
        console.say(f"To freeze it: {found.boundary!r}", wrap=True)
    else:
        console.say("The points agree too well for a boundary to be fitted.")
    for name, right in found.theory.items():
        console.say(f"The theory's own border in {name} tells {right:.1%} of the points rightly.")
    tell_missing("figures")
    if path := write_map(found, out):
        console.say(str(path))
