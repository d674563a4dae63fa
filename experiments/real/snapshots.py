"""How many neighbours stay from one snapshot of a catalogue to the next: vectors, logs or graphs, aligned by the names of items.

Each snapshot is analysed by itself: vectors are taken as they come, a log or a graph in U Sigma at one rank. For items that two
snapshots hold, the k nearest neighbours of the one are compared with those of the other; each list names what its snapshot would
show, so that an item which is new may push an old one out. The overlap is the share of k that both lists name, the Jaccard index
is overlap / (2 - overlap). Both are averaged over items by fifths of the norm, by fifths of the popularity, and by spike; items
of one spike change together, and so an interval counts each spike as one observation (Liang and Zeger 1986, Biometrika 73:13).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

import theory
from experiments.real.own_matrices import OwnMatrix, read_own
from experiments.real.statistics import RESIDUAL
from experiments.real.trust import Lists, Similarity
from simulate.plain_text import printable
from simulate.progress import told_steps
from simulate.validation import require_choice, require_integer

RANK = 32  # dimensions of a log or a graph
MOST = 60  # snapshots
FIFTHS = 5
MEASURED = 5000  # items whose neighbours are compared, at most
SCORES = 10**8  # similarities computed for a snapshot, at most
LEAST = 10  # items compared of a spike that gets a row


@dataclass(frozen=True, eq=False)
class SnapshotStability:
    """How many neighbours stay between snapshots.

    `names` of the snapshots, oldest first. `table`, one row per pair of snapshots and group of items: `earlier` and `later`
    (numbers from 1), `against` ("next" or "last"), `group` ("all", "norm", "popularity", "spike"), `part` (1 is the fifth of
    smallest norm, or popularity, in the earlier snapshot, or the first spike of the last one), `items` compared, and the means
    `overlap` and `jaccard` with 95 % intervals. `notes` say what was taken of each snapshot; `conclusion`, in a sentence, what is
    seen from the last snapshot but one to the last.
    """

    names: tuple[str, ...]
    k: int
    similarity: str
    table: pd.DataFrame
    notes: tuple[str, ...]
    conclusion: str


def stability_of(
    sources: Sequence[Any],
    *,
    k: int = 20,
    similarity: Similarity = "dot",
    rank: int = RANK,
    operator: str | None = None,
    seed: int = 0,
    progress: Callable[[str], None] | bool | None = None,
    **reading: Any,
) -> SnapshotStability:
    """Return how many of their k nearest neighbours items keep from snapshot to snapshot, and to the last one.

    Parameters
    ----------
    sources
        2 to 60 snapshots, oldest first: each an `OwnMatrix`, or what `read_own` makes one of. Items are matched by name; where
        no snapshot has names, by row (or column), and all must then have the same number of them.
    k
        neighbours of each item, fewer than the items of any snapshot.
    rank, operator
        of logs and graphs, as in `theory.analyse`.
    seed
        of the items that are compared where a snapshot has more than 5,000, or fewer of more than 20,000.
    progress
        as in `spikes_of`.
    reading
        options of `read_own`, for all snapshots.

    Raises
    ------
    ValueError
        for another number of snapshots, names that stand twice, two snapshots that follow one another without an item in
        common, a k that is too large, or what `read_own` and `theory.analyse` refuse.

    Examples
    --------
    >>> rows = np.random.default_rng(0).standard_normal((100, 4))
    >>> found = stability_of([rows, rows], k=5)
    >>> found.table[["group", "part", "overlap"]].iloc[0].tolist()
    ['all', 1, 1.0]
    """
    require_choice(similarity, "similarity", ("dot", "cosine"))
    require_integer(rank, "rank", least=1)
    require_integer(k, "k", least=1)
    if isinstance(sources, str) or not 2 <= len(sources) <= MOST:
        got = repr(sources) if isinstance(sources, str) else len(sources)
        raise ValueError(f"snapshots must be 2 to {MOST}, oldest first; got {got}")
    with told_steps(progress, "snapshots") as say:
        owns = []
        for number, source in enumerate(sources, 1):
            say(f"reading snapshot {number} of {len(sources)}")
            owns.append(read_own(source, **reading))
        numbers = _numbered(owns)
        order = np.random.default_rng(seed).permutation(1 + max(int(ids.max()) for ids in numbers))
        snapshots: list[_Snapshot] = []
        for one, ids in zip(owns, numbers):
            say(f"neighbours in snapshot {len(snapshots) + 1} of {len(owns)}")
            snapshots.append(_Snapshot.of(one, ids, order, rank, operator, k, similarity))
    last = len(snapshots) - 1
    pairs = [(i, i + 1, "next") for i in range(last)] + [(i, last, "last") for i in range(last - 1)]
    spikes = _spikes_of(snapshots[last], order.size)
    rows = [row for i, j, against in pairs for row in _compared(snapshots, owns, i, j, against, spikes)]
    table = pd.DataFrame(rows)
    names = tuple(one.name for one in owns)
    notes = _notes(owns, snapshots)
    return SnapshotStability(names, k, similarity, table, notes, _conclusion(table, names, k, similarity))


@dataclass(frozen=True, eq=False)
class _Snapshot:
    """Vectors of one snapshot, by numbers of items that all snapshots share.

    `near` (m, k) are the neighbours of the items `asked` (m,), which are sorted.
    """

    vectors: NDArray[np.float64]
    items: NDArray[np.int64]
    popularity: NDArray[np.float64] | None
    asked: NDArray[np.int64]
    near: NDArray[np.int64]
    rank: int

    @classmethod
    def of(
        cls,
        own: OwnMatrix,
        ids: NDArray[np.int64],
        order: NDArray[np.int64],
        rank: int,
        operator: str | None,
        k: int,
        similarity: Similarity,
    ) -> _Snapshot:
        popularity = None
        if own.kind == "embedding":
            vectors, items = np.asarray(own.data, dtype=np.float64), ids
        else:
            found = theory.analyse(own.data, rank, kind=own.kind, operator=operator, tol=RESIDUAL)
            vectors = np.asarray(found.embedding.vectors("full"), dtype=np.float64)
            items = ids[found.items]
            popularity = found.popularity if own.kind == "interactions" else None
        live = np.flatnonzero(vectors.any(axis=1))
        if k >= live.size:
            raise ValueError(
                f"k must be less than the items with a direction, {live.size} in {printable(own.name)}; got {k}"
            )
        most = min(MEASURED, max(1, SCORES // live.size))
        rows = live[np.argsort(order[items[live]], kind="stable")[:most]]  # the same items in every snapshot
        rows = rows[np.argsort(items[rows], kind="stable")]
        lists = Lists(vectors, items, live, similarity)
        near = np.empty((rows.size, k), dtype=np.int64)
        by_row = np.argsort(rows, kind="stable")
        near[by_row] = lists.of_rows(rows[by_row], k)
        return cls(vectors, items, popularity, items[rows], near, vectors.shape[1])


def _numbered(owns: Sequence[OwnMatrix]) -> list[NDArray[np.int64]]:
    """The number of each item of each snapshot, the same for the same name."""
    sizes = [one.data.shape[1] if one.kind == "interactions" else one.data.shape[0] for one in owns]
    named = [one.items is not None for one in owns]
    if not any(named):
        if len(set(sizes)) > 1:
            raise ValueError(
                f"snapshots without names of items must have as many items each, matched by number; got {sizes}"
            )
        return [np.arange(sizes[0])] * len(owns)
    if not all(named):
        without = printable(owns[named.index(False)].name)
        raise ValueError(f"all snapshots must have names of items, or none; {without} has none")
    known: dict[str, int] = {}
    numbers = []
    for one in owns:
        texts = [str(name) for name in cast(Any, one.items)]
        if len(set(texts)) < len(texts):
            twice = next(name for name in pd.Series(texts)[pd.Series(texts).duplicated()])
            raise ValueError(
                f"the items of a snapshot must have different names; {printable(one.name)} names "
                f"{printable(twice)!r} twice"
            )
        numbers.append(np.array([known.setdefault(name, len(known)) for name in texts], dtype=np.int64))
    return numbers


def _spikes_of(snapshot: _Snapshot, count: int) -> NDArray[np.int64]:
    """The spike (count,) of each item in the last snapshot, -1 for items that it does not hold."""
    spikes = np.full(count, -1)
    spikes[snapshot.items] = theory.partition_by_spikes(snapshot.vectors).labels
    return spikes


def _compared(
    snapshots: Sequence[_Snapshot],
    owns: Sequence[OwnMatrix],
    i: int,
    j: int,
    against: str,
    spikes: NDArray[np.int64],
) -> Iterator[dict[str, Any]]:
    """Yield the rows of one pair of snapshots."""
    one, two = snapshots[i], snapshots[j]
    shared, first, second = np.intersect1d(one.asked, two.asked, assume_unique=True, return_indices=True)
    if not shared.size:
        names = [printable(owns[n].name) for n in (i, j)]
        raise ValueError(f"snapshots must have items in common; {names[0]} and {names[1]} have none")
    overlap = theory.shared_neighbours(one.near[first], two.near[second])
    place = np.full(spikes.size, -1)
    place[one.items] = np.arange(one.items.size)
    at, cluster = place[shared], spikes[shared]
    groups = {
        "all": np.zeros(shared.size, dtype=np.int64),
        "norm": fifths_of(np.linalg.norm(one.vectors[at], axis=1)),
    }
    if one.popularity is not None:
        groups["popularity"] = fifths_of(one.popularity[at])
    groups["spike"] = cluster
    for group, parts in groups.items():
        for part in np.unique(parts[parts >= 0]):
            mine = parts == part
            if group == "spike" and mine.sum() < LEAST:
                continue
            o = overlap[mine]
            within = np.zeros(o.size, dtype=np.int64) if group == "spike" else cluster[mine]
            row = {
                "earlier": i + 1,
                "later": j + 1,
                "against": against,
                "group": group,
                "part": int(part) + 1,
            }
            row["items"] = int(mine.sum())
            for name, values in (("overlap", o), ("jaccard", o / (2 - o))):
                row[name], row[f"{name}_low"], row[f"{name}_high"] = mean_of_clusters(values, within)
            yield row


def fifths_of(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the fifth (n,) of each value, from 0 (smallest) to 4; equal values lie in the same one.

    >>> fifths_of(np.array([1.0, 2.0, 3.0, 4.0, 9.0])).tolist(), fifths_of(np.ones(3)).tolist()
    ([0, 1, 2, 3, 4], [2, 2, 2])
    """
    places = (stats.rankdata(values) - 0.5) / len(values)
    return np.asarray(np.minimum((places * FIFTHS).astype(np.int64), FIFTHS - 1))


