"""B7. The vector of largest norm represents its spike.

It is the row with the most edges, and so the least noisy one. But the mean row of node i is multiplied by
1 / (1 - (V g)_i / z_k), a factor of its own in each dimension k, which is far from 1 for hubs: in sparse graphs of heavy tails
the loudest rows bend away from the ray of their community (docs/theory.md, section 5.5). And where a community lies below the
spectral edge, what is kept in its place are noise vectors, localised on hubs. Measured is the share of the community that lies
nearer to its axis than the loudest row. The axis is that of the other rows, each at length 1: the loudest row would pull an axis
of its own making towards itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import theory
from experiments.judging.claim import Claim, Size, at
from experiments.judging.criterion import Rule
from experiments.judging.figure import Figure
from experiments.judging.transition import Criterion, from_study
from experiments.running.study import Study
from simulate import BlockModel, Heterogeneity, LogNormal, Pareto, dcbm, sample_graph

FloatArray = NDArray[np.float64]
BLOCKS = 4
GRAPHS: dict[str, tuple[Heterogeneity, float, float]] = {  # propensities, mean degree, mixing
    "dense": (LogNormal(0.5), 120.0, 0.1),
    "heavy tail": (Pareto(2.0, maximum=20.0), 30.0, 0.1),
    "drowned": (Pareto(2.0, maximum=60.0), 20.0, 0.3),
}
NEAREST = 0.3
_ORIGIN = "better than most: among the nearest three tenths of its community, where a random row is at a half"
_WORDS = {
    "dense": "dense, mild tail",
    "heavy tail": "sparse, heavy tail",
    "drowned": "sparser, two communities drowned",
}


def study(size: Size) -> Study:
    """A dense graph, a sparse one, and one with communities below the edge; in the control a random row stands for its own."""
    n = at(size, quick=2000, default=2000, thorough=4000)
    cells = [{"arm": arm, "graph": name, "n": n} for arm in ("claim", "control") for name in GRAPHS]
    return Study(
        f"B7-{size}",
        cells,
        trial,
        replicates=at(size, quick=24, default=50, thorough=120),
        version=2,
        roles={"graph": ("graph", "n"), "choice": ("graph", "n")},
    )


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """The share of its community that lies nearer to the axis than the loudest row, and what bending predicts."""
    law, degree, mixing = GRAPHS[cell["graph"]]
    model = dcbm(cell["n"], BLOCKS, heterogeneity=law, mean_degree=degree, mixing=mixing, rng=rngs["graph"])
    graph = sample_graph(model, rngs["graph"], law="poisson")
    vectors = theory.embed(graph, BLOCKS).vectors("full")
    means = _means(model) if cell["arm"] == "claim" else None
    nearer, angles, bends = [], [], []
    for block in range(BLOCKS):
        norms = np.linalg.norm(vectors, axis=1)
        mine = np.flatnonzero((model.labels == block) & (norms > 0))
        loudest = int(np.argmax(norms[mine]))
        chosen = loudest if cell["arm"] == "claim" else int(rngs["choice"].integers(mine.size))
        cosines = _cosines(vectors[mine], chosen)
        nearer.append(float((cosines > cosines[chosen]).mean()))
        angles.append(_degrees(cosines[chosen]))
        if means is not None:
            bends.append(_degrees(_cosines(means[mine], chosen)[chosen]))
    return {
        "nearer": float(np.mean(nearer)),
        "degrees": float(np.mean(angles)),
        "bend": float(np.mean(bends)) if bends else None,
    }


def _cosines(rows: FloatArray, chosen: int) -> FloatArray:
    """Cosines of all rows with the axis of those that are not `chosen`, each at length 1."""
    directions = rows / np.linalg.norm(rows, axis=1)[:, None]
    axis = np.linalg.svd(np.delete(directions, chosen, axis=0), full_matrices=False)[2][0]
    return np.asarray(directions @ (axis if (directions @ axis).sum() > 0 else -axis))


def _degrees(cosine: float) -> float:
    return float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))


def _means(model: BlockModel) -> FloatArray | None:
    """The mean rows of U Sigma, with each hub's own factor in each dimension; None where a kept dimension is noise."""
    found = theory.outliers(model, "poisson")
    if found.n_visible < BLOCKS or found.hubs_above[:BLOCKS].any():
        return None
    return np.asarray(found.means()[:, :BLOCKS] * np.abs(found.eigenvalues[:BLOCKS]))


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """The share of rows nearer to the axis than the representative, for each graph."""
    table = rows.pivot_table(index="replicate", columns="graph", values="nearer")
    return table.rename(columns=lambda graph: str(graph).replace(" ", "_"))


def measurements(rows: pd.DataFrame) -> pd.DataFrame:
    """The angle of the loudest row to the axis, and how far it is predicted to bend."""
    found = {}
    for graph, part in rows[rows["arm"] == "claim"].set_index("replicate").groupby("graph"):
        found[f"degrees from the loudest row to the axis, {_WORDS[graph]}"] = part["degrees"]
        if part["bend"].notna().all():
            found[f"degrees that it bends, predicted, {_WORDS[graph]}"] = part["bend"].astype(float)
    return pd.DataFrame(found)


claim = Claim(
    id="B7",
    title="The loudest vector represents its spike",
    statement="The vector of largest norm points along its spike better than most of the vectors that it stands for.",
    source="The representatives of Theorem 3.4 (as reconstructed); docs/theory.md, section 5.5.",
    expected="qualified",
    **from_study(study),
    estimates=estimates,
    rule=Rule(
        (
            Criterion("dense", "<=", NEAREST, _ORIGIN),
            Criterion(
                "heavy_tail",
                "<=",
                NEAREST,
                _ORIGIN,
                otherwise="qualified",
                condition="the graph is not sparse with a heavy tail: hubs bend away from their ray there",
            ),
            Criterion(
                "drowned",
                "<=",
                NEAREST,
                _ORIGIN,
                otherwise="qualified",
                condition="every kept dimension rises above the noise: noise vectors are localised on the loudest rows",
            ),
        ),
        control=("refuted",),
    ),
    measurements=measurements,
    control="a random row of the community stands for it",
    finding="Hubs do bend, by degrees, and are still among the nearest rows: most others are noisier than hubs bend. What "
    "unseats them is noise that is kept.",
    figures=(
        Figure(
            kind="scatter",
            x="bend",
            y="degrees",
            hue="graph",
            identity=True,
            xlabel="predicted bend of the loudest row, degrees",
            ylabel="its angle to the axis, degrees",
            finding="{dense:.0%} of the community is nearer to the axis in dense graphs, {heavy_tail:.0%} in sparse ones, "
            "{drowned:.0%} where noise is kept",
            points=lambda rows: (
                rows[rows["arm"] == "claim"].dropna(subset=["bend"]).replace({"graph": _WORDS})
            ),
        ),
    ),
)
