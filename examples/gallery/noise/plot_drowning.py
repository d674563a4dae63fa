"""
A community can drown in the noise
==================================

A random graph has a spectrum of its own, without any community: a hill of eigenvalues. A community is seen only where its
eigenvalue stands outside that hill. Here two of three communities do. The third is in the model, but no eigenvector of
the graph shows it; with more edges one would. Hill and outliers are predicted before the graph is drawn.
"""

import numpy as np

from spikeproof.reports import COLOURS, GREY, picture
from spikeproof.simulate import LogNormal, dcbm, sample_graph
from spikeproof.theory import PredictedSample

rng = np.random.default_rng(1)
affinity = [[1.0, 0.1, 0.1], [0.1, 1.0, 0.1], [0.1, 0.1, 0.25]]
model = dcbm(1500, 3, affinity=affinity, heterogeneity=LogNormal(0.3), mean_degree=16, rng=rng)
predicted = PredictedSample(model, "poisson")
third = model.spectrum()[0][2]  # without noise
values = np.linalg.eigvalsh(sample_graph(model, rng, law="poisson").toarray())

(axis,) = picture("Two communities are seen, the third is inside the noise")
axis.hist(values, np.arange(-12, 26, 0.4), color="#c3c8ce")
for k, place in enumerate((*predicted.outliers.eigenvalues, third)):
    words = f"community {k + 1}:\n{place:.1f}" + (", inside" if k == 2 else " predicted")
    arrow = {"arrowstyle": "->", "color": COLOURS[k]}
    axis.annotate(
        words, (place, 2), (place + (1, 0, 7)[k], (14, 28, 46)[k]), color=COLOURS[k], arrowprops=arrow
    )
axis.axvline(predicted.edge, color=GREY, linestyle="--")
axis.text(predicted.edge, 62, f"  the noise ends at {predicted.edge:.1f}, as predicted", color=GREY)
axis.set(xlabel="eigenvalue", ylabel="eigenvalues of the graph", ylim=(0, 68))

assert predicted.n_visible == 2 == (values > predicted.edge * 1.1).sum()
