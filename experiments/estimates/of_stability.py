"""What does `spikeproof stability` need? An analysis and the neighbours of items, for each snapshot, or for each thinned log.

Neighbours are looked for among all pairs of some items and all items, at most 10^8 pairs of a snapshot and 2 * 10^8 of a draw.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from experiments.estimates.counting import counting, pairs_of
from experiments.estimates.embedding import embedding
from experiments.estimates.looking import Looked
from experiments.estimates.plan import Plan, Step
from experiments.estimates.products import SomeRows, some_rows
from experiments.estimates.reading import held, reading
from experiments.real.one_snapshot import MEASURED, RANK
from experiments.real.one_snapshot import SCORES as OF_SNAPSHOT
from experiments.real.statistics import RESIDUAL
from experiments.real.trust import DRAWS, FEW, LARGE
from experiments.real.trust import SCORES as OF_DRAW

SECONDS_OF_A_SCORE = 17e-9  # measured at 2 * 10^4 and 6 * 10^4 items, f = 32 and 64
BYTES_OF_SCORES, BYTES_OF_AN_ITEM = 20 * 2**20, 1800  # of the scores of some items with all others
DATED = "a log with dates takes twice as long: the forecast is checked on its earlier part"
UNKNOWN = "what follows the reading is not known before: the format does not tell the items"


@dataclass(frozen=True)
class Asked:
    """The options of `stability` that its costs follow from."""

    rank: int | None = None
    draws: int | None = None
    timed: bool = True  # whether products are counted on some rows beforehand, which takes a moment


def plan_of_stability(
    looked: Sequence[Looked], asked: Asked = Asked(), instead: Callable[[str, object], str] | None = None
) -> Plan:
    """Return the steps of `stability` for one log or graph, or for several snapshots.

    Examples
    --------
    >>> from experiments.estimates.looking import look
    >>> [step.name for step in plan_of_stability([look("davis")]).steps]
    ['read davis', 'count pairs of items', 'embed the matrix at f = 17', 'find the neighbours', 'the same for 4 thinned logs']
    """
    steps: list[Step] = []
    notes: list[str] = []
    for one in looked:
        more = _of_source(one, asked, len(looked) == 1)
        steps += more
        if len(more) == 1:
            notes.append(f"{one.name}: {UNKNOWN}")
    if len(looked) == 1 and looked[0].kind == "interactions":
        notes.append(DATED)
    others = () if instead is None else tuple(_smaller(looked, asked, instead))
    return Plan(tuple(steps), tuple(dict.fromkeys(notes)), others)


def _smaller(
    looked: Sequence[Looked], asked: Asked, instead: Callable[[str, object], str]
) -> Iterator[tuple[str, Callable[[], Plan]]]:
    for rank in (16, 8, 4, 2):
        if rank < (asked.rank or RANK):
            yield instead("--rank", rank), partial(plan_of_stability, looked, replace(asked, rank=rank))


def _of_source(one: Looked, asked: Asked, alone: bool) -> list[Step]:
    steps, before = [reading(one)], held(one)
    if not one.columns:
        return steps
    most = OF_DRAW if alone else OF_SNAPSHOT
    if one.kind == "embedding":
        n, f = float(one.rows), min(asked.rank or one.columns, one.columns)
        return [*steps, _neighbours(n, f, before + 8 * n * f, most)]
    some = some_rows(one) if asked.timed else None
    analysis = analysing(one, asked.rank or RANK, before, RESIDUAL, some)
    n, f, bound = analysis.items, analysis.rank, analysis.steps[-1].bound
    near = replace(_neighbours(n, f, before + 12 * analysis.entries + 8 * n * f, most), bound=bound)
    steps += [*analysis.steps, near]
    if alone:
        draws = asked.draws or (FEW if analysis.entries > LARGE else DRAWS)
        again = [step.seconds for step in (*analysis.steps, near)]
        what = "log" if one.kind == "interactions" else "graph"
        steps.append(
            Step(
                f"the same for {draws} thinned {what}s",
                before + max(step.memory for step in (*analysis.steps, near)),
                None if None in again else draws * sum(seconds for seconds in again if seconds is not None),
                "sparse product",
                f"{draws} draws of at most {one.entries:,.0f} entries",
                bound,
            )
        )
    return steps


@dataclass(frozen=True)
class Analysing:
    """The steps of an analysis, and the items, entries and rank of the matrix that is embedded."""

    steps: tuple[Step, ...]
    items: float
    entries: float
    rank: int


def analysing(
    one: Looked, rank: int, before: float, tol: float, some: SomeRows | None = None, *, null: bool = False
) -> Analysing:
    """Return the steps from a log, or a graph, to its embedding, or those of its `null`; `before` bytes are held besides."""
    n, entries, bound, steps = float(one.columns), one.entries, False, []
    if one.kind == "interactions":
        pairs = pairs_of(one, None)
        steps.append(counting(one, pairs, before))
        bound = pairs is None or pairs.bound
        if pairs is not None:
            n, entries = pairs.items, pairs.positive
        before += 12 * entries
    f = int(min(rank, max(n - 1, 1)))
    if null and some is not None:
        entries *= some.share_of_null(n, entries)
    steps.append(embedding(n, entries, f, before, tol, bound=bound, some=some, null=null))
    return Analysing(tuple(steps), n, entries, f)


def _neighbours(n: float, f: int, before: float, most: float) -> Step:
    asked = min(n, most / max(n, 1.0), MEASURED if most == OF_SNAPSHOT else n)
    return Step(
        "find the neighbours",
        before + 16 * n * f + BYTES_OF_SCORES + BYTES_OF_AN_ITEM * n,
        SECONDS_OF_A_SCORE * asked * n,
        "search",
        f"of {asked:,.0f} items among {n:,.0f}, f = {f}",
    )
