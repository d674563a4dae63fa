"""Which f? The rank at which hidden items are found, cross-validated, and what every other rank would cost.

In each fold (`hidden_pairs`) items were hidden before the spectrum was computed, at the largest rank. Smaller ranks are its first
columns, so a fold costs one analysis whatever the number of ranks: four analyses in all. At each rank the hidden items are sought
by cosine and by dot products of U|Lambda|, U|Lambda|^1/2 and U; not within spikes, which would need a partition for every rank.
The ranking is the one that finds most at its best rank. Let g(f) be the mean loss of rank f beside the best rank, over the same
queries, and s(f) its standard error. The rank is

    the smallest f with g(f) <= s(f),

the one-standard-error rule, for paired differences: the best of several ranks is often the best by chance, fewer dimensions cost
less, and a loss within one standard error could as well be none. The error of a difference over the same queries is smaller than
that of a recall itself, so little is given away. Beside it stand the ranks that are not told apart from the best, from `low`
to `high`, by simultaneous 95 % intervals over all pairs of ranks and rankings (`paired_intervals`). The smallest of these
would be no good choice: with few queries hardly a rank is told apart.

Parallel analysis counts the dimensions that chance would not give, and the knee of Spk those along which rays last. Neither knows
what the vectors are for; hidden items do.

Source: Breiman, Friedman, Olshen and Stone 1984, Classification and regression trees, section 3.4.3 (for unpaired errors).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from experiments.real.asked import FEWEST, FIRST, Sought, by_group, sought
from experiments.real.hidden_pairs import FEWEST_ITEMS, SCORES, TESTED, Fold
from experiments.real.paired_intervals import BesideBest, beside_best
from experiments.real.retrieval import AT_ONCE, RANKING_WORDS, expected_hits, unit_rows
from experiments.real.statistics import RANKS
from theory.analysis.scalings import POWER

QUERIES = (
    TESTED  # in all folds, fewer of many items: those of `questions`, so that one f finds the same in both
)
POWERS = {"dot": POWER["full"], "half": POWER["half"], "unit": POWER["unit"]}  # of |Lambda|
SOUGHT_BY = ("cosine", *POWERS)


@dataclass(frozen=True)
class RankChoice:
    """The `rank` to use, by `ranking`, for the `reason` given in a sentence.

    `low` and `high` are the least and the largest rank that are not told apart from the best; `curve` has for each rank its
    recall and its loss beside the best, with intervals; `popularity` has the same of popularity alone, which has no rank and may
    lose less than nothing. `parallel` and `knee` are the ranks of the other rules.
    """

    rank: int
    low: int
    high: int
    ranking: str
    k: int
    asked: int
    reason: str
    curve: tuple[dict[str, float], ...]
    popularity: dict[str, float]
    parallel: int | None
    knee: int

    def as_dict(self) -> dict[str, Any]:
        """Return it as numbers, texts and lists."""
        return {**asdict(self), "curve": list(self.curve)}


def choose_rank_by_recall(
    folds: Sequence[Fold], items: int, rng: np.random.Generator, *, parallel: int | None, knee: int
) -> RankChoice | None:
    """Return the rank at which hidden items are found, beside that of parallel analysis and of the knee.

    Time is O(q n F) for q queries, n items and F the sum of the ranks: at most 2,400 queries, fewer of more than 40,000 items.

    Parameters
    ----------
    folds
        from `hidden_pairs.folds_of`.
    items
        of the whole matrix; hidden items count as found among the first 50, or a tenth of the items if these are fewer than 500.
    parallel, knee
        how many dimensions pass parallel analysis, None of vectors of one's own, and the knee of Spk.

    Returns
    -------
    RankChoice or None
        None where fewer than 20 contexts ask, or the matrix has fewer than 50 items.
    """
    folds = [fold for fold in folds if len(fold.items) >= FEWEST_ITEMS]
    if items < FEWEST_ITEMS or not folds:
        return None
    largest = min(fold.embedding.rank for fold in folds)
    ranks = sorted({rank for rank in (*RANKS, parallel or RANKS[0]) if rank <= largest})
    k = min(FIRST, items // 10)
    most = min(-(-QUERIES // len(folds)), SCORES // (2 * len(folds) * items))
    parts = [sought(fold.pairs, fold.items).first(most, fold.pairs.plain) for fold in folds]
    found = [_found(fold, part, ranks, k) for fold, part in zip(folds, parts)]
    groups = np.concatenate([part.contexts for part in parts])
    outcomes = by_group(groups, np.vstack(found))
    if len(outcomes) < FEWEST:
        return None
    return _choice(
        beside_best(outcomes, rng, contenders=outcomes.shape[1] - 1), ranks, k, len(groups), parallel, knee
    )


def _found(fold: Fold, part: Sought, ranks: Sequence[int], k: int) -> NDArray[np.float64]:
    """Whether each query finds its item (queries, rankings x ranks + 1), ranks running faster, popularity alone last."""
    found = np.zeros((len(part.target), len(SOUGHT_BY), len(ranks)))
    popular = np.zeros(len(part.target))
    popularity = np.asarray(fold.pairs.known.sum(axis=0))[fold.items]
    held = part.target >= 0
    basis, values = fold.embedding.basis[:, : ranks[-1]], np.abs(fold.embedding.eigenvalues[: ranks[-1]])
    products = {name: basis * values**power for name, power in POWERS.items()}
    for first in range(0, len(part.target), AT_ONCE):
        some = slice(first, first + AT_ONCE)
        asking, taken = part.asking[some], part.taken[some].tocoo()
        target = np.maximum(part.target[some], 0)
        of_all = np.tile(popularity, (len(target), 1))
        of_all[taken.coords] = -np.inf
        popular[some] = expected_hits(of_all, target, k)
        for at, name in enumerate(SOUGHT_BY):
            scores = _by_cosine if name == "cosine" else _by_products
            for number, of in enumerate(scores(products.get(name, products["dot"]), asking, ranks)):
                of[taken.coords] = -np.inf
                found[some, at, number] = expected_hits(of, target, k)
    found = np.column_stack([found.reshape(len(found), -1), popular])
    found[~held] = 0.0
    return found


def _by_products(
    rows: NDArray[Any], asking: sparse.csr_array, ranks: Sequence[int]
) -> Iterator[NDArray[np.float64]]:
    """The scores at each rank: those of the rank before, and the dimensions between."""
    taste = asking @ rows
    scores = np.zeros((taste.shape[0], len(rows)))
    for before, rank in zip((0, *ranks), ranks):
        scores += taste[:, before:rank] @ rows[:, before:rank].T
        yield scores


def _by_cosine(
    rows: NDArray[Any], asking: sparse.csr_array, ranks: Sequence[int]
) -> Iterator[NDArray[np.float64]]:
    for rank in ranks:
        unit = unit_rows(rows[:, :rank])
        yield (asking @ unit) @ unit.T


def _choice(
    beside: BesideBest, ranks: list[int], k: int, asked: int, parallel: int | None, knee: int
) -> RankChoice:
    ranking, best = divmod(beside.best, len(ranks))
    mine = slice(ranking * len(ranks), (ranking + 1) * len(ranks))
    within = beside.loss[mine] <= beside.error[mine]
    alike = beside.loss_low[mine] <= 0
    chosen = int(np.flatnonzero(within)[0])
    curve = tuple({"rank": rank, **_point(beside, mine.start + i)} for i, rank in enumerate(ranks))
    popularity = _point(beside, -1)
    told = np.flatnonzero(alike)
    return RankChoice(
        ranks[chosen],
        ranks[int(told[0])],
        ranks[int(told[-1])],
        SOUGHT_BY[ranking],
        k,
        asked,
        _reason(curve, chosen, best, SOUGHT_BY[ranking], k, parallel, knee) + _beside_popularity(popularity),
        curve,
        popularity,
        parallel,
        knee,
    )


def _point(beside: BesideBest, k: int) -> dict[str, float]:
    columns = (beside.mean, beside.low, beside.high, beside.loss, beside.loss_low, beside.loss_high)
    names = ("recall", "low", "high", "loss", "loss_low", "loss_high")
    return {name: float(values[k]) for name, values in zip(names, columns)}


def _beside_popularity(point: dict[str, float]) -> str:
    """What popularity alone finds, where it may find as much as the best rank."""
    if point["loss_low"] > 0:
        return ""
    told = "more than any rank" if point["loss_high"] < 0 else "which is not told apart from the best rank"
    return f"; popularity alone finds {point['recall']:.1%}, {told}"


def _reason(
    curve: Sequence[dict[str, float]],
    chosen: int,
    best: int,
    ranking: str,
    k: int,
    parallel: int | None,
    knee: int,
) -> str:
    """The rank beside the best one, parallel analysis and the knee, in a sentence."""
    rank, top = curve[chosen], curve[best]
    found = f"{RANKING_WORDS[ranking]} finds {rank['recall']:.1%} of the hidden items among the first {k}"
    if chosen == best:
        text = f"at f = {rank['rank']} {found}, and at no smaller rank within a standard error of that"
    else:
        text = (
            f"f = {rank['rank']} is the smallest rank within one standard error of the best: {found}, "
            f"{top['recall']:.1%} at f = {top['rank']}"
        )
    if best == len(curve) - 1:
        text += f" ({top['rank']} is the largest rank measured)"
    others = [
        _other(curve, int(rank["rank"]), value, words)
        for value, words in ((parallel, "parallel analysis"), (knee, "the knee of Spk"))
        if value is not None
    ]
    return f"{text}; {'; '.join(others)}"


def _other(curve: Sequence[dict[str, float]], rank: int, value: int, words: str) -> str:
    """What the rank of another rule would cost."""
    if value == rank:
        return f"{words} says the same"
    beside = next((point for point in curve if point["rank"] == value), None)
    if beside is None:
        return f"{words} says {value}, beyond what was measured"
    return f"{words} says {value}, which finds {beside['recall']:.1%}"
