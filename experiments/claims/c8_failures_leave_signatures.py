"""C8. Failures leave signatures: flat Spk, a rapid rise, instability at all norms.

They are said to mean no communities, noise, and a broken embedding. Each signature is a test with a threshold stated here,
tried on labelled synthetic cases: how often it fires where it should (hit rate), and in each case where it should not
(false-alarm rate). Rates are shares of replicates, decided by the exact binomial test: that none of twenty differs does not prove
that none would.

- flat: the Spk of the graph at f = 8 is more than half of that of a graph of the same degrees without communities.
- rapid rise: peaks grow more than eightfold from f = 8 to f = 24, in U Sigma.
- unstable: the overlap at k = 30 of the loudest fifth between two thinned halves is below one half.
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
from simulate import LogNormal, dcbm, sample_graph, thin_graph
from simulate.nulls import chung_lu

SIGNATURES = {"flat": "no communities", "rise": "noisy", "unstable": "broken"}
CASES = ("healthy", "no communities", "noisy", "broken")
RANK, FURTHER = 8, 24


def study(size: Size) -> Study:
    """Four labelled cases; in the control every case is healthy, whatever its label, and no signature can hit."""
    n = at(size, quick=800, default=2000, thorough=4000)
    cells = [{"arm": arm, "case": case, "n": n} for arm in ("claim", "control") for case in CASES]
    return Study(
        f"C8-{size}",
        cells,
        trial,
        replicates=at(size, quick=24, default=32, thorough=80),
        version=2,
        roles={"graph": ("case", "n"), "halves": ("case", "n"), "null": ("case", "n")},
    )


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Which signatures fire on this case."""
    case = cell["case"] if cell["arm"] == "claim" else "healthy"
    rng = rngs["graph"]
    degree = 14.0 if case == "noisy" else 80.0
    blocks = 1 if case == "no communities" else RANK
    model = dcbm(cell["n"], blocks, heterogeneity=LogNormal(0.6), mean_degree=degree, mixing=0.05, rng=rng)
    graph = sample_graph(model, rng, law="poisson")
    vectors = theory.embed(graph, FURTHER).vectors("full")
    peaks = {f: theory.spikiness(vectors[:, :f]).n_peaks for f in (RANK, FURTHER)}
    bare = theory.embed(chung_lu(graph, rngs["null"]), RANK).vectors("full")
    one, two = (_half(graph, case, rngs["halves"]) for _ in range(2))
    overlap = theory.stability(one, two, 30, rng=rngs["halves"], n_queries=60).overlap[-1]
    return {
        "flat": float(peaks[RANK] > theory.spikiness(bare).n_peaks / 2),
        "rise": float(peaks[FURTHER] > 8 * peaks[RANK]),
        "unstable": float(overlap < 0.5),
        "rise_by": peaks[FURTHER] / peaks[RANK],
        "overlap": float(overlap),
    }


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Which signatures fired, by replicate: each on its own kind of failure, and on every other case."""
    table: dict[str, pd.Series[Any]] = {}
    for signature, kind in SIGNATURES.items():
        for case, part in rows.groupby("case"):
            fired = part.set_index("replicate")[signature]
            if case == kind:
                table[f"hit: {signature}"] = fired
            elif (signature, case) == ("rise", "no communities"):
                table["rise_without_communities"] = fired
            else:
                table[f"alarm: {signature}, {case}"] = fired
    return pd.DataFrame(table)


def _half(graph: Any, case: str, rng: np.random.Generator) -> NDArray[Any]:
    """The embedding of four fifths of the edges; a broken one permutes the items of the vectors."""
    vectors = theory.embed(thin_graph(graph, 0.8, rng), RANK).vectors("full")
    return np.asarray(vectors[rng.permutation(len(vectors))] if case == "broken" else vectors)


def _rates(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows[rows["arm"] == "claim"]
    return rows.melt(["case"], list(SIGNATURES), "signature", "fired")


claim = Claim(
    id="C8",
    title="Failures leave signatures",
    statement="A flat Spk means no communities, a rapid rise means noise, and low stability at all norms a broken embedding.",
    source="The paper's reading of its curves (as reconstructed); docs/theory.md, sections 6.1, 6.2 and 9.1.",
    expected="qualified",
    **from_study(study),
    estimates=estimates,
    rule=Rule(
        (
            Criterion("hit", ">=", 0.5, "each failure is seen more often than not", statistic="share"),
            Criterion("alarm", "<=", 0.5, "no other case raises it more often than not", statistic="share"),
            Criterion(
                "rise_without_communities",
                "<=",
                0.5,
                "no other case raises it more often than not",
                otherwise="qualified",
                condition="other failures are ruled out first: a rapid rise comes with missing communities too",
                statistic="share",
            ),
        ),
        control=("refuted",),
    ),
    control="every case healthy, whatever its label",
    figures=(
        Figure(
            kind="bar",
            x="signature",
            y="fired",
            hue="case",
            xlabel="signature",
            ylabel="how often it fires",
            finding="hit rates from {hit:.0%}; a rapid rise comes in {rise_without_communities:.0%} of cases without communities",
            points=_rates,
        ),
    ),
)
