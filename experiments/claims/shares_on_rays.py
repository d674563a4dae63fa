"""Which share of the rows lies within a cone of the axis of their community: measured in a sample, predicted, and by rivals.

The resummed local law predicts the share from the model alone (docs/theory.md, section 4.5). Its rivals go through the same
function: the Gaussian law of first order, and the resummed law of a model with half of the edges. The last rival is
one share for all models.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

import theory
from experiments.claims.draws import sampled_embedding
from experiments.claims.families import block_model, block_sizes
from experiments.judging.claim import Size
from experiments.judging.criterion import Criterion, Relation
from experiments.judging.domain import Choice, Range
from experiments.judging.estimand import Estimand
from experiments.judging.family import Rival
from experiments.running.study import Cell
from simulate import BlockModel
from theory.prediction.collinear_share import collinear_fraction_of

STANDS_OUT = 1.1  # edges of the noise, from which on the prediction is trusted
LEAST, MOST = 0.3, 0.95  # expected shares between which a prediction can be wrong in either direction
MODELS = 3  # drawn at a point, whose mean says what is expected there
TRIED = 200  # models, of which one must stand out
REPLICATES: Mapping[Size, int] = {
    "quick": 10,
    "default": 16,
    "thorough": 16,
}  # ten leave some points undecided
DEGREE = Range(
    "mean_degree", 4, 150, "mean degree", "from graphs as sparse as a young catalogue to dense ones"
)
SPREAD = Range(
    "cv", 0.05, 1.2, "spread of popularity (CV)", "from a plain block model, or nearly so, to a heavy tail"
)
MIXING = Range(
    "mixing", 0.01, 0.5, "mixing", "affinity between communities over that within: hardly any, to a half"
)
CONE = Range("cosine", 0.8, 0.97, "cosine of the cone", "the paper's is 0.9", log=False)
LAW = Choice(
    "law", ("lognormal", "gamma"), "law of popularity", "laws of a bounded tail, so that no hub detaches"
)


def model_at(cell: Cell, rng: np.random.Generator) -> BlockModel:
    """Return a block model of a point, with blocks of unequal sizes where the point says so."""
    return block_model(cell, rng, sizes=block_sizes(cell) if "uneven" in cell else None)


def ratio_of(sample: theory.PredictedSample, rank: int) -> float:
    """Return the magnitude of the eigenvalue of that rank over the edge of the noise."""
    return float(np.abs(sample.model.block_spectrum()[0][rank - 1])) / sample.edge


def can_be_wrong(cell: Cell, stands_out: float = STANDS_OUT, models: int = MODELS) -> bool:
    """Return whether the kept directions are expected that many edges out, and the share to be neither small nor nearly all.

    What is expected is the mean over models drawn at the point, the share by the Gaussian law of first order.
    """
    rngs = [np.random.default_rng(seed) for seed in range(models)]
    samples = [theory.PredictedSample(model_at(cell, rng), "poisson") for rng in rngs]
    if np.mean([ratio_of(sample, rank_of(cell)) for sample in samples]) < stands_out:
        return False
    scaling = cell.get("scaling", "full")
    shares = [
        collinear_fraction_of(
            sample, rng, cosine=cell["cosine"], rank=rank_of(cell), scaling=scaling, method="gaussian"
        ).value
        for sample, rng in zip(samples, rngs)
    ]
    return bool(LEAST <= np.mean(shares) <= MOST)


def allowed_words(stands_out: float = STANDS_OUT) -> str:
    """Return which points those are."""
    return (
        f"the weakest kept direction is expected at {stands_out:g} edges of the noise or beyond, and {LEAST:.0%} to {MOST:.0%} "
        "of the rows in their cones, to first order"
    )


def rank_of(cell: Cell) -> int:
    """Return how many directions of the communities are kept at a point: with `rank`, at most that."""
    return min(int(cell.get("rank", cell["blocks"])), int(cell["blocks"]))


def _share(sample: theory.PredictedSample, cell: Cell, rng: np.random.Generator, **options: Any) -> float:
    scaling: Any = cell.get("scaling", "full")
    return sample.collinear_fraction(
        rng, cosine=cell["cosine"], rank=rank_of(cell), scaling=scaling, **options
    ).value


def compared(
    cell: Cell, rngs: Mapping[str, np.random.Generator], drowned: int = 0, stands_out: float = STANDS_OUT
) -> dict[str, Any]:
    """Return the share that a sample shows, the prediction and its rivals, for a model whose kept directions stand out.

    The affinity of `drowned` communities is cut to the background in the graph that is sampled, and not in the prediction.
    """
    for _ in range(TRIED):
        model = model_at(cell, rngs["graph"])
        sample = theory.PredictedSample(model, "poisson")
        if ratio_of(sample, rank_of(cell)) >= stands_out:
            break
    else:
        raise ValueError(f"of {TRIED} models none has directions that stand out of the noise at {dict(cell)}")
    affinity = model.affinity.copy()
    affinity[np.arange(drowned), np.arange(drowned)] = affinity[0, 1]
    shown = BlockModel(model.propensities, model.labels, affinity)
    vectors = sampled_embedding(shown, int(cell.get("rank", cell["blocks"])), rngs["graph"]).vectors(
        cell.get("scaling", "full")
    )
    cosines = theory.cosines_to_axes(vectors, model.labels, model.n_blocks)
    row = {
        "measured": float((cosines > cell["cosine"]).mean()),
        "predicted": _share(sample, cell, rngs["prediction"]),
    }
    if drowned:
        return row
    fewer = BlockModel(model.propensities, model.labels, model.affinity / 2)
    row["half"] = _share(theory.PredictedSample(fewer, "poisson"), cell, rngs["prediction"])
    return {**row, "gaussian": _share(sample, cell, rngs["prediction"], method="gaussian")}


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Return by how much the measured share exceeds the predicted one."""
    return pd.DataFrame({"gap": rows["measured"] - rows["predicted"]})


def _instead(column: str, rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(predicted=rows[column])


RIVALS = (
    Rival("the Gaussian law of first order", partial(_instead, "gaussian")),
    Rival("one share for all models", lambda rows: rows.assign(predicted=rows["measured"].mean())),
    Rival("the same law for half of the edges", partial(_instead, "half")),
)
_GAP = Estimand("gap", "rows in their cones, measured less predicted", "%")


def within(tolerance: float, origin: str) -> tuple[Criterion, Criterion]:
    """Return the criteria that the predicted share is right up to a tolerance, on either side."""
    sides: tuple[tuple[Relation, float, str], ...] = (("<=", tolerance, "small"), (">=", -tolerance, "large"))
    first, second = (
        Criterion(
            _GAP,
            relation,
            threshold,
            asks=f"the predicted share of rows in their cones is too {word} by at most {told} of the rows, on average",
            origin=origin,
            failure=f"the predicted share is too {word}",
        )
        for (relation, threshold, word), told in zip(sides, [f"{tolerance:.1%}"] * 2)
    )
    return first, second