def mean_of_clusters(
    values: NDArray[np.float64], clusters: NDArray[np.int64], level: float = 0.95
) -> tuple[float, float, float]:
    """Return the mean of shares and its interval, where values of one cluster change together; within 0 and 1.

    `clusters` (n,) are numbers; each value of cluster -1, and of one that is the only one, counts by itself.

    >>> mean, low, high = mean_of_clusters(np.array([0.2, 0.2, 0.8, 0.8]), np.array([0, 0, 1, 1]))
    >>> mean, low, high
    (0.5, 0.0, 1.0)
    """
    mean = float(values.mean())
    alone = clusters < 0
    if alone.all() or np.unique(clusters).size == 1:
        sums = values - mean
    else:
        sums = np.concatenate(
            [np.bincount(clusters[~alone], (values - mean)[~alone]), (values - mean)[alone]]
        )
        sums = sums[np.concatenate([np.bincount(clusters[~alone]) > 0, np.ones(alone.sum(), dtype=bool)])]
    count = sums.size
    if count < 2:
        return mean, 0.0, 1.0
    error = float(np.sqrt(count / (count - 1) * (sums**2).sum())) / len(values)
    half = float(stats.t.ppf((1 + level) / 2, count - 1)) * error
    return mean, max(0.0, mean - half), min(1.0, mean + half)


