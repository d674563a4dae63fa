"""Pictures of chapter 2: rows near rays, and what they certify."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from simulate.plot_axes import plain_ticks
from theory_pictures.marks import COLOURS, arrow, plane, word

ANGLES = np.linspace(0, 60, 121)  # degrees


def of_lengths(degrees: np.ndarray) -> np.ndarray:
    """Return the bound of section 2.1 at two equal angles."""
    return np.asarray(2 * np.sin(np.radians(degrees)))


def of_projections(degrees: np.ndarray) -> np.ndarray:
    """Return the bound of section 2.2 at two equal angles."""
    phi = np.radians(degrees)
    return np.sqrt(np.sin(2 * phi) ** 2 + np.sin(phi) ** 4)


def section_2_1(canvas: Figure) -> None:
    """A row beside its ray, and the bound."""
    left, right = canvas.subplots(1, 2)
    plane(left, 1.2, -0.15)
    left.plot([0, 1.15], [0, 0.6], color=COLOURS[0], linewidth=0.8)
    arrow(left, [0, 0], [0.62, 0.75], COLOURS[0], 2)
    word(left, 1.0, 0.42, "its ray d", COLOURS[0])
    word(left, 0.4, 0.8, "row x", COLOURS[0])
    word(left, 0.34, 0.27, "φ", "k")
    right.plot(ANGLES, of_lengths(ANGLES), color=COLOURS[1])
    right.set(
        xlabel="angle φ of both rows, degrees",
        ylabel="error at most,\nover aᵢaⱼ",
        ylim=(0, None),
        xlim=(0, 60),
    )


def section_2_2(canvas: Figure) -> None:
    """The two bounds beside each other."""
    axis = canvas.subplots()
    axis.plot(ANGLES, of_lengths(ANGLES), color=COLOURS[1])
    axis.plot(ANGLES, of_projections(ANGLES), color=COLOURS[0])
    word(axis, 33, 1.3, "lengths as propensities (2.1)", COLOURS[1], ha="right")
    word(axis, 33, 0.7, "projections as propensities (2.2)", COLOURS[0])
    axis.set(
        xlabel="angle φ of both rows, degrees",
        ylabel="error at most, over aᵢaⱼ",
        ylim=(0, None),
        xlim=(0, 60),
    )


def section_2_3(canvas: Figure) -> None:
    """First order between spikes, second order within one."""
    axis = canvas.subplots()
    degrees = np.geomspace(1, 40, 50)
    axis.loglog(degrees, of_projections(degrees), color=COLOURS[1])
    axis.loglog(degrees, np.sin(np.radians(degrees)) ** 2, color=COLOURS[0])
    word(axis, 1.1, 0.3, "two spikes: first order", COLOURS[1])
    word(axis, 7, 0.005, "one spike: second order", COLOURS[0])
    axis.set(xlabel="angle φ of both rows, degrees", ylabel="error at most, over aᵢaⱼ")
    plain_ticks(axis.xaxis, 1, 40)
    plain_ticks(axis.yaxis, 1e-4, 1)


def section_2_4(canvas: Figure) -> None:
    """What a cosine guarantees."""
    axis = canvas.subplots()
    cosine = np.linspace(0.8, 1, 200)
    axis.plot(cosine, 2 * (1 - cosine**2) ** 0.5, color=COLOURS[1])
    axis.plot(cosine, 2 * (1 - cosine**2), color=COLOURS[0])
    axis.axvline(0.9, color="0.3", linestyle=":")
    word(axis, 0.902, 1.1, "the cone of Spk")
    word(axis, 0.93, 0.83, "between spikes", COLOURS[1])
    word(axis, 0.9, 0.1, "within a spike ", COLOURS[0], ha="right")
    axis.set(
        xlabel="cosine of both rows to their rays",
        ylabel="error at most, over aᵢaⱼ",
        ylim=(0, 1.3),
        xlim=(0.8, 1),
    )


def section_2_5(canvas: Figure) -> None:
    """The loss is the condition number."""
    axis = canvas.subplots()
    condition = np.linspace(1, 10, 50)
    axis.plot(condition, 0 * condition + 1, color=COLOURS[0])
    axis.plot(condition, condition, color=COLOURS[1])
    word(axis, 6.5, 1.4, "for the square of the matrix", COLOURS[0])
    word(axis, 5.6, 7, "for the matrix itself", COLOURS[1], ha="right")
    axis.set(
        xlabel="largest over smallest eigenvalue kept",
        ylabel="relative error at most\n(that of the square = 1)",
    )


def section_2_6(canvas: Figure) -> None:
    """Rows, and their projections on a ray."""
    axis = canvas.subplots()
    rng = np.random.default_rng(3)
    ray = np.array([0.92, 0.39])
    rows = np.outer(np.linspace(0.3, 2.0, 9), ray) + 0.12 * rng.standard_normal((9, 2))
    feet = np.outer(rows @ ray, ray)
    axis.plot(*np.stack([0 * ray, 2.3 * ray], axis=1), color=COLOURS[0], linewidth=0.8)
    axis.plot(*rows.T, "o", markersize=4, color=COLOURS[0])
    for row, foot in zip(rows, feet):
        axis.plot(*np.stack([row, foot], axis=1), color=COLOURS[1], linewidth=1.4)
    word(axis, 1.15, 0.95, "R: from the projections to the rows", COLOURS[1], ha="right")
    word(axis, 2.1, 0.75, "ray", COLOURS[0])
    axis.set(xlim=(0, 2.5), ylim=(-0.1, 1.15), xticks=[], yticks=[], aspect="equal")
