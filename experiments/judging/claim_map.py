"""Where does a claim hold? A map: the outcome of its rule at points that fill its domain, and the boundary that tells them apart.

Candidates are the parameters and derived quantities of the domain, one or two at a time, on the scales on which they are even.
Each is fitted by logistic regression (scikit-learn) and judged by the share of points that it tells wrong in five-fold
cross-validation. The simplest one within a fiftieth of the best is proposed; whoever writes the claim freezes it in its file,
with words for the region.
"""

from __future__ import annotations

import itertools
import os
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.judging.boundary import Boundary
from experiments.judging.claim import REPLICATES, Claim
from experiments.judging.domain import Choice, Domain
from experiments.judging.drawn_points import plot_points
from experiments.judging.family import JudgedPoint
from experiments.judging.origin import blaming, module_of, place_of
from experiments.judging.sentences import OUTCOMES
from experiments.judging.shown_judgement import points_frame, tally
from experiments.judging.verdict import LEVEL
from simulate.notebook_tables import cut, html_card
from simulate.optional import require_extra
from simulate.plot_axes import axis_to_draw_on, title_axis
from simulate.progress import Progress
from simulate.validation import require_integer

MAP, FALSIFY, AGAIN = "map", "falsify", "falsify-again"  # words in the names of studies
SEARCHES = (AGAIN, FALSIFY, MAP)
MAP_POINTS = 100
FOLDS = 5
WORTH_A_SECOND = 0.02  # of the points told rightly: what a second quantity must add


@dataclass(frozen=True)
class ClaimMap:
    """The judged points of a claim's domain and the boundary fitted to them, None where all decided points agree.

    `commoner` is the share of decided points told wrong by guessing the commoner outcome everywhere; `theory` says for each
    derived quantity with a border of the theory's own how large a share of the decided points that border tells rightly.
    """

    claim: Claim
    points: tuple[JudgedPoint, ...]
    boundary: Boundary | None
    commoner: float
    theory: dict[str, float]

    def to_frame(self) -> pd.DataFrame:
        """Return one row per point: its parameters and derived quantities, `outcome`, and the estimate of each criterion."""
        return points_frame(require_domain(self.claim), self.points)

    def plot(self, axis: Any = None) -> Any:
        """Draw the points by outcome, with the fitted boundary, on a matplotlib axis (None: pyplot's current one); return it.

        Raises
        ------
        ValueError
            for a claim whose domain has fewer than two quantities that are numbers.
        """
        axis = axis_to_draw_on(axis)
        points = [(judged.point, OUTCOMES[judged.met]) for judged in self.points]
        plot_points(axis, require_domain(self.claim), points, self.boundary)
        axis.legend(fontsize="small")
        return title_axis(axis, self._said())

    def _said(self) -> str:
        return f"{cut(self.claim.id, 20)} at {len(self.points)} points of its domain: {tally([p.met for p in self.points])}"

    def _repr_html_(self) -> str:
        domain, found = require_domain(self.claim), self.boundary
        facts = {
            "domain": str(domain),
            "true where": found.formula(domain) if found else "no boundary could be fitted",
            "told wrong by it, in cross-validation": f"{found.error:.1%}" if found else None,
            "told wrong by the commoner outcome": f"{self.commoner:.1%}",
        }
        rows = [(name, f"{right:.1%}") for name, right in self.theory.items()]
        return html_card(self._said(), facts, ("border of the theory in", "points told rightly"), rows)

    def __repr__(self) -> str:
        return f"ClaimMap({self._said()})"


def map_claim(
    claim: Claim,
    *,
    points: int = MAP_POINTS,
    replicates: int = REPLICATES,
    seed: int = 0,
    workers: int = 1,
    dask: str | None = None,
    out: str | os.PathLike[str] | None = None,
    progress: Progress | bool | None = None,
) -> ClaimMap:
    """Judge a claim at points that fill its domain, and fit the boundary between those where it is met and where it fails.

    `workers`, `dask`, `out` and `progress` are those of `run_all`: a store continues where it stopped.

    Raises
    ------
    ValueError
        for a claim without a domain, fewer than ten points, or a trial that fails.
    """
    domain = require_domain(claim)
    require_integer(points, "points", least=10)
    options: dict[str, Any] = {"workers": workers, "dask": dask, "store": out, "progress": progress}
    with blaming(claim):
        design = domain.design(points, seed=seed)
    judged = judged_on(claim, design, MAP, replicates, seed=seed, **options)
    decided = [point for point in judged if point.met is not None]
    met = np.array([point.met for point in decided], dtype=bool)
    with blaming(claim):
        theory = {
            quantity.name: float(np.mean((values >= quantity.border) == met))
            for quantity in domain.derived
            if quantity.border is not None and len(met)
            for values in [np.array([quantity.function(point.point) for point in decided])]
        }
        boundary = fit_boundary(domain, decided)
    commoner = float(min(met.mean(), 1 - met.mean())) if len(met) else 0.0
    return ClaimMap(claim, judged, boundary, commoner, theory)


