"""D8. The norm of an item's vector forecasts how many of its neighbours stay when data arrive.

This is what a catalogue needs of the paper's figure of stability: not that one fifth leads on average, but that the norm of each
item says how far its list can be trusted. What the norm is worth is learned from the data of today alone: the graph is thinned,
and the share of neighbours that each item keeps is fitted as a function of its norm that never falls. The forecast for an item
is the value of that function, and it is held against what the item keeps when the graph grows.

Neighbours are searched by dot product in the whole catalogue, as a recommender does, or inside the item's own fifth of the norm,
as in the authors' code. In the whole catalogue they are the items of largest norm of the item's spike, whatever its own norm
(docs/theory.md, section 9.2), so that its norm says little. In the control each item is given the norm of another one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

import theory
from experiments.claims.families import block_model
from experiments.claims.snapshots import (
    DOMAIN,
    FIFTHS,
    KEPT,
    MATRICES,
    NEIGHBOURS,
    OWN,
    QUERIES,
    RANK,
    old_share,
)
from experiments.claims.snapshots import ROLES as SNAPSHOTS
from experiments.judging.boundary import Boundary
from experiments.judging.claim import POINTS, REPLICATES, Arm, Claim
from experiments.judging.criterion import Criterion, Rule
from experiments.judging.estimand import Estimand
from experiments.judging.family import Rival
from experiments.judging.figure import Figure
from experiments.real.dated_snapshots import dated_logs
from experiments.real.trust import kept_share
from experiments.running.study import Cell, product
from simulate import sample_graph, thin_graph, thin_log

WORDS = {
    "norm": "the norm",
    "degree": "the degree",
    "constant": "the same share for all",
    "shuffled": "the degree of another item",
}
OF_ITEM, OF_ANOTHER = "of the item", "of another item"
ROLES = {"graph": SNAPSHOTS["graph"], "shuffle": SNAPSHOTS["graph"]}


def arms(points: Sequence[Cell], matrices: tuple[str, ...] = MATRICES) -> tuple[Arm, ...]:
    """Forecasts from norms; from those of other items as the control; dated matrices as evidence, but not at the size quick."""
    inside = [{"norms": OF_ANOTHER, **point, "search": OWN} for point in points[:4]]
    shown = (
        Arm("claim", [{"norms": OF_ITEM, **point} for point in points], trial, ROLES),
        Arm("control", inside, trial, ROLES),
    )
    if len(points) <= POINTS["quick"] and matrices == MATRICES:
        return shown
    cells, roles = product(data=matrices), {"thinning": ("data",), "shuffle": ("data",)}
    return (*shown, Arm("evidence", cells, dated_trial, roles, "dated-matrices", fixed=lambda cell: True))


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, float]:
    """Forecast how many neighbours each item keeps when a graph grows, from its norm today, and score the forecast."""
    rng = rngs["graph"]
    later = sample_graph(block_model(cell, rng), rng, law="poisson")
    now = thin_graph(later, old_share(cell), rng)
    before = thin_graph(now, kept_share(cell["new"], "dot"), rng)
    rows = [theory.embed(graph, cell["blocks"]).vectors("full") for graph in (before, now, later)]
    degrees = np.asarray(now.sum(axis=1))
    return _scores(rows, degrees, cell["search"] == OWN, cell["norms"] == OF_ANOTHER, rngs["shuffle"])


def dated_trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, float]:
    """Do the same on a dated real matrix at rank 32, from four fifths of its pairs in time to all of them.

    Raises
    ------
    ValueError
        for a matrix without contexts and dates.
    """
    from experiments.matrices import load

    logs = dated_logs(load(cell["data"]), share=KEPT)
    if logs is None:
        raise ValueError(f"{cell['data']} must have contexts and dates to have a forecast to check")
    now, later = logs
    before = thin_log(now, kept_share(1 / KEPT - 1, "dot"), rngs["thinning"])
    found = [theory.analyse(log, RANK, kind="interactions") for log in (before, now, later)]
    rows = [np.zeros((now.shape[1], one.embedding.rank)) for one in found]
    for one, mine in zip(found, rows):
        mine[one.items] = one.embedding.vectors("full")
    return _scores(rows, np.asarray(now.sum(axis=0)), False, False, rngs["shuffle"])


def _scores(
    rows: Sequence[NDArray[Any]],
    degrees: NDArray[Any],
    inside: bool,
    exchanged: bool,
    rng: np.random.Generator,
) -> dict[str, float]:
    """The correlation of each forecast with what items keep; rows are those before, now and later."""
    live = np.flatnonzero(rows[1].any(axis=1))
    norms = np.linalg.norm(rows[1][live], axis=1)
    fifths = np.argsort(np.argsort(norms, kind="stable"), kind="stable") * FIFTHS // live.size
    asked = np.sort(rng.choice(live.size, min(FIFTHS * QUERIES // 2, live.size), replace=False))
    lists = [_lists(x[live], asked, fifths if inside else None) for x in rows]
    norms, degrees = norms[asked], degrees[live[asked]]
    past, seen = (theory.shared_neighbours(lists[1], other) for other in (lists[0], lists[2]))
    forecasts = {
        "norm": _rising(rng.permutation(norms) if exchanged else norms, past),
        "degree": _rising(degrees, past),
        "constant": np.full(asked.size, past.mean()),
        "shuffled": _rising(rng.permutation(degrees), past),
    }
    scores = {name: _correlation(f, seen) for name, f in forecasts.items()}
    return {**scores, "kept": float(seen.mean()), "expected": float(past.mean())}


def _lists(rows: NDArray[Any], asked: NDArray[np.int64], parts: NDArray[Any] | None) -> NDArray[np.int64]:
    """The neighbours (q, k) of some rows by dot product, among all or their own part; none of a row, or for a row, of norm 0."""
    similarity: Literal["dot", "within"] = "dot" if parts is None else "within"
    lists = theory.top_k(rows, NEIGHBOURS, similarity=similarity, membership=parts, queries=asked).indices
    empty = ~rows.any(axis=1)
    lists[empty[asked]] = -1
    lists[empty[lists] & (lists >= 0)] = -1
    return lists


def _correlation(forecast: NDArray[np.float64], seen: NDArray[np.float64]) -> float:
    """Pearson's correlation, 0 where one of the two is the same for all items."""
    if not np.ptp(forecast) or not np.ptp(seen):
        return 0.0
    return float(np.corrcoef(forecast, seen)[0, 1])


