"""Pictures of chapter 3: degrees and lengths."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from simulate import BlockModel, LogNormal, dcbm, sample_graph
from simulate.plot_axes import plain_ticks
from theory import PredictedSample, embed, estimate_degrees, rays
from theory_pictures.marks import COLOURS, word


def section_3_1(canvas: Figure) -> None:
    """Degree against length, in two communities."""
    axis = canvas.subplots()
    model = BlockModel(np.tile(np.linspace(0.2, 2, 12), 2), np.repeat([0, 1], 12), [[0.5, 0.1], [0.1, 0.15]])
    degrees, lengths = model.expected_degrees(loops=True), rays(model, scaling="unit").norms
    for block in range(2):
        mine = model.labels == block
        axis.plot(lengths[mine], degrees[mine], "o-", markersize=3, color=COLOURS[block])
        word(
            axis,
            1.02 * lengths[mine][-1],
            degrees[mine][-1],
            f"community {block + 1}",
            COLOURS[block],
            va="center",
        )
    axis.set(xlabel="length of the row of U", ylabel="degree", xlim=(0, 1.3 * lengths.max()), ylim=(0, None))


def section_3_2(canvas: Figure) -> None:
    """The variance of the estimated degree over that of the row sum."""
    axis = canvas.subplots()
    axis.plot([1, 2.3], [1, 2.3], color=COLOURS[0])
    word(axis, 1.55, 1.62, "first order: the ratio is R", COLOURS[0], ha="right")
    for number, cv in enumerate((0.25, 0.5, 0.75)):
        rng = np.random.default_rng(number)
        model = dcbm(300, 2, heterogeneity=LogNormal.from_cv(cv), mean_degree=80, mixing=0.2, rng=rng)
        graphs = [sample_graph(model, rng, law="poisson", loops=True, dtype=np.float64) for _ in range(20)]
        found = np.var([estimate_degrees(embed(graph, 2)) for graph in graphs], axis=0, ddof=1).sum()
        observed = PredictedSample(model, "poisson").degree_error().variance_observed.sum()
        axis.plot(model.heterogeneity.ratio, found / observed, "o", color=COLOURS[1])
    word(axis, 1.5, 1.3, "20 samples each", COLOURS[1])
    axis.axhline(1, color="0.3", linestyle=":")
    word(axis, 1.6, 1.03, "counting the edges")
    axis.set(
        xlabel="R = μ₁μ₃/μ₂², the spread of popularity",
        ylabel="variance over\nthat of counting",
        ylim=(0.8, 2.05),
    )


def section_3_3(canvas: Figure) -> None:
    """The root mean square norm has two slopes."""
    axis = canvas.subplots()
    theta = np.geomspace(0.01, 30, 100)
    axis.loglog(theta, theta, "--", color=COLOURS[0])
    axis.loglog(theta, theta**0.5, "--", color=COLOURS[1])
    axis.loglog(theta, (theta**2 + theta) ** 0.5, color="k")
    word(axis, 0.012, 0.3, "noise, θ^½", COLOURS[1])
    word(axis, 0.06, 0.035, "signal, θ", COLOURS[0])
    word(axis, 1.2, 12, "both", "k")
    axis.set(xlabel="propensity over the crossover θ*", ylabel="norm, root mean square", ylim=(0.02, 40))
    plain_ticks(axis.xaxis, 0.01, 30)
    plain_ticks(axis.yaxis, 0.02, 40)
