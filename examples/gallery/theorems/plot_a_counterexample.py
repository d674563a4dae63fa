"""
A counterexample, found by search
=================================

The claim: three communities that mix less than half are always seen in the eigenvectors. `falsify` tries 64 points of its domain,
then again those where it does worst, and so on. The last one is judged on draws that the search has not seen: the claim is
false, and the picture shows where.
"""

import numpy as np

from spikeproof.experiments import Arm, Claim, Criterion, Domain, Estimand, Range, Rule, falsify
from spikeproof.reports import COLOURS, picture
from spikeproof.simulate import LogNormal, dcbm, sample_graph
from spikeproof.theory import embed

tried = []


def trial(cell, rngs):
    """How much of three communities do the eigenvectors of one graph show? From 0 to 1."""
    d, mixing, rng = cell["degree"], cell["mixing"], rngs["graph"]
    model = dcbm(300, 3, heterogeneity=LogNormal(0.3), mean_degree=d, mixing=mixing, rng=rng)
    basis = embed(sample_graph(model, rng, law="poisson"), 3).basis
    seen = (np.square(model.spectrum()[1].T @ basis).sum() - 1) / 2
    tried.append((d, mixing, seen))
    return {"seen": seen}


asked = Criterion(Estimand("seen", "share seen", "%"), ">=", 0.5, "half is seen", "half", "less is seen")
claim = Claim("seen", "They are seen", "Communities that mix less than half are seen.", "nobody", "holds",
    lambda points: (Arm("claim", points, trial, {"graph": ("degree", "mixing")}),),
    lambda rows: rows.set_index("replicate")[["seen"]], Rule((asked,)), "a search needs none", reach="always",
    domain=Domain((Range("degree", 5, 50, "", ""), Range("mixing", 0.05, 0.5, "", "", log=False))))  # fmt: skip
worst = falsify(claim, points=64).judged

(axis,) = picture("The search ends where communities are not seen: the claim is false", log="x")
points = axis.scatter(
    *np.array(tried)[:, :2].T, c=np.array(tried)[:, 2], cmap="cividis", vmin=0, vmax=1, s=20
)
axis.figure.colorbar(points, label="share of the communities seen")
place = worst.point["degree"], worst.point["mixing"]
axis.plot(*place, "o", color=COLOURS[3], markersize=14, fillstyle="none", markeredgewidth=2.5)
axis.text(place[0], place[1] - 0.12, "counterexample", color=COLOURS[3], fontweight="bold")
axis.set(xlabel="edges of a node, mean", ylabel="mixing: affinity between over within")

assert worst.met is False
