"""B7. The vector of largest norm represents its spike.

It is the row with the most edges, and so the least noisy one. But the mean row of node i is multiplied by
1 / (1 - (V g)_i / z_k), a factor of its own in each dimension k, which is far from 1 for hubs: in sparse graphs of heavy tails
the loudest rows bend away from the ray of their community (docs/theory.md, section 5.5). Measured is the share of the community
that lies nearer to its axis than the loudest row. The axis is that of the other rows, each at length 1: the loudest row would
pull an axis of its own making towards itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

import theory
from experiments.claim import Claim, Figure, Size, at
from experiments.study import Study
from experiments.verdict import Criterion, Rule
from simulate import BlockModel, Heterogeneity, LogNormal, Pareto, dcbm, sample_graph

BLOCKS = 4
GRAPHS: dict[str, tuple[Heterogeneity, float, float]] = {  # propensities, mean degree, mixing
    "dense, mild tail": (LogNormal(0.5), 120.0, 0.1),
    "sparse, heavy tail": (Pareto(2.0, maximum=60.0), 20.0, 0.3),
}


def study(size: Size) -> Study:
    """A dense and a sparse graph; in the control a random row of the community stands for it."""
    n = at(size, quick=2000, default=2000, thorough=4000)
    cells = [{"arm": arm, "graph": name, "n": n} for arm in ("claim", "control") for name in GRAPHS]
    return Study(
        f"B7-{size}",
        cells,
        trial,
        replicates=at(size, quick=20, default=50, thorough=120),
        version=2,
        roles={"graph": ("graph", "n"), "choice": ("graph", "n")},
    )


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """The share of its community that lies nearer to the axis than the loudest row, and what bending predicts."""
    law, degree, mixing = GRAPHS[cell["graph"]]
    model = dcbm(cell["n"], BLOCKS, heterogeneity=law, mean_degree=degree, mixing=mixing, rng=rngs["graph"])
    graph = sample_graph(model, rngs["graph"], law="poisson")
    vectors = theory.embed(graph, BLOCKS).vectors("full")
    nearer, angles, bends = [], [], []
    means = _bent(model) if cell["arm"] == "claim" else vectors
    for block in range(BLOCKS):
        norms = np.linalg.norm(vectors, axis=1)
        mine = np.flatnonzero((model.labels == block) & (norms > 0))
        norms = norms[mine]
        chosen = int(np.argmax(norms)) if cell["arm"] == "claim" else int(rngs["choice"].integers(mine.size))
        directions = vectors[mine] / norms[:, None]
        axis = np.linalg.svd(np.delete(directions, chosen, axis=0), full_matrices=False)[2][0]
        cosines = directions @ (axis if (directions @ axis).sum() > 0 else -axis)
        nearer.append(float((cosines > cosines[chosen]).mean()))
        angles.append(float(np.degrees(np.arccos(np.clip(cosines[chosen], -1, 1)))))
        bent = theory.cosines_to_axes(means[mine], np.zeros(mine.size, int), 1)
        bends.append(float(np.degrees(np.arccos(np.clip(bent[chosen], -1, 1)))))
    return {
        "nearer": float(np.mean(nearer)),
        "degrees": float(np.mean(angles)),
        "bend": float(np.mean(bends)),
    }


def _bent(model: BlockModel) -> Any:
    """The mean rows of U Sigma, with each hub's own factor in each dimension."""
    found = theory.outliers(model, "poisson")
    return found.means()[:, :BLOCKS] * np.abs(found.eigenvalues[:BLOCKS])


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """The share of rows nearer to the axis than the representative, for both graphs."""
    table = rows.pivot_table(index="replicate", columns="graph", values="nearer")
    return pd.DataFrame({"dense": table["dense, mild tail"], "sparse": table["sparse, heavy tail"]})


claim = Claim(
    id="B7",
    title="The loudest vector represents its spike",
    statement="The vector of largest norm points along its spike better than most of the vectors that it stands for.",
    source="The representatives of Theorem 3.4 (as reconstructed); docs/theory.md, section 5.5.",
    expected="qualified",
    study=study,
    estimates=estimates,
    rule=Rule(
        (
            Criterion("dense", "<=", 0.2, "it must be among the nearest fifth of its community"),
            Criterion(
                "sparse",
                "<=",
                0.2,
                "it must be among the nearest fifth of its community",
                otherwise="qualified",
                condition="the graph is not sparse with a heavy tail: hubs bend away from their ray there",
            ),
        ),
        control=("refuted",),
    ),
    control="a random row of the community stands for it",
    figures=(
        Figure(
            kind="scatter",
            x="bend",
            y="degrees",
            hue="graph",
            identity=True,
            xlabel="predicted bend of the loudest row, degrees",
            ylabel="its angle to the axis, degrees",
            finding="{dense:.0%} of the community is nearer to the axis in dense graphs, {sparse:.0%} in sparse ones",
            points=lambda rows: rows[rows["arm"] == "claim"],
        ),
    ),
)
