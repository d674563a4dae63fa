"""A4. Spikes of U Sigma certify a block model of the matrix.

The Gram matrix of U Sigma is M_f^2, and for it the bounds of rows near rays hold as they do in U|Lambda|^(1/2). To return to
M_f = E Lambda^-1 E' every entry is divided by an eigenvalue, the small ones too (docs/theory.md, section 2.5). Both errors are
measured on the rows within the paper's cone, cosine 0.9, of the axis of their community.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import theory
from experiments.claims.draws import sampled_embedding
from experiments.claims.families import BLOCKS, NODES, SPREAD, block_model, degree_over_noise
from experiments.judging.boundary import Boundary
from experiments.judging.claim import Arm, Claim
from experiments.judging.criterion import Criterion, Rule
from experiments.judging.domain import Derived, Domain, Range
from experiments.judging.estimand import Estimand
from experiments.judging.family import Rival
from experiments.judging.figure import Figure
from experiments.running.study import Cell

PAIRS = 20_000
THRESHOLD = 0.15  # relative error of the block model
# the relative error of the block model is (2 / this)^(1/2) to first order
LESS_NOISE = Derived(
    "less_noise",
    "mean degree over the angular noise Γ of the communities",
    degree_over_noise,
    border=2 / THRESHOLD**2,
)
MANY = 600_000  # ends of edges
DOMAIN = Domain(
    (
        NODES,
        BLOCKS,
        Range(
            "mean_degree",
            20,
            800,
            "mean degree",
            "from sparse graphs to dense ones, whose rows are near rays",
        ),
        SPREAD,
        Range(
            "mixing",
            0.01,
            0.5,
            "mixing",
            "affinity between communities over that within: hardly any, to a half",
        ),
    ),
    "as many dimensions as communities, communities of equal size, log-normal popularity",
    dear=lambda point: point["n"] * point["mean_degree"] > MANY,
    dear_words=f"graphs of more than {MANY // 2:,} edges",
    derived=(LESS_NOISE,),
)
ROLES = {"graph": DOMAIN.names, "pairs": DOMAIN.names}


def arms(points: Sequence[Cell]) -> tuple[Arm, ...]:
    """A block model at each point; labels shuffled among the rows are the control."""
    return Arm("claim", points, trial, ROLES), Arm("control", points[:4], shuffled_trial, ROLES)


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Certify block models of M_f and of its square from the rows near the axis of their community."""
    return _certified(*_near_axes(cell, rngs["graph"]), rngs["pairs"])


def shuffled_trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Do the same with the labels shuffled."""
    embedding, labels = _near_axes(cell, rngs["graph"])
    return _certified(embedding, rngs["graph"].permutation(labels), rngs["pairs"])


def _near_axes(
    cell: Mapping[str, Any], rng: np.random.Generator
) -> tuple[theory.Embedding, NDArray[np.int64]]:
    """The embedding of a graph, and the labels of the rows within cosine 0.9 of the axis of their community, -1 elsewhere."""
    model = block_model(cell, rng)
    embedding = sampled_embedding(model, cell["blocks"], rng)
    near = theory.cosines_to_axes(embedding.vectors("full"), model.labels) > 0.9
    return embedding, np.where(near, model.labels, -1)


def _certified(
    embedding: theory.Embedding, labels: NDArray[np.int64], rng: np.random.Generator
) -> dict[str, Any]:
    """Relative errors of certified block models, of one block for all rows too, and the largest share of its bound used."""
    row: dict[str, Any] = {"on_spikes": float((labels >= 0).mean())}
    one = np.minimum(labels, 0)
    for name, certifies, power, parts in (
        ("square", "M^2", 2, labels),
        ("matrix", "M", 1, labels),
        ("one_block", "M", 1, one),
    ):
        found = theory.certify(embedding, parts, scaling="full", certifies=certifies)  # type: ignore[arg-type]
        i, j = rng.integers(0, found.rows.size, (2, PAIRS))
        u, theta, z = embedding.basis[found.rows], found.propensities, found.labels
        true = ((u[i] * embedding.eigenvalues**power) * u[j]).sum(axis=1)
        error = np.abs(true - theta[i] * theta[j] * found.affinity[z[i], z[j]])
        row[f"{name}_used"] = float((error / np.maximum(found.entry_bound(i, j), 1e-300)).max())
        row[f"{name}_error"] = float(np.sqrt(np.square(error).sum() / np.square(true).sum()))
    return row


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the largest share of a bound that an entry uses, and the relative error of the block model of the matrix."""
    used = rows[["square_used", "matrix_used"]].max(axis=1)
    return pd.DataFrame({"used": used, "matrix_error": rows["matrix_error"]})


def measurements(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the same error for the square of the matrix, whose Gram matrix that of U Sigma is."""
    words = "relative error of the block model of the square of the truncated matrix, mean over points"
    claimed = rows[rows["vote"] == "claim"]
    return pd.DataFrame({Estimand("square", words, "%"): claimed.groupby("replicate")["square_error"].mean()})


def _long(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows[rows["vote"] == "claim"]
    quantity = [LESS_NOISE.function(cell) for cell in rows[list(DOMAIN.names)].to_dict("records")]
    rows = rows.assign(less_noise=quantity)
    words = {
        "square": "of the squared matrix",
        "matrix": "of the matrix",
        "one_block": "of the matrix, one block for all",
    }
    return pd.concat(rows.assign(error=rows[f"{name}_error"], of=of) for name, of in words.items())


claim = Claim(
    id="A4",
    title="Spikes of U Sigma certify a block model",
    statement="Rows of U Sigma within the paper's cone (cosine 0.9) of the axis of their community certify that the truncated "
    "matrix itself is near a block model, off by at most 15 %.",
    source="Theorem 3.4 (as reconstructed) in the paper's scaling; docs/theory.md, section 2.5.",
    expected="qualified",
    arms=arms,
    version=3,
    domain=DOMAIN,
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                Estimand("used", "error of an entry, as a share of its bound", "%"),
                "<=",
                1.0,
                asks="no entry differs from the block model by more than {threshold} of its proved bound",
                origin="the bound is proved: no entry may exceed it",
                failure="entries differ from the block model by more than the bound that is proved",
                statistic="max",
            ),
            Criterion(
                Estimand("matrix_error", "relative error of the block model of the truncated matrix", "%"),
                "<=",
                THRESHOLD,
                asks="the block model of the truncated matrix is off by at most {threshold}",
                origin="half of what one block for all rows leaves at a mixing of a half, and of what the cone allows in a spike",
                failure="rows in the paper's cone belong to a matrix that is not near the block model",
            ),
        )
    ),
    rivals=(Rival("one block for all rows", lambda rows: rows.assign(matrix_error=rows["one_block_error"])),),
    boundary=Boundary(
        "the mean degree is at least 70 times Γ, the noise of angles between communities at degree 1",
        {"less_noise": 3.61},
        -15.3,
        96,
        0.01,
    ),
    measurements=measurements,
    control="labels shuffled among the rows",
    figures=(
        Figure(
            kind="scatter",
            x="less_noise",
            y="error",
            hue="of",
            log="xy",
            xlabel="mean degree over the angular noise Γ of the communities",
            ylabel="relative error of the certified block model",
            finding="the block model of the matrix is off by {matrix_error:.0%} at the worst of the models",
            lines=(("threshold", THRESHOLD),),
            points=_long,
        ),
    ),
)
