"""What does `spikeproof compare` need? Each input is analysed, and so are twins, their own twins, curves and draws of the null.

Every process that runs tasks reads and analyses the inputs once for itself, so that memory grows with `--workers`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from experiments.estimates.describing import describing, seconds_of_all, seconds_to_choose
from experiments.estimates.looking import Looked
from experiments.estimates.of_spk import PERMUTED, SWAPPED, plan_of_spk
from experiments.estimates.of_spk import Asked as AskedOfSpk
from experiments.estimates.of_stability import UNKNOWN, Analysing, analysing
from experiments.estimates.plan import Plan, Step
from experiments.estimates.products import some_rows
from experiments.estimates.reading import held, reading
from experiments.real.chosen_ranks import HIGHEST
from experiments.real.compared import CURVES, NULLS, TWINS
from experiments.real.statistics import RANKS, RESIDUAL
from simulate.available_memory import PROGRAM

BYTES_OF_A_PAGE, SECONDS_OF_PAGES = (
    110 * 2**20,
    4.0,
)  # its figures, and the libraries that draw them; measured at 18 and 3,000 items
SECONDS_OF_SEARCHES = 15e-6  # of an item: peaks at the ranks of the curve, and what is measured of them


@dataclass(frozen=True)
class Asked:
    """The options of `compare` that its costs follow from."""

    twins: int = TWINS
    rank: int | None = None
    workers: int = 1
    timed: bool = True  # whether products are counted on some rows beforehand, which takes a moment


def plan_of_compare(
    looked: Sequence[Looked], asked: Asked = Asked(), instead: Callable[[str, object], str] | None = None
) -> Plan:
    """Return the steps of a comparison of some inputs.

    Examples
    --------
    >>> from experiments.estimates.looking import look
    >>> [step.name for step in plan_of_compare([look("davis")]).steps][3:]
    ['describe davis', '40 twins', '5 curves', '5 nulls', 'draw the page']
    """
    steps: list[Step] = []
    notes: list[str] = []
    for one in looked:
        more = _of_vectors(one) if one.kind == "embedding" else _of_matrix(one, asked)
        steps += [_in_processes(step, asked.workers) for step in more]
        if len(more) == 1:
            notes.append(f"{one.name}: {UNKNOWN}")
    steps.append(
        Step("draw the page", BYTES_OF_A_PAGE + sum(map(held, looked)), SECONDS_OF_PAGES, "reading", "twice")
    )
    others = () if instead is None else tuple(_smaller(looked, asked, instead))
    return Plan(tuple(steps), tuple(notes), others)


def _smaller(
    looked: Sequence[Looked], asked: Asked, instead: Callable[[str, object], str]
) -> Iterator[tuple[str, Callable[[], Plan]]]:
    if asked.workers > 1:
        yield instead("--workers", 1), partial(plan_of_compare, looked, replace(asked, workers=1))


def _in_processes(step: Step, workers: int) -> Step:
    """The same step in so many processes besides the command's own."""
    if workers == 1:
        return step
    return replace(step, memory=step.memory * (workers + 1) + workers * PROGRAM)


def _of_matrix(one: Looked, asked: Asked) -> list[Step]:
    first, before = reading(one), held(one)
    if not one.columns:
        return [first]
    rank = asked.rank or HIGHEST
    some = some_rows(one) if asked.timed else None
    whole = analysing(one, max(*RANKS, rank), before, RESIDUAL, some)
    n, bound = whole.items, whole.steps[-1].bound
    kept = before + 12 * whole.entries + 8 * n * whole.rank
    small, again = (analysing(one, f, kept, RESIDUAL, some) for f in (rank, max(RANKS)))
    null = analysing(one, max(RANKS), kept, RESIDUAL, some, null=True)
    bytes_of_one, seconds_of_one = PERMUTED if one.kind == "interactions" else SWAPPED
    drawn = seconds_of_one * one.entries
    nulls_drawn = bytes_of_one * one.entries

    def step(name: str, of: Analysing, times: float, more: float = 0.0, held: float = 0.0) -> Step:
        seconds = seconds_of_all(of)
        return Step(
            name,
            held + max(part.memory for part in of.steps),
            None if seconds is None else times * (seconds + more),
            "sparse product",
            of.steps[-1].size,
            bound,
        )

    measured = SECONDS_OF_SEARCHES * n
    curves = min(asked.twins, CURVES)
    steps = [first, step(f"analyse {one.name}", whole, 1)]
    if asked.rank is None:
        chosen = step("choose the rank", null, 1, 0.0, nulls_drawn)
        steps.append(replace(chosen, seconds=seconds_to_choose(one, drawn, some)))
    # a twin has a twin of its own, of which as much is measured
    twin = step(f"{asked.twins} twins", small, 2 * asked.twins, drawn / 10 + measured / 5, 24 * one.entries)
    return [
        *steps,
        describing(one, (small, again), kept, drawn, some),
        twin,
        step(f"{curves} curves", again, curves, drawn / 10 + measured, 24 * one.entries),
        step(f"{NULLS} nulls", null, NULLS, drawn + measured, nulls_drawn),
    ]


def _of_vectors(one: Looked) -> list[Step]:
    """Vectors have no twins; their peaks and nulls are those of `spk`."""
    plan = plan_of_spk(one, AskedOfSpk(null=NULLS, exact=True, timed=False))
    return list(plan.steps)
