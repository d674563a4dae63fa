"""What the numbers of a comparison mean, and what they do not, in plain words."""

from __future__ import annotations

from typing import Any

import numpy as np

SMALL = 0.5  # of the null's Spk: at most half of it is spiky beyond what degrees alone give
HARDLY = 0.85  # of the null's Spk: above it the two are the same for what it is worth

Measured = dict[str, list[dict[str, Any]]]


def predictive_p(real: float | None, twins: list[float]) -> float | None:
    """Return the two-sided posterior predictive p-value 2 (1 + rarer side) / (R + 1), at most 1; None without values.

    >>> predictive_p(5.0, [1.0, 2.0, 3.0])
    0.5
    """
    if real is None or not twins:
        return None
    values = np.asarray(twins)
    rarer = min(int((values <= real).sum()), int((values >= real).sum()))
    return min(1.0, 2 * (1 + rarer) / (len(values) + 1))


def overview(name: str, real: dict[str, Any], measured: Measured, about: dict[str, Any]) -> str:
    """Return one line: is it spiky beyond chance, and does a block model explain it."""
    spk, nulls, twins = real["spk_at_rank"], spk_of(measured["null"]), spk_of(measured["twin"])
    rows = real["items"] - real["zero_rows"]
    line = f"{name}: at f = {about['rank']}, {real['peaks_at_rank']:,} peaks hold half of {rows:,} rows (Spk {spk:.2%})"
    if nulls:
        null = float(np.mean(nulls))
        line += f", {_beyond(spk / null)} than its degrees alone make it ({null:.2%})"
    return f"{line}; {_beside_twins(spk, twins)}." if twins else f"{line}."


def _beside_twins(spk: float, twins: list[float]) -> str:
    """Whether a block model has such a Spk: in its twins' range, below it (spikier) or above it, and the p-value."""
    where = (
        "spikier than every twin of its block model"
        if spk < min(twins)
        else "less spiky than every twin of its block model"
        if spk > max(twins)
        else "as spiky as twins of its block model are"
    )
    p = predictive_p(spk, twins)
    least = 2 / (len(twins) + 1)
    floor = (
        f", the least that {len(twins)} twin{'s' * (len(twins) != 1)} can show"
        if p is not None and p <= least
        else ""
    )
    return f"{where} ({min(twins):.2%} to {max(twins):.2%}, p = {p:.2g}{floor})"


def spk_of(many: list[dict[str, Any]]) -> list[float]:
    """Return Spk at the described rank of each twin or null."""
    return [float(one["spk_at_rank"]) for one in many]


def _beyond(ratio: float) -> str:
    return "spikier" if ratio <= SMALL else "somewhat spikier" if ratio <= HARDLY else "no spikier"


def paragraphs(name: str, real: dict[str, Any], measured: Measured, about: dict[str, Any]) -> list[str]:
    """Return what the numbers say and what they do not."""
    found = [overview(name, real, measured, about), _norms(real, measured), _labels(about), _uses(about)]
    found.append(
        "What this does not say: a small Spk is no proof of communities. Hubs and a decaying spectrum make spikes too, at f up "
        "to 6 any directions crowd together, and peaks over n shrink as rows are added, so that matrices of different size are "
        "not ranked by it. The blocks of the twins were found on this very matrix: agreement with them shows that a block model "
        "is enough, not that it is true."
    )
    return [text for text in found if text]


def _norms(real: dict[str, Any], measured: Measured) -> str:
    cv = real["norm_cv"]
    if cv is None:
        return "No spike has ten rows, so nothing can be said about norms within one."
    text = f"Within a spike norms vary with a median coefficient of {cv:.2f}"
    if real["norm_popularity"] is not None:
        text += f"; over all rows they rank popularity with a Spearman correlation of {real['norm_popularity']:.2f}"
    twins = [m["norm_cv"] for m in measured["twin"] if m["norm_cv"] is not None]
    if twins:
        text += f" (variation in the twins: {min(twins):.2f} to {max(twins):.2f})"
    return (
        text
        + ". Norms are the degree in the factorised matrix; that they are popularity too is an effect of finite counts."
    )


def _labels(about: dict[str, Any]) -> str:
    with_labels = [r for r in about["agreement"] if r["second"] == "labels" and r["first"] == "spikes"]
    leiden = [r for r in about["agreement"] if r["second"] == "Leiden communities"]
    text = ""
    if leiden:
        text = (
            f"Spikes and Leiden communities share a normalised mutual information of {leiden[0]['nmi']:.2f}"
        )
        text += (
            f", spikes and the labels given {with_labels[0]['nmi']:.2f}."
            if with_labels
            else "; there are no labels to compare with."
        )
    return text


def _uses(about: dict[str, Any]) -> str:
    text = "Which f: " + ", ".join(f"{name} says {rank}" for name, rank in about["truncation"].items()) + "."
    if about["retrieval"]:
        rankings = about["retrieval"]
        best = max(rankings, key=lambda key: float(rankings[key]))
        text += f" Of the rankings tried on held-out items {best} finds most ({rankings[best]:.1%} within the first 50; "
        text += f"cosine {rankings['cosine']:.1%}, dot {rankings['dot']:.1%})."
    return text
