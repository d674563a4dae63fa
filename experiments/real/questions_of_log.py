"""Questions that a log asks of vectors that were made from it: which of its items have a vector, and which pairs are hidden?

Pairs held out are asked for where there are some: the vectors have not seen them. Else pairs of the log itself are hidden from
the contexts that ask, though the vectors may have been made from them (`seen`). Only items of the log, or of the pairs held
out, are ranked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

import theory
from experiments.real.asked import FEWEST, Asked
from experiments.real.hidden_pairs import FEWEST_ITEMS, Fold, HiddenPairs, given_pairs, pairs_to_find
from experiments.real.joined_log import JoinedLog
from experiments.real.questions import questions_of_vectors
from experiments.real.rank_choice import RankChoice, choose_rank_by_recall
from experiments.real.statistics import RANKS


def questions_of_log(
    vectors: Mapping[str, NDArray[np.float64]],
    place: NDArray[np.int64],
    log: JoinedLog | None,
    labels: NDArray[Any] | None,
    rng: np.random.Generator,
    pairs: HiddenPairs | None = None,
) -> list[Asked]:
    """Put the questions of a log, and that of labels, to one or more sets of vectors of the same items.

    Parameters
    ----------
    vectors
        each set by its name, (n, f), f of its own.
    place
        (n,) the column of the log that each row is, -1 for none; without a log it is not looked at.
    labels
        (n,), -1 unknown, or None.
    pairs
        from `pairs_of_log`, where they were drawn before.
    """
    if log is None:
        return questions_of_vectors(vectors, rng, labels=labels)
    rows = np.flatnonzero(place >= 0)
    return questions_of_vectors(
        {name: of[rows] for name, of in vectors.items()},
        rng,
        pairs=pairs or pairs_of_log(log, place, rng),
        items=place[rows],
        labels=None if labels is None else labels[rows],
        seen=log.asked is None,
    )


def rank_for_log(
    embedding: theory.Embedding,
    log: JoinedLog | None,
    rng: np.random.Generator,
    pairs: HiddenPairs | None = None,
) -> RankChoice | None:
    """Return how many principal axes of some vectors find the pairs held out; None without such pairs, or with too few.

    Pairs that the vectors may have been made from would speak for too many axes. `pairs` are those of `pairs_of_log`, where
    they were drawn before: what one f finds is then the same here and in the answers to questions.
    """
    if log is None or log.asked is None:
        return None
    rows = np.flatnonzero(log.place >= 0)
    items = log.place[rows]
    pairs = pairs or pairs_of_log(log, log.place, rng)
    if pairs is None:
        return None
    ranks = [rank for rank in RANKS if rank <= embedding.rank]
    peaks = [theory.spikiness(embedding.vectors("unit", rank)).n_peaks for rank in ranks]
    joined = theory.Embedding(embedding.eigenvalues, embedding.basis[rows])
    knee = theory.spikiness_knee(ranks, peaks)
    return choose_rank_by_recall([Fold(pairs, joined, items)], len(rows), rng, parallel=None, knee=knee)


def why_not_asked(log: JoinedLog) -> str:
    """Return why no question of a log was put to its vectors, as the end of a sentence."""
    joined = int((log.place >= 0).sum())
    if joined < FEWEST_ITEMS:
        return f"{joined:,} vectors were joined with the log, and {FEWEST_ITEMS} are needed to hide pairs and look for them"
    return f"fewer than {FEWEST} contexts of the log could be asked for a hidden item that has a vector"


def pairs_of_log(log: JoinedLog, place: NDArray[np.int64], rng: np.random.Generator) -> HiddenPairs | None:
    """Return the hidden pairs that a log asks of the rows at `place` (n,), -1 for a row that is not joined; None without any."""
    items = place[place >= 0]
    if log.asked is None:
        return pairs_to_find(log.known, items, rng)
    return given_pairs(log.known, log.asked, items, rng)
