"""What is said of the real matrix only, because a twin has no names, labels or dates, or because one answer is enough?

What its spikes hold (`named_spikes`), how they agree with Leiden communities and with labels, which rank each rule would
choose, which ranking finds hidden items and at which rank (`questions`, `rank_choice`), whether neighbours last from one
snapshot to the next, the shape of the spectrum, and which similarity follows from the spikes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

import theory
from experiments.matrices.published_spectra import TOP, spectrum_shape
from experiments.matrices.real_matrix import RealMatrix
from experiments.real.beyond_chance import more_seconds
from experiments.real.checked_forecast import forecast_and_check
from experiments.real.dated_snapshots import dated_snapshots
from experiments.real.faults import checks_of
from experiments.real.hidden_pairs import folds_of
from experiments.real.left_out import left_out
from experiments.real.named_spikes import NamedRows, names_of, points_to_draw, spike_table
from experiments.real.nulls import null_to_embed
from experiments.real.questions import questions_of
from experiments.real.rank_choice import choose_rank_by_recall
from experiments.real.statistics import first_dimensions, ranks_of
from experiments.real.trust import Trust
from simulate.optional import require_extra
from theory.analysis.operators.table import OPERATORS
from theory.analysis.pipeline import default_operator
from theory.analysis.scalings import SCALINGS

MOST = TOP  # dimensions that parallel analysis looks at: those of the spectrum's shape, which are computed once for both
FEWEST = 300  # rows of a matrix whose spectrum has a shape to compare
NOT_YET: dict[str, Any] = {  # of a first look
    "agreement": [],
    "truncation": {},
    "passing": None,
    "null_seconds": [],
    "retrieval": None,
    "shape": None,
    "stability": None,
    "advice": [],
    "questions": [],
    "rank_choice": None,
    "checks": [],
    "trust": None,
}
FORECAST = 100  # items of which a forecast of neighbours is made, at least


def first_look(
    real: RealMatrix, found: theory.Analysed, rank: int, rng: np.random.Generator
) -> dict[str, Any]:
    """Return what is known of a matrix from its own analysis alone: its spikes, its rows to draw, and notes.

    It has every key of `describe`; what takes more than that is None or empty.
    """
    return _first_look(real, found, named_rows(real, found, rank), rng)


def describe(real: RealMatrix, found: theory.Analysed, rank: int, rng: np.random.Generator) -> dict[str, Any]:
    """Return what is said of the real matrix only, as numbers, texts and lists.

    Parameters
    ----------
    real
        the matrix that `found` is the analysis of.
    rank
        f, at most `found.embedding.rank`.
    """
    at = first_dimensions(found.embedding, rank)
    values = _spectrum(found)
    # before anything else is drawn: by the same draws f was chosen (`chosen_ranks`)
    truncation, passing, knee = _truncations(real, found, values, rng)
    plain = found.operator == default_operator(real.kind)
    null = null_to_embed(real.matrix, real.kind, found.operator)
    trust, untold = _trust(real, found, rank, rng)
    rows = named_rows(real, found, rank, trust)
    seen = _first_look(real, found, rows, rng)
    return {
        **seen,
        "stage": "whole",
        "notes": [*seen["notes"], *untold],
        "checks": _checks(real, found, rows, rng),
        "trust": None if trust is None else trust.as_dict(),
        "agreement": agreement(rows.partition.labels, theory.leiden(found.matrix, rng), rows.labels),
        "truncation": truncation,
        "passing": passing,
        "null_seconds": more_seconds(found, null, rng),
        **_by_hidden_pairs(real, found, rows, passing, knee, rng),
        "shape": _shape(values) if plain else None,
        "stability": _stability(real, rank, found.operator, rng),
        "advice": [
            {"question": a.question, "use": a.similarity, "reason": a.reason}
            for a in (theory.advise(at) if plain else ())
        ],
    }


def _first_look(
    real: RealMatrix, found: theory.Analysed, rows: NamedRows, rng: np.random.Generator
) -> dict[str, Any]:
    plain = found.operator == default_operator(real.kind)
    return {
        "kind": real.kind,
        "stage": "first",
        **({} if plain else {"operator": found.operator}),
        "rank": rows.vectors.shape[1],
        "parts": rows.partition.n_parts if rows.partition.resolved else 0,
        "inside": int(rows.partition.inside.sum()),
        "spikes": spike_table(rows),
        "points": points_to_draw(rows, rng),
        "notes": [
            *real.notes,
            *left_out(real.n_items, found),
            *_about_operator(found, plain),
            *found.embedding.notes,
        ],
        **NOT_YET,
    }


def named_rows(real: RealMatrix, found: theory.Analysed, rank: int, trust: Trust | None = None) -> NamedRows:
    """Return the rows of U Sigma at a rank with their spikes and what is known of their items."""
    vectors = np.asarray(first_dimensions(found.embedding, rank).vectors("full"), dtype=np.float64)
    return NamedRows(
        vectors,
        theory.partition_by_spikes(vectors),
        names_of(real, found.items),
        None if real.labels is None else np.asarray(real.labels)[found.items],
        real.label_names,
        None if real.interactions is None else found.popularity,
        None if trust is None else np.stack([trust.forecast, trust.low, trust.high]),
    )


def _trust(
    real: RealMatrix, found: theory.Analysed, rank: int, rng: np.random.Generator
) -> tuple[Trust | None, list[str]]:
    """The forecast of each item's neighbours, with a sentence on its check by dates, or on why there is none."""
    try:
        if found.items.size < FORECAST:
            raise ValueError(f"it needs {FORECAST} items")
        trust, checked = forecast_and_check(real, rank, rng, operator=found.operator, found=found)
        return trust, [checked.sentence] if checked else []
    except ValueError as error:
        return None, [f"no forecast of neighbours: {error}"]


