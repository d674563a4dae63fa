"""`spikeproof falsify`: is there a point of its domain where a claim fails?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from spikeproof.app import console
from spikeproof.estimates import DryRun, foresee
from spikeproof.running import ClaimWithDomain, Dask, SeedOfClaims, Workers


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("falsify", short_help="Search the domain of a claim for a point where it fails.")(falsify)


def falsify(
    claim: ClaimWithDomain,
    points: Annotated[int, typer.Option(help="Number of points from which the search begins.")] = 64,
    seed: SeedOfClaims = 0,
    workers: Workers = 2,
    dask: Dask = None,
    out: Annotated[
        Path, typer.Option(help="Folder for the store. The same command continues what is there.")
    ] = Path("spikeproof-results"),
    dry_run: DryRun = False,
) -> None:
    """Search the domain of CLAIM for the point at which a criterion does worst, and judge that point on fresh draws."""
    from experiments.estimates.of_claims import plan_of_falsification
    from experiments.given_claims import chosen_claim
    from experiments.judging.falsification import falsify as search
    from experiments.judging.sentences import MARKS, found, outcome
    from experiments.running.export import export

    chosen = chosen_claim(claim)
    if foresee(
        lambda: plan_of_falsification(chosen, points, workers=1 if dask else workers, counted=dry_run),
        dry_run,
    ):
        return
    result = search(chosen, points=points, seed=seed, workers=workers, dask=dask, out=out, progress=True)
    export(out)
    domain = chosen.domain
    assert domain is not None
    words = {
        False: "It fails there, at the level 0.0001 on draws that the search never saw",
        True: "It is met even there: the search found no counterexample",
        None: "It is undecided there: the search found no counterexample",
    }
    console.say((f"{chosen.id}. {chosen.title}", "bold"), wrap=True)
    console.say(
        f"The worst of {result.searched} points of its domain: {domain.words_of(result.judged.point)}.",
        wrap=True,
    )
    console.say(f"{words[result.judged.met]}.", wrap=True)
    for finding in result.judged.judgement.findings:
        console.say(f"  {MARKS[outcome(finding)]} {finding.criterion.asked}", wrap=True)
        console.say(f"    found: {found(finding)}", wrap=True)
    if result.judged.met is False:
        console.say(f"As a stored counterexample: {json.dumps(dict(result.judged.point))}", wrap=True)
