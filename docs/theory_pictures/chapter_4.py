"""Pictures of chapter 4: rows of samples around their rays."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from simulate import BlockModel, LogNormal, dcbm, sample_graph
from simulate.plot_axes import plain_ticks
from theory import PredictedSample, cosines_to_axes, embed
from theory_pictures.marks import COLOURS, arrow, plane, word


def section_4_1(canvas: Figure) -> None:
    """Rows of three nodes, drawn many times from their law."""
    axis = canvas.subplots()
    theta = np.tile(np.linspace(0.3, 3, 10), 20)
    model = BlockModel(theta, np.repeat([0, 1], 100), [[0.2, 0.05], [0.05, 0.2]])
    covariance = PredictedSample(model, "poisson").row_covariance(scaling="full")
    values, basis = model.spectrum()
    rows, rng = basis * values, np.random.default_rng(0)
    axis.plot(*np.stack([[0, 0], 1.4 * rows[9]], axis=1), color="0.5", linewidth=0.8)
    for number, node in enumerate((1, 4, 9)):
        drawn = rng.multivariate_normal(rows[node], covariance.of(node), 150)
        axis.plot(*drawn.T, "o", markersize=2, color=COLOURS[number])
        x, y = rows[node] + [0, 0.4 * rows[9, 1]]
        word(axis, x, y, f"θ = {theta[node]:.1f}", COLOURS[number], ha="center")
    axis.set(xlim=(0, 1.5 * rows[9, 0]), ylim=(0, 1.7 * rows[9, 1]), xticks=[], yticks=[])
    axis.set(xlabel="first dimension", ylabel="second")


def section_4_2(canvas: Figure) -> None:
    """Angles against propensity, with the predicted line."""
    axis = canvas.subplots()
    rng = np.random.default_rng(0)
    model = dcbm(1500, 2, heterogeneity=LogNormal.from_cv(1.0), mean_degree=60, mixing=0.2, rng=rng)
    rows = embed(sample_graph(model, rng, law="poisson"), 2).vectors("half")
    sines = np.sqrt(1 - np.clip(cosines_to_axes(rows, model.labels, 2), 0, 1) ** 2)
    order = np.argsort(model.propensities)
    axis.loglog(model.propensities, np.maximum(sines, 1e-3), "o", markersize=1.5, color=COLOURS[0])
    predicted = np.sqrt(PredictedSample(model, "poisson").expected_squared_sine(scaling="half"))
    axis.loglog(model.propensities[order], predicted[order], color="k")
    word(axis, 2.2, 0.75, "predicted, root mean square", "k")
    axis.axhline(0.19**0.5, color="0.3", linestyle=":")
    axis.set(xlabel="propensity θ", ylabel="sine of the angle", ylim=(3e-3, 1.5))
    plain_ticks(axis.xaxis, 0.1, 10)
    plain_ticks(axis.yaxis, 3e-3, 4)


def section_4_3(canvas: Figure) -> None:
    """Gamma against mixing."""
    axis = canvas.subplots()
    mixing = np.linspace(0, 0.5, 100)
    for number, blocks in enumerate((2, 4, 10)):
        one, two, three = (1 + (blocks - 1) * mixing**p for p in (1, 2, 3))
        gamma = one * (one * two - three) / two**2
        axis.plot(mixing, gamma, color=COLOURS[number])
        word(axis, 0.505, gamma[-1], f"K = {blocks}", COLOURS[number], va="center")
    axis.set(xlabel="mixing r", ylabel="Γ", xlim=(0, 0.57), ylim=(0, None))


def section_4_4(canvas: Figure) -> None:
    """A sample beside rows drawn from the model."""
    rng = np.random.default_rng(1)
    model = dcbm(1200, 2, heterogeneity=LogNormal.from_cv(0.7), mean_degree=25, mixing=0.15, rng=rng)
    sampled = embed(sample_graph(model, rng, law="poisson"), 2).vectors("full")
    drawn = PredictedSample(model, "poisson").surrogate(rng, scaling="full")
    for axis, rows, title in zip(
        canvas.subplots(1, 2), (sampled, drawn), ("a sample", "drawn from the model")
    ):
        rows = rows * np.sign(rows[model.labels == 0].sum(axis=0)) / np.linalg.norm(rows, axis=1).max()
        plane(axis, 1.0)
        for block in range(2):
            axis.plot(*rows[model.labels == block].T, "o", markersize=1.2, color=COLOURS[block])
        axis.set_title(title, fontsize="small")


def section_4_5(canvas: Figure) -> None:
    """A push and its answers, and what they add up to."""
    left, right = canvas.subplots(1, 2, width_ratios=[1, 1.2])
    left.plot(0, 0, "o", markersize=12, color=COLOURS[1])
    for angle in np.radians([20, 92, 164, 236, 308]):
        place = np.array([np.cos(angle), np.sin(angle)])
        side = 0.07 * np.array([-place[1], place[0]])
        left.plot(*place, "o", markersize=8, color=COLOURS[0])
        arrow(left, 0.18 * place + side, 0.84 * place + side, COLOURS[1])
        arrow(left, 0.84 * place - side, 0.18 * place - side, COLOURS[0])
    word(left, 1.15, 0.3, "push", COLOURS[1])
    word(left, 1.15, 0.0, "answer g", COLOURS[0])
    left.set(xlim=(-1.2, 2.2), ylim=(-1.2, 1.2), aspect="equal")
    left.axis("off")
    degree, sea = np.linspace(0, 60, 100), 25.0
    for number, z in enumerate((12.0, 15.0, 30.0)):
        g = (z - (z * z - 4 * sea) ** 0.5) / (2 * sea)
        right.plot(degree, z / (z - degree * g), color=COLOURS[number])
        word(right, 61, (z / (z - degree * g))[-1], f"{z / 10:g} edges", COLOURS[number], va="center")
    right.set(
        xlabel="degree of the node (mean 25)", ylabel="factor of the echo", xlim=(0, 85), ylim=(0.9, 2.3)
    )