def _checks(
    real: RealMatrix, found: theory.Analysed, rows: NamedRows, rng: np.random.Generator
) -> list[dict[str, Any]]:
    """What is wrong with the rows, where anything is."""
    matrix = found.matrix if real.interactions is None else real.interactions[:, found.items]
    checks = checks_of(rows.vectors, rng, names=rows.names, popularity=rows.popularity, matrix=matrix)
    return [check.as_dict() for check in checks]


def _about_operator(found: theory.Analysed, plain: bool) -> list[str]:
    of = OPERATORS[found.operator]
    return (
        []
        if plain
        else [f"operator {of.name}: {of.formula}; of a block model without noise: {of.population}"]
    )


def agreement(
    spikes: NDArray[Any], communities: NDArray[Any] | None, labels: NDArray[Any] | None
) -> list[dict[str, Any]]:
    """Return how two partitions agree, for each pair of them, on the rows that both know (-1: unknown).

    `nmi` is the normalised mutual information, from 0 to 1; `rand` the adjusted Rand index, 0 on average for partitions that
    have nothing to do with each other. Both are 1 for the same partition, and None where each has a single part on
    these rows: there is nothing to agree on. They are scikit-learn's (extra `learn`).

    >>> same = agreement(np.array([0, 0, 1, -1]), np.array([5, 5, 2, 2]), None)
    >>> same[0]["rows"], same[0]["nmi"], same[0]["rand"]
    (3, 1.0, 1.0)
    """
    require_extra("learn", "comparing partitions")
    # imported where it is needed: it takes half a second
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

    named = {"spikes": spikes, "Leiden communities": communities, "labels": labels}
    partitions = {name: partition for name, partition in named.items() if partition is not None}
    rows, names = [], list(partitions)
    for i, first in enumerate(names):
        for second in names[i + 1 :]:
            a, b = partitions[first], partitions[second]
            both = (a >= 0) & (b >= 0)
            if both.sum() > 1:
                some = any(len(np.unique(part[both])) > 1 for part in (a, b))
                rows.append(
                    {
                        "first": first,
                        "second": second,
                        "rows": int(both.sum()),
                        "nmi": float(normalized_mutual_info_score(a[both], b[both])) if some else None,
                        "rand": float(adjusted_rand_score(a[both], b[both])) if some else None,
                    }
                )
    return rows


