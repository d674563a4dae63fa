"""C8. Failures leave signatures: flat Spk, a rapid rise, instability at all norms.

They are said to mean no communities, noise, and a broken embedding. Each signature is a number of the matrix alone with a
threshold, which was set where it tells the cases of 60 models of the domain best, and is judged on other models; no threshold of
the rapid rise told them better than chance, so that it keeps a round one. A signature is as good as the mean of two shares: of
the cases of the failure which it is said to mean that show it, and of the other cases that do not. One half is chance.

- flat: Spk at f = 8 is more than three quarters of that of a graph of the same degrees without communities.
- rise: peaks grow more than eightfold from f = 8 to f = 24.
- unstable: in every fifth of the norm, the overlap at k = 20 between two graphs that lack a fifth of the edges each is below a
fifth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

import theory
from experiments.claims.families import DEGREE, MIXING, SPREAD, VISIBILITY, block_model, visibility
from experiments.judging.claim import Arm, Claim
from experiments.judging.criterion import Criterion, Rule
from experiments.judging.domain import Choice, Domain, Range
from experiments.judging.estimand import Estimand
from experiments.judging.figure import Figure
from experiments.running.study import Cell
from simulate import sample_graph, thin_graph
from simulate.nulls import chung_lu

VISIBLE, DROWNED = 1.2, 0.6  # times the edge: the communities of healthy graphs at least, and of noisy ones
FEWEST = 3.0  # edges a node of a noisy graph, so that few are left without any
FEW, MANY = 8, 24
CASES = ("healthy", "no communities", "noisy", "broken")
# a signature: the failure that it is said to mean, its threshold, and the side on which it shows
SIGNATURES = {
    "rise": ("noisy", 8.0, 1),
    "flat": ("no communities", 0.75, 1),
    "unstable": ("broken", 0.2, -1),
}
DOMAIN = Domain(
    (
        Choice("signature", tuple(SIGNATURES), "signature", "the paper's three"),
        Range("n", 400, 800, "nodes", "small catalogues, cheap to sample", whole=True),
        Range("blocks", 2, 16, "communities", "few, to twice the smaller number of dimensions", whole=True),
        DEGREE,
        SPREAD,
        MIXING,
    ),
    "8 and 24 dimensions, communities of equal size, log-normal popularity, rows of U Sigma",
    allowed=lambda cell: visibility(cell) >= VISIBLE,
    allowed_words="the eigenvalues of the communities of healthy graphs are at least 1.2 times the spectral edge",
    derived=(VISIBILITY,),
)
ROLES = {"graph": ("case", *DOMAIN.names)}


def arms(points: Sequence[Cell]) -> tuple[Arm, ...]:
    """Four labelled cases; in the control the signature is the one that a permutation of the items cannot miss."""

    def cells(at: Sequence[Cell], **changed: str) -> list[dict[str, Any]]:
        return [{"case": case, **point, **changed} for point in at for case in CASES]

    known = cells(points[:4], signature="unstable")
    return Arm("claim", cells(points), trial, ROLES), Arm("control", known, trial, ROLES)


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Look for the signature in this case."""
    value = _value_in(cell["case"], cell, rngs["graph"])
    _, threshold, side = SIGNATURES[cell["signature"]]
    return {"value": value, "shows": float(side * (value - threshold) > 0)}


def _value_in(case: str, cell: Cell, rng: np.random.Generator) -> float:
    """The number in which the signature shows."""
    degree: float = cell["mean_degree"]
    if case == "noisy":
        degree = max(degree * (DROWNED / visibility(cell)) ** 2, FEWEST)
    graph = sample_graph(block_model({**cell, "mean_degree": degree}, rng), rng, law="poisson")
    if case == "no communities":
        graph = chung_lu(graph, rng)
    return NUMBERS[cell["signature"]](graph, case == "broken", rng)


def _over_null(graph: Any, broken: bool, rng: np.random.Generator) -> float:
    return _peaks(theory.embed(graph, FEW)) / _peaks(theory.embed(chung_lu(graph, rng), FEW))


def _rise(graph: Any, broken: bool, rng: np.random.Generator) -> float:
    embedding = theory.embed(graph, MANY)
    return _peaks(embedding) / theory.spikiness(embedding.vectors("full")[:, :FEW]).n_peaks


def _largest_overlap(graph: Any, broken: bool, rng: np.random.Generator) -> float:
    """The largest over fifths of the norm; in a broken embedding vectors belong to other items."""
    one, two = (theory.embed(thin_graph(graph, 0.8, rng), FEW).vectors("full") for _ in range(2))
    two = two[rng.permutation(len(two))] if broken else two
    return float(np.nanmax(theory.stability(one, two, 20, rng=rng, n_queries=20).overlap))


NUMBERS = {"rise": _rise, "flat": _over_null, "unstable": _largest_overlap}


def _peaks(embedding: theory.Embedding) -> int:
    return theory.spikiness(embedding.vectors("full")).n_peaks


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Return how well the signature tells its own failure from the other cases."""
    kind = SIGNATURES[rows["signature"].iloc[0]][0]
    seen = rows.pivot(index="replicate", columns="case", values="shows")
    return pd.DataFrame({"told": (seen[kind] + 1 - seen.drop(columns=kind).mean(axis=1)) / 2})


def measurements(rows: pd.DataFrame) -> pd.DataFrame:
    """Return how often each signature appears in each case, over points."""
    claimed = rows[rows["vote"] == "claim"]
    table = claimed.pivot_table(index="replicate", columns=["signature", "case"], values="shows")
    return table.set_axis(
        [Estimand(f"{s} {case}", f"signature '{s}', case '{case}', shows", "%") for s, case in table], axis=1
    )


claim = Claim(
    id="C8",
    title="Failures leave signatures",
    statement="A flat Spk means no communities, a rapid rise means noise, and low stability at all norms a broken embedding: one "
    "threshold for all models tells each from the other cases in at least three quarters of them.",
    source="The paper's reading of its curves (as reconstructed); docs/theory.md, sections 6.1, 6.2 and 9.1.",
    expected="qualified",
    arms=arms,
    version=3,
    domain=DOMAIN,
    reach="always",
    # the rapid rise at one of the 100 points of a map
    counterexample={
        "signature": "rise",
        "n": 794,
        "blocks": 4,
        "mean_degree": 141.0,
        "cv": 0.504,
        "mixing": 0.142,
    },
    finding="A rapid rise comes with healthy graphs and with missing communities, and hardly ever with noise; low stability "
    "tells a broken embedding everywhere, and a flat Spk missing communities at most points.",
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                Estimand("told", "how well the signature tells its own failure from the other cases", "%"),
                ">=",
                0.75,
                asks="the signature tells its own failure from the other cases in at least {threshold}, where chance gives "
                "one half",
                origin="midway between chance and certainty",
                failure="the signature does not tell its own failure from other cases",
            ),
        ),
        control=("holds",),
    ),
    measurements=measurements,
    control="instability in place of the point's signature: where items are permuted, stability is lost whatever the model",
    figures=(
        Figure(
            kind="bar",
            x="signature",
            y="shows",
            hue="case",
            xlabel="signature",
            ylabel="how often it appears",
            finding="a rapid rise does not tell noise from healthy graphs; low stability tells broken embeddings",
            points=lambda rows: rows[rows["vote"] == "claim"],
        ),
    ),
)
