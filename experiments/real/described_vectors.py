"""What is said and measured of vectors of one's own: the trial of a comparison, for the vectors themselves and for their nulls.

Their spikes, picture and items are described as those of a matrix (`description`). They have no twins and no parallel analysis,
since their null keeps their spectrum; how far a block model explains them is `on_rays`. What needs the log that they came from
is None, or empty, without it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

import theory
from experiments.real.beyond_chance import more_peaks
from experiments.real.description import NOT_YET, agreement
from experiments.real.faults import checks_of
from experiments.real.hidden_pairs import HiddenPairs
from experiments.real.named_spikes import NamedRows, points_to_draw, spike_table
from experiments.real.on_rays import on_rays
from experiments.real.own_vectors import OwnVectors, about_axes
from experiments.real.peaks_beside_nulls import Counting
from experiments.real.prepared import prepared_vectors
from experiments.real.questions_of_log import pairs_of_log, questions_of_log, rank_for_log, why_not_asked
from experiments.real.reading_options import options_of
from experiments.real.statistics import COMPARED, RANKS, TWENTIETHS, measure_vectors
from simulate.random_directions import RowMoments, rows_of_moments

EXACT = 100_000  # vectors whose nulls are searched to the end
BOUNDED = "of so many vectors the peaks of nulls are counted up to ten times those of the vectors: they need at least as many"


def vectors_trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Analyse the vectors themselves, at first sight or wholly, or one draw of their null; the row holds JSON text."""
    rank, rng = cell["rank"], rngs["draw"]
    own = prepared_vectors(
        cell["matrix"],
        options_of(cell["reading"]),
        rank=rank,
        log=cell["log"],
        held_out=cell["held_out"],
    )
    described: dict[str, Any] = {}
    if cell["source"] == "null":
        measured = measure_null(own, rank, rng)
    else:
        measured = measure_vectors(own.embedding, rank, own.popularity)
        described = describe_vectors(own, rank, rng, whole=cell["source"] == "real")
    return {
        "measured": json.dumps(measured, separators=(",", ":")),
        "described": json.dumps(described, separators=(",", ":")) if described else None,
    }


def measure_null(own: OwnVectors, rank: int, rng: np.random.Generator) -> dict[str, Any]:
    """Return what `measure_vectors` says of one draw of the null; at each rank of the curve a draw of its own.

    At rank f the draw has the norms, the mean and the spectrum of the vectors at that rank. Of more than 100,000 vectors peaks
    are counted up to a bound (`peaks_beside_nulls`), and spikes of the null are not looked at.
    """
    ranks = [at for at in RANKS if at <= own.embedding.rank]
    large = len(own.columns) > EXACT
    count = _up_to_a_bound if large else _to_the_end
    at_ranks = {at: count(own.rows(at), rng) for at in sorted({*ranks, rank})}
    curve = {
        "peaks": [at_ranks[at].n_peaks for at in ranks],
        "spk": [at_ranks[at].value for at in ranks],
    }
    if not large:
        turned = theory.on_principal_axes(rows_of_moments(RowMoments.of(own.rows(rank)), rng))
        scale = np.linalg.norm(turned, axis=0)
        measured = measure_vectors(theory.Embedding(scale, turned / scale), rank, own.popularity)
        return {**measured, **curve}
    norms = np.linalg.norm(own.rows(rank), axis=1)
    return {
        **dict.fromkeys(COMPARED),
        **curve,
        "items": len(norms),
        "zero_rows": int((norms == 0).sum()),
        "peaks_at_rank": at_ranks[rank].n_peaks,
        "spk_at_rank": at_ranks[rank].value,
        "spectrum": own.embedding.eigenvalues[:rank].tolist(),
        "norm_quantiles": np.quantile(norms[norms > 0], TWENTIETHS).tolist(),
        "angles": [],
    }


def _to_the_end(rows: NDArray[np.float64], rng: np.random.Generator) -> theory.PeakCount:
    """The peaks of one draw of the null."""
    found = theory.spikiness(rows_of_moments(RowMoments.of(rows), rng))
    return theory.PeakCount(found.n_peaks, found.n_rows, False, None)


def _up_to_a_bound(rows: NDArray[np.float64], rng: np.random.Generator) -> theory.PeakCount:
    """The same up to ten times those of the vectors."""
    counting = Counting()
    real = counting.of_matrix(rows, rng)
    return counting.of_null(rows_of_moments(RowMoments.of(rows), rng), real, rng)


def describe_vectors(
    own: OwnVectors, rank: int, rng: np.random.Generator, *, whole: bool = True
) -> dict[str, Any]:
    """Return what is said of vectors, with the keys of `description.describe` and `on_rays`.

    `null_seconds`, further draws of the statistic by which chance is judged, are numbers of peaks.

    Parameters
    ----------
    rank
        f, at most the rank of the embedding.
    whole
        False leaves out what takes draws of the null.
    """
    rows = own.named(rank)
    described = {
        "kind": "embedding",
        "stage": "first",
        "contexts": None if own.log is None else int(own.log.known.shape[0]),
        "pairs": None if own.log is None else int(own.log.known.nnz),
        "rank": rank,
        "parts": rows.partition.n_parts if rows.partition.resolved else 0,
        "inside": int(rows.partition.inside.sum()),
        "spikes": spike_table(rows),
        "points": points_to_draw(rows, rng),
        "notes": [*own.notes, *about_axes(own, rank), *([BOUNDED] if len(own.columns) > EXACT else [])],
        **NOT_YET,
        "on_rays": None,
    }
    if not whole:
        return described
    pairs = None if own.log is None else pairs_of_log(own.log, own.log.place, rng)
    choice = rank_for_log(own.embedding, own.log, rng, pairs)
    questions = _questions(own, rows, rng, pairs)
    return {
        **described,
        "stage": "whole",
        "agreement": _agreement(rows),
        "questions": questions,
        "not_asked": None if questions or own.log is None else why_not_asked(own.log),
        "rank_choice": None if choice is None else choice.as_dict(),
        "checks": _checks(own, rows, rng),
        "null_seconds": more_peaks(rows.vectors, rng),
        "on_rays": on_rays(rows.vectors, rng),
    }


def _questions(
    own: OwnVectors, rows: NamedRows, rng: np.random.Generator, pairs: HiddenPairs | None
) -> list[dict[str, Any]]:
    place = np.empty(0, dtype=np.int64) if own.log is None else own.log.place
    asked = questions_of_log({"": rows.vectors}, place, own.log, own.labels, rng, pairs)
    return [one.answer("", rng) for one in asked]


def _checks(own: OwnVectors, rows: NamedRows, rng: np.random.Generator) -> list[dict[str, Any]]:
    """What is wrong with the vectors in all their columns, where anything is."""
    popularity = None if rows.popularity is None else np.nan_to_num(rows.popularity)
    checks = checks_of(own.columns, rng, names=rows.names, popularity=popularity, matrix=_log_of_rows(own))
    return [check.as_dict() for check in checks]


def _log_of_rows(own: OwnVectors) -> sparse.csr_array | None:
    """The log with a column for each row of the vectors, empty for an item that it lacks; None without a log."""
    if own.log is None:
        return None
    known = own.log.known
    wide = sparse.csr_array(
        (known.data, known.indices, known.indptr), shape=(known.shape[0], known.shape[1] + 1)
    )
    return sparse.csr_array(wide[:, np.where(own.log.place < 0, known.shape[1], own.log.place)])


def _agreement(rows: NamedRows) -> list[dict[str, Any]]:
    return [] if rows.labels is None else agreement(rows.partition.labels, None, rows.labels)