def _notes(owns: Sequence[OwnMatrix], snapshots: Sequence[_Snapshot]) -> tuple[str, ...]:
    """What was taken of each snapshot, and how many items came and went."""
    notes = []
    for number, (own, one) in enumerate(zip(owns, snapshots), 1):
        taken = "vectors as they are" if own.kind == "embedding" else f"{own.kind}, f = {one.rank}"
        told = f"{number}. {own.name}: {one.items.size:,} items, {taken}"
        if number > 1:
            before = snapshots[number - 2].items
            new, gone = np.setdiff1d(one.items, before).size, np.setdiff1d(before, one.items).size
            told += f"; {new:,} new, {gone:,} gone"
        notes.append(told)
        notes += [f"{number}. {note}" for note in own.notes]
    if owns[0].items is None:
        notes.append("items have no names: they are matched by their number")
    fewest = min(one.asked.size for one in snapshots)
    if fewest < min(one.items.size for one in snapshots):
        notes.append(f"neighbours of {fewest:,} items drawn at random are compared")
    return tuple(notes)


def _conclusion(table: pd.DataFrame, names: Sequence[str], k: int, similarity: str) -> str:
    """What the last pair of neighbouring snapshots shows, in a sentence."""
    pair = table[(table["against"] == "next") & (table["later"] == len(names))]
    whole = pair[pair["group"] == "all"].iloc[0]
    norms = pair[pair["group"] == "norm"].sort_values("part")
    said = (
        f"from {names[-2]} to {names[-1]} items keep {whole['overlap']:.0%} ({whole['overlap_low']:.0%} to "
        f"{whole['overlap_high']:.0%}) of their {k} nearest by {similarity}"
    )
    if len(norms) < 2:
        return said
    low, high = norms.iloc[0]["overlap"], norms.iloc[-1]["overlap"]
    return f"{said}: {high:.0%} in the fifth of largest norm, {low:.0%} in that of smallest norm"
