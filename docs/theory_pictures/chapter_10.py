"""The picture of chapter 10: how near to the noise the eight models are."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from simulate import Constant, Gamma, Heterogeneity, LogNormal, Pareto, dcbm
from theory import PredictedSample
from theory_pictures.marks import COLOURS, word

MODELS: dict[str, tuple[int, float, Heterogeneity, float]] = {
    "assortative": (4, 40, LogNormal(0.8), 0.15),
    "sparse": (6, 15, LogNormal(0.5), 0.05),
    "bernoulli": (4, 30, Gamma.from_cv(0.6), 0.2),
    "disassortative": (2, 15, LogNormal(0.7), 7.0),
    "many blocks": (10, 45, LogNormal(0.5, maximum=2.5), 0.1),
    "constant": (5, 15, Constant(), 0.1),
    "heavy tail": (3, 20, Pareto(3.0, maximum=15), 0.15),
    "unit": (3, 16, LogNormal(0.5), 0.1),
}


def section_10_0(canvas: Figure) -> None:
    """The weakest eigenvalue of each model, in edges of the noise."""
    axis = canvas.subplots()
    for place, (name, (blocks, degree, law, mixing)) in enumerate(MODELS.items()):
        model = dcbm(
            3000, blocks, heterogeneity=law, mean_degree=degree, mixing=mixing, rng=np.random.default_rng(0)
        )
        sample = PredictedSample(model, "bernoulli" if name == "bernoulli" else "poisson")
        ratio = float(np.abs(model.block_spectrum()[0]).min() / sample.edge)
        axis.barh(place, ratio, color=COLOURS[0])
        word(axis, ratio + 0.02, place, f"{ratio:.2f}", va="center")
    axis.axvline(1, color="0.3", linestyle=":")
    axis.set(xlabel="weakest eigenvalue of the model, in edges of its noise", yticks=range(8), xlim=(0, 2))
    axis.set_yticklabels(MODELS)
    axis.invert_yaxis()
