"""Which lists of similar items of one's own log, or graph, can be shown? The forecast for each item, by name, and its check.

`trust` makes the forecast from thinned data; where the log has dates, `checked_forecast` makes it from the earlier part too,
says how it came out, and corrects by it the forecast from the whole.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

import theory
from experiments.matrices import RealMatrix, load
from experiments.real.analysis_parts import Where
from experiments.real.checked_forecast import CheckedForecast, forecast_and_check
from experiments.real.left_out import left_out
from experiments.real.named_errors import errors_of
from experiments.real.neighbour_lists import Similarity
from experiments.real.one_snapshot import RANK
from experiments.real.own_matrices import OwnMatrix, is_embedding, read_own
from experiments.real.own_vectors import OF_ITEMS
from experiments.real.statistics import RESIDUAL
from experiments.real.trust import Growth, Trust
from experiments.running.one_task import one_thread
from experiments.running.waiting import WAIT_SECONDS
from simulate.progress import told_steps

OF_VECTORS = (*OF_ITEMS, "vector_columns")  # options of what holds no dates


@dataclass(frozen=True, eq=False)
class OwnTrust:
    """The forecast for each item of a log or a graph.

    `table` has one row per item: `item`, `forecast`, `low` and `high` (shares from 0 to 1), and `show`, "yes" or "no".
    `checked` is the same forecast made from the earlier part of a dated log, by which `trust` is corrected; None without dates.
    `notes` say how it was made;
    `conclusion`, in a sentence, how many lists should not be shown.
    """

    name: str
    trust: Trust
    table: pd.DataFrame
    checked: CheckedForecast | None
    notes: tuple[str, ...]
    conclusion: str


def trust_of(
    source: Any,
    *,
    k: int = 20,
    share: float = 0.2,
    similarity: Similarity = "dot",
    rank: int = RANK,
    by: Growth | None = None,
    draws: int | None = None,
    operator: str | None = None,
    seed: int = 0,
    progress: Callable[[str], None] | bool | None = None,
    dask: str | None = None,
    wait: float = WAIT_SECONDS,
    keep: str | os.PathLike[str] | None = None,
    **reading: Any,
) -> OwnTrust:
    """Return for each item of a log or a graph how many of its k neighbours are expected to stay when the data grow.

    Parameters
    ----------
    source
        a file, a name, or an object that `read_own` makes interactions or a graph of; dates are used where it has them.
    k, share, similarity, draws, rank, operator
        as in `forecast`; a rank above that of the matrix is lowered.
    by
        how the log grows: by new contexts, or by single interactions; None: as its dates say, and without dates by contexts.
    progress
        as in `spikes_of`.
    dask, wait
        as of `running.run_all`: workers of a cluster analyse the thinned data, with the same numbers.
    keep
        a folder in which thinned data that are analysed are kept, so that the same call later analyses only the others.
    reading
        options of `read_own`.

    Raises
    ------
    ValueError
        for vectors, which cannot be thinned, numbers out of range, or what `read_own` and `theory.analyse` refuse.
    OSError
        as `running.run_all`, where a cluster is lost; what is in `keep` stays.

    Examples
    --------
    >>> found = trust_of("davis", k=5)
    >>> found.table.columns.tolist(), len(found.table)
    (['item', 'forecast', 'low', 'high', 'show'], 18)
    """
    own = read_own(source, **reading)
    if own.kind == "embedding":
        raise ValueError(
            f"{own.name} holds vectors, which cannot be thinned: give the log or the graph that they come from, or two snapshots "
            "of the vectors"
        )
    real = _with_dates(source, own, reading)
    # the last bits follow the number of threads, and with two the eigenpairs cost more, not less
    with told_steps(progress, own.name) as say, errors_of(own.name), one_thread():
        say("analysing")
        found = theory.analyse(real.matrix, rank, kind=real.kind, operator=operator, tol=RESIDUAL)
        say("forecasting")
        trust, checked = forecast_and_check(
            real,
            rank,
            np.random.default_rng(seed),
            by=by,
            operator=operator,
            found=found,
            share=share,
            k=k,
            similarity=similarity,
            draws=draws,
            where=Where(dask, keep, wait, lambda step: say(f"forecasting: {step}")),
        )
    names = trust.items if own.items is None else np.asarray(own.items)[trust.items]
    columns = {"forecast": trust.forecast, "low": trust.low, "high": trust.high}
    shown = np.where(trust.not_shown, "no", "yes")
    table = pd.DataFrame({"item": names, **{key: x.round(4) for key, x in columns.items()}, "show": shown})
    notes = (
        *own.notes,
        *left_out(real.n_items, found),
        trust.how,
        *_about_growth(real.kind, by, checked),
        *found.embedding.notes,
    )
    return OwnTrust(own.name, trust, table, checked, notes, _conclusion(trust, real.kind))


def _with_dates(source: Any, own: OwnMatrix, reading: dict[str, Any]) -> RealMatrix:
    """The matrix as `own` holds it, with its dates if the source has any."""
    if own.kind == "graph":
        return RealMatrix(own.name, graph=own.data)
    times = None
    if isinstance(source, RealMatrix):
        times = source.times
    elif not isinstance(source, OwnMatrix) and not _read_as_vectors(source, reading):
        of_log = {key: value for key, value in reading.items() if key not in OF_VECTORS}
        times = load(source, **of_log).times
    return RealMatrix(own.name, interactions=own.data, times=times)


def _read_as_vectors(source: Any, reading: dict[str, Any]) -> bool:
    """Whether `read_own` reads a path as a dense array, of which the caller says that it holds interactions."""
    options = {key: value for key, value in reading.items() if key not in OF_ITEMS}
    return is_embedding(source, **options)


def _about_growth(kind: str, by: Growth | None, checked: CheckedForecast | None) -> tuple[str, ...]:
    """A sentence on how the log is taken to grow, and from where that is known."""
    if kind == "graph":
        return ()
    how = {
        "contexts": "by new contexts",
        "interactions": "by interactions in contexts that are there already",
    }
    why = (
        "as asked for" if by else "as its dates say" if checked else "which is usual; it has no dates to tell"
    )
    grows = by or (checked.by if checked else "contexts")
    said = (f"the log is taken to grow {how[grows]}, {why}",)
    if checked is None or not checked.corrects:
        return said
    return (
        *said,
        "the forecast is corrected by what stayed of the earlier part, as if the log went on as it did since then",
    )


def _conclusion(trust: Trust, kind: str) -> str:
    """How many lists should not be shown, in a sentence."""
    bad, what = int(trust.not_shown.sum()), "graph" if kind == "graph" else "log"
    grows = f"when the {what} grows by {trust.share:.0%} (at f = {trust.rank})"
    count = f"of {len(trust.items):,} items"
    if not bad:
        return (
            f"{count}, all lists can be shown: at least half of their neighbours are expected to stay {grows}"
        )
    return f"{count}, lists of {bad:,} should not be shown: less than half of their neighbours are expected to stay {grows}"
