"""How many neighbours stay from one snapshot of a catalogue to the next: vectors, logs or graphs, aligned by the names of items.

Each snapshot is analysed by itself: vectors are taken as they come, or on their principal axes where a rank is
given, a log or a graph in U Sigma at one rank. For items that two
snapshots hold, the k nearest neighbours of the one are compared with those of the other; each list names what its snapshot would
show, so that an item which is new may push an old one out. The overlap is the share of k that both lists name, the Jaccard index
is overlap / (2 - overlap). Both are averaged over items by fifths of the norm, by fifths of the popularity, and by spike; items
of one spike change together, and so an interval counts each spike as one observation (`clustered_means`).
"""

from __future__ import annotations

import filecmp
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import theory
from experiments.matrices.objects import is_path
from experiments.real.analysis_parts import Parts, Where
from experiments.real.clustered_means import fifths_of, mean_of_clusters
from experiments.real.neighbour_lists import Similarity
from experiments.real.numbered_items import Numbering
from experiments.real.one_snapshot import Asked, Snapshot, add_snapshot, snapshot_trial
from experiments.real.options_of_inputs import options_of_each
from experiments.real.own_matrices import read_own
from experiments.running.sent_files import here
from experiments.running.waiting import WAIT_SECONDS
from simulate.plain_text import printable
from simulate.progress import told_steps
from simulate.validation import require_choice, require_integer