def require_domain(claim: Claim) -> Domain:
    """Return the domain of a claim. Raises `ValueError` where it has none."""
    if claim.domain is None:
        place = f"{place}: " if (place := place_of(claim)) else ""
        raise ValueError(
            f"{place}claim {claim.id} is decided at one configuration; only a claim with a domain has a map"
        )
    return claim.domain


def judged_on(
    claim: Claim,
    points: list[dict[str, Any]],
    word: str,
    replicates: int,
    level: float = LEVEL,
    **options: Any,
) -> tuple[JudgedPoint, ...]:
    """Run the arms that vote for the claim at these points and return the judgement at each; `options` are those of `run_all`.

    Studies and draws are named by `word`, so that they are not those of `verify`.

    Raises
    ------
    ValueError
        if a trial fails.
    """
    from experiments.running.runner import run_all

    name = f"{claim.id}-{word}"
    module_of(claim)  # workers get its source
    with blaming(claim):
        arms = claim.arms_on(points)
        studies = [arm.study(name, replicates=replicates, version=claim.version, draws=name) for arm in arms]
    tables = run_all(studies, retry_failed=True, **options)
    rows = pd.concat(
        [tables[study.name].assign(vote="claim", arm=arm.called) for arm, study in zip(arms, studies)],
        ignore_index=True,
    )
    failed = rows[rows["error"].notna()]
    if len(failed):
        place = f"{place}: " if (place := place_of(claim)) else ""
        raise ValueError(
            f"{place}{len(failed)} of {len(rows)} trials of claim {claim.id} fail: {failed['error'].iloc[0]}"
        )
    with blaming(claim):
        return claim.judged_points(rows, level=level)


def fit_boundary(domain: Domain, decided: list[JudgedPoint]) -> Boundary | None:
    """Return the boundary that tells decided points apart, its words still to be written; None where all agree, or nearly.

    Raises
    ------
    ModuleNotFoundError
        without scikit-learn.
    """
    met = np.array([point.met for point in decided], dtype=bool)
    if len(met) - FOLDS < met.sum() or met.sum() < FOLDS:
        return None
    require_extra("learn", "fitting a boundary")
    names = [q.name for q in domain.derived] + [p.name for p in domain.parameters if _is_number(p)]
    columns = {name: np.array([domain.coordinate(name, point.point) for point in decided]) for name in names}
    usable = [name for name in names if np.ptp(columns[name]) > 0]
    candidates: list[tuple[str, ...]] = [
        *itertools.combinations(usable, 1),
        *itertools.combinations(usable, 2),
    ]
    errors = {chosen: _cross_validated(_table(columns, chosen), met) for chosen in candidates}
    best = {
        size: min((c for c in candidates if len(c) == size), key=errors.__getitem__)
        for size in {len(c) for c in candidates}
    }
    chosen = best[1]
    if 2 in best and errors[best[1]][0] - errors[best[2]][0] >= WORTH_A_SECOND:
        chosen = best[2]
    slopes, constant = _fitted(_table(columns, chosen), met)
    terms = {name: float(f"{slope:.3g}") for name, slope in zip(chosen, slopes)}
    return Boundary(
        " and ".join(chosen), terms, float(f"{constant:.3g}"), len(decided), round(errors[chosen][0], 3)
    )


def _is_number(parameter: Any) -> bool:
    return not isinstance(parameter, Choice) or all(
        isinstance(value, int | float) and not isinstance(value, bool) for value in parameter.values
    )


def _table(columns: dict[str, NDArray[np.float64]], chosen: tuple[str, ...]) -> NDArray[np.float64]:
    return np.column_stack([columns[name] for name in chosen])


def _cross_validated(table: NDArray[np.float64], met: NDArray[np.bool_]) -> tuple[float, float]:
    """Return the share told wrong and the log loss in cross-validation; the loss orders candidates that tell the same share."""
    from sklearn.metrics import log_loss
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    chance = cross_val_predict(_model(), table, met, cv=folds, method="predict_proba")[:, 1]
    return float(np.mean((chance >= 0.5) != met)), float(log_loss(met, chance))


def _fitted(table: NDArray[np.float64], met: NDArray[np.bool_]) -> tuple[NDArray[np.float64], float]:
    """Return the slopes and the constant of the logistic regression on the scales of the table."""
    model = _model().fit(table, met)
    scaler, regression = model[0], model[1]
    slopes = regression.coef_[0] / scaler.scale_
    return slopes, float(regression.intercept_[0] - slopes @ scaler.mean_)


def _model() -> Any:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), LogisticRegression(C=10.0))
