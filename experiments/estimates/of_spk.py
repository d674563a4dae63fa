"""What does `spikeproof spk` need? The vectors, their peaks at each rank, and the same for each draw of the null."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from experiments.estimates.counting import counting, pairs_of
from experiments.estimates.embedding import embedding
from experiments.estimates.looking import Looked
from experiments.estimates.plan import Plan, Step
from experiments.estimates.products import some_rows
from experiments.estimates.reading import held, reading
from experiments.estimates.searching import (
    BYTES_OF_A_ROW,
    PILOT,
    USUAL,
    Peaks,
    memory_of_search,
    pilot,
    searching,
    seconds_of_null,
    usual_peaks,
)
from experiments.real.own_embedding import NARROW
from experiments.real.own_spikes import HIGHEST
from theory.analysis.peaks_of_file import IN_MEMORY
from theory.analysis.spikiness_curve import default_ranks

PASSES = 3 * 2**26  # bytes of the blocks of vectors that stay in their file
# per row and dimension: of the axes, of a draw of the null, of the checks; measured at 5 * 10^4 and 10^5 rows, f = 16 to 128
SECONDS_OF_AXES = 0.7e-9  # of a row times f^2
SECONDS_OF_A_DRAW = (40e-9, 1e-9)  # of a row times f, and of a row times f^2
BYTES_OF_CHECKS = 90 * 2**20  # and 10 for each number
SECONDS_OF_CHECKS = (12e-6, 0.3e-6)  # of a row, and of a row times f
SWAPPED = (48, 1.9e-6)  # bytes and seconds of an entry of a graph whose edges are swapped
TOP_K = (2000, 500, 100)  # partners of an item; 2000 is the paper's
PERMUTED = (16, 60e-9)  # of an interaction whose items are permuted


@dataclass(frozen=True)
class Asked:
    """The options of `spk` that its costs follow from."""

    ranks: Sequence[int] = ()
    null: int = 3
    top_k: int | None = None
    cosine: float = 0.9
    all_columns: bool = False
    exact: bool = False
    in_memory: int = IN_MEMORY
    timed: bool = True  # whether peaks and products are counted on some rows beforehand, which takes a moment


def plan_of_spk(
    looked: Looked, asked: Asked = Asked(), instead: Callable[[str, object], str] | None = None
) -> Plan:
    """Return the steps of `spk` for an input that was looked at.

    Parameters
    ----------
    instead : returns the command in which one option has another value; it is named where memory does not suffice.

    Examples
    --------
    >>> from experiments.estimates.looking import look
    >>> [step.name for step in plan_of_spk(look("davis"), Asked((4,))).steps]
    ['read davis', 'count pairs of items', 'embed the matrix at f = 4', 'find the peaks', 'the same for 3 nulls']
    """
    plan = _of_vectors(looked, asked) if looked.kind == "embedding" else _of_matrix(looked, asked)
    return replace(plan, others=() if instead is None else tuple(_smaller(looked, asked, instead)))


def _smaller(
    looked: Looked, asked: Asked, instead: Callable[[str, object], str]
) -> Iterator[tuple[str, Callable[[], Plan]]]:
    """Commands that need less, the nearest to what was asked for first."""
    if looked.kind == "interactions":
        for top_k in TOP_K:
            if asked.top_k is None or top_k < asked.top_k:
                yield instead("--top-k", top_k), partial(plan_of_spk, looked, replace(asked, top_k=top_k))
    highest = max(asked.ranks, default=HIGHEST)
    for rank in (32, 16, 8, 4, 2):
        if rank < highest and not asked.all_columns:
            yield instead("--rank", rank), partial(plan_of_spk, looked, replace(asked, ranks=(rank,)))
    if asked.null:
        yield instead("--null", 0), partial(plan_of_spk, looked, replace(asked, null=0))


def _of_vectors(looked: Looked, asked: Asked) -> Plan:
    first, before = reading(looked), held(looked)
    if not looked.columns:
        return Plan(
            (first,), ("what follows the reading is not known before: the format does not tell the rows",)
        )
    n, f = looked.rows, looked.columns
    most = min(n, f)
    ranks = (
        [f]
        if asked.all_columns
        else [r for r in sorted(set(asked.ranks)) if r <= most] or default_ranks(most)
    )
    narrow = looked.mapped and looked.itemsize == 4 and looked.entries * 4 > NARROW and not asked.all_columns
    stays = looked.mapped and (4 if looked.itemsize == 4 else 8) * looked.entries > asked.in_memory
    precision = f"{'single' if narrow else 'double'} precision"
    turned = PASSES + BYTES_OF_A_ROW * n if stays else (4 if narrow else 8) * n * f
    peaks, about = _peaks(looked, asked)
    top = max(ranks)
    kept = 8.0 * n * len(ranks)  # the norms at each rank
    draw = turned if stays else 8 * n * top + memory_of_search(n, top)
    fits = [4.0 * n * rank for rank in ranks if 4 * n * rank <= asked.in_memory]
    copy = (
        max(fits, default=0.0) if stays else 0.0
    )  # of a search that is held all the same, and its draw is twice as large
    search = searching(n, ranks, before + turned + kept, peaks, about, exact=asked.exact)
    steps = [
        first,
        Step(
            "turn to principal axes",
            before + turned,
            SECONDS_OF_AXES * n * f**2,
            "dense product",
            f"{n:,} rows, f = {f:,}, {'in a file of' if stays else 'in'} {precision}",
        ),
        search if not stays else replace(search, memory=turned + kept + copy),
    ]
    if asked.null:
        steps.append(
            _nulls(
                n,
                ranks,
                asked,
                peaks,
                before + kept + draw + min(3 * copy, 1.5 * asked.in_memory),
                sum(_seconds_of_draw(n, f) for f in ranks),
            )
        )
    per_row, per_number = SECONDS_OF_CHECKS
    steps.append(
        Step(
            "check the vectors for faults",
            turned if stays else before + BYTES_OF_CHECKS + 10 * n * f,
            per_row * n + per_number * n * f,
            "search",
            f"{n:,} rows, f = {f:,}",
        )
    )
    return Plan(tuple(steps))


def _seconds_of_draw(n: int, f: int) -> float:
    return SECONDS_OF_A_DRAW[0] * n * f + SECONDS_OF_A_DRAW[1] * n * f**2


def _peaks(looked: Looked, asked: Asked) -> tuple[Peaks, str]:
    if looked.some is None or not asked.timed:
        return usual_peaks, USUAL
    axes = np.eye(looked.columns)
    if not asked.all_columns:
        some = looked.some(np.unique(np.linspace(0, looked.rows - 1, PILOT[-1]).astype(np.int64)))
        axes = np.linalg.svd(np.nan_to_num(some, posinf=0, neginf=0), full_matrices=True)[2].T
    given = looked.some

    def rows(places: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
        return np.nan_to_num(given(places), posinf=0, neginf=0) @ axes

    return pilot(rows, looked.rows, asked.cosine), f"peaks as of {min(PILOT[-1], looked.rows):,} of the rows"


def _nulls(n: int, ranks: Sequence[int], asked: Asked, peaks: Peaks, memory: float, seconds: float) -> Step:
    """The draws of the null, of which each takes `seconds` until its peaks are looked for."""
    searched = sum(seconds_of_null(n, f, peaks(n, f), exact=asked.exact) for f in ranks)
    return Step(
        f"the same for {asked.null} null{'s' * (asked.null != 1)}",
        memory,
        asked.null * (seconds + searched),
        "search",
        f"{asked.null} draw{'s' * (asked.null != 1)} of {n:,} rows",
    )


def _of_matrix(looked: Looked, asked: Asked) -> Plan:
    log = looked.kind == "interactions"
    if not looked.columns:
        return Plan(
            (reading(looked),),
            ("what follows the reading is not known before: the format does not tell the items",),
        )
    first, before = reading(looked), held(looked)
    steps, n, entries, bound = [first], looked.columns, looked.entries, False
    if log:
        pairs = pairs_of(looked, asked.top_k)
        steps.append(counting(looked, pairs, before))
        if pairs is None:
            return Plan(tuple(steps), ("what follows the counts is not known before the log is read",))
        n, entries, bound = round(pairs.items), pairs.positive, pairs.bound
    matrix = 12 * entries if log else 0.0
    f = min(max(asked.ranks, default=HIGHEST), max(1, n - 1))
    some = some_rows(looked, asked.top_k) if asked.timed else None
    embedded = embedding(n, entries, f, before + matrix, bound=bound, some=some)
    ranks = sorted(set(asked.ranks)) or default_ranks(f)
    ranks = [r for r in ranks if r <= f] or [f]
    kept = before + matrix + 16.0 * n * f
    search = searching(n, ranks, kept, usual_peaks, USUAL, exact=asked.exact)
    steps += [embedded, replace(search, bound=bound)]
    if asked.null:
        entries_of_null = entries if some is None else entries * some.share_of_null(n, entries)
        bytes_of_one, seconds_of_one = PERMUTED if log else SWAPPED
        drawn = before + bytes_of_one * looked.entries
        again = [counting(looked, pairs, drawn)] if log else []
        again.append(embedding(n, entries_of_null, f, drawn + matrix, bound=bound, some=some, null=True))
        seconds = seconds_of_one * looked.entries + sum(step.seconds or 0.0 for step in again)
        peak = max(drawn, *(step.memory for step in again))
        steps.append(
            replace(_nulls(n, ranks, asked, usual_peaks, peak, seconds), work="sparse product", bound=bound)
        )
    return Plan(tuple(steps))