def _spectrum(found: theory.Analysed) -> NDArray[Any]:
    """The 128 eigenvalues of largest magnitude of a matrix whose spectrum has a shape, those of the analysis of a smaller one."""
    if found.items.size < FEWEST:
        return found.embedding.eigenvalues
    return theory.embed(found.matrix, TOP, operator=found.embedding.operator, tol=1e-4).eigenvalues


def _truncations(
    real: RealMatrix, found: theory.Analysed, known: NDArray[Any], rng: np.random.Generator
) -> tuple[dict[str, str], int, int]:
    """The rank that each rule would choose, in words; how many dimensions pass parallel analysis; and the knee."""
    ranks = ranks_of(found)
    peaks = [theory.spikiness(found.embedding.vectors("unit", rank)).n_peaks for rank in ranks]
    against = "edges swapped" if real.kind == "graph" else "items permuted"
    most = theory.capped_rank(MOST, found.items.size)
    null = null_to_embed(real.matrix, real.kind, found.operator)
    of = found.embedding.operator
    passing = theory.parallel_analysis(found.matrix, most, rng, null=null, known=known, operator=of)[0]
    elbow = theory.zhu_ghodsi_elbows(found.embedding.eigenvalues, 2)[-1]
    knee = theory.spikiness_knee(ranks, peaks)
    rules = {
        "the knee of Spk in U": str(knee),
        # of magnitudes that fall, which those of the smallest eigenvalues do not
        **({} if of == "bethe-hessian" else {"the elbow of the spectrum (Zhu and Ghodsi)": str(elbow)}),
        f"parallel analysis, {against}": f"{'at least ' if passing == most else ''}{passing}",
    }
    return rules, passing, knee


def _shape(values: NDArray[Any]) -> dict[str, float] | None:
    """s_1 / s_128 and the exponent of s_k, as spectra were published; None if the matrix is too small or of too low a rank."""
    if len(values) < TOP:
        return None
    ratio, exponent = spectrum_shape(values)
    return {"ratio": ratio, "exponent": exponent}


def _by_hidden_pairs(
    real: RealMatrix,
    found: theory.Analysed,
    rows: NamedRows,
    passing: int,
    knee: int,
    rng: np.random.Generator,
) -> dict[str, Any]:
    """Which ranking answers which question, and which rank finds most; without answers for a small matrix."""
    rank = rows.vectors.shape[1]
    folds = folds_of(real.matrix, found, real.kind, rank, rng)
    vectors = {scaling: found.embedding.vectors(scaling, rank) for scaling in SCALINGS}
    choice = choose_rank_by_recall(folds, found.items.size, rng, parallel=passing, knee=knee)
    return {
        "questions": questions_of(folds, vectors, rank, rng, popularity=found.popularity, labels=rows.labels),
        "rank_choice": None if choice is None else choice.as_dict(),
    }


def _stability(
    real: RealMatrix, rank: int, operator: str, rng: np.random.Generator
) -> dict[str, list[float]] | None:
    """Overlap of the 30 nearest, by fifths of the norm, between the first four fifths of the pairs in time and all of them."""
    pair = dated_snapshots(real, rank, operator=operator)
    if pair is None:
        return None
    found = {}
    for similarity in ("dot", "cosine"):
        kept = theory.stability(*pair, 30, rng=rng, similarity=similarity, n_queries=200)  # type: ignore[arg-type]
        found[similarity] = [float(x) for x in kept.overlap]
    return found
