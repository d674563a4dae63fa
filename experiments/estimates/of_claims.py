"""What does a run of claims need? The number of their tasks, times what a task of each claim takes.

The seconds of a task of the claims of the suite were measured in a run of all (`claims.toml`); those of a claim of your own are
not known before its first trial has run. Every process that runs tasks keeps the real matrices that it has read.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path

from experiments.estimates.plan import Plan, Step, of_input
from experiments.judging.claim import POINTS, Claim, Size
from experiments.judging.claim_map import require_domain
from experiments.judging.falsification import FRESH, KEPT
from simulate.available_memory import PROGRAM
from simulate.plain_text import printable

MEASURED = Path(__file__).with_name("claims.toml")
BYTES_OF_A_PAGE = 150 * 2**20  # the rows, the figures and the page
LARGER = 3.0  # times as long, and as large, are tasks of the size "thorough": graphs are larger there, and points dear
AT_FIRST = "not known before the first trial of a claim of one's own has run"


@cache
def _table(name: str) -> dict[str, float]:
    with MEASURED.open("rb") as file:
        return dict(tomllib.load(file)[name])


def plan_of_claims(
    claims: Sequence[Claim],
    *,
    size: Size = "default",
    seed: int = 0,
    matrices: tuple[str, ...] = (),
    workers: int = 1,
    counted: bool = True,
    instead: Callable[[str, object], str] | None = None,
) -> Plan:
    """Return the steps of judging claims at a size: one for each claim.

    Tasks need not be `counted` where memory alone is asked for.

    Examples
    --------
    >>> from experiments.claims import registry
    >>> plan = plan_of_claims([registry()["A1"]], size="quick")
    >>> [step.name for step in plan.steps]
    ['try A1', 'judge, and draw the page']
    """
    larger = LARGER if size == "thorough" else 1.0
    steps = [
        _tried(
            claim,
            tasks_of(claim, size, seed, matrices) if counted else 0,
            larger,
            workers,
        )
        for claim in claims
    ]
    page = Step(
        "judge, and draw the page",
        BYTES_OF_A_PAGE,
        0.5 * len(claims) + 3.0,
        "reading",
        f"{len(claims)} claims",
    )
    others = (
        []
        if instead is None or workers == 1
        else [(instead("--workers", 1), lambda: plan_of_claims(claims, size=size, counted=False))]
    )
    return Plan((*steps, page), _unknown(claims), tuple(others))


def plan_of_map(
    claim: Claim, points: int, replicates: int, *, workers: int = 1, counted: bool = True
) -> Plan:
    """Return the steps of judging a claim at points that fill its domain."""
    tasks = points * replicates * _arms(claim) if counted else 0
    fit = Step("fit the boundary", BYTES_OF_A_PAGE, 5.0, "dense product", f"{points:,} points")
    return Plan((_tried(claim, tasks, 1.0, workers), fit), _unknown([claim]))


def plan_of_falsification(claim: Claim, points: int, *, workers: int = 1, counted: bool = True) -> Plan:
    """Return the steps of the search for a point where a claim fails: a quarter of the points goes on, at twice the replicates.

    Examples
    --------
    >>> from experiments.claims import registry
    >>> plan_of_falsification(registry()["A1"], 64).steps[0].size.partition(",")[0]
    '244 tasks'
    """
    arms, tasks, left, replicates = _arms(claim) if counted else 0, 0, points, 2
    while left > 1:
        tasks += left * replicates * arms
        left, replicates = max(left // KEPT, 1), 2 * replicates
    return Plan((_tried(claim, tasks + FRESH * arms, 1.0, workers),), _unknown([claim]))


def plan_of_trials(tasks: int, seconds: float, memory: float, workers: int) -> Plan:
    """Return the step of running the tasks of a study of which some were tried.

    Parameters
    ----------
    seconds, memory : the mean processor time of the tasks tried, and the bytes of their process at most.

    Examples
    --------
    >>> plan_of_trials(100, 0.5, 0.0, 2).steps[0].seconds
    50.0
    """
    held = max(memory - PROGRAM, 0.0)
    step = Step(
        "run the tasks",
        held if workers == 1 else workers * (PROGRAM + held),
        seconds * tasks,
        "tried",
        f"{tasks:,} tasks of about {seconds:.2g} s, {workers} process{'es' * (workers != 1)}",
    )
    return Plan((step,), ("tasks between the first and the last one tried may differ from both",))


def _tried(claim: Claim, tasks: int, larger: float, workers: int) -> Step:
    seconds, memory = _table("seconds").get(claim.id), _table("mebibytes")
    held = larger * memory.get(claim.id, memory["usual"]) * 2**20
    each = AT_FIRST if seconds is None else f"about {larger * seconds:.2g} s each"
    return Step(
        f"try {printable(claim.id)}",
        held if workers == 1 else workers * (PROGRAM + held),
        None if seconds is None else larger * seconds * tasks,
        "sparse product",
        f"{tasks:,} tasks, {each}, {workers} process{'es' * (workers != 1)}",
    )


def tasks_of(claim: Claim, size: Size, seed: int = 0, matrices: tuple[str, ...] = ()) -> int:
    """Return how many tasks a run of a claim has; of a claim of the suite with a domain as many as points and replicates say.

    Making the points of some domains takes longer than an estimate should.

    Examples
    --------
    >>> from experiments.claims import registry
    >>> [tasks_of(registry()["B2"], size) for size in ("quick", "default", "thorough")]
    [200, 400, 1600]
    """
    known = _table("tasks").get(claim.id)
    if known is None or claim.domain is None or matrices:
        given = matrices if claim.matrices and not claim.dated else ()
        with of_input():
            return sum(study.count() for study in claim.studies_at(size, given, seed))
    points, replicates = (
        POINTS[size] / POINTS["default"],
        claim.replicates[size] / claim.replicates["default"],
    )
    return round(known * points * replicates)


def _arms(claim: Claim) -> int:
    """How many tasks a replicate has at a point: one for each arm that votes for the claim, and cell."""
    with of_input():
        domain = require_domain(claim)
    points = domain.design(10, seed=0)
    return max(1, round(sum(len(arm.cells) for arm in claim.arms_on(points)) / len(points)))


def _unknown(claims: Iterable[Claim]) -> tuple[str, ...]:
    own = [printable(claim.id) for claim in claims if claim.id not in _table("seconds")]
    return (f"{', '.join(own)}: the time of a trial is {AT_FIRST}",) if own else ()
