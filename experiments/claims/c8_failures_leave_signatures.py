"""C8. Failures leave signatures: flat Spk, a rapid rise, instability at all norms.

They are said to mean no communities, noise, and a broken embedding. Each signature is a test with a threshold stated here,
tried on labelled synthetic cases: how often it appears where it should (hit rate), and in each case where it should not
(false-alarm rate). Rates are shares of replicates, decided by the exact binomial test: that none of twenty differs does not prove
that none would.

- flat: the Spk of the graph at f = 8 is more than half of that of a graph of the same degrees without communities.
- rapid rise: peaks grow more than eightfold from f = 8 to f = 24, in U Sigma.
- unstable: the overlap at k = 30 of the fifth of largest norm between two thinned halves is below one half.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import theory
from experiments.judging.claim import Arm, Claim, Size, at
from experiments.judging.criterion import Criterion, Rule
from experiments.judging.estimand import Estimand
from experiments.judging.figure import Figure
from simulate import LogNormal, dcbm, sample_graph, thin_graph
from simulate.nulls import chung_lu

RANK, FURTHER = 8, 24
ROLES = {"graph": ("case", "n"), "halves": ("case", "n"), "null": ("case", "n")}
# a case: communities, mean degree, and whether the items of the vectors are permuted
CASES = {
    "healthy": (RANK, 80.0, False),
    "no communities": (1, 80.0, False),
    "noisy": (RANK, 14.0, False),
    "broken": (RANK, 80.0, True),
}
SIGNATURES = {
    "flat": "no communities",
    "rise": "noisy",
    "unstable": "broken",
}  # and what they are said to mean


def arms(size: Size) -> tuple[Arm, ...]:
    """Four labelled cases; in the control every case is healthy, whatever its label, and no signature can hit."""
    n = at(size, quick=800, default=2000, thorough=4000)
    cells = [{"case": case, "n": n} for case in CASES]
    return Arm("claim", cells, trial, ROLES), Arm("control", cells, healthy_trial, ROLES)


def trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Look for the signatures in this case."""
    return _signatures(cell["case"], cell["n"], rngs)


def healthy_trial(cell: Mapping[str, Any], rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """Look for the signatures in a healthy graph, whatever the label of the case."""
    return _signatures("healthy", cell["n"], rngs)


def _signatures(case: str, n: int, rngs: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    (blocks, degree, permuted), rng = CASES[case], rngs["graph"]
    model = dcbm(n, blocks, heterogeneity=LogNormal(0.6), mean_degree=degree, mixing=0.05, rng=rng)
    graph = sample_graph(model, rng, law="poisson")
    vectors = theory.embed(graph, FURTHER).vectors("full")
    peaks, more = (theory.spikiness(vectors[:, :f]).n_peaks for f in (RANK, FURTHER))
    bare = theory.embed(chung_lu(graph, rngs["null"]), RANK).vectors("full")
    one, two = (_thinned(graph, permuted, rngs["halves"]) for _ in range(2))
    overlap = float(theory.stability(one, two, 30, rng=rngs["halves"], n_queries=60).overlap[-1])
    return {
        "flat": float(peaks > theory.spikiness(bare).n_peaks / 2),
        "rise": float(more > 8 * peaks),
        "unstable": float(overlap < 0.5),
        "rise_by": more / peaks,
        "overlap": overlap,
    }


def _thinned(graph: Any, permuted: bool, rng: np.random.Generator) -> NDArray[np.float64]:
    """The vectors of four fifths of the edges; in a broken embedding they belong to other items."""
    vectors = theory.embed(thin_graph(graph, 0.8, rng), RANK).vectors("full")
    return vectors[rng.permutation(len(vectors))] if permuted else vectors


def estimates(rows: pd.DataFrame) -> pd.DataFrame:
    """Which signatures appeared, by replicate: each on its own kind of failure, and on every other case."""
    table: dict[str, pd.Series[Any]] = {}
    for signature, kind in SIGNATURES.items():
        for case, part in rows.groupby("case"):
            column = f"{'hit' if case == kind else 'alarm'}: the case '{case}', signature '{signature}'"
            if (signature, case) == ("rise", "no communities"):
                column = "rise_without_communities"
            table[column] = part.set_index("replicate")[signature]
    return pd.DataFrame(table)


claim = Claim(
    id="C8",
    title="Failures leave signatures",
    statement="A flat Spk means no communities, a rapid rise means noise, and low stability at all norms a broken embedding.",
    source="The paper's reading of its curves (as reconstructed); docs/theory.md, sections 6.1, 6.2 and 9.1.",
    expected="qualified",
    arms=arms,
    replicates={"quick": 24, "default": 32, "thorough": 80},
    version=2,
    estimates=estimates,
    rule=Rule(
        (
            Criterion(
                Estimand("hit", "failures that show their signature", "%"),
                ">=",
                0.5,
                asks="each kind of failure shows its signature in at least {threshold} of its cases",
                origin="each failure is seen more often than not",
                failure="a kind of failure does not show its signature",
                statistic="share",
            ),
            Criterion(
                Estimand("alarm", "other cases that show a signature", "%"),
                "<=",
                0.5,
                asks="each signature appears in at most {threshold} of the cases of every other kind",
                origin="no other case shows it more often than not",
                failure="a signature also appears in cases that it is not said to mean",
                statistic="share",
            ),
            Criterion(
                Estimand(
                    "rise_without_communities", "graphs without communities that show a rapid rise", "%"
                ),
                "<=",
                0.5,
                asks="a rapid rise appears in at most {threshold} of the graphs without communities",
                origin="no other case shows it more often than not",
                failure="a rapid rise also comes with missing communities",
                condition="missing communities are ruled out before a rapid rise is taken to mean noise",
                statistic="share",
            ),
        ),
    ),
    control="healthy graphs under all four labels, which cannot show the signature of a failure",
    figures=(
        Figure(
            kind="bar",
            x="signature",
            y="share",
            hue="case",
            xlabel="signature",
            ylabel="how often it appears",
            finding="hit rates from {hit:.0%}; a rapid rise comes in {rise_without_communities:.0%} of cases without communities",
            points=lambda rows: rows[rows["vote"] == "claim"].melt(
                ["case"], list(SIGNATURES), "signature", "share"
            ),
        ),
    ),
)
