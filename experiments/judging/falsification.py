"""Is there a point of its domain where a claim fails? A search by successive halving, and a fresh judgement of what it finds.

Many points are tried with two replicates each; the quarter at which a criterion does worst is tried with twice as many, and so on
(Jamieson and Talwalkar, AISTATS 2016). The worst point is then judged at the level 0.0001 on draws that the search never saw:
a worst of many is worse than it looks.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.judging.claim import REPLICATES, Claim
from experiments.judging.claim_map import AGAIN, FALSIFY, judged_on, require_domain
from experiments.judging.family import COUNTEREXAMPLE_LEVEL, JudgedPoint
from experiments.judging.origin import blaming
from experiments.judging.verdict import Finding
from simulate.progress import Progress
from simulate.validation import require_integer

SEARCHED = 64
KEPT = 4  # one point in four goes on, with twice the replicates
FRESH = 2 * REPLICATES


@dataclass(frozen=True)
class Falsified:
    """The worst point that a search found, judged afresh: `judged.met` is False where it is a counterexample."""

    judged: JudgedPoint
    searched: int


def falsify(
    claim: Claim,
    *,
    points: int = SEARCHED,
    seed: int = 0,
    workers: int = 1,
    dask: str | None = None,
    out: str | os.PathLike[str] | None = None,
    progress: Progress | bool | None = None,
) -> Falsified:
    """Search the domain of a claim for the point at which a criterion does worst, and judge it on fresh draws.

    `workers`, `dask`, `out` and `progress` are those of `run_all`.

    Raises
    ------
    ValueError
        for a claim without a domain, fewer than four points, or a trial that fails.
    """
    domain = require_domain(claim)
    require_integer(points, "points", least=KEPT)
    options: dict[str, Any] = {"workers": workers, "dask": dask, "store": out, "progress": progress}
    with blaming(claim):
        left = domain.points(f"{claim.id}-falsify", claim.version, seed=seed, count=points, dear=True)
    searched, replicates = len(left), 2
    while len(left) > 1:
        judged = judged_on(claim, left, FALSIFY, replicates, seed=seed, **options)
        worst = np.argsort(_margins(judged), kind="stable")[: max(len(left) // KEPT, 1)]
        left, replicates = [dict(judged[k].point) for k in worst], 2 * replicates
    (fresh,) = judged_on(claim, left, AGAIN, FRESH, COUNTEREXAMPLE_LEVEL, seed=seed, **options)
    return Falsified(fresh, searched)


def _margins(judged: tuple[JudgedPoint, ...]) -> list[float]:
    """Return how far each point is from failing: the least distance of an estimate to its threshold, in spreads of it."""

    def beyond(finding: Finding) -> float:
        sign = 1.0 if finding.criterion.relation == ">=" else -1.0
        return sign * (finding.estimate - finding.criterion.threshold)

    distances = np.array([[beyond(finding) for finding in point.judgement.findings] for point in judged])
    spread = distances.std(axis=0)
    return list((distances / np.where(spread > 0, spread, 1.0)).min(axis=1))