def _rising(of: NDArray[Any], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The values fitted by least squares as a function of `of` that never falls, at each item."""
    order = np.argsort(of, kind="stable")
    fitted = np.empty(len(values))
    fitted[order] = isotonic_regression(values[order]).x
    return fitted


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the correlation of the forecast from norms with what items keep."""
    return rows.set_index("replicate")[["norm"]]


def measurements(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the same for each forecast: mean over the points, and of each dated matrix."""
    found = {}
    rows = rows[rows["vote"] != "control"]
    where = rows["data"].fillna("") if "data" in rows else pd.Series("", index=rows.index)
    where = where.mask(where == "", "searched in the " + rows["search"])
    for place, part in rows.groupby(where):
        by = part.groupby("replicate").mean(numeric_only=True)
        for name in ("norm", "degree"):
            words = f"correlation of what items keep with the forecast from {WORDS[name]}, mean, {place}"
            found[Estimand(name, words)] = by[name]
    return pd.DataFrame(found)


def _by_forecast(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows[rows["vote"] == "claim"]
    return pd.concat(
        pd.DataFrame(
            {"kept": rows["kept"], "correlation": rows[name], "forecast": f"{WORDS[name]}, " + rows["search"]}
        )
        for name in ("norm", "degree")
    )


claim = Claim(
    id="D8",
    title="Norms forecast which neighbours can be trusted",
    statement="When a block model grows, the norm of each item's vector in U Sigma forecasts the share of its neighbours by dot "
    "product that it keeps: a forecast from norms, learned on the data of today, has a correlation of at least 0.3 with it.",
    source="What the paper's figure of stability is used for (as reconstructed); docs/theory.md, sections 9.1, 9.2 and 9.5.",
    expected="qualified",
    version=1,
    arms=arms,
    replicates={"quick": REPLICATES, "default": 2 * REPLICATES, "thorough": 2 * REPLICATES},
    domain=DOMAIN,
    estimates=estimates,
    boundary=Boundary(
        "neighbours are searched inside the item's own fifth of the norm",
        {"own": 8.46},
        -4.05,
        points=29,
        error=0.0,
    ),
    rivals=tuple(
        Rival(words, lambda rows, name=name: rows.assign(norm=rows[name]))  # type: ignore[misc]
        for name, words in WORDS.items()
        if name in ("constant", "shuffled")
    ),
    rule=Rule(
        (
            Criterion(
                Estimand("norm", "correlation of the forecast from norms with what items keep"),
                ">=",
                0.3,
                asks="the forecast from norms has a correlation of at least {threshold} with the shares that items keep",
                origin="what Cohen (1988) calls a medium effect; less is not seen by eye",
                failure="the norm says next to nothing of which items keep their neighbours",
            ),
        ),
        control=("refuted",),
    ),
    matrices=MATRICES,
    dated=True,
    measurements=measurements,
    control="each item is given the norm of another one, searched inside the own fifth",
    figures=(
        Figure(
            kind="scatter",
            x="kept",
            y="correlation",
            hue="forecast",
            xlabel=f"share of {NEIGHBOURS} neighbours that items keep, mean",
            ylabel="correlation of the forecast with what each item keeps",
            lines=(("0.3", 0.3),),
            finding="the forecast from norms has a correlation of {norm:.2f} with what items keep",
            points=_by_forecast,
        ),
    ),
)