MOST = 60  # snapshots
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
    rank: int | None = None,
    operator: str | None = None,
    seed: int = 0,
    progress: Callable[[str], None] | bool | None = None,
    dask: str | None = None,
    wait: float = WAIT_SECONDS,
    keep: str | os.PathLike[str] | None = None,
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
    rank
        f of logs and graphs, 32 where it is None, and the number of principal axes of vectors, which None takes as they are.
    operator
        of logs and graphs, as in `theory.analyse`.
    seed
        of the items that are compared where a snapshot has more than 5,000, or fewer of more than 20,000.
    progress
        as in `spikes_of`.
    dask, wait
        as of `running.run_all`: workers of a cluster analyse the snapshots, with the same numbers. A copy of each is written to
        the folder of temporary files.
    keep
        a folder in which snapshots that are analysed are kept, so that the same call later analyses only the others.
    reading
        options of `read_own`, for all snapshots; columns of a log beside vectors are those of the log.

    Raises
    ------
    ValueError
        for another number of snapshots, names that stand twice, two snapshots that are compared with at most k items in
        common, a k that is too large, or what `read_own` and `theory.analyse` refuse.
    OSError
        as `running.run_all`, where a cluster is lost; what is in `keep` stays.

    Examples
    --------
    >>> rows = np.random.default_rng(0).standard_normal((100, 4))
    >>> found = stability_of([rows, rows], k=5)
    >>> found.table[["group", "overlap"]].iloc[0].to_dict()
    {'group': 'all', 'overlap': 1.0}
    """
    require_choice(similarity, "similarity", ("dot", "cosine"))
    if rank is not None:
        require_integer(rank, "rank", least=1)
    require_integer(k, "k", least=1)
    if isinstance(sources, str) or not 2 <= len(sources) <= MOST:
        got = repr(sources) if isinstance(sources, str) else len(sources)
        raise ValueError(f"snapshots must be 2 to {MOST}, oldest first; got {got}")
    numbering, coming = Numbering(seed), list[Callable[[str], Snapshot]]()
    asked = Asked(k, similarity, rank, operator, spikes=False)
    with (
        told_steps(progress, "snapshots") as say,
        Parts("stability-snapshots", snapshot_trial, Where(dask, keep, wait, say)) as parts,
    ):
        for number, (source, options) in enumerate(zip(sources, options_of_each(sources, reading)), 1):
            say(f"snapshot {number} of {len(sources)}")
            own = read_own(source, **options)  # one at a time: sixty might not fit into memory
            last_one = replace(asked, spikes=number == len(sources))
            coming.append(add_snapshot(parts, own, numbering, last_one))
        snapshots = [found(row["found"]) for found, row in zip(coming, parts.rows())]
    last = len(snapshots) - 1
    pairs = [(i, i + 1, "next") for i in range(last)] + [(i, last, "last") for i in range(last - 1)]
    spikes = np.full(numbering.places.size, -1)
    spikes[snapshots[last].items] = snapshots[last].spike
    table = pd.DataFrame([row for pair in pairs for row in _compared(snapshots, *pair, k, spikes)])
    names = tuple(one.name for one in snapshots)
    about = _notes(snapshots, None if own.items is None else numbering.names())
    notes = (*_given_twice(sources), *about)
    return SnapshotStability(names, k, similarity, table, notes, _conclusion(table, names, k, similarity))


def _compared(
    snapshots: Sequence[Snapshot],
    i: int,
    j: int,
    against: str,
    k: int,
    spikes: NDArray[np.int64],
) -> Iterator[dict[str, Any]]:
    """Yield the rows of one pair of snapshots."""
    one, two = snapshots[i], snapshots[j]
    names = [printable(one.name), printable(two.name)]
    both = np.intersect1d(one.items, two.items, assume_unique=True).size
    if both <= k:
        raise ValueError(
            f"snapshots must have more than k = {k} items in common, so that all {k} neighbours of one may stay; {names[0]} and "
            f"{names[1]} have {both or 'none'}"
        )
    shared, first, second = np.intersect1d(one.asked, two.asked, assume_unique=True, return_indices=True)
    if not shared.size:
        raise ValueError(
            f"snapshots must have items in common whose neighbours are compared; {names[0]} and {names[1]} have none"
        )
    overlap = theory.shared_neighbours(one.near[first], two.near[second])
    cluster = spikes[shared]
    groups = {
        "all": np.zeros(shared.size, dtype=np.int64),
        "norm": fifths_of(one.norms[first]),
    }
    if one.popularity is not None:
        groups["popularity"] = fifths_of(one.popularity[first])
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


def _given_twice(sources: Sequence[Any]) -> list[str]:
    """A sentence for each snapshot that holds what the one before it holds."""
    return [
        f"snapshots {number} and {number + 1} are the same data: that all neighbours stay between them says nothing"
        for number, (one, two) in enumerate(pairwise(sources), 1)
        if one is two or _same_files(one, two)
    ]


def _same_files(one: Any, two: Any) -> bool:
    """Whether both are files of the same bytes, or the same name of the catalogue."""
    if not (is_path(one) and is_path(two)):
        return False
    if str(one) == str(two):
        return True
    first, second = (Path(here(str(source))) for source in (one, two))
    return first.is_file() and second.is_file() and filecmp.cmp(first, second, shallow=False)


def _notes(snapshots: Sequence[Snapshot], named: Sequence[str] | None) -> tuple[str, ...]:
    """What was taken of each snapshot, and how many items came and went."""
    notes = []
    for number, one in enumerate(snapshots, 1):
        told = f"{number}. {one.name}: {one.items.size:,} items, {one.told}"
        if number > 1:
            before = snapshots[number - 2].items
            new, gone = np.setdiff1d(one.items, before), np.setdiff1d(before, one.items)
            told += f"; {new.size:,} new, {gone.size:,} gone"
            kept = one.items.size - new.size
            if named is not None and 2 * kept < min(one.items.size, before.size):
                examples = [" and ".join(repr(named[n]) for n in some[:2]) for some in (new, gone)]
                told += (
                    f"; warning: fewer than half of the items are in both (new are {examples[0]}, gone are {examples[1]}): "
                    "see that both name items alike"
                )
        notes.append(told)
    # what was done while reading is often the same for all of them
    said = {note: [one for one in snapshots if note in one.notes] for one in snapshots for note in one.notes}
    for note, by in said.items():
        whose = list(dict.fromkeys(one.name for one in by))
        notes.append(note if len(by) == len(snapshots) else f"{', '.join(whose)}: {note}")
    if named is None:
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
