"""
Scaling by the singular values merges communities
=================================================

Ten communities have ten rays. In the unscaled eigenvectors U these stand at right angles, however much the communities mix. In
U Σ, which the paper uses, they come closer as communities mix, and beyond a cosine of 0.9 Spk counts all ten as one
spike. The lines are the theorem, the points are sampled graphs.
"""

import numpy as np

from spikeproof.reports import COLOURS, GREY, picture
from spikeproof.simulate import LogNormal, dcbm, sample_graph
from spikeproof.theory import axes_of_blocks, embed, rays

mixings = np.linspace(0.02, 0.52, 8)
cosines = np.empty((3, 8, 2))  # scaling, mixing, theorem or sample
for j, mixing in enumerate(mixings):
    rng = np.random.default_rng(j)
    model = dcbm(1500, 10, heterogeneity=LogNormal(0.3), mean_degree=800, mixing=mixing, rng=rng)
    embedding = embed(sample_graph(model, rng, law="poisson"), 10)
    for i, scaling in enumerate(("unit", "half", "full")):
        seen = axes_of_blocks(embedding.vectors(scaling), model.labels)
        for k, directions in enumerate((rays(model, scaling=scaling).directions, seen)):
            cosines[i, j, k] = np.mean((directions @ directions.T)[~np.eye(10, dtype=bool)])

(axis,) = picture("Under U Σ, communities that mix merge into one spike")
for i, name in enumerate(("U", "U Σ$^{1/2}$", "U Σ")):
    axis.plot(mixings, cosines[i, :, 0], color=COLOURS[i])
    axis.plot(mixings, cosines[i, :, 1], "o", color=COLOURS[i])
    axis.text(0.535, cosines[i, -1, 0], name, color=COLOURS[i], fontweight="bold", va="center")
axis.axhline(0.9, color=GREY, linestyle="--")
axis.text(0.02, 0.92, "above: one spike", color=GREY)
axis.set(
    xlabel="affinity between communities over that within",
    ylabel="cosine between two communities",
    ylim=(-0.1, 1.03),
)

assert np.abs(cosines[..., 0] - cosines[..., 1]).max() < 0.05 and cosines[2, -1, 0] > 0.9
