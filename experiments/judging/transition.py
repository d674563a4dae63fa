"""Old spellings of claims, until every file is rewritten."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from experiments.judging.claim import SIZES, Arm
from experiments.judging.criterion import Criterion as NewCriterion
from experiments.judging.estimand import Estimand
from experiments.running.study import Study


def Criterion(
    estimand: str,
    relation: Any,
    threshold: float,
    origin: str,
    otherwise: str = "refuted",
    condition: str = "",
    statistic: Any = "mean",
) -> NewCriterion:
    """Old criterion."""
    name = Estimand(estimand, estimand.replace("_", " "))
    asks = f"{estimand} is {'at most' if relation == '<=' else 'at least'} {{threshold}}"
    return NewCriterion(
        name,
        relation,
        threshold,
        asks,
        origin,
        "it fails",
        condition if otherwise == "qualified" else "",
        statistic,
    )


def from_study(study: Callable[..., Study], matrices: tuple[str, ...] = ()) -> dict[str, Any]:
    """Old study."""

    def arms(size: Any, names: tuple[str, ...] = ()) -> tuple[Arm, ...]:
        whole = study(size, names) if matrices else study(size)
        kinds: dict[str, list[Any]] = {}
        for cell in whole.grid:
            kinds.setdefault(str(cell["arm"]), []).append(cell)
        return tuple(
            Arm(vote, cells, whole.trial, whole.roles, fixed=whole.fixed)  # type: ignore[arg-type]
            for vote, cells in kinds.items()
        )

    return {
        "arms": arms,
        "replicates": {size: study(size).replicates for size in SIZES},
        "version": study("default").version,
    }
