"""Pictures of chapter 5: spectra of samples, and what stands out of them."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from simulate import BlockModel, LogNormal, dcbm, sample_graph, sbm
from theory import PredictedSample, embed
from theory_pictures.marks import COLOURS, word

DEGREE = 25.0


def section_5_1(canvas: Figure) -> None:
    """A half-disc and three outliers."""
    axis = canvas.subplots()
    rng = np.random.default_rng(0)
    model = sbm(900, 3, mean_degree=DEGREE, mixing=0.2, sizes=[400, 300, 200], rng=rng)
    values = np.linalg.eigvalsh(sample_graph(model, rng, law="poisson", loops=True).toarray().astype(float))
    predicted = PredictedSample(model, "poisson")
    axis.hist(values, bins=np.arange(-12, 32, 0.5), color="0.75", density=True)
    axis.plot(values[-3:], [0.01] * 3, "v", color=COLOURS[1])
    axis.plot(model.spectrum()[0], [0.003] * 3, "|", markersize=14, markeredgewidth=2, color=COLOURS[0])
    axis.axvline(predicted.edge, color="0.3", linestyle=":")
    word(axis, predicted.edge + 0.4, 0.055, "edge")
    word(axis, 14, 0.04, "▼ eigenvalues of the sample", COLOURS[1])
    word(axis, 14, 0.03, "| eigenvalues of the model", COLOURS[0])
    word(axis, -5.5, 0.02, "noise: a half-disc", "0.2")
    axis.set(xlabel="eigenvalue", yticks=[])


def section_5_2(canvas: Figure) -> None:
    """The overlap against the strength, predicted and in samples."""
    axis = canvas.subplots()
    strength = np.linspace(1, 4, 100)
    axis.plot([0.4, 1, *strength], [0, 0, *(1 - 1 / strength**2)], color=COLOURS[0])
    rng = np.random.default_rng(0)
    for wanted in (0.6, 0.9, 1.2, 1.5, 2.0, 3.0, 3.8):
        mixing = (5 - wanted) / (5 + wanted)
        model = sbm(1000, 2, mean_degree=DEGREE, mixing=mixing, rng=rng)
        found = embed(sample_graph(model, rng, law="poisson", loops=True), 2).basis[:, 1]
        axis.plot(wanted, (found @ model.spectrum()[1][:, 1]) ** 2, "o", color=COLOURS[1])
    axis.axvline(1, color="0.3", linestyle=":")
    word(axis, 0.97, 0.9, "drowned", ha="right")
    word(axis, 1.03, 0.9, "visible")
    word(axis, 2.1, 0.62, "predicted; points: a sample each", COLOURS[0])
    axis.set(xlabel="strength at the edge, λ/√d", ylabel="overlap", ylim=(-0.03, 1.03))


def section_5_3(canvas: Figure) -> None:
    """How loose the bounds are."""
    left, right = canvas.subplots(1, 2, width_ratios=[1.3, 1])
    rng = np.random.default_rng(0)
    model = sbm(600, 2, mean_degree=30, mixing=0.01, rng=rng)
    values, basis = model.spectrum()
    graph = sample_graph(model, rng, loops=True).toarray().astype(float)
    norm = float(np.linalg.norm(graph - (basis * values) @ basis.T, 2))
    variance = PredictedSample(model).degree_error().variance_observed.max()
    t = np.log(2 * 600 / 0.05)
    left.barh(
        ["Bernstein", "the edge", "a sample"],
        [t / 3 + np.sqrt(t**2 / 9 + 2 * variance * t), PredictedSample(model).edge, norm],
        color=[COLOURS[1], COLOURS[0], "0.6"],
    )
    left.set(xlabel="largest eigenvalue of the noise")
    found = embed(graph, 2).basis
    sine = np.linalg.norm(found - basis @ (basis.T @ found), 2)
    right.barh(["Davis, Kahan", "a sample"], [norm / (values[1] - norm), sine], color=[COLOURS[1], "0.6"])
    right.set(xlabel="sine between eigenspaces")


def section_5_4(canvas: Figure) -> None:
    """Errors of all rows, and the bound on the largest."""
    axis = canvas.subplots()
    rng = np.random.default_rng(0)
    model = dcbm(1500, 2, heterogeneity=LogNormal.from_cv(0.3), mean_degree=80, mixing=0.1, rng=rng)
    found, basis = embed(sample_graph(model, rng, law="poisson", loops=True), 2).basis, model.spectrum()[1]
    left, _, right = np.linalg.svd(found.T @ basis)
    error = np.linalg.norm(found @ left @ right - basis, axis=1)
    traces = PredictedSample(model, "poisson").row_covariance(scaling="unit").traces()
    bound = np.sqrt(2 * np.log(1500) * traces.max())
    axis.hist(error, bins=60, color=COLOURS[0])
    axis.axvline(error.max(), color=COLOURS[1])
    axis.axvline(bound, color="0.3", linestyle=":")
    top = axis.get_ylim()[1]
    word(axis, error.max(), 0.8 * top, " largest", COLOURS[1])
    word(axis, bound, 0.6 * top, "bound ", ha="right")
    axis.set(xlabel="error of a row of U", ylabel="rows")


def section_5_5(canvas: Figure) -> None:
    """Mean rows of one community: the ray bends."""
    axis = canvas.subplots()
    theta = np.concatenate([np.linspace(1, 4.5, 15), np.ones(1985)])
    affinity = np.array([[1.0, 0.3], [0.3, 1.0]]) * 20 / 1300
    means = PredictedSample(BlockModel(theta, np.repeat([0, 1], 1000), affinity), "poisson").outliers.means()
    means = np.abs(means) / np.abs(means[14, 0])
    axis.plot([0, 4.5 * means[0, 0]], [0, 4.5 * means[0, 1]], color="0.5", linewidth=0.8)
    axis.plot(*means[:15].T, "o-", color=COLOURS[0], markersize=4)
    word(axis, 0.62, 0.27, "the ray; θ from 1 to 4.5", ha="left")
    word(axis, 0.75, 1.0, "mean rows", COLOURS[0], ha="right")
    axis.set(xlim=(0, 1.1), ylim=(0, None), xlabel="first dimension", ylabel="second")
