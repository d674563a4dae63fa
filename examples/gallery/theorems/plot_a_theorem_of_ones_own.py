"""
A theorem of one's own
======================

The statement: without communities, the second eigenvalue of a random graph of mean degree d is 2 √d, up to 5 %. A claim says
where it is meant, how a trial tests it, and by which rule. The same rule must refuse its control, here nodes of varying
popularity. `verify` judges it as it judges the claims of the paper.
"""

import numpy as np

from spikeproof.experiments import Arm, Claim, Criterion, Domain, Estimand, Range, Rule, verify
from spikeproof.reports import COLOURS, GREY, picture
from spikeproof.simulate import LogNormal, dcbm, sample_graph
from spikeproof.theory import embed


def trial(cell, rngs):
    """Draw one graph without communities; compare its second eigenvalue with 2 √d."""
    d, law, rng = cell["d"], LogNormal(cell["spread"]), rngs["graph"]
    graph = sample_graph(dcbm(1000, 1, heterogeneity=law, mean_degree=d, rng=rng), rng, law="poisson")
    second = abs(embed(graph, 2).eigenvalues[1])
    return {"second": second, "off": abs(second / np.sqrt(4 * d) - 1)}


def arms(points):
    """The claim at each point of its domain, and its control at four."""
    equal, varying = ([{"spread": spread, **point} for point in points] for spread in (1e-6, 0.6))
    graph = {"graph": ("spread", "d")}
    return Arm("claim", equal, trial, graph), Arm("control", varying[:4], trial, graph)


off = Estimand("off", "distance of the second eigenvalue from 2 √d", "%")
asked = Criterion(off, "<=", 0.05, "it is within {threshold}", "terms of order n^(-2/3)", "it is elsewhere")
claim = Claim("edge", "Noise reaches 2 √d", "Without communities it is 2 √d.", "Wigner 1955", "holds", arms,
    lambda rows: rows.set_index("replicate")[["off"]], Rule((asked,)), "varying popularity",
    domain=Domain((Range("d", 10, 80, "mean degree", "sparse to dense"),)))  # fmt: skip
ledger = verify([claim], size="quick")

(axis,) = picture("Noise reaches 2 √d where nodes are equal: the claim holds", log="xy")
axis.plot([9, 90], 2 * np.sqrt([9, 90]), color=GREY)
words = {"claim": (40, 9, "the claim:\nequal nodes"), "control": (28, 21, "its control:\nvarying popularity")}
for colour, (vote, rows) in zip(COLOURS, ledger.rows["edge"].groupby("vote")):
    axis.plot(rows["d"], rows["second"], "o", color=colour, markersize=4, alpha=0.6)
    axis.text(*words[vote], color=colour, fontweight="bold", ha="center")
axis.set(xlabel="mean degree d (grey: 2 √d)", ylabel="second eigenvalue")

assert ledger.entries[0].verdict == "holds" and ledger.exit_code == 0
